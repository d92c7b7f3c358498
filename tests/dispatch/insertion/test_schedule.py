"""When a bus drives what it has to drive: small tours on a straight road, 10 m/s, a minute to board."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.events import Delay, State
from dispatch.model import (
    Booking,
    BookingId,
    Break,
    PlaceIndex,
    Promise,
    Request,
    Shift,
    ShiftId,
    TimeKind,
    Tour,
    Travel,
    Vehicle,
    VehicleId,
    Visit,
    VisitId,
    VisitStatus,
    load_of,
)
from dispatch.policy import Policy
from dispatch.schedule.retime import retime_at, retime_from_facts
from dispatch.schedule.snapshot import Snapshot

EIGHT, MINUTE = 8 * 3600, 60
ROAD_KM = np.array([0, 6, 12, 18, 24, 30])
DEPOT, A, B, C, D, E = range(6)
ALWAYS = (0, 24 * 60)


def _shift(breaks: tuple[Break, ...] = ()) -> Shift:
    depot = PlaceIndex(DEPOT)
    return Shift(ShiftId("s"), VehicleId("v"), "", EIGHT, 16 * 3600, depot, depot, breaks)


def _day(
    order: Sequence[tuple[str, int]],
    windows: dict[str, tuple[int, int]],
    ride_min: int = 600,
    pause: Break | None = None,
) -> State:
    """Plan a tour; ``order`` says "+anna" or "-anna" and where, ``windows`` pickups in minutes after eight."""
    metres = (np.abs(np.subtract.outer(ROAD_KM, ROAD_KM)) * 1000).astype(np.int32)
    bookings, visits = {}, []
    for k, (what, place) in enumerate(order):
        key = BookingId(what[1:])
        visit = Visit(VisitId(what), PlaceIndex(place), EIGHT + k, EIGHT + k)
        if what == "pause":
            visits.append(replace(visit, pause=pause))
            continue
        if what.startswith("+"):
            goal = next(p for other, p in order if other == f"-{key}")
            ends = PlaceIndex(place), PlaceIndex(goal)
            request = Request(key, *ends, TimeKind.DEPART_AT, EIGHT, load_of(seat=1))
            first, last = (EIGHT + m * MINUTE for m in windows.get(key, ALWAYS))
            promise = Promise(first, last, EIGHT + 8 * 3600, ride_min * MINUTE)
            bookings[key] = Booking(key, request, promise, ShiftId("s"), 0)
            visits.append(replace(visit, board=(key,)))
        else:
            visits.append(replace(visit, alight=(key,)))
    shift = _shift((pause,) if pause else ())
    vehicle = Vehicle(VehicleId("v"), "", ())
    state = State(
        Policy(travel_factor=1.0, stop_s=0),
        Travel(metres // 10, metres),
        {vehicle.id: vehicle},
        {shift.id: shift},
        {shift.id: Tour(shift.id, tuple(visits))},
        bookings,
    )
    return replace(state, tours={shift.id: retime_from_facts(state, shift)})


def _plan(state: State) -> dict[str, float]:
    """When the doors open, in minutes after eight."""
    return {v.id: (v.arrive_s - EIGHT) / MINUTE for v in state.tours[ShiftId("s")].visits}


def test_the_bus_leaves_the_depot_as_late_as_it_can() -> None:
    """Ten minutes to Anna, who boards at nine at the earliest: not before 8:50."""
    plan = _plan(_day([("+anna", A), ("-anna", B)], {"anna": (60, 70)}))
    assert plan == {"+anna": 60, "-anna": 71}


def test_waiting_comes_before_boarding() -> None:
    """Anna boards late enough that the bus need not wait with her aboard for Karl."""
    order = [("+anna", A), ("+karl", B), ("-anna", C), ("-karl", D)]
    plan = _plan(_day(order, {"anna": (20, 120), "karl": (60, 70)}))
    assert plan == {"+anna": 49, "+karl": 60, "-anna": 71, "-karl": 82}


def test_as_much_waiting_is_moved_as_windows_allow() -> None:
    """Anna's window ends at 8:40; the rest of the waiting is at Karl's door."""
    order = [("+anna", A), ("+karl", B), ("-anna", C), ("-karl", D)]
    plan = _plan(_day(order, {"anna": (20, 40), "karl": (60, 70)}))
    assert plan == {"+anna": 40, "+karl": 60, "-anna": 71, "-karl": 82}


def test_those_between_move_with_the_rest() -> None:
    """Rosa boards at nine; Karl would wait for her aboard if Anna were dropped as early as can be."""
    order = [("+anna", A), ("+karl", B), ("-anna", C), ("+rosa", D), ("-karl", E), ("-rosa", D)]
    plan = _plan(_day(order, {"anna": (10, 50), "rosa": (60, 70)}))
    assert plan["+rosa"] == 60
    assert plan == {"+anna": 27, "+karl": 38, "-anna": 49, "+rosa": 60, "-karl": 71, "-rosa": 82}


def test_nobody_rides_longer_so_that_another_need_not_wait() -> None:
    """Anna cannot board after 8:15, so she is dropped at once; it is Karl who waits for Rosa."""
    order = [("+anna", A), ("+karl", B), ("-anna", C), ("+rosa", D), ("-karl", E), ("-rosa", D)]
    plan = _plan(_day(order, {"anna": (10, 15), "rosa": (60, 70)}))
    assert plan == {"+anna": 15, "+karl": 26, "-anna": 37, "+rosa": 60, "-karl": 71, "-rosa": 82}


def test_a_longest_ride_delays_the_pickup() -> None:
    """Anna rides 40 minutes at most and must wait for Karl aboard: she boards 40 minutes before."""
    order = [("+anna", A), ("+karl", B), ("-karl", A), ("-anna", B)]
    plan = _plan(_day(order, {"anna": (0, 300), "karl": (60, 70)}, ride_min=40))
    assert plan["-anna"] - plan["+anna"] - 1 <= 40
    assert plan == {"+anna": 49, "+karl": 60, "-karl": 71, "-anna": 82}


def test_a_pause_is_taken_as_early_as_it_can_be() -> None:
    """Where the bus stands then, with nobody aboard, and its place is that of the visit before."""
    pause = Break(30 * MINUTE, EIGHT + 60 * MINUTE, EIGHT + 180 * MINUTE)
    order = [("+anna", A), ("-anna", B), ("pause", DEPOT), ("+karl", C), ("-karl", D)]
    state = _day(order, {"anna": (20, 30), "karl": (150, 160)}, pause=pause)
    plan = _plan(state)
    assert plan == {"+anna": 20, "-anna": 31, "pause": 60, "+karl": 150, "-karl": 161}
    visit = state.tours[ShiftId("s")].visits[2]
    assert (visit.place, visit.depart_s - visit.arrive_s) == (B, 30 * MINUTE)


@pytest.fixture
def under_way() -> Callable[[int], State]:
    """Anna is aboard since 8:20, left at 8:21; Karl boards on the way."""

    def made(late_min: int) -> State:
        order = [("+anna", A), ("+karl", C), ("-anna", D), ("-karl", E)]
        state = _day(order, {"anna": (20, 30), "karl": (45, 70)})
        tour = state.tours[ShiftId("s")]
        at_s = EIGHT + 20 * MINUTE
        left = replace(
            tour.visits[0], arrive_s=at_s, depart_s=at_s + MINUTE, status=VisitStatus.DEPARTED
        )
        state = replace(state, tours={tour.shift: replace(tour, visits=(left, *tour.visits[1:]))})
        if late_min:
            delay = Delay(VisitId("+karl"), tour.visits[1].arrive_s + late_min * MINUTE, at_s)
            state = replace(state, delays={tour.shift: delay})
        return replace(state, tours={tour.shift: retime_from_facts(state, _shift())})

    return made


def test_a_late_bus_is_late_for_what_comes(under_way: Callable[[int], State]) -> None:
    """Ten minutes late at Karl's door: everybody ten minutes later, and new visits no sooner either."""
    plan, late = _plan(under_way(0)), _plan(under_way(10))
    assert late == {key: plan[key] + 10 * (key != "+anna") for key in plan}
    on_time, behind = (Snapshot.at(under_way(m), EIGHT + 25 * MINUTE).opening(0) for m in (0, 10))
    assert behind.free_new_s > on_time.free_new_s
    assert behind.settled == on_time.settled == 1


