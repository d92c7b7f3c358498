"""The best insertion equals brute force: every place in every tour, scheduled by difference constraints."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dispatch.engine import decide
from dispatch.events import OffersMade, RideRequested, State
from dispatch.insertion.search import Terms, find_all
from dispatch.model import (
    Booking,
    BookingId,
    PlaceIndex,
    Promise,
    Request,
    Shift,
    ShiftId,
    TimeKind,
    Vehicle,
    Visit,
    VisitId,
    persons,
)
from dispatch.schedule.snapshot import Snapshot

EVENING_BEFORE = -6 * 3600
NEW = BookingId("new")


@dataclass
class Priced:
    """One feasible insertion."""

    cost: float
    pickup_s: int
    arrival_s: int


def oracle(state: State, terms: Terms, shift: Shift) -> Priced | None:
    """Try every place in one tour; ties go to the earlier found, as costs are compared with a margin."""
    booking = Booking(
        NEW,
        terms.request,
        Promise(
            terms.pickup_from_s, terms.pickup_until_s, terms.arrive_until_s, terms.ride_at_most_s
        ),
        shift.id,
        0,
    )
    state = replace(state, bookings={**state.bookings, NEW: booking})
    visits = state.tours[shift.id].visits if shift.id in state.tours else ()
    before = _cost(state, shift, visits, _schedule(state, shift, visits, None) or [])
    best: Priced | None = None
    for candidate in _candidates(visits, terms.request):
        times = _schedule(state, shift, candidate, terms)
        if times is None or not _has_room(state, shift, candidate):
            continue
        p = next(k for k, visit in enumerate(candidate) if NEW in visit.board)
        q = next(k for k, visit in enumerate(candidate) if NEW in visit.alight)
        arrives = terms.request.time_kind is TimeKind.ARRIVE_BY
        off = terms.wish_s - times[q] if arrives else times[p] - terms.wish_s
        cost = _cost(state, shift, candidate, times) - before + terms.weight_wish * abs(off)
        cost += state.policy.weight_shift * (not visits)
        if best is None or cost < best.cost - 1e-6:
            best = Priced(cost, times[p], times[q])
    return best


def _candidates(visits: tuple[Visit, ...], request: Request) -> Iterator[tuple[Visit, ...]]:
    """Every order with the ride in visits of its own or joined to one at the same place."""
    board = Visit(VisitId("new-board"), request.origin, 0, 0, board=(NEW,))
    alight = Visit(VisitId("new-alight"), request.destination, 0, 0, alight=(NEW,))
    for boarded in _with(visits, board):
        for both in _with(boarded, alight):
            p = next(k for k, visit in enumerate(both) if NEW in visit.board)
            q = next(k for k, visit in enumerate(both) if NEW in visit.alight)
            if p < q:
                yield both


def _with(visits: tuple[Visit, ...], new: Visit) -> Iterator[tuple[Visit, ...]]:
    for k in range(len(visits) + 1):
        yield (*visits[:k], new, *visits[k:])
        if k < len(visits) and visits[k].place == new.place:
            joined = replace(
                visits[k], board=visits[k].board + new.board, alight=visits[k].alight + new.alight
            )
            yield (*visits[:k], joined, *visits[k + 1 :])


def _schedule(
    state: State, shift: Shift, visits: tuple[Visit, ...], terms: Terms | None
) -> list[int] | None:
    """Earliest times that meet every constraint (Bellman-Ford), pure pickups then as late as they may."""
    n = len(visits)
    service = [_service(state, visit) for visit in visits]
    stops = [shift.start_place, *(visit.place for visit in visits)]
    legs = [_drive(state, a, b) for a, b in pairwise(stops)]
    low, high = _windows(state, shift, visits, terms)
    after = [(k - 1, k, service[k - 1] + legs[k]) for k in range(1, n)]  # t[j] >= t[i] + gap
    for k, visit in enumerate(visits):
        for key in visit.alight:
            p = next(i for i, other in enumerate(visits) if key in other.board)
            after.append((k, p, -state.bookings[key].promise.ride_at_most_s - service[p]))
    times = low[:]
    for _ in range(10_000):
        late = [(j, times[i] + gap) for i, j, gap in after if times[i] + gap > times[j]]
        if any(t > h for t, h in zip(times, high, strict=True)):
            return None
        if not late:
            break
        for j, at_least in late:
            times[j] = max(times[j], at_least)
    for k in range(n - 2, -1, -1):
        if not visits[k].alight:
            times[k] = max(times[k], min(high[k], times[k + 1] - legs[k + 1] - service[k]))
    return times


def _windows(
    state: State, shift: Shift, visits: tuple[Visit, ...], terms: Terms | None
) -> tuple[list[int], list[int]]:
    """When the doors of each visit may open: promises, and the bounds of the shift."""
    low, high = [shift.start_s] * len(visits), [10**9] * len(visits)
    for k, visit in enumerate(visits):
        promises = [state.bookings[key].promise for key in visit.board]
        low[k] = max([low[k], *(promise.pickup_from_s for promise in promises)])
        high[k] = min([high[k], *(promise.pickup_until_s for promise in promises)])
        high[k] = min([high[k], *(state.bookings[key].promise.arrive_by_s for key in visit.alight)])
        if NEW in visit.alight and terms:
            low[k] = max(low[k], terms.arrive_from_s)
    if visits:
        low[0] = max(low[0], shift.start_s + _drive(state, shift.start_place, visits[0].place))
        home = _drive(state, visits[-1].place, shift.end_place)
        high[-1] = min(high[-1], shift.end_s - home - _service(state, visits[-1]))
    return low, high


def _cost(state: State, shift: Shift, visits: tuple[Visit, ...], times: list[int]) -> float:
    """Driving, metres and time aboard beyond the direct rides."""
    policy, travel = state.policy, state.travel
    stops = [shift.start_place, *(visit.place for visit in visits), shift.end_place]
    legs = list(pairwise(stops)) if visits else []
    total = sum(
        _drive(state, a, b) + policy.weight_metre * int(travel.metres[a, b]) for a, b in legs
    )
    for k, visit in enumerate(visits):
        for key in visit.alight:
            request = state.bookings[key].request
            p = next(i for i, other in enumerate(visits) if key in other.board)
            aboard = times[k] - times[p] - _service(state, visits[p])
            direct = _drive(state, request.origin, request.destination)
            total += policy.weight_ride * persons(request.load) * max(0, aboard - direct)
    return float(total)


def _has_room(state: State, shift: Shift, visits: tuple[Visit, ...]) -> bool:
    vehicle = state.vehicles[shift.vehicle]
    aboard = [0] * 4
    for visit in visits:
        for sign, keys in ((-1, visit.alight), (1, visit.board)):
            for key in keys:
                for kind, count in enumerate(state.bookings[key].request.load):
                    aboard[kind] += sign * count
        if not vehicle.has_room(tuple(aboard)):
            return False
    return True


def _service(state: State, visit: Visit) -> int:
    loads = [state.bookings[key].request.load for key in (*visit.board, *visit.alight)]
    return state.policy.stop_s + sum(state.policy.handling_s(load) for load in loads)


def _drive(state: State, a: int, b: int) -> int:
    return state.policy.driving_s(int(state.travel.seconds[a, b]))


points = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda p: (p[0] * 1000, p[1] * 1000))
wishes = st.tuples(
    st.integers(0, 5),
    st.integers(0, 5),
    st.booleans(),
    st.integers(8 * 12, 12 * 12).map(lambda five_minutes: five_minutes * 300),
    st.sampled_from([(1, 0, 0, 0), (2, 0, 0, 0), (0, 1, 0, 0), (5, 0, 0, 0)]),
)


@given(
    places=st.lists(points, min_size=6, max_size=6),
    booked=st.lists(wishes, max_size=5),
    wish=wishes,
    seats=st.integers(4, 8),
)
def test_the_best_insertion_equals_brute_force(
    open_day: Callable[..., Any],
    bus: Callable[..., Vehicle],
    places: list[tuple[int, int]],
    booked: list[tuple[int, int, bool, int, tuple[int, ...]]],
    wish: tuple[int, int, bool, int, tuple[int, ...]],
    seats: int,
) -> None:
    """Over all tours: the same cost and the same times, and nothing where brute force finds nothing."""
    day = open_day(places)
    day.open("a", "08:00", "12:00", vehicle=bus("one", seats))
    day.open("b", "09:00", "13:00", depot=1, vehicle=bus("two"))
    for number, (origin, destination, arrives, time_s, load) in enumerate(booked):
        answer = day.answer(_request(f"b{number}", origin, destination, arrives, time_s, load))
        if isinstance(answer, tuple):
            day.take(answer[0])
    origin, destination, arrives, time_s, load = wish
    request = _request("new", origin, destination, arrives, time_s, load)
    ride_s = day.state.policy.longest_ride_s(_drive(day.state, origin, destination))
    window = (time_s - 3600, time_s) if arrives else (time_s, time_s + 3600)
    terms = Terms(
        request,
        window[0] if not arrives else 0,
        window[1] if not arrives else 10**8,
        window[0] if arrives else -(10**8),
        window[1] if arrives else 10**8,
        ride_s,
        time_s,
        day.state.policy.weight_wish,
    )
    found = {f.shift.id: f for f in find_all(Snapshot.at(day.state, EVENING_BEFORE), terms)}
    for key, shift in day.state.shifts.items():
        expected = oracle(day.state, terms, shift)
        assert (expected is None) == (key not in found)
        if expected is not None:
            assert abs(found[key].cost - expected.cost) < 1e-3


def _request(
    name: str, origin: int, destination: int, arrives: object, time_s: int, load: tuple[int, ...]
) -> Request:
    kind = TimeKind.ARRIVE_BY if arrives else TimeKind.DEPART_AT
    return Request(BookingId(name), PlaceIndex(origin), PlaceIndex(destination), kind, time_s, load)


@given(
    places=st.lists(points, min_size=6, max_size=6),
    booked=st.lists(wishes, max_size=4),
    wish=wishes,
)
def test_the_order_and_names_of_buses_have_no_say(
    open_day: Callable[..., Any],
    bus: Callable[..., Vehicle],
    places: list[tuple[int, int]],
    booked: list[tuple[int, int, bool, int, tuple[int, ...]]],
    wish: tuple[int, int, bool, int, tuple[int, ...]],
) -> None:
    """Shuffling shifts in the state and renaming vehicles changes no offer."""
    day = open_day(places)
    for name in ("a", "b", "c"):
        day.open(name, "08:00", "13:00", vehicle=bus(f"bus {name}"))
    for number, row in enumerate(booked):
        answer = day.answer(_request(f"b{number}", *row))
        if isinstance(answer, tuple):
            day.take(answer[0])
    shuffled = replace(
        day.state,
        shifts={
            ShiftId(key): replace(shift, vehicle=f"x{shift.vehicle}")
            for key, shift in reversed(day.state.shifts.items())
        },
        vehicles={f"x{key}": replace(v, id=f"x{key}") for key, v in day.state.vehicles.items()},
        tours=dict(reversed(day.state.tours.items())),
    )
    asked = RideRequested(_request("new", *wish))
    one = decide(day.state, asked, EVENING_BEFORE)[1]
    other = decide(shuffled, asked, EVENING_BEFORE)[1]
    assert one == other
    assert isinstance(one[0], OffersMade) or one[0].refusal.request.id == "new"
