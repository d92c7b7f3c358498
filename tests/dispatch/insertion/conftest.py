"""An oracle for drawn days: every place in a tour, scheduled by difference constraints."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest

from dispatch.events import State
from dispatch.insertion.search import Terms
from dispatch.model import (
    LOAD_KINDS,
    UNREACHABLE,
    Booking,
    BookingId,
    PlaceIndex,
    Promise,
    Request,
    Shift,
    TimeKind,
    Visit,
    VisitId,
    VisitStatus,
    persons,
)

FAR = 10**9
NEW = BookingId("new")


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


@pytest.fixture(name="oracle")
def oracle_fixture() -> type[Oracle]:
    """See :class:`Oracle`."""
    return Oracle
