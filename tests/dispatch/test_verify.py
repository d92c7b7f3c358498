"""The checker accepts what the engine returns and rejects every mutation of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.events import (
    BookingCancelled,
    Delay,
    Event,
    OfferTaken,
    PositionReported,
    State,
    TravelChanged,
)
from dispatch.model import LOAD_KINDS, BookingId, Offer, RideStatus, Tour, Visit, VisitStatus
from dispatch.verify import PlanRefused, Severity, check_plan, verify

POINTS = [(0, 0), (5000, 0), (5500, 0), (6000, 100), (12000, 0), (12200, 0), (6000, 8000)]
Mutation = Callable[[State], State]


@pytest.fixture
def plan(open_day: Callable[..., Any]) -> State:
    """Five rides on two buses, some pooled."""
    day = open_day(POINTS)
    day.open("one", "08:00", "13:00")
    day.open("two", "08:00", "13:00", depot=6)
    day.book(1, 4, "09:00")
    day.book(2, 5, "09:00", seat=2)
    day.book(3, 4, "09:05", wheelchair=1)
    day.book(6, 5, "-09:20", seat=4)
    day.book(4, 1, "10:30")
    state: State = day.state
    assert sum(bool(tour.visits) for tour in state.tours.values()) == 2
    return state


def change_visit(
    state: State, k: int, change: Callable[[Visit], Visit], shift: str = "one"
) -> State:
    visits = list(state.tours[shift].visits)  # type: ignore[index]
    visits[k] = change(visits[k])
    return with_visits(state, visits, shift)


def with_visits(state: State, visits: list[Visit], shift: str = "one") -> State:
    key = next(key for key in state.tours if key == shift)
    return replace(state, tours={**state.tours, key: Tour(key, tuple(visits))})


def later(seconds: int) -> Callable[[Visit], Visit]:
    return lambda v: replace(v, arrive_s=v.arrive_s + seconds, depart_s=v.depart_s + seconds)


def swap(state: State, k: int) -> State:
    visits = list(state.tours["one"].visits)  # type: ignore[index]
    visits[k], visits[k + 1] = visits[k + 1], visits[k]
    return with_visits(state, visits)


def all_later(state: State, seconds: int) -> State:
    return with_visits(state, [later(seconds)(v) for v in state.tours["one"].visits])  # type: ignore[index]


def foreign_ride(state: State) -> State:
    return change_visit(state, 0, lambda v: replace(v, board=(*v.board, BookingId("ghost"))))


def lost_ride(state: State) -> State:
    gone = state.tours["one"].visits[0].board[0]  # type: ignore[index]
    visits = [
        replace(
            v,
            board=tuple(b for b in v.board if b != gone),
            alight=tuple(b for b in v.alight if b != gone),
        )
        for v in state.tours["one"].visits  # type: ignore[index]
    ]
    return with_visits(state, [v for v in visits if v.board or v.alight])


def crowd(state: State) -> State:
    key = state.tours["one"].visits[0].board[0]  # type: ignore[index]
    booking = state.bookings[key]
    many = tuple(9 if kind.value == "seat" else 0 for kind in LOAD_KINDS)
    big = replace(booking, request=replace(booking.request, load=many))
    return replace(state, bookings={**state.bookings, key: big})


def other_shift(state: State) -> State:
    key = state.tours["one"].visits[0].board[0]  # type: ignore[index]
    moved = replace(state.bookings[key], shift="two")
    return replace(state, bookings={**state.bookings, key: moved})


def cancelled_but_carried(state: State) -> State:
    key = state.tours["one"].visits[0].board[0]  # type: ignore[index]
    off = replace(state.bookings[key], status=RideStatus.CANCELLED)
    return replace(state, bookings={**state.bookings, key: off})


def aboard_already(state: State) -> State:
    key = state.tours["one"].visits[0].board[0]  # type: ignore[index]
    rides = replace(state.bookings[key], status=RideStatus.ABOARD)
    return replace(state, bookings={**state.bookings, key: rides})


def early_end(state: State) -> State:
    key = next(key for key in state.shifts if key == "one")
    shift = replace(state.shifts[key], end_s=state.tours[key].visits[-1].depart_s + 10)
    return replace(state, shifts={**state.shifts, key: shift})


MUTATIONS: dict[str, tuple[Mutation, str]] = {
    "two visits swapped": (lambda s: swap(s, 0), "drive-too-short"),
    "leaves before boarding": (
        lambda s: with_visits(s, list(reversed(s.tours["one"].visits))),  # type: ignore[index]
        "ride-order",
    ),
    "a visit a minute earlier": (lambda s: change_visit(s, 1, later(-60)), "drive-too-short"),
    "everything half an hour later": (lambda s: all_later(s, 1800), "pickup-late"),
    "everything an hour earlier": (lambda s: all_later(s, -3600), "pickup-early"),
    "no time to board": (
        lambda s: change_visit(s, 0, lambda v: replace(v, depart_s=v.arrive_s + 1)),
        "halt-too-short",
    ),
    "ends before it begins": (
        lambda s: change_visit(s, 0, lambda v: replace(v, depart_s=v.arrive_s - 1)),
        "halt-backwards",
    ),
    "somebody who never booked": (foreign_ride, "booking-unknown"),
    "a rider left behind": (lost_ride, "ride-count"),
    "a visit twice": (
        lambda s: with_visits(s, [*s.tours["one"].visits, s.tours["one"].visits[-1]]),  # type: ignore[index]
        "visit-twice",
    ),
    "too many aboard": (crowd, "room"),
    "on another bus": (other_shift, "ride-shift"),
    "carried though cancelled": (cancelled_but_carried, "ride-count"),
    "aboard of a bus that did not come yet": (aboard_already, "ride-status"),
    "the shift ends before": (early_end, "shift-end"),
    "at another place": (
        lambda s: change_visit(s, 0, lambda v: replace(v, place=0)),
        "ride-place",
    ),
    "at no place": (lambda s: change_visit(s, 0, lambda v: replace(v, place=99)), "place-unknown"),
}


def test_the_checker_accepts_what_the_engine_returns(plan: State) -> None:
    assert verify(plan) == ()
    check_plan(plan)


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_checker_rejects(plan: State, name: str) -> None:
    mutate, code = MUTATIONS[name]
    broken = [v for v in verify(mutate(plan)) if v.severity is Severity.BROKEN]
    assert code in {violation.code for violation in broken}
    with pytest.raises(PlanRefused):
        check_plan(mutate(plan))
    with pytest.raises(PlanRefused):
        check_plan(
            mutate(plan), plan, BookingCancelled(BookingId("nobody"))
        )  # looks at what differs


@given(seconds=st.integers(1, 7200), data=st.data())
def test_no_visit_can_be_sooner_than_the_bus(
    open_day: Callable[..., Any], seconds: int, data: st.DataObject
) -> None:
    """An earlier visit is noticed as soon as the bus cannot reach it."""
    state = _two_rides(open_day)
    visits = state.tours["one"].visits
    k = data.draw(st.integers(1, len(visits) - 1))
    leg = int(state.travel.seconds[visits[k - 1].place, visits[k].place])
    slack = visits[k].arrive_s - visits[k - 1].depart_s - leg
    assert bool(verify(change_visit(state, k, later(-seconds)))) == (seconds > slack)


@given(seconds=st.integers(1, 7200))
def test_no_arrival_can_be_later_than_told(open_day: Callable[..., Any], seconds: int) -> None:
    """A later last visit is noticed as soon as somebody's arrival or time aboard is not kept."""
    state = _two_rides(open_day)
    visits = state.tours["one"].visits
    slack = min(
        min(
            booking.promise.arrive_by_s - visits[-1].arrive_s,
            booking.promise.ride_at_most_s
            - visits[-1].arrive_s
            + next(v.depart_s for v in visits if key in v.board),
        )
        for key, booking in state.bookings.items()
        if key in visits[-1].alight
    )
    assert bool(verify(change_visit(state, -1, later(seconds)))) == (seconds > slack)


