"""The nearest things that fit, when nothing answers the wish itself. Each can be booked as it is.

Earlier or later the same day, from or to a stop farther away, with a longer ride; for parties that no
bus has room for see :mod:`dispatch.parties`, for other days :mod:`dispatch.answers`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from dispatch.insertion.search import Slice, Terms
from dispatch.model import Offer, Request, TimeKind
from dispatch.offers import choose
from dispatch.options import Option, cheapest, first_of, whole_of
from dispatch.policy import Policy
from dispatch.promises import arrives_s, leaves_s, offer_of, walk_s
from dispatch.schedule.arrays import FAR
from dispatch.schedule.snapshot import Snapshot
from dispatch.variants import far_variants_of, variants_of
from dispatch.wishes import longest_ride_s, soonest_pickup_s, wished_terms

_MINUTE = 60


def alternatives_for(snapshot: Snapshot, request: Request) -> tuple[Offer, ...]:
    """Find up to ``policy.offers_at_most + 1`` rides that are not quite the wish, the nearest first."""
    policy = snapshot.state.policy
    options = (
        *_other_times(snapshot, request),
        *_farther_stops(snapshot, request),
        *_longer_ride(snapshot, request),
    )
    offers = [offer_of(snapshot, option) for option in options]
    offers.sort(key=lambda offer: _given_up_s(policy, request, offer))
    return choose(policy, offers, policy.offers_at_most + 1)


def _given_up_s(policy: Policy, request: Request, offer: Offer) -> int:
    """Seconds of what was wished that the rider does without: time off, walks, longer ride."""
    arrives = request.time_kind is TimeKind.ARRIVE_BY
    off_s = (arrives_s(offer) if arrives else leaves_s(offer)) - request.time_s
    farther_s = walk_s(offer) - request.walk_to_s - request.walk_from_s
    longer_s = offer.promise.ride_at_most_s - longest_ride_s(policy, request, offer.direct_s)
    return abs(off_s) + max(0, farther_s) + max(0, longer_s)


# --- another time ---------------------------------------------------------------------------------


def _other_times(snapshot: Snapshot, request: Request) -> Iterator[Option]:
    """Yield the nearest ride on either side of the times the wish allows."""
    asked = [wished_terms(snapshot, each) for each in variants_of(snapshot.state, request)]
    for side in (_sooner, _later):
        options = [option for terms in asked for option in side(snapshot, terms)]
        if options:
            yield min(options, key=_off)


def _off(option: Option) -> tuple[int, float]:
    """Order of options: the nearest to the wish at the door, then the cheapest."""
    found, request = option.found, option.terms.request
    if request.time_kind is TimeKind.ARRIVE_BY:
        return abs(found.arrival_s + request.walk_from_s - request.time_s), found.cost
    return abs(found.pickup_s - request.walk_to_s - request.time_s), found.cost


def _sooner(snapshot: Snapshot, terms: Terms) -> Iterator[Option]:
    """Yield the latest ride before the wish."""
    request = terms.request
    soonest_s = soonest_pickup_s(snapshot.state, request, snapshot.now_s)
    day_from_s = max(soonest_s, min(shift.start_s for shift in snapshot.shifts))
    arrives = request.time_kind is TimeKind.ARRIVE_BY
    last_s = (terms.arrive_from_s if arrives else terms.wish_s) - _MINUTE

    def within(minutes: int) -> Iterator[Option]:
        first_s = last_s - minutes * _MINUTE
        span = Slice(first_s, last_s, -FAR, FAR)
        if arrives:
            span = Slice(soonest_s, terms.pickup_until_s, first_s, last_s)
        return first_of(snapshot, terms, (span,))

    yield from _least((last_s - day_from_s) // _MINUTE, within)


def _later(snapshot: Snapshot, terms: Terms) -> Iterator[Option]:
    """Yield the first ride after the wish."""
    arrives = terms.request.time_kind is TimeKind.ARRIVE_BY
    wished_s = terms.arrive_until_s if arrives else terms.pickup_until_s
    first_s = wished_s + _MINUTE if arrives else max(wished_s + _MINUTE, terms.pickup_from_s)
    closes_s = snapshot.state.policy.closes_s
    day_until_s = max(shift.end_s for shift in snapshot.shifts)
    if not arrives:
        day_until_s = min(day_until_s, closes_s)

    def within(minutes: int) -> Iterator[Option]:
        last_s = first_s + minutes * _MINUTE
        span = Slice(first_s, last_s, -FAR, FAR)
        if arrives:
            span = Slice(terms.pickup_from_s, closes_s, first_s, last_s)
        return first_of(snapshot, terms, (span,))

    yield from _least((day_until_s - first_s) // _MINUTE, within)


def _least(most: int, within: Callable[[int], Iterator[Option]]) -> Iterator[Option]:
    """Yield what there is within the least number of minutes, at most ``most``.

    The more minutes are allowed the more rides there are, so that number is found by bisection.
    """
    best = next(within(most), None) if most >= 0 else None
    none, some = -1, most
    while best is not None and some - none > 1:
        middle = (none + some) // 2
        option = next(within(middle), None)
        if option is None:
            none = middle
        else:
            best, some = option, middle
    if best is not None:
        yield best


# --- another place, a longer ride -------------------------------------------------------------------


def _farther_stops(snapshot: Snapshot, request: Request) -> Iterator[Option]:
    """Yield the cheapest ride at the time wished that takes a longer walk than usual."""
    policy = snapshot.state.policy
    asked = [wished_terms(snapshot, each) for each in far_variants_of(snapshot.state, request)]
    options = (o for terms in asked for o in first_of(snapshot, terms, whole_of(policy, terms)))
    yield from cheapest(options)


def _longer_ride(snapshot: Snapshot, request: Request) -> Iterator[Option]:
    """Yield the shortest ride at the time wished that takes longer than the rules let it.

    The area's limit of any ride still holds; who named a limit of their own hears of a longer ride.
    """
    variants = variants_of(snapshot.state, request)
    yield from cheapest(
        option for each in variants for option in _shortest(snapshot, wished_terms(snapshot, each))
    )


def _shortest(snapshot: Snapshot, terms: Terms) -> Iterator[Option]:
    """Yield the ride that takes the fewest minutes more than the terms allow."""
    policy = snapshot.state.policy
    beyond_s = policy.ride_at_most_s - terms.ride_at_most_s

    def within(minutes: int) -> Iterator[Option]:
        longer = _riding(terms, terms.ride_at_most_s + min(minutes * _MINUTE, beyond_s))
        return first_of(snapshot, longer, whole_of(policy, longer))

    if beyond_s > 0:
        yield from _least(-(-beyond_s // _MINUTE), within)


def _riding(terms: Terms, at_most_s: int) -> Terms:
    """Let the ride take longer, and let the rider say so."""
    request = terms.request
    if request.ride_at_most_s is not None:
        request = replace(request, ride_at_most_s=max(request.ride_at_most_s, at_most_s))
    return replace(terms, request=request, ride_at_most_s=at_most_s)
