"""Use case: somebody asks for a ride and gets offers, or a refusal with its reason."""

from datetime import datetime, timedelta

from api.answering import Refused, alternatives_answer, offers_answer, refuse
from api.asked import Asked
from api.context import Context
from api.day import Day
from api.errors import Problem
from api.idempotency import Once, Reply
from api.line_first import line_instead, line_refusal
from api.roster.closed_hours import allowed, closes_day, closes_wish
from api.schemas.answers import OfferAnswer, OffersAnswer
from api.schemas.requests import OfferWish
from api.store.tables import RefusalRow
from api.store.writer import Writer
from api.tickets import Ticket
from api.views import offer_answer
from api.wish import End, Wish, refusal_row
from dispatch.engine import decide
from dispatch.events import OffersMade, RideRefused, RideRequested
from dispatch.model import BookingId, Rule
from regions.stops import reach

_MINUTE = 60
_ONE_DAY = timedelta(days=1)
_SAME_WISH = timedelta(minutes=10)
"""Asked again within this time, a refused wish is written down once."""


def ask(
    context: Context, body: OfferWish, language: str, key: str | None = None
) -> Reply[OffersAnswer]:
    """Answer a wish; a refusal is written down.

    Raises
    ------
    Problem
        ``area-unknown``, ``address-unknown``, ``address-unclear``, ``no-road``,
        ``idempotency-key-invalid``, ``idempotency-key-reused``.
    """
    once = Once.of("offers", key, body) if key is not None else None
    if once is not None:
        with context.database.reading() as reader:
            answered = once.answered(reader, OffersAnswer)
        if answered is not None:
            return answered
    with context.asking:
        answer, refusal = _answer(context, body, language)

    def keep(writer: Writer) -> Reply[OffersAnswer]:
        if once is not None and (answered := once.answered(writer, OffersAnswer)):
            return answered
        if refusal is not None:
            writer.add_refusal(refusal, refusal.refused_at - _SAME_WISH)
        if once is not None:
            once.keep(writer, answer, context.clock.now())
        return Reply(answer)

    return Reply(answer) if once is None and refusal is None else context.database.write(keep)


def look_up(context: Context, token: str) -> OfferAnswer:
    """Describe an offer that was handed out and is still good.

    Raises
    ------
    Problem
        ``offer-invalid``, ``offer-expired``.
    """
    ticket = context.office.ticket(token)
    if context.clock.now() >= ticket.good_until:
        raise Problem("offer-expired")
    area = context.area(ticket.area_id)
    return offer_answer(ticket, token, context.service(area, ticket.day), area)


def alternatives(context: Context, ticket: Ticket, day: Day) -> tuple[OfferAnswer, ...]:
    """Return what can be offered now instead of an offer that stands no longer."""
    asked = Asked.of(Wish.of_ticket(context, ticket), day, context.clock.now())
    effect = _decide(context, asked, day, context.clock.now())
    if isinstance(effect, OffersMade):
        return offers_answer(context, asked, effect.offers)
    return alternatives_answer(context, asked, effect.refusal)


def _answer(
    context: Context, body: OfferWish, language: str
) -> tuple[OffersAnswer, RefusalRow | None]:
    wish, rule = wish_of(context, body)
    rule = rule or calendar_rule(context, wish)
    if rule is not None:
        return refuse(context, wish, Refused(rule), language)
    with (
        context.locked(wish.area.id, wish.service.day) as slot,
        context.database.reading() as reader,
    ):
        day, now = slot.present(reader), context.clock.now()
        asked = Asked.of(wish, day, now)
        effect = _decide(context, asked, day, now)
        line = line_instead(context, wish, body, day)
    if line is not None:
        row = refusal_row(wish, Rule.LINE_FIRST, 0, now)
        return OffersAnswer(refusal=line_refusal(wish.area, line, language)), row
    if isinstance(effect, OffersMade):
        return OffersAnswer(offers=offers_answer(context, asked, effect.offers)), None
    refusal = effect.refusal
    instead = alternatives_answer(context, asked, refusal)
    return refuse(context, wish, Refused(refusal.rule, refusal.also, instead), language)


def wish_of(context: Context, body: OfferWish) -> tuple[Wish, Rule | None]:
    """Find the places of a wish; with the rule that refuses them if the bus does not go there."""
    area = context.area(body.area_id)
    finder = context.finders[area.id]
    spots = finder.resolve(body.origin), finder.resolve(body.destination)
    load = body.passengers.load
    found = [reach(area, spot.lon, spot.lat, load, body.walk_at_most_m) for spot in spots]
    ends = [
        End.of(spot, at) if at else End(spot, served=False)
        for spot, at in zip(spots, found, strict=True)
    ]
    time_kind, time_at = body.time
    wish = Wish(
        area=area,
        service=context.service_at(area, time_at),
        origin=ends[0],
        destination=ends[1],
        time_kind=time_kind,
        time_at=time_at,
        load=load,
        needs=body.needs,
        alone=body.alone,
        purpose=body.purpose,
        ride_at_most_s=body.ride_at_most_min and body.ride_at_most_min * _MINUTE,
        return_of=BookingId(body.return_of) if body.return_of else None,
    )
    return wish, Rule.OUTSIDE_AREA if None in found else None


def calendar_rule(context: Context, wish: Wish) -> Rule | None:
    """Refuse days nobody can book for, before anything is computed or kept in memory for them."""
    today = context.service_at(wish.area, context.clock.now()).day
    if wish.service.day < today:
        return Rule.TOO_SOON
    closures = context.closures.of_area(context.database, wish.area.id, context.clock.now())
    if wish.service.day in wish.area.policy.closed_days or (
        closures and closes_day(closures, wish.area, wish.service)
    ):
        return Rule.CLOSED_DAY
    horizon = timedelta(seconds=wish.area.policy.booking_horizon_s) + _ONE_DAY
    return Rule.TOO_FAR_AHEAD if wish.service.day > today + horizon else None


def closed_then(context: Context, wish: Wish) -> bool:
    """Whether the bus is not offered at the very time wished, where it is wished."""
    now = context.clock.now()
    return closes_wish(context.closures.of_area(context.database, wish.area.id, now), wish)


def _decide(context: Context, asked: Asked, day: Day, now: datetime) -> OffersMade | RideRefused:
    _, effects = decide(day.state, RideRequested(asked.request), day.seconds(now))
    answer = next(e for e in effects if isinstance(e, OffersMade | RideRefused))
    closures = context.closures.of_area(context.database, asked.wish.area.id, now)
    return allowed(closures, asked, day, now, answer)