def _two_rides(open_day: Callable[..., Any]) -> Any:
    day = open_day(POINTS)
    day.open("one", "08:00", "18:00")
    day.book(1, 4, "09:00")
    day.book(2, 5, "09:00")
    return day.state


def test_losing_anything_is_noticed(plan: State) -> None:
    key, booking = next(iter(plan.bookings.items()))
    worse = replace(booking.promise, arrive_by_s=booking.promise.arrive_by_s + 60)
    altered = replace(plan, bookings={**plan.bookings, key: replace(booking, promise=worse)})
    assert "promise-worse" in {v.code for v in verify(altered, plan)}
    shift = next(iter(plan.shifts))
    fewer = replace(plan.shifts[shift], end_s=plan.shifts[shift].end_s + 60)
    assert "shift-altered" in {
        v.code for v in verify(replace(plan, shifts={**plan.shifts, shift: fewer}), plan)
    }
    left = change_visit(plan, 0, lambda v: replace(v, status=VisitStatus.DEPARTED))
    assert "report-lost" in {v.code for v in verify(plan, left)}


def test_lateness_by_reality_is_no_fault_of_the_plan(plan: State) -> None:
    """Reported visits may be late; what follows them is late, not broken."""
    visits = list(plan.tours["one"].visits)  # type: ignore[index]
    visits[0] = replace(later(3600)(visits[0]), status=VisitStatus.DEPARTED)
    for k in range(1, len(visits)):
        leg = plan.policy.driving_s(int(plan.travel.seconds[visits[k - 1].place, visits[k].place]))
        start = max(visits[k].arrive_s, visits[k - 1].depart_s + leg)
        visits[k] = later(start - visits[k].arrive_s)(visits[k])
    aboard = {key: replace(plan.bookings[key], status=RideStatus.ABOARD) for key in visits[0].board}
    late = replace(with_visits(plan, visits), bookings={**plan.bookings, **aboard})
    found = verify(late)
    assert found
    assert {violation.severity for violation in found} == {Severity.LATE}


