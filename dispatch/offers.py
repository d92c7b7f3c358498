"""Answers to a request: offers that differ usefully, each with a promise the plan can keep.

An offer's promise contains the schedule it was computed from, so as long as the tours stay as they are
it can be taken. Told times are whole minutes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dispatch.insertion.search import Found, Terms, direct_s, find_all, tour_with
from dispatch.model import Offer, Promise, Request, TimeKind, Visit
from dispatch.schedule.arrays import FAR
from dispatch.schedule.snapshot import Snapshot

_MINUTE = 60


def floor_minute(time_s: int) -> int:
    """Round a time down to the whole minute."""
    return time_s // _MINUTE * _MINUTE


def ceil_minute(time_s: int) -> int:
    """Round a time up to the whole minute."""
    return -(-time_s // _MINUTE) * _MINUTE


@dataclass(frozen=True, slots=True)
class _Option:
    """A place for the ride under the terms it was found with."""

    found: Found
    terms: Terms


def wished_terms(snapshot: Snapshot, request: Request) -> Terms:
    """Terms of every offer that answers the wish itself: within the search window, after the lead time."""
    policy = snapshot.state.policy
    soonest_s = ceil_minute(snapshot.now_s + policy.lead_time_s)
    ride_s = policy.longest_ride_s(direct_s(snapshot, request))
    if request.time_kind is TimeKind.ARRIVE_BY:
        until_s = floor_minute(request.time_s)
        from_s = until_s - policy.search_window_s
        return Terms(request, soonest_s, FAR, from_s, until_s, ride_s, until_s, policy.weight_wish)
    from_s = ceil_minute(request.time_s)
    until_s = from_s + policy.search_window_s
    return Terms(
        request, max(from_s, soonest_s), until_s, -FAR, FAR, ride_s, from_s, policy.weight_wish
    )


def offers_for(snapshot: Snapshot, request: Request) -> tuple[Offer, ...]:
    """Answer the wish with up to ``policy.offers_at_most`` offers, the best first; maybe none."""
    terms = wished_terms(snapshot, request)
    arrives = request.time_kind is TimeKind.ARRIVE_BY
    search = _options_by_arrival if arrives else _options_by_departure
    chosen: list[_Option] = []
    for option in search(snapshot, terms):
        if all(_differ(snapshot, option, other) for other in chosen):
            chosen.append(option)
        if len(chosen) == snapshot.state.policy.offers_at_most:
            break
    return tuple(offer_of(snapshot, option.terms, option.found) for option in chosen)


def _options_by_departure(snapshot: Snapshot, terms: Terms) -> Iterator[_Option]:
    """Yield the best place, then the best nearer to the wish, the best later, and other buses."""
    apart_s = snapshot.state.policy.offers_apart_s
    found = find_all(snapshot, terms)
    if not found:
        return
    yield _Option(found[0], terms)
    nearer = replace(terms, pickup_until_s=found[0].pickup_s - apart_s)
    later = replace(terms, pickup_from_s=ceil_minute(found[0].pickup_s + apart_s))
    for others in (nearer, later):
        if others.pickup_from_s <= others.pickup_until_s:
            yield from _first(snapshot, others)
    for other in found[1:]:
        yield _Option(other, terms)


def _options_by_arrival(snapshot: Snapshot, terms: Terms) -> Iterator[_Option]:
    """Yield the best place, then the nearest earlier arrivals, then other buses.

    Earlier arrivals are searched in slices, since the earliest schedule inside a wide window arrives
    needlessly early.
    """
    policy = snapshot.state.policy
    on_wish = replace(terms, arrive_from_s=terms.arrive_until_s - policy.arrive_early_s)
    options = [*_first(snapshot, on_wish), *_first(snapshot, terms)]
    if not options:
        return
    best = min(options, key=lambda option: option.found.cost)
    yield best
    until_s = best.found.arrival_s - policy.offers_apart_s
    for first_s, last_s in slices_back(terms.arrive_from_s, until_s, policy.arrive_early_s):
        part = replace(terms, arrive_from_s=first_s, arrive_until_s=last_s)
        yield from _first(snapshot, part)
    yield from (_Option(found, on_wish) for found in find_all(snapshot, on_wish))


def slices_back(from_s: int, until_s: int, width_s: int) -> Iterator[tuple[int, int]]:
    """Cut a span of time into pieces (first, last second), the latest piece first."""
    while until_s >= from_s:
        first_s = max(until_s - width_s, from_s)
        yield first_s, until_s
        until_s = first_s - 1


def _first(snapshot: Snapshot, terms: Terms) -> Iterator[_Option]:
    yield from (_Option(found, terms) for found in find_all(snapshot, terms)[:1])


def _differ(snapshot: Snapshot, one: _Option, other: _Option) -> bool:
    """Whether a rider gains anything by hearing both: another time, or a clearly shorter ride."""
    policy, a, b = snapshot.state.policy, one.found, other.found
    apart_s = min(abs(a.pickup_s - b.pickup_s), abs(a.arrival_s - b.arrival_s))
    if apart_s >= policy.offers_apart_s:
        return True
    return a.shift.id != b.shift.id and b.ride_s - a.ride_s >= policy.ride_shorter_s


def offer_of(snapshot: Snapshot, terms: Terms, found: Found) -> Offer:
    """Turn a place found into an offer: promise, planned times, fare."""
    request, policy = terms.request, snapshot.state.policy
    promise = _promise(snapshot, terms, found)
    visits = tour_with(snapshot, Terms.of_promise(request, promise), found).visits
    board = next(k for k, visit in enumerate(visits) if request.id in visit.board)
    alight = next(k for k, visit in enumerate(visits) if request.id in visit.alight)
    metres = int(snapshot.state.travel.metres[request.origin, request.destination])
    return Offer(
        request=request,
        shift=found.shift.id,
        promise=promise,
        planned_pickup_s=visits[board].arrive_s,
        planned_arrival_s=visits[alight].arrive_s,
        direct_s=direct_s(snapshot, request),
        added_s=found.added_s,
        added_m=found.added_m,
        fare_cents=policy.fare_cents(request.load, metres),
        shared=_is_shared(visits, request, board, alight),
    )


def _promise(snapshot: Snapshot, terms: Terms, found: Found) -> Promise:
    """Round the schedule found to what is told; the schedule itself lies within.

    The pickup window ends early enough for the ride to arrive in time from its last minute.
    """
    request, policy = terms.request, snapshot.state.policy
    from_s = floor_minute(found.pickup_s)
    until_s = from_s + floor_minute(policy.pickup_window_s)
    latest_s = ceil_minute(max(until_s + terms.ride_at_most_s, found.arrival_s))
    if request.time_kind is TimeKind.ARRIVE_BY and found.arrival_s <= floor_minute(request.time_s):
        latest_s = min(latest_s, floor_minute(request.time_s))
    boarding_s = policy.stop_s + policy.handling_s(request.load)
    in_time_s = floor_minute(latest_s - direct_s(snapshot, request) - boarding_s)
    until_s = max(min(until_s, in_time_s), ceil_minute(found.pickup_s))
    return Promise(from_s, until_s, latest_s, terms.ride_at_most_s)


def _is_shared(visits: Sequence[Visit], request: Request, board: int, alight: int) -> bool:
    """Whether somebody else is aboard between the two visits of the ride."""
    boarded = {key: k for k, visit in enumerate(visits) for key in visit.board}
    return any(
        boarded[key] < alight
        for visit in visits[board + 1 :]
        for key in visit.alight
        if key != request.id
    )
