"""What is told to the rider about a place found: an offer with a promise the plan can keep.

An offer's promise contains the schedule it was computed from, so as long as the tours stay as they are
it can be taken. Told times are whole minutes.
"""

from dispatch.insertion.search import Found, Terms, direct_s, planned_with
from dispatch.model import Offer, Promise, TimeKind
from dispatch.options import Option
from dispatch.schedule.snapshot import Snapshot
from dispatch.wishes import ceil_minute, floor_minute


def leaves_s(offer: Offer) -> int:
    """When the rider is planned to leave the door."""
    return offer.planned_pickup_s - offer.request.walk_to_s


def arrives_s(offer: Offer) -> int:
    """When the rider is planned to reach the door."""
    return offer.planned_arrival_s + offer.request.walk_from_s


def walk_s(offer: Offer) -> int:
    """Seconds on foot."""
    return offer.request.walk_to_s + offer.request.walk_from_s


def ride_s(offer: Offer) -> int:
    """Seconds from the doors' opening at the pickup to their opening at the drop-off, as planned."""
    return offer.planned_arrival_s - offer.planned_pickup_s


def offer_of(snapshot: Snapshot, option: Option) -> Offer:
    """Turn a place found into an offer: promise, planned times, fare."""
    found, terms = option.found, option.terms
    request, state = terms.request, snapshot.state
    promise = _promise(snapshot, terms, found)
    planned = planned_with(snapshot, Terms.of_promise(request, promise), found)
    assert planned is not None  # noqa: S101  # the schedule found lies within the promise
    metres = int(state.travel.metres[request.origin, request.destination])
    return Offer(
        request=request,
        shift=found.shift.id,
        promise=promise,
        planned_pickup_s=planned.pickup_s,
        planned_arrival_s=planned.arrival_s,
        direct_s=direct_s(snapshot, request),
        added_s=found.added_s,
        added_m=found.added_m,
        fare_cents=state.policy.fare_cents(request.load, metres),
        shared=planned.shared,
    )


def _promise(snapshot: Snapshot, terms: Terms, found: Found) -> Promise:
    """Round the schedule found to what is told; the schedule itself lies within.

    The pickup window ends early enough for the ride to arrive in time from its last minute; in time is by
    the time wished, or where the ride begins at a line, by what its terms say.
    """
    request, policy = terms.request, snapshot.state.policy
    from_s = floor_minute(found.pickup_s)
    until_s = from_s + floor_minute(policy.pickup_window_s)
    latest_s = ceil_minute(max(until_s + terms.ride_at_most_s, found.arrival_s))
    wished_s = floor_minute(terms.arrive_until_s)
    if request.time_kind is TimeKind.ARRIVE_BY:
        wished_s = floor_minute(request.time_s - request.walk_from_s)
    if found.arrival_s <= wished_s:
        latest_s = min(latest_s, wished_s)
    boarding_s = policy.stop_s + policy.boarding_time_s(request.load)
    in_time_s = floor_minute(latest_s - direct_s(snapshot, request) - boarding_s)
    until_s = max(min(until_s, in_time_s), ceil_minute(found.pickup_s))
    return Promise(from_s, until_s, latest_s, terms.ride_at_most_s)
