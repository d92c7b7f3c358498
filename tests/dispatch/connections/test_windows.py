"""When a bus could be at a place at all: every exact place for a ride lies in there, and not everything does."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.connections.window_kernels import arrivals_at, departures_from
from dispatch.events import State
from dispatch.insertion.search import Terms, find_all, wanted
from dispatch.model import Booking, BookingId, PlaceIndex, Request, TimeKind, load_of
from dispatch.schedule.snapshot import Snapshot

FAR = 10**9
PLACES = 6
MOMENTS = st.sampled_from([-6 * 3600, -6 * 3600, 8 * 3600 + 1800, 10 * 3600])
Span = tuple[int, int]


def spans(kernel: Any, snapshot: Snapshot, terms: Terms) -> dict[int, list[Span]]:
    """Ask a kernel about all places, backwards and with one no bus serves."""
    places = np.array([*range(PLACES)[::-1], -1], np.int64)
    w = wanted(snapshot, terms)
    rows = kernel(snapshot.opened, snapshot.limits, snapshot.road, w, places)
    found: dict[int, list[Span]] = {place: [] for place in range(-1, PLACES)}
    for at, from_s, until_s in rows.tolist():
        found[int(places[at])].append((from_s, until_s))
    return found


def within(time_s: int, known: list[Span]) -> bool:
    return any(from_s <= time_s <= until_s for from_s, until_s in known)


def drawn_slice(chance: Random, terms: Terms) -> Terms:
    """Narrow the times of some terms down, often to a few minutes."""
    pickup_s = max(terms.pickup_from_s, chance.randrange(8 * 3600, 12 * 3600))
    arrive_s = chance.randrange(8 * 3600, 13 * 3600)
    return replace(
        terms,
        pickup_from_s=chance.choice([terms.pickup_from_s, pickup_s]),
        pickup_until_s=min(terms.pickup_until_s, chance.choice([FAR, pickup_s + 900])),
        arrive_from_s=chance.choice([-FAR, arrive_s]),
        arrive_until_s=min(terms.arrive_until_s, chance.choice([FAR, arrive_s + 900])),
        weight_wish=chance.choice([0.0, 0.5]),
        wish_s=arrive_s,
    )


@settings(max_examples=120)
@given(seed=st.integers(0, 10**9), rides=st.integers(0, 12), now_s=MOMENTS)
def test_whoever_finds_a_place_arrives_in_a_window(
    draw_day: Any, draw_terms: Any, seed: int, rides: int, now_s: int
) -> None:
    """In every shift and slice of time, with pauses, ranges and others aboard."""
    chance = Random(seed)
    state = draw_day(chance, rides)
    snapshot = Snapshot.at(state, now_s)
    terms = replace(draw_terms(chance, state, now_s), arrive_from_s=-FAR, arrive_until_s=FAR)
    here = replace(terms.request, destination=terms.request.origin)
    known = spans(arrivals_at, snapshot, replace(terms, request=here))
    for place in set(range(PLACES)) - {terms.request.origin}:
        there = replace(terms, request=replace(terms.request, destination=PlaceIndex(place)))
        for part in [there, *(drawn_slice(chance, there) for _ in range(6))]:
            for found in find_all(
                snapshot, replace(part, ride_at_most_s=chance.choice([2700, FAR]))
            ):
                assert within(found.arrival_s, known[place])
    assert known[-1] == []


@settings(max_examples=120)
@given(seed=st.integers(0, 10**9), rides=st.integers(0, 12), now_s=MOMENTS)
def test_whoever_finds_a_place_is_picked_up_in_a_window(
    draw_day: Any, draw_terms: Any, seed: int, rides: int, now_s: int
) -> None:
    """The same from the other end: who must arrive by some time may board where a line stops."""
    chance = Random(seed)
    state = draw_day(chance, rides)
    snapshot = Snapshot.at(state, now_s)
    terms = draw_terms(chance, state, now_s)
    terms = replace(terms, pickup_from_s=now_s, pickup_until_s=FAR, arrive_from_s=-FAR)
    here = replace(terms.request, origin=terms.request.destination)
    known = spans(departures_from, snapshot, replace(terms, request=here))
    for place in set(range(PLACES)) - {terms.request.destination}:
        there = replace(terms, request=replace(terms.request, origin=PlaceIndex(place)))
        for part in [there, *(drawn_slice(chance, there) for _ in range(6))]:
            for found in find_all(
                snapshot, replace(part, ride_at_most_s=chance.choice([2700, FAR]))
            ):
                assert within(found.pickup_s, known[place])
    assert known[-1] == []


# --- a day to look at -----------------------------------------------------------------------------

DEPOT, FARM, STOP, TOWN = range(4)
POINTS = [(0, 0), (3000, 0), (9000, 0), (20_000, 0), (0, 5000), (0, 9000)]


@pytest.fixture
def day(open_day: Callable[..., Any]) -> Any:
    """One bus from eight to eleven, which needs five minutes to the farm and fifteen to the stop."""
    day = open_day(POINTS)
    day.open("early", "08:00", "11:00")
    return day


def asked(state: State, place: int, load: dict[str, int]) -> tuple[Snapshot, Terms]:
    """Ask for anybody between the place and wherever, at any time."""
    at = PlaceIndex(place)
    request = Request(BookingId("new"), at, at, TimeKind.DEPART_AT, 0, load_of(**load))
    return Snapshot.at(state, -6 * 3600), Terms(request, 0, FAR, -FAR, FAR, FAR, 0)


def arrivals(day: Any, origin: int, **load: int) -> dict[int, list[Span]]:
    return spans(arrivals_at, *asked(day.state, origin, load or {"seat": 1}))


def departures(day: Any, goal: int, **load: int) -> dict[int, list[Span]]:
    return spans(departures_from, *asked(day.state, goal, load or {"seat": 1}))


def test_the_hours_of_a_shift_are_the_window(day: Any, clock: Callable[[str], int]) -> None:
    """First fetched at 8:05, a minute and a half to get in, ten minutes on; home from the stop by eleven."""
    assert arrivals(day, FARM)[STOP] == [(clock("08:16") + 30, clock("10:45"))]
    assert departures(day, FARM)[STOP] == [(clock("08:15"), clock("10:44"))]


def test_who_fits_into_no_bus_has_no_window(day: Any) -> None:
    assert not any(arrivals(day, FARM, wheelchair=2).values())
    assert not any(departures(day, FARM, wheelchair=2).values())
    assert any(arrivals(day, FARM, wheelchair=1).values())


def test_a_ride_in_the_middle_parts_the_window(day: Any, clock: Callable[[str], int]) -> None:
    """From the farm, 8:20 to 8:30, to the town by 9:13: the stop before that, on the way, and after it."""
    ride: Booking = day.book(FARM, TOWN, "08:20")
    told = ride.promise
    assert (told.pickup_from_s, told.pickup_until_s) == (clock("08:20"), clock("08:30"))
    assert told.arrive_by_s == clock("09:13")
    assert arrivals(day, FARM)[STOP] == [
        (clock("08:16") + 30, clock("08:20")),
        (clock("08:31") + 30, clock("08:54") + 40),
        (clock("09:09") + 40, clock("10:45")),
    ]
    assert departures(day, DEPOT)[STOP][0][0] == clock("08:15")


def test_without_shifts_there_is_no_window(day: Any) -> None:
    day.state = State(day.state.policy, day.state.travel)
    assert not any(arrivals(day, FARM).values())
    assert not any(departures(day, FARM).values())


def test_who_boards_slowly_may_board_before_the_bus_waits_there(
    day: Any, clock: Callable[[str], int]
) -> None:
    """A wheelchair is in at nine, when somebody else gets in at the farm; both leave a minute and a half later."""
    day.book(FARM, TOWN, "09:00", seat=1)
    snapshot, terms = asked(day.state, FARM, {"wheelchair": 1})
    request = replace(terms.request, destination=PlaceIndex(STOP), load=load_of(wheelchair=1))
    slot = replace(
        terms, request=request, arrive_from_s=clock("09:05"), arrive_until_s=clock("09:12")
    )
    (found,) = find_all(snapshot, slot)
    assert found.arrival_s == clock("09:11") + 30
    assert within(found.arrival_s, arrivals(day, FARM, wheelchair=1)[STOP])


def test_who_joins_a_halt_the_bus_drives_to_is_no_later_for_it(day: Any) -> None:
    """The bus is on its way: a detour would begin where it set out, joining does not."""
    ride = day.book(STOP, DEPOT, "-10:00")
    board, _ = day.stops(ride)
    day.now_s = board.arrive_s - 300
    snapshot, terms = asked(day.state, DEPOT, {"seat": 1})
    snapshot = Snapshot.at(day.state, day.now_s)
    request = replace(terms.request, origin=PlaceIndex(STOP))
    found = find_all(snapshot, replace(terms, request=request))
    joined = next(f for f in found if f.shift.id == day.booking(ride).shift)
    assert joined.pickup_s == board.arrive_s
    assert within(joined.pickup_s, spans(departures_from, snapshot, terms)[STOP])
    _, boarding = asked(day.state, STOP, {"seat": 1})
    assert within(joined.arrival_s, spans(arrivals_at, snapshot, boarding)[DEPOT])
