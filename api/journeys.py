"""Use case: somebody asks how to get there, by our bus, by lines, or both."""

from api.answering import Refused, refuse
from api.asking import calendar_rule, closed_then, wish_of
from api.context import Context
from api.journey_asked import Question, is_inside
from api.line_first import line_refusal
from api.other_services import other_services
from api.schemas.journeys import JourneysAnswer
from api.schemas.requests import OfferWish
from dispatch.connections.found import Kind
from dispatch.model import Rule


def ask(context: Context, body: OfferWish, language: str) -> JourneysAnswer:
    """Answer with up to five journeys; where there is none, say why. Nothing is stored.

    Raises
    ------
    Problem
        ``area-unknown``, ``address-unknown``, ``address-unclear``; ``no-road``, where other days are
        looked at for a ride.
    """
    wish, _ = wish_of(context, body)
    rule = calendar_rule(context, wish)
    if rule is None and not (
        is_inside(wish.area, wish.origin) or is_inside(wish.area, wish.destination)
    ):
        rule = Rule.OUTSIDE_AREA
    if rule is None and closed_then(context, wish):
        rule = Rule.CLOSURE
    if rule is not None:
        return JourneysAnswer(refusal=refuse(context, wish, Refused(rule), language)[0].refusal)
    with (
        context.locked(wish.area.id, wish.service.day) as slot,
        context.database.reading() as reader,
    ):
        day, now = slot.present(reader), context.clock.now()
        found = Question.of(context, wish, body, day, now).answered()
    others = other_services(context, wish)
    if found.line_first is not None:
        return JourneysAnswer(
            journeys=tuple(each for each in found.journeys if each.kind is not Kind.RIDE),
            refusal=line_refusal(wish.area, found.line_first, language),
            other_services=others,
        )
    if found.journeys or found.refused is None:
        return JourneysAnswer(journeys=found.journeys, other_services=others)
    refusal = refuse(context, wish, found.refused, language)[0].refusal
    return JourneysAnswer(refusal=refusal, other_services=others)
