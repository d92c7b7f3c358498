"""From what the engine decided to what the caller hears."""

from dataclasses import dataclass
from itertools import islice

from api.asked import Asked
from api.context import Context
from api.other_days import on_other_days
from api.refusals import reasons
from api.schemas.answers import OfferAnswer, OffersAnswer, RefusalAnswer
from api.store.tables import RefusalRow
from api.wish import Wish, refusal_row
from dispatch.answers import describe_alternative, describe_offers
from dispatch.model import Offer, Refusal, Rule


def offers_answer(
    context: Context, asked: Asked, offers: tuple[Offer, ...]
) -> tuple[OfferAnswer, ...]:
    """Hand out offers that answer a wish, each described against the best."""
    told = describe_offers(asked.wish.area.policy, asked.request, offers)
    both = zip(offers, told, strict=True)
    return tuple(asked.hand_out(context, offer, difference) for offer, difference in both)


def alternatives_answer(
    context: Context, asked: Asked, refusal: Refusal
) -> tuple[OfferAnswer, ...]:
    """Hand out the alternatives of a refusal, each described against the wish."""
    policy, request = asked.wish.area.policy, asked.request
    return tuple(
        asked.hand_out(context, offer, describe_alternative(policy, request, offer))
        for offer in refusal.alternatives
    )


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal in the making: the rule, others with a say, and what was found instead on that day."""

    rule: Rule
    also: tuple[Rule, ...] = ()
    instead: tuple[OfferAnswer, ...] = ()


def refuse(
    context: Context, wish: Wish, refused: Refused, language: str
) -> tuple[OffersAnswer, RefusalRow]:
    """Say no, with the reason; other days fill up what the day itself does not offer instead."""
    policy = wish.area.policy
    free = policy.offers_at_most + 1 - len(refused.instead)
    others = islice(on_other_days(context, wish, refused.rule), free)
    offers = (*refused.instead, *others)
    german, english = reasons(refused.rule, policy, refused.also)
    answer = RefusalAnswer(
        rule=refused.rule.value,
        also=tuple(rule.value for rule in refused.also),
        reason=english if language == "en" else german,
        reason_de=german,
        reason_en=english,
        alternatives=offers,
    )
    row = refusal_row(wish, refused.rule, len(offers), context.clock.now())
    return OffersAnswer(refusal=answer), row
