"""Public transport first: who has a line near enough, at the time wished, is told to take it."""

from dispatch.connections.found import Journey, JourneyWish, Kind
from dispatch.connections.reach import driving_s
from dispatch.model import LOAD_KINDS, Load, LoadKind
from dispatch.policy import Exempt, Policy
from dispatch.schedule.snapshot import Snapshot
from gtfs.journey import Walk


def line_first(snapshot: Snapshot, wish: JourneyWish, found: tuple[Journey, ...]) -> Journey | None:
    """Return the line that stands in for a ride, the best of ``found``; None if the rider gets one.

    It leaves, or arrives, at most ``policy.line_first_s`` from the time wished, asks for no long walk and
    takes not much longer than the ride would.
    """
    policy = snapshot.state.policy
    if not policy.line_first_s or is_exempt(policy, wish):
        return None
    return next((each for each in found if _stands_in(snapshot, wish, each)), None)


def is_exempt(policy: Policy, wish: JourneyWish) -> bool:
    """Whether the area gives this rider a ride although a line goes."""
    load = wish.party.load
    reasons = {
        Exempt.DISABLED: wish.disabled,
        Exempt.WHEELCHAIR: _has(load, LoadKind.WHEELCHAIR) or _has(load, LoadKind.WALKER),
        Exempt.LUGGAGE: _has(load, LoadKind.LUGGAGE) or _has(load, LoadKind.PARCEL),
        Exempt.AGE: wish.age_years is not None and wish.age_years >= policy.line_first_age_years,
    }
    return any(reasons[why] for why in policy.line_first_not_for)


def _stands_in(snapshot: Snapshot, wish: JourneyWish, journey: Journey) -> bool:
    if journey.kind is not Kind.LINE:
        return False
    policy, party = snapshot.state.policy, wish.party
    off_s = (journey.departure_s if wish.departs else journey.arrival_s) - party.time_s
    if abs(off_s) > policy.line_first_s or _door_walks_s(journey) > policy.walk_s(
        policy.line_first_walk_m
    ):
        return False
    origin, destination = wish.origin.place, wish.destination.place
    if origin is None or destination is None:
        return True
    ride_s = driving_s(snapshot, origin, destination)
    return journey.arrival_s - journey.departure_s <= ride_s + policy.line_first_longer_s


def _door_walks_s(journey: Journey) -> int:
    """Seconds on foot to the first line and from the last."""
    legs = journey.legs
    ends = (legs[0], legs[-1]) if len(legs) > 1 else ()
    return sum(leg.seconds for leg in ends if isinstance(leg, Walk))


def _has(load: Load, kind: LoadKind) -> bool:
    return load[LOAD_KINDS.index(kind)] > 0
