"""What closures do to wishes and offers.

They bind what is offered from now on. Who was promised a ride keeps it: a person decides about those.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from api.asked import Asked
from api.day import Day
from api.roster.closed import Closure
from api.servicetime import ServiceDay
from api.wish import Wish
from dispatch.engine import decide
from dispatch.events import OffersMade, RideRefused, RideRequested
from dispatch.model import Offer, Refusal, Request, Rule, TimeKind
from regions.area import Area


def closes_day(closures: Iterable[Closure], area: Area, service: ServiceDay) -> bool:
    """Whether a closure of the whole area holds as long as any shift of a day."""
    shifts = area.shifts_on(service.day)
    start = min((shift.start_s for shift in shifts), default=0)
    end = max((shift.end_s for shift in shifts), default=86_400)
    return any(
        each.place is None
        and each.starts_at <= service.instant(start)
        and service.instant(end) <= each.ends_at
        for each in closures
    )


def closes_wish(closures: Iterable[Closure], wish: Wish) -> bool:
    """Whether the time wished lies in a closure of where the rider starts or goes."""
    ends = [(end.spot.lon, end.spot.lat) for end in (wish.origin, wish.destination)]
    return any(
        each.starts_at <= wish.time_at < each.ends_at and each.holds(ends) for each in closures
    )


def allowed(
    closures: tuple[Closure, ...], asked: Asked, day: Day, now: datetime,
    effect: OffersMade | RideRefused,
) -> OffersMade | RideRefused:  # fmt: skip
    """Take out of an answer what lies in closed hours; say so where nothing is left.

    What would work instead is looked for before the first closure in the way, and after it.
    """
    if not closures:
        return effect
    if isinstance(effect, RideRefused):
        open_ = _open(closures, asked, effect.refusal.alternatives)
        return RideRefused(replace(effect.refusal, alternatives=open_))
    offers = _open(closures, asked, effect.offers)
    if offers:
        return replace(effect, offers=offers)
    blocking = [each for each in closures if blocks(each, asked, effect.offers[0])]
    found: list[Offer] = []
    for each in blocking[:2]:
        for kind, at in ((TimeKind.ARRIVE_BY, each.starts_at), (TimeKind.DEPART_AT, each.ends_at)):
            request = replace(asked.request, time_kind=kind, time_s=day.seconds(at))
            found += _open(closures, asked, _offers(day, request, now))[:1]
    return RideRefused(Refusal(asked.request, Rule.CLOSURE, tuple(found)))


def _offers(day: Day, request: Request, now: datetime) -> tuple[Offer, ...]:
    _, effects = decide(day.state, RideRequested(request), day.seconds(now))
    return next((each.offers for each in effects if isinstance(each, OffersMade)), ())


def _open(
    closures: tuple[Closure, ...], asked: Asked, offers: Iterable[Offer]
) -> tuple[Offer, ...]:
    return tuple(
        offer for offer in offers if not any(blocks(each, asked, offer) for each in closures)
    )


def blocks(closure: Closure, asked: Asked, offer: Offer) -> bool:
    """Whether a ride that is offered would be under way in closed hours, to or from a closed place."""
    start = asked.service.instant(offer.promise.pickup_from_s)
    end = asked.service.instant(offer.planned_arrival_s)
    if not closure.touches(start, end):
        return False
    wish, request = asked.wish, offer.request
    halts = [asked.spots[place] for place in (request.origin, request.destination)]
    ends = (wish.origin.spot, wish.destination.spot, *halts)
    return closure.holds((spot.lon, spot.lat) for spot in ends)
