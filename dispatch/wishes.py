"""What a request asks of the search: when it may board and arrive, and how long it may ride."""

from dispatch.events import State
from dispatch.insertion.search import Terms, direct_s
from dispatch.model import Request, RideStatus, TimeKind
from dispatch.policy import Policy
from dispatch.schedule.arrays import FAR
from dispatch.schedule.snapshot import Snapshot

_MINUTE = 60


def floor_minute(time_s: int) -> int:
    """Round a time down to the whole minute."""
    return time_s // _MINUTE * _MINUTE


def ceil_minute(time_s: int) -> int:
    """Round a time up to the whole minute."""
    return -(-time_s // _MINUTE) * _MINUTE


def wished_terms(snapshot: Snapshot, request: Request) -> Terms:
    """Terms of every offer that answers the wish itself: within the search window, after the lead time.

    ``request`` is a variant (see :mod:`dispatch.variants`); its times are the rider's at the door.
    """
    state, policy, way_s = snapshot.state, snapshot.state.policy, direct_s(snapshot, request)
    soonest_s = soonest_pickup_s(state, request, snapshot.now_s)
    ride_s = longest_ride_s(policy, request, way_s)
    weight = policy.weight_wish
    if request.time_kind is TimeKind.ARRIVE_BY:
        until_s = floor_minute(request.time_s - request.walk_from_s)
        from_s = until_s - policy.search_window_s
        boarding_s = policy.stop_s + policy.boarding_time_s(request.load)
        last_s = min(until_s - way_s - boarding_s, policy.closes_s)
        return Terms(request, soonest_s, last_s, from_s, until_s, ride_s, until_s, weight)
    from_s = ceil_minute(request.time_s + request.walk_to_s)
    last_s = min(from_s + policy.search_window_s, policy.closes_s)
    first_s = max(from_s, soonest_s)
    return Terms(request, first_s, last_s, -FAR, FAR, ride_s, from_s, weight)


def soonest_pickup_s(state: State, request: Request, now_s: int) -> int:
    """First minute a pickup may be promised for: in time, and after the outward ride."""
    soonest_s = ceil_minute(state.policy.soonest_pickup_s(now_s))
    outward_s = after_outward_s(state, request)
    return soonest_s if outward_s is None else max(soonest_s, ceil_minute(outward_s))


def after_outward_s(state: State, request: Request) -> int | None:
    """When the outward ride of a way back arrives at the latest; None if there is no such ride."""
    outward = state.bookings.get(request.return_of) if request.return_of else None
    if outward is None or outward.status is RideStatus.CANCELLED:
        return None
    return outward.promise.arrive_by_s


def longest_ride_s(policy: Policy, request: Request, direct_s: int) -> int:
    """Longest time aboard by the area's rule and the rider's own, never below the direct ride."""
    usual_s = policy.longest_ride_s(direct_s)
    if request.ride_at_most_s is None:
        return usual_s
    return max(direct_s, min(usual_s, request.ride_at_most_s))