def test_who_is_aboard_arrives_as_early_as_can_be(under_way: Callable[[int], State]) -> None:
    """Anna's arrival is not put off for Karl's sake: she has no pickup to be moved along."""
    assert _plan(under_way(0)) == {"+anna": 20, "+karl": 45, "-anna": 56, "-karl": 67}


@given(
    opens=st.lists(st.integers(0, 200), min_size=3, max_size=3),
    last=st.lists(st.integers(0, 60), min_size=3, max_size=3),
    more=st.integers(0, 10),
    who=st.integers(0, 2),
    order=st.permutations("aabbcc"),
)
def test_a_small_change_changes_little(
    opens: list[int], last: list[int], more: int, who: int, order: list[str]
) -> None:
    """A window that opens some minutes later moves no time by more than that, and none forward."""
    signs = ["-" if name in order[:k] else "+" for k, name in enumerate(order)]
    places = (A, B, C, D, E, A)
    stops = [(sign + name, at) for sign, name, at in zip(signs, order, places, strict=True)]
    windows = {n: (opens[k], opens[k] + last[k] + 20) for k, n in enumerate("abc")}
    later = dict(windows)
    name = "abc"[who]
    later[name] = (windows[name][0] + more, windows[name][1] + more)
    one, other = _plan(_day(stops, windows)), _plan(_day(stops, later))
    assert all(0 <= other[key] - one[key] <= more for key in one)


def test_scheduling_again_changes_nothing() -> None:
    """At any moment before the bus must leave, the plan stays as it was told."""
    order = [("+anna", A), ("+karl", B), ("-anna", C), ("-karl", D)]
    state = _day(order, {"anna": (20, 40), "karl": (60, 70)})
    for minute in range(0, 80, 7):
        tour = retime_at(state, _shift(), EIGHT + minute * MINUTE)
        assert tour == state.tours[tour.shift]
