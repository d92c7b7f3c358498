"""What is different about an answer, and the same wish on other days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dispatch.alternatives import alternatives_for
from dispatch.events import State
from dispatch.model import Offer, Request, TimeKind, persons
from dispatch.offers import offers_for
from dispatch.policy import Policy
from dispatch.promises import arrives_s, leaves_s, walk_s
from dispatch.refusals import impossible
from dispatch.schedule.snapshot import Snapshot
from dispatch.wishes import longest_ride_s


class Kind(StrEnum):
    """What is most of all different about an answer."""

    BEST = "best"
    EARLIER = "earlier"
    LATER = "later"
    OTHER_STOP = "other_stop"
    SHORTER_RIDE = "shorter_ride"
    LONGER_RIDE = "longer_ride"
    PART = "part"
    """For a part of the party only."""
    OTHER_DAY = "other_day"


@dataclass(frozen=True, slots=True)
class Difference:
    """How an answer differs from the wish.

    ``later_s`` is by how much later than wished the rider leaves (depart-at) or arrives (arrive-by) as
    planned, negative if earlier; ``longer_s`` by how much the ride may exceed the longest usual one.
    ``persons`` of the party ride, ``days`` later than asked for.
    """

    kind: Kind
    later_s: int
    longer_s: int
    persons: int
    days: int = 0


@dataclass(frozen=True, slots=True)
class OtherDay:
    """The wish on another day, in that day's places and seconds, ``ahead`` days after the one wished."""

    ahead: int
    state: State
    request: Request
    now_s: int


def answers_on_other_days(days: Iterable[OtherDay]) -> Iterator[tuple[OtherDay, Offer]]:
    """Yield the best answer of each day that has one, else the ride of that day nearest to the wish.

    Lazy: a day is not looked at before it is asked for.
    """
    for day in days:
        if impossible(day.state, day.request, day.now_s) is not None:
            continue
        snapshot = Snapshot.at(day.state, day.now_s)
        offers = offers_for(snapshot, day.request) or alternatives_for(snapshot, day.request)
        if offers:
            yield day, offers[0]


def describe_offers(
    policy: Policy, request: Request, offers: Sequence[Offer]
) -> tuple[Difference, ...]:
    """Describe answers to the wish: the first is the best, each other is named against it."""
    kinds = (
        Kind.BEST if offer is offers[0] else _beside(policy, offer, offers[0]) for offer in offers
    )
    return tuple(
        _difference(policy, request, offer, kind) for offer, kind in zip(offers, kinds, strict=True)
    )


def describe_alternative(
    policy: Policy, request: Request, offer: Offer, days: int = 0
) -> Difference:
    """Describe a ride that is not quite the wish; ``request`` is in that day's seconds."""
    return _difference(policy, request, offer, _instead(policy, request, offer, days), days)


def _difference(
    policy: Policy, request: Request, offer: Offer, kind: Kind, days: int = 0
) -> Difference:
    usual_s = longest_ride_s(policy, request, offer.direct_s)
    return Difference(
        kind=kind,
        later_s=_later_s(request, offer),
        longer_s=max(0, offer.promise.ride_at_most_s - usual_s),
        persons=persons(offer.request.load),
        days=days,
    )


def _later_s(request: Request, offer: Offer) -> int:
    arrives = request.time_kind is TimeKind.ARRIVE_BY
    return (arrives_s(offer) if arrives else leaves_s(offer)) - request.time_s


def _beside(policy: Policy, offer: Offer, best: Offer) -> Kind:
    """Name what a rider gains by an offer that is not the best."""
    if walk_s(best) - walk_s(offer) >= policy.walk_shorter_s:
        return Kind.OTHER_STOP
    later_s = leaves_s(offer) - leaves_s(best)
    if abs(later_s) < policy.offers_apart_s:
        return Kind.SHORTER_RIDE
    return Kind.LATER if later_s > 0 else Kind.EARLIER


def _instead(policy: Policy, request: Request, offer: Offer, days: int) -> Kind:
    """Name what a rider does without by taking an alternative."""
    later_s = _later_s(request, offer)
    early_s, late_s = 0, policy.search_window_s
    if request.time_kind is TimeKind.ARRIVE_BY:
        early_s, late_s = -policy.search_window_s, 0
    if days:
        kind = Kind.OTHER_DAY
    elif offer.request.load != request.load:
        kind = Kind.PART
    elif offer.promise.ride_at_most_s > longest_ride_s(policy, request, offer.direct_s):
        kind = Kind.LONGER_RIDE
    elif early_s <= later_s <= late_s and walk_s(offer) > request.walk_to_s + request.walk_from_s:
        kind = Kind.OTHER_STOP
    else:
        kind = Kind.LATER if later_s > 0 else Kind.EARLIER
    return kind
