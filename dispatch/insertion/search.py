"""The best place for a ride, per shift and over all shifts, and the tour that results."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dispatch.errors import DispatchError
from dispatch.insertion.kernels import Weights, best_insertions
from dispatch.model import (
    UNREACHABLE,
    Promise,
    Request,
    Shift,
    TimeKind,
    Tour,
    Visit,
    VisitId,
    persons,
)
from dispatch.schedule.arrays import FAR, Case, Places, Want
from dispatch.schedule.kernels import times_with
from dispatch.schedule.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Terms:
    """What a ride must keep to: when it may board and arrive, and how long it may take.

    Earliness or lateness against ``wish_s`` (of the arrival for an arrive-by request, of the pickup
    otherwise) costs ``weight_wish`` driving seconds per second.
    """

    request: Request
    pickup_from_s: int
    pickup_until_s: int
    arrive_from_s: int
    arrive_until_s: int
    ride_at_most_s: int
    wish_s: int
    weight_wish: float = 0.0

    @classmethod
    def of_promise(cls, request: Request, promise: Promise) -> "Terms":
        """Take the terms from what was promised."""
        return cls(
            request,
            promise.pickup_from_s,
            promise.pickup_until_s,
            -FAR,
            promise.arrive_by_s,
            promise.ride_at_most_s,
            promise.pickup_from_s,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """The best insertion into one shift; ``index`` is the shift's in the snapshot."""

    cost: float
    pickup_s: int
    arrival_s: int
    shift: Shift
    index: int
    places: Places
    ride_s: int
    added_s: int
    added_m: int


def find_all(snapshot: Snapshot, terms: Terms) -> list[Found]:
    """Best insertion into each shift that has one, the cheapest first.

    Ties are broken by pickup, arrival and shift id, so the order of shifts in the state has no say.
    """
    policy = snapshot.state.policy
    weights = Weights(
        policy.weight_ride, policy.weight_metre, policy.weight_shift, float(terms.weight_wish)
    )
    best = best_insertions(_case(snapshot, terms), weights)
    found = [
        Found(
            round(float(best.cost[s]), 6),
            int(best.pickup_s[s]),
            int(best.arrival_s[s]),
            shift,
            s,
            Places(int(best.at[s]), int(best.join_at[s]), int(best.to[s]), int(best.join_to[s])),
            int(best.ride_s[s]),
            int(best.added_s[s]),
            int(best.added_m[s]),
        )
        for s, shift in enumerate(snapshot.shifts)
        if math.isfinite(best.cost[s])
    ]
    return sorted(found, key=lambda f: (f.cost, f.pickup_s, f.arrival_s, f.shift.id))


def tour_with(snapshot: Snapshot, terms: Terms, found: Found) -> Tour:
    """Write the ride into its tour at the place found.

    Raises
    ------
    DispatchError
        ``place-infeasible``: the terms are not those the place was found with, nor contain its times.
    """
    inside, times, service = times_with(_case(snapshot, terms), found.index, found.places)
    if not inside:
        message = (
            f"Ride {terms.request.id} does not fit into shift {found.shift.id} on these terms."
        )
        raise DispatchError("place-infeasible", message)
    tour = snapshot.tour(found.index)
    settled = snapshot.settled[found.index]
    ahead = _with_ride(tour.visits[settled:], terms.request, found.places)
    timed = (
        replace(visit, arrive_s=int(t), depart_s=int(t + s))
        for visit, t, s in zip(ahead, times, service, strict=True)
    )
    return replace(tour, visits=(*tour.visits[:settled], *timed))


def _with_ride(visits: Sequence[Visit], request: Request, places: Places) -> list[Visit]:
    """Visits in order with the ride boarding and alighting; times of new visits are still 0."""
    key, result = request.id, []
    for k in range(len(visits) + 1):
        if k == places.at and places.join_at == 0:
            result.append(Visit(VisitId(f"{key}-board"), request.origin, 0, 0, board=(key,)))
        if k == places.to and places.join_to == 0:
            result.append(Visit(VisitId(f"{key}-alight"), request.destination, 0, 0, alight=(key,)))
        if k == len(visits):
            break
        visit = visits[k]
        if k == places.at and places.join_at == 1:
            visit = replace(visit, board=(*visit.board, key))
        if k == places.to and places.join_to == 1:
            visit = replace(visit, alight=(*visit.alight, key))
        result.append(visit)
    return result


def direct_s(snapshot: Snapshot, request: Request) -> int:
    """Driving seconds of the ride without detours; ``UNREACHABLE`` if there is no way."""
    table_s = int(snapshot.state.travel.seconds[request.origin, request.destination])
    return UNREACHABLE if table_s >= UNREACHABLE else snapshot.state.policy.driving_s(table_s)


def _case(snapshot: Snapshot, terms: Terms) -> Case:
    request, policy = terms.request, snapshot.state.policy
    want = Want(
        int(request.origin),
        int(request.destination),
        max(terms.pickup_from_s, snapshot.now_s),
        terms.pickup_until_s,
        terms.arrive_from_s,
        terms.arrive_until_s,
        terms.ride_at_most_s,
        direct_s(snapshot, request),
        persons(request.load),
        policy.handling_s(request.load),
        policy.stop_s,
        terms.wish_s,
        int(request.time_kind is TimeKind.ARRIVE_BY),
        snapshot.needs(request.load),
    )
    return Case(snapshot.tours, snapshot.base, snapshot.road, want)
