"""Drawn days, and an oracle for them: every place in a tour, scheduled by difference constraints."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from dispatch.events import State
from dispatch.insertion.search import Terms, find_all, tour_with
from dispatch.model import (
    LOAD_KINDS,
    UNREACHABLE,
    Booking,
    BookingId,
    Break,
    Feature,
    Limit,
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
    persons,
)
from dispatch.policy import Policy
from dispatch.schedule.retime import retime_from_facts
from dispatch.schedule.snapshot import Snapshot

EVENING_BEFORE = -6 * 3600
EIGHT, ONE = 8 * 3600, 13 * 3600
FAR = 10**9
NEW = BookingId("new")
PLACES = 6
LOADS = (
    load_of(seat=1),
    load_of(seat=1),
    load_of(seat=2, walker=1),
    load_of(wheelchair=1),
    load_of(seat=3, child_seat=1, pram=1),
    load_of(seat=1, luggage=2, parcel=1),
)


# --- days ---------------------------------------------------------------------------------------


def draw_policy(chance: Random) -> Policy:
    """Draw rules; half of them price waiting, risk and walks as well."""
    dear = chance.random() < 0.5
    return Policy(
        lead_time_s=0,
        travel_factor=chance.choice([1.0, 1.1]),
        travel_buffer_s=chance.choice([0, 7]),
        alighting_factor=chance.choice([1.0, 0.4]),
        ride_at_most_s=chance.choice([1200, 2700]),
        standing_share=chance.choice([1.0, 0.1]),
        weight_wait=0.4 if dear else 0.0,
        weight_risk=0.3 if dear else 0.0,
        weight_walk=0.5 if dear else 0.0,
    )


def draw_travel(chance: Random) -> Travel:
    """Draw driving on a plane, or shortest ways through one-way streets, some of them dead ends."""
    if chance.random() < 0.6:
        xy = np.array([(chance.randrange(12_000), chance.randrange(12_000)) for _ in range(PLACES)])
        metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
        return Travel(np.ceil(metres / 10).astype(np.int32), np.ceil(metres).astype(np.int32))
    size = range(PLACES)
    seconds = np.array([[0 if i == j else chance.randrange(60, 900) for i in size] for j in size])
    metres = np.array([[0 if i == j else chance.randrange(500, 9000) for i in size] for j in size])
    if chance.random() < 0.5:
        seconds[4, :4] = seconds[4, 5] = metres[4, :4] = metres[4, 5] = UNREACHABLE
    for k in size:  # Floyd and Warshall; the quickest way need not be the shortest
        seconds = np.minimum(seconds, seconds[:, k, None] + seconds[k])
    seconds = np.minimum(seconds, UNREACHABLE)
    return Travel(seconds.astype(np.int32), metres.astype(np.int32))


def draw_breaks(chance: Random) -> tuple[Break, ...]:
    """Draw up to two pauses of a shift from eight to one."""
    breaks = []
    for from_s in chance.choice([(), (9 * 3600,), (10 * 3600 + 900,), (9 * 3600, 11 * 3600)]):
        place = chance.choice([None, None, PlaceIndex(chance.randrange(3))])
        seconds = chance.choice([600, 1800])
        until_s = from_s + seconds + chance.choice([900, 5400])
        breaks.append(Break(seconds, from_s, until_s, place, charges=chance.random() < 0.5))
    return tuple(breaks)


def draw_shift(chance: Random, name: str) -> tuple[Shift, Vehicle]:
    """Draw a shift and its bus."""
    limits = (
        Limit(load_of(seat=1, wheelchair=2, child_seat=1, pram=1), chance.randint(4, 8)),
        Limit(load_of(wheelchair=1), 1),
        Limit(load_of(luggage=1, parcel=1, walker=1), 3),
    )[: chance.randint(1, 3)]
    features = frozenset({Feature.LIFT}) if chance.random() < 0.5 else frozenset()
    range_m = chance.choice([None, None, 40_000])
    vehicle = Vehicle(VehicleId(f"bus {name}"), name, limits, features, range_m)
    start, end = (PlaceIndex(chance.randrange(3)) for _ in range(2))
    driving_s = chance.choice([None, None, 5400])
    span = EIGHT, ONE, start, end
    return Shift(ShiftId(name), vehicle.id, "", *span, draw_breaks(chance), driving_s), vehicle


def draw_request(chance: Random, name: str) -> Request:
    """Draw a wish."""
    origin, destination = chance.sample(range(PLACES), 2)
    needs = frozenset({Feature.LIFT}) if chance.random() < 0.1 else frozenset()
    return Request(
        BookingId(name),
        PlaceIndex(origin),
        PlaceIndex(destination),
        chance.choice([TimeKind.DEPART_AT, TimeKind.ARRIVE_BY]),
        chance.randrange(EIGHT, EIGHT + 9000, 300),
        chance.choice(LOADS),
        walk_to_s=chance.choice([0, 120]),
        needs=needs,
        alone=chance.random() < 0.1,
        standing=chance.random() < 0.3,
    )


def terms_for(policy: Policy, travel: Travel, request: Request, now_s: int) -> Terms:
    """Terms of an hour from, or before, the time wished."""
    table_s = int(travel.seconds[request.origin, request.destination])
    direct_s = UNREACHABLE if table_s >= UNREACHABLE else policy.driving_s(table_s)
    t, ride_s = request.time_s, policy.longest_ride_s(direct_s)
    times = (max(t, now_s), t + 3600, -FAR, FAR)
    if request.time_kind is TimeKind.ARRIVE_BY:
        times = (max(0, now_s), FAR, t - 3600, t)
    return Terms(request, *times, ride_s, t, policy.weight_wish)


def book(state: State, terms: Terms, chance: Random, now_s: int) -> State:
    """Let the ride in where the search finds it, in a shift drawn from those that can take it."""
    snapshot = Snapshot.at(state, now_s)
    found = find_all(snapshot, terms)
    if not found:
        return state
    place = chance.choice(found)
    pickup_s, window_s = place.pickup_s // 60 * 60, chance.choice([0, 600])
    by_s = place.arrival_s + chance.choice([0, 300, 1200])
    until_s = max(pickup_s + window_s, place.pickup_s)
    promise = Promise(pickup_s, until_s, by_s, terms.ride_at_most_s)
    request, shift = terms.request, place.shift.id
    tour = tour_with(snapshot, Terms.of_promise(request, promise), place)
    bookings = {**state.bookings, request.id: Booking(request.id, request, promise, shift, 0)}
    return replace(state, tours={**state.tours, shift: tour}, bookings=bookings)


def draw_day(chance: Random, rides: int) -> State:
    """Draw a day with two shifts and up to so many rides."""
    policy, travel = draw_policy(chance), draw_travel(chance)
    state = State(policy, travel)
    for name in ("a", "b"):
        shift, vehicle = draw_shift(chance, name)
        pauses = tuple(
            Visit(
                VisitId(f"{name}-pause-{k}"),
                shift.start_place if pause.place is None else pause.place,
                pause.from_s,
                pause.from_s + pause.seconds,
                pause=pause,
            )
            for k, pause in enumerate(shift.breaks)
        )
        state = replace(
            state,
            vehicles={**state.vehicles, vehicle.id: vehicle},
            shifts={**state.shifts, shift.id: shift},
            tours={**state.tours, shift.id: Tour(shift.id, pauses)} if pauses else state.tours,
        )
        if pauses:
            tour = retime_from_facts(state, shift)
            state = replace(state, tours={**state.tours, shift.id: tour})
    for number in range(rides):
        request = draw_request(chance, f"r{number}")
        terms = terms_for(policy, travel, request, EVENING_BEFORE)
        state = book(state, terms, chance, EVENING_BEFORE)
    return state


# --- the oracle ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Priced:
    """One feasible insertion."""

    cost: float
    pickup_s: int
    arrival_s: int
    shared: bool


class Oracle:
    """One shift at one moment, in plain Python: every place for a ride, and what it costs.

    Only for plans that keep all limits: what reality has broken is not looked at.
    """

    def __init__(self, state: State, shift: Shift, now_s: int) -> None:
        self.state, self.shift, self.now_s = state, shift, now_s
        self.policy, self.vehicle = state.policy, state.vehicles[shift.vehicle]
        visits = state.tours[shift.id].visits if shift.id in state.tours else ()
        last = [
            k
            for k, v in enumerate(visits)
            if v.status is not VisitStatus.PLANNED or v.arrive_s <= now_s + self.policy.frozen_s
        ]
        settled = max(last, default=-1) + 1
        self.past, self.visits = visits[:settled], visits[settled:]
        self.place, self.free_s = shift.start_place, shift.start_s
        for visit in self.past:
            self.place, self.free_s = visit.place, visit.depart_s
        self.keeps_s = -FAR
        if self.visits:
            ahead = self.visits[0]
            if ahead.arrive_s - self.drive(self.place, ahead.place) <= now_s:
                self.keeps_s = ahead.arrive_s

    def drive(self, a: int, b: int) -> int:
        table_s = int(self.state.travel.seconds[a, b])
        return FAR if table_s >= UNREACHABLE else self.policy.driving_s(table_s)

    def metres(self, a: int, b: int) -> int:
        return int(self.state.travel.metres[a, b])

    def best(self, terms: Terms) -> Priced | None:
        """Price every place."""
        request = terms.request
        direct_s = self.drive(request.origin, request.destination)
        standing_s = sum(
            self.drive(r.origin, r.destination)
            for r in (self.request(key) for visit in self.all_visits for key in visit.alight)
            if r.standing
        )
        room_s = self.policy.standing_share * (self.shift.end_s - self.shift.start_s)
        if not request.needs <= self.vehicle.features:
            return None
        if request.standing and standing_s + direct_s > room_s:
            return None
        promise = Promise(
            terms.pickup_from_s, terms.pickup_until_s, terms.arrive_until_s, terms.ride_at_most_s
        )
        booking = Booking(NEW, request, promise, self.shift.id, 0)
        self.state = replace(self.state, bookings={**self.state.bookings, NEW: booking})
        known = self.schedule(self.visits, None)
        assert known is not None, "the plan keeps all limits"
        before = self.cost(self.visits, known)
        best: Priced | None = None
        for candidate in self.candidates(request):
            times = self.schedule(candidate, terms)
            if times is None or not self.has_room(candidate) or not self.may_drive(candidate):
                continue
            p = next(k for k, visit in enumerate(candidate) if NEW in visit.board)
            q = next(k for k, visit in enumerate(candidate) if NEW in visit.alight)
            arrives = request.time_kind is TimeKind.ARRIVE_BY
            off = times[q] - terms.wish_s if arrives else times[p] - terms.wish_s
            cost = self.cost(candidate, times) - before + terms.weight_wish * abs(off)
            cost += self.policy.weight_walk * (request.walk_to_s + request.walk_from_s)
            carried = any(v.board or v.alight for v in self.all_visits)
            cost += self.policy.weight_shift * (not carried)
            if best is None or cost < best.cost - 1e-6:
                shared = any(a < q and b > p for key, a, b in self.rides(candidate) if key != NEW)
                best = Priced(cost, times[p], times[q], shared)
        return best

    @property
    def all_visits(self) -> tuple[Visit, ...]:
        return (*self.past, *self.visits)

    def request(self, key: BookingId) -> Request:
        return self.state.bookings[key].request

    def rides(self, visits: tuple[Visit, ...]) -> list[tuple[BookingId, int, int]]:
        """Everybody who leaves in the open part, where they board (-1 if before) and leave."""
        boards = {key: k for k, visit in enumerate(visits) for key in visit.board}
        return [(key, boards.get(key, -1), k) for k, v in enumerate(visits) for key in v.alight]

    def departed_s(self, key: BookingId) -> int:
        return next(visit.depart_s for visit in self.past if key in visit.board)

    def candidates(self, request: Request) -> Iterator[tuple[Visit, ...]]:
        """Every order with the ride in visits of its own or joined to one at the same place."""
        board = Visit(VisitId("new-board"), request.origin, 0, 0, board=(NEW,))
        alight = Visit(VisitId("new-alight"), request.destination, 0, 0, alight=(NEW,))
        for boarded in _with(self.visits, board):
            for both in _with(boarded, alight):
                p = next(k for k, visit in enumerate(both) if NEW in visit.board)
                q = next(k for k, visit in enumerate(both) if NEW in visit.alight)
                if p < q and not any(visit.pause for visit in both[p:q]):
                    yield self.placed(both)

    def placed(self, visits: tuple[Visit, ...]) -> tuple[Visit, ...]:
        """Let pauses without a place follow the visit before them."""
        here, result = self.place, []
        for visit in visits:
            if visit.pause is None or visit.pause.place is not None:
                here = visit.place
            result.append(replace(visit, place=here))
        return tuple(result)

    def legs(self, visits: tuple[Visit, ...]) -> list[tuple[PlaceIndex, PlaceIndex]]:
        return list(
            pairwise([self.place, *(visit.place for visit in visits), self.shift.end_place])
        )

    def schedule(self, visits: tuple[Visit, ...], terms: Terms | None) -> list[int] | None:
        """Canonical times: see ``dispatch.schedule.times_kernels``."""
        n = len(visits)
        gaps = [
            self.service(visits[k - 1]) + self.drive(visits[k - 1].place, visits[k].place)
            for k in range(1, n)
        ]
        low, high = self.windows(visits, terms)
        if any(self.drive(a, b) >= FAR for a, b in self.legs(visits)):
            return None
        rides = self.rides(visits)
        after = [(k - 1, k, gaps[k - 1]) for k in range(1, n)]  # t[j] >= t[i] + gap
        for key, p, q in rides:
            if p >= 0:
                at_most_s = self.state.bookings[key].promise.ride_at_most_s
                after.append((q, p, -at_most_s - self.service(visits[p])))
        earliest = _earliest(low, high, after)
        if earliest is None:
            return None
        times = earliest
        for k in range(n - 2, -1, -1):
            if not visits[k].alight and visits[k].pause is None:
                times[k] = max(times[k], min(high[k], times[k + 1] - gaps[k]))
        # the latest times with the bus empty no later, and nobody's ride longer
        latest = high[:]
        for k in range(n):
            aboard = any(p <= k < q for _, p, q in rides)
            from_start = any(p < 0 and q == k for _, p, q in rides)
            if not aboard or from_start:
                latest[k] = times[k]
        before = [(k, k - 1, -gaps[k - 1]) for k in range(1, n)]  # t[j] <= t[i] + gap
        before += [(p, q, times[q] - times[p]) for _, p, q in rides if p >= 0]
        return _latest(latest, before)

    def windows(
        self, visits: tuple[Visit, ...], terms: Terms | None
    ) -> tuple[list[int], list[int]]:
        """When the doors of each visit may open."""
        low, high = [-FAR] * len(visits), [FAR] * len(visits)
        for k, visit in enumerate(visits):
            if visit.pause:
                low[k], high[k] = visit.pause.from_s, visit.pause.until_s - visit.pause.seconds
            if self.visits and visit.id == self.visits[0].id:
                low[k] = max(low[k], self.keeps_s)
            for key in visit.board:
                promise = self.state.bookings[key].promise
                low[k] = max(low[k], promise.pickup_from_s)
                high[k] = min(high[k], promise.pickup_until_s)
            for key in visit.alight:
                promise = self.state.bookings[key].promise
                high[k] = min(high[k], promise.arrive_by_s)
                if not any(key in other.board for other in visits):
                    high[k] = min(high[k], self.departed_s(key) + promise.ride_at_most_s)
            if NEW in visit.alight and terms:
                low[k] = max(low[k], terms.arrive_from_s)
        if visits:
            is_old = bool(self.visits) and visits[0].id == self.visits[0].id
            free_s = self.free_s
            if not is_old or self.keeps_s == -FAR:
                free_s = max(free_s, self.now_s)
            low[0] = max(low[0], free_s + self.drive(self.place, visits[0].place))
            home_s = self.drive(visits[-1].place, self.shift.end_place)
            high[-1] = min(high[-1], self.shift.end_s - home_s - self.service(visits[-1]))
        return low, high

    def cost(self, visits: tuple[Visit, ...], times: list[int]) -> float:
        """Driving, metres, time aboard beyond the direct rides and in a waiting bus, missing slack."""
        policy, total = self.policy, 0.0
        for a, b in self.legs(visits):
            total += self.drive(a, b) + policy.weight_metre * self.metres(a, b)
        free_s = self.free_s
        if visits and (not self.visits or visits[0].id != self.visits[0].id or self.keeps_s < 0):
            free_s = max(free_s, self.now_s)
        left = [free_s, *(t + self.service(v) for t, v in zip(times, visits, strict=True))]
        waits = [
            t - leave_s - self.drive(a, b)
            for t, leave_s, (a, b) in zip(times, left, self.legs(visits), strict=False)
        ]
        for key, p, q in self.rides(visits):
            request, booking = self.request(key), self.state.bookings[key]
            departed_s = self.departed_s(key) if p < 0 else left[p + 1]
            direct_s = self.drive(booking.pickup_place, request.destination)
            excess_s = max(0, times[q] - departed_s - direct_s)
            wait_s = sum(waits[p + 1 : q + 1])
            weighted = policy.weight_ride * excess_s + policy.weight_wait * wait_s
            total += persons(request.load) * weighted
        _, high = self.windows(visits, None)
        for k in range(len(visits)):
            slacks = [high[j] - times[j] + sum(waits[k + 1 : j + 1]) for j in range(k, len(visits))]
            total += policy.weight_risk * max(0, policy.risk_slack_s - min(slacks))
        return total

    def has_room(self, visits: tuple[Visit, ...]) -> bool:
        """Limits of the vehicle, and parties that ride alone."""
        rides = self.rides(visits)
        for k in range(len(visits)):
            aboard = [self.request(key) for key, p, q in rides if p <= k < q]
            load = tuple(sum(r.load[kind] for r in aboard) for kind in range(len(LOAD_KINDS)))
            mixed = len(aboard) > 1 and any(r.alone for r in aboard)
            if mixed or not self.vehicle.has_room(load):
                return False
        return True

    def may_drive(self, visits: tuple[Visit, ...]) -> bool:
        """Driving of the whole shift, and metres from charge to charge."""
        whole = (*self.past, *visits)
        stops = [self.shift.start_place, *(v.place for v in whole), self.shift.end_place]
        at_most_s = self.shift.driving_at_most_s
        if at_most_s is not None and sum(self.drive(*leg) for leg in pairwise(stops)) > at_most_s:
            return False
        driven_m, longest_m = 0, 0
        for (a, b), visit in zip(pairwise(stops), (*whole, None), strict=True):
            driven_m += self.metres(a, b)
            longest_m = max(longest_m, driven_m)
            if visit is not None and visit.pause and visit.pause.charges:
                driven_m = 0
        return self.vehicle.range_m is None or longest_m <= self.vehicle.range_m

    def service(self, visit: Visit) -> int:
        if visit.pause:
            return visit.pause.seconds
        boarding = sum(self.policy.boarding_time_s(self.request(key).load) for key in visit.board)
        leaving = sum(self.policy.alighting_time_s(self.request(key).load) for key in visit.alight)
        return self.policy.stop_s + boarding + leaving


def _earliest(
    low: list[int], high: list[int], after: list[tuple[int, int, int]]
) -> list[int] | None:
    """Least times with t[j] >= t[i] + gap; None if one is above its bound."""
    times = low[:]
    while True:
        if any(t > h for t, h in zip(times, high, strict=True)):
            return None
        late = [(j, times[i] + gap) for i, j, gap in after if times[i] + gap > times[j]]
        if not late:
            return times
        for j, at_least in late:
            times[j] = max(times[j], at_least)


def _latest(high: list[int], before: list[tuple[int, int, int]]) -> list[int]:
    """Greatest times with t[j] <= t[i] + gap."""
    times = high[:]
    while True:
        early = [(j, times[i] + gap) for i, j, gap in before if times[i] + gap < times[j]]
        if not early:
            return times
        for j, at_most in early:
            times[j] = min(times[j], at_most)


def _with(visits: tuple[Visit, ...], new: Visit) -> Iterator[tuple[Visit, ...]]:
    for k in range(len(visits) + 1):
        yield (*visits[:k], new, *visits[k:])
        if k < len(visits) and visits[k].place == new.place and visits[k].pause is None:
            joined = replace(
                visits[k], board=visits[k].board + new.board, alight=visits[k].alight + new.alight
            )
            yield (*visits[:k], joined, *visits[k + 1 :])


@pytest.fixture(name="draw_day")
def draw_day_fixture() -> Callable[[Random, int], State]:
    """See :func:`draw_day`."""
    return draw_day


@pytest.fixture(name="draw_terms")
def draw_terms_fixture() -> Callable[[Random, State, int], Terms]:
    """Return a function that draws what somebody new asks for at a moment."""

    def draw(chance: Random, state: State, now_s: int) -> Terms:
        return terms_for(state.policy, state.travel, draw_request(chance, NEW), now_s)

    return draw


@pytest.fixture(name="oracle")
def oracle_fixture() -> type[Oracle]:
    """See :class:`Oracle`."""
    return Oracle
