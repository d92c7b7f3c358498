"""The best place for a ride, per shift and over all shifts, and the tour that results."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dispatch.errors import DispatchError
from dispatch.insertion.search_kernels import ANY, BEST, OF_EACH, price_one, search, times_with
from dispatch.insertion.terms import Found, Relax, Slice, Terms
from dispatch.model import UNREACHABLE, Request, TimeKind, Tour, Visit, VisitId, persons
from dispatch.schedule.arrays import Floats, Ints, Places
from dispatch.schedule.packing import feature_bits
from dispatch.schedule.rows import bus
from dispatch.schedule.snapshot import Snapshot

__all__ = [
    "Found",
    "Relax",
    "Slice",
    "Terms",
    "direct_s",
    "find_all",
    "find_best",
    "fits",
    "planned_with",
    "tour_with",
]


def find_best(
    snapshot: Snapshot, terms: Terms, slices: Sequence[Slice]
) -> tuple[Found | None, ...]:
    """Best insertion over all shifts in each slice of time, None where there is none.

    Ties are broken by pickup, arrival and shift id, so the order of shifts in the state has no say.
    """
    costs, hits = _search(snapshot, terms, slices, BEST)
    return tuple(
        _found(snapshot, cost, hit) if math.isfinite(cost) else None
        for (cost,), (hit,) in zip(costs.tolist(), hits.tolist(), strict=True)
    )


def find_all(snapshot: Snapshot, terms: Terms) -> list[Found]:
    """Best insertion into each shift that has one, the cheapest first; ties as in :func:`find_best`."""
    costs, hits = _search(snapshot, terms, (terms.times,), OF_EACH)
    found = [
        _found(snapshot, cost, hit)
        for cost, hit in zip(costs[0].tolist(), hits[0].tolist(), strict=True)
        if math.isfinite(cost)
    ]
    return sorted(found, key=lambda f: (f.cost, f.pickup_s, f.arrival_s, f.shift.id))


def fits(snapshot: Snapshot, terms: Terms) -> bool:
    """Whether there is any place for the ride."""
    costs, _ = _search(snapshot, terms, (terms.times,), ANY)
    return math.isfinite(costs[0, 0])


def planned_with(snapshot: Snapshot, terms: Terms, found: Found) -> Found | None:
    """Schedule the place found on other terms; None if it does not keep them."""
    hit = _hit(snapshot, found)
    cost = price_one(
        snapshot.opened,
        snapshot.road,
        wanted(snapshot, terms),
        weights_of(snapshot, terms),
        snapshot.state.policy.risk_slack_s,
        hit,
    )
    return _found(snapshot, cost, hit.tolist()) if math.isfinite(cost) else None


def tour_with(snapshot: Snapshot, terms: Terms, found: Found) -> Tour:
    """Write the ride into its tour at the place found.

    Raises
    ------
    DispatchError
        ``place-infeasible``: the terms are not those the place was found with, nor contain its times.
    """
    inside, times, service = times_with(
        snapshot.opened, snapshot.road, wanted(snapshot, terms), _hit(snapshot, found)
    )
    if not inside:
        message = (
            f"Ride {terms.request.id} does not fit into shift {found.shift.id} on these terms."
        )
        raise DispatchError("place-infeasible", message)
    tour = snapshot.tour(found.index)
    settled = snapshot.settled[found.index]
    place = tour.visits[settled - 1].place if settled else found.shift.start_place
    ahead = []
    for visit, t, s in zip(
        _with_ride(tour.visits[settled:], terms.request, found.places),
        times.tolist(),
        service.tolist(),
        strict=True,
    ):
        if visit.pause is None or visit.pause.place is not None:
            place = visit.place
        ahead.append(replace(visit, place=place, arrive_s=t, depart_s=t + s))
    return replace(tour, visits=(*tour.visits[:settled], *ahead))


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


def _search(
    snapshot: Snapshot, terms: Terms, slices: Sequence[Slice], what: int
) -> tuple[Floats, Ints]:
    now_s = snapshot.now_s
    times = np.array([(max(part[0], now_s), *part[1:]) for part in slices], np.int64)
    return search(
        snapshot.opened,
        snapshot.limits,
        snapshot.road,
        wanted(snapshot, terms),
        times.reshape(len(slices), len(Slice._fields)),
        weights_of(snapshot, terms),
        snapshot.state.policy.risk_slack_s,
        what,
    )


def wanted(snapshot: Snapshot, terms: Terms) -> Ints:
    """Rows as in ``dispatch.schedule.rows.want``."""
    request, policy = terms.request, snapshot.state.policy
    load = request.load
    return np.array(
        (
            request.origin,
            request.destination,
            max(terms.pickup_from_s, snapshot.now_s),
            terms.pickup_until_s,
            terms.arrive_from_s,
            terms.arrive_until_s,
            terms.ride_at_most_s,
            direct_s(snapshot, request),
            persons(load),
            policy.boarding_time_s(load),
            policy.alighting_time_s(load),
            policy.stop_s,
            terms.wish_s,
            request.time_kind is TimeKind.ARRIVE_BY,
            feature_bits(request.needs),
            request.alone,
            request.standing,
            int(terms.relaxed),
            *load,
        ),
        np.int64,
    )


def weights_of(snapshot: Snapshot, terms: Terms) -> Floats:
    """Rows as in ``dispatch.insertion.rows``."""
    policy, request = snapshot.state.policy, terms.request
    return np.array(
        (
            policy.weight_ride,
            policy.weight_metre,
            policy.weight_shift,
            terms.weight_wish,
            policy.weight_wait,
            policy.weight_risk,
            policy.weight_walk * (request.walk_to_s + request.walk_from_s),
        )
    )


def _found(snapshot: Snapshot, cost: float, hit: Sequence[int]) -> Found:
    """Turn a hit, rows as in ``dispatch.insertion.rows``, into what is found."""
    index, at, join_at, to, join_to, added_s, added_m, pickup_s, arrival_s, ride_s, shared = hit
    first = int(snapshot.opened.buses[index, bus.FIRST])
    return Found(
        round(cost, 6),
        pickup_s,
        arrival_s,
        snapshot.shifts[index],
        index,
        Places(at - first, join_at, to - first, join_to),
        ride_s,
        added_s,
        added_m,
        shared == 1,
    )


def _hit(snapshot: Snapshot, found: Found) -> Ints:
    """Turn what was found into the row of a hit."""
    first = int(snapshot.opened.buses[found.index, bus.FIRST])
    at, join_at, to, join_to = found.places
    added = found.added_s, found.added_m
    row = (found.index, first + at, join_at, first + to, join_to, *added, 0, 0, 0, 0)
    return np.array(row, np.int64)