def pushed(state: State, seconds: int) -> State:
    """Return the state with everything ahead on the first bus later."""
    visits = state.tours["one"].visits  # type: ignore[index]
    moved = [v if v.status != "planned" else later(seconds)(v) for v in visits]
    return with_visits(state, moved)


def missed_by(state: State) -> int:
    """Seconds by which the first pickup ahead may become later before the rider is told wrong."""
    first = next(v for v in state.tours["one"].visits if v.status == "planned" and v.board)  # type: ignore[index]
    return min(state.bookings[key].promise.pickup_until_s for key in first.board) - first.arrive_s


def severity(code: str, state: State, before: State, event: Event) -> set[Severity]:
    """How bad the findings of a code are on the first visit of the first bus, or on its tour."""
    first = state.tours["one"].visits[0].id  # type: ignore[index]
    found = verify(state, before, event)
    return {v.severity for v in found if v.code == code and v.visit in {None, first}}


def test_lateness_needs_a_reason(plan: State) -> None:
    """A booking elsewhere is none; a report is one for as much as it explains, and no second more."""
    seconds = missed_by(plan) + 60
    late = pushed(plan, seconds)
    nothing = BookingCancelled(BookingId("nobody"))
    for event in (OfferTaken(offer_of(plan)), nothing):
        assert severity("pickup-late", late, plan, event) == {Severity.BROKEN}
    first = late.tours["one"].visits[0]  # type: ignore[index]
    shift = late.bookings[first.board[0]].shift
    told = replace(late, delays={shift: Delay(first.id, first.arrive_s, first.arrive_s)})
    report = PositionReported(shift, first.arrive_s, 0)
    assert severity("pickup-late", told, plan, report) == {Severity.LATE}
    assert severity("pickup-late", pushed(told, 1), plan, report) == {Severity.BROKEN}


def test_what_was_late_before_may_stay_late(plan: State) -> None:
    """Whatever happens elsewhere; but not become later."""
    late = pushed(plan, missed_by(plan) + 60)
    taken = OfferTaken(offer_of(plan))
    assert severity("pickup-late", late, late, taken) == {Severity.LATE}
    assert severity("pickup-late", pushed(late, 1), late, taken) == {Severity.BROKEN}


def offer_of(state: State) -> Any:
    """Make up an offer nobody took."""
    booking = next(iter(state.bookings.values()))
    return Offer(booking.request, booking.shift, booking.promise, 0, 0, 0, 0, 0, 0, shared=False)


def test_a_battery_that_does_not_last_is_broken_while_a_ride_could_be_left_out(plan: State) -> None:
    """Longer roads are no excuse before anybody is aboard, but then everybody must be brought home."""
    visits = plan.tours["one"].visits  # type: ignore[index]
    shift = plan.bookings[visits[0].board[0]].shift
    vehicle = plan.vehicles[plan.shifts[shift].vehicle]
    short = replace(vehicle, range_m=10)
    far = replace(plan, vehicles={**plan.vehicles, vehicle.id: short})
    roads = TravelChanged(far.travel)
    assert severity("range", far, plan, roads) == {Severity.BROKEN}
    boarded = [replace(v, status=VisitStatus.DEPARTED) if v.board else v for v in visits]
    last = max(k for k, v in enumerate(boarded) if v.board)
    boarded[:last] = [replace(v, status=VisitStatus.DEPARTED) for v in boarded[:last]]
    status = {
        key: RideStatus.DONE if any(key in v.alight for v in boarded[:last]) else RideStatus.ABOARD
        for v in boarded
        for key in v.board
    }
    riding = {key: replace(far.bookings[key], status=said) for key, said in status.items()}
    under_way = replace(with_visits(far, boarded), bookings={**far.bookings, **riding})
    assert severity("range", under_way, plan, roads) == {Severity.LATE}


def test_two_shifts_of_one_driver_clash(plan: State) -> None:
    """Also where nobody rides; a driver without a name is nobody."""
    assert all(shift.driver == "" for shift in plan.shifts.values())
    named = {key: replace(shift, driver="A. Beck") for key, shift in plan.shifts.items()}
    (found,) = verify(replace(plan, shifts=named))
    assert (found.code, found.severity) == ("shift-overlap", Severity.BROKEN)
    assert found.message == "Shifts one and two overlap, but have the same driver A. Beck."


def test_every_code_says_what_is_wrong_in_a_sentence(plan: State) -> None:
    for mutate, _ in MUTATIONS.values():
        for violation in verify(mutate(plan)):
            assert violation.message[0].isupper()
            assert violation.message.endswith(".")
