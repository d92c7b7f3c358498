"""Use case: somebody asks for a ride and gets offers, or a refusal with its reason."""

from datetime import datetime, timedelta

from api.codes import new_request_id
from api.context import Context
from api.day import Day
from api.errors import Problem
from api.idempotency import Once, Reply
from api.refusals import reasons
from api.schemas.answers import OfferAnswer, OffersAnswer, RefusalAnswer
from api.schemas.requests import OfferWish
from api.store.tables import RefusalRow
from api.tickets import GOOD_FOR, Ticket
from api.views import offer_answer
from api.wish import Wish, refusal_row
from dispatch.engine import decide
from dispatch.events import OffersMade, RideRefused, RideRequested
from dispatch.model import BookingId, Offer, PlaceIndex, Request, Rule
from routing.errors import NoRoad

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
    answer, refusal = _answer(context, body, language)
    if once is not None or refusal is not None:
        with context.database.writing() as writer:
            if once is not None and (answered := once.answered(writer, OffersAnswer)):
                return answered
            if refusal is not None:
                writer.add_refusal(refusal, refusal.refused_at - _SAME_WISH)
            if once is not None:
                once.keep(writer, answer, context.clock.now())
    return Reply(answer)


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
    service = context.service(context.area(ticket.area_id), ticket.day)
    return offer_answer(ticket, token, service)


def alternatives(context: Context, ticket: Ticket, day: Day) -> tuple[OfferAnswer, ...]:
    """Return what can be offered now instead of an offer that stands no longer."""
    wish = Wish.of_ticket(context, ticket)
    effect = _decide(context, wish, day)
    offers = effect.offers if isinstance(effect, OffersMade) else effect.refusal.alternatives
    return tuple(_hand_out(context, wish, offer) for offer in offers)


def _answer(
    context: Context, body: OfferWish, language: str
) -> tuple[OffersAnswer, RefusalRow | None]:
    area = context.area(body.area_id)
    finder = context.finders[area.id]
    asked = finder.resolve(body.origin), finder.resolve(body.destination)
    served = tuple(map(finder.served, asked))
    time_kind, time_at = body.time
    wish = Wish(
        area=area,
        service=context.service_at(area, time_at),
        origin=served[0] or asked[0],
        destination=served[1] or asked[1],
        time_kind=time_kind,
        time_at=time_at,
        load=body.passengers.load,
    )
    rule = Rule.OUTSIDE_AREA if None in served else _calendar_rule(context, wish)
    if rule is not None:
        return _refuse(context, wish, rule, (), language)
    with (
        context.locked(area.id, wish.service.day) as slot,
        context.database.reading() as reader,
    ):
        effect = _decide(context, wish, slot.present(reader))
    if isinstance(effect, RideRefused):
        refusal = effect.refusal
        return _refuse(context, wish, refusal.rule, refusal.alternatives, language)
    return OffersAnswer(offers=tuple(_hand_out(context, wish, o) for o in effect.offers)), None


def _calendar_rule(context: Context, wish: Wish) -> Rule | None:
    """Refuse days nobody can book for, before anything is computed or kept in memory for them."""
    today = context.service_at(wish.area, context.clock.now()).day
    if wish.service.day < today:
        return Rule.TOO_SOON
    horizon = timedelta(seconds=wish.area.policy.booking_horizon_s) + _ONE_DAY
    return Rule.TOO_FAR_AHEAD if wish.service.day > today + horizon else None


def _decide(context: Context, wish: Wish, day: Day) -> OffersMade | RideRefused:
    now = context.clock.now()
    origin, destination = _locate(day, now, wish)
    request = Request(
        id=BookingId(new_request_id()),
        origin=origin,
        destination=destination,
        time_kind=wish.time_kind,
        time_s=wish.service.seconds(wish.time_at),
        load=wish.load,
    )
    _, effects = decide(day.state, RideRequested(request), day.seconds(now))
    return next(e for e in effects if isinstance(e, OffersMade | RideRefused))


def _locate(day: Day, now: datetime, wish: Wish) -> tuple[PlaceIndex, ...]:
    """Put both ends on the road, saying which of them lies on none."""
    for end, spot in (("origin", wish.origin), ("destination", wish.destination)):
        try:
            day.places.index(spot.lon, spot.lat)
        except NoRoad as error:
            raise Problem("no-road", {"end": end}) from error
    return day.locate(now, *wish.ends)


def _hand_out(context: Context, wish: Wish, offer: Offer) -> OfferAnswer:
    good_until = context.clock.now() + GOOD_FOR
    ticket = Ticket.of(offer, wish.area.id, wish.service.day, wish.ends, good_until)
    return offer_answer(ticket, context.office.token(ticket), wish.service)


def _refuse(
    context: Context, wish: Wish, rule: Rule, offers: tuple[Offer, ...], language: str
) -> tuple[OffersAnswer, RefusalRow]:
    german, english = reasons(rule, wish.area.policy)
    answer = RefusalAnswer(
        rule=rule.value,
        reason=english if language == "en" else german,
        reason_de=german,
        reason_en=english,
        alternatives=tuple(_hand_out(context, wish, offer) for offer in offers),
    )
    row = refusal_row(wish, rule, len(offers), context.clock.now())
    return OffersAnswer(refusal=answer), row
