"""Public transport first: the area sends a rider to a line, and says which."""

from api.context import Context
from api.day import Day
from api.journey_asked import Question
from api.refusals import reasons
from api.schemas.answers import RefusalAnswer
from api.schemas.journeys import JourneyAnswer
from api.schemas.requests import OfferWish
from api.wish import Wish
from dispatch.model import Rule
from regions.area import Area


def line_instead(context: Context, wish: Wish, body: OfferWish, day: Day) -> JourneyAnswer | None:
    """Return the line that stands in for a ride; None if the area gives the rider one."""
    if not wish.area.policy.line_first_s:
        return None
    return Question.of(context, wish, body, day, context.clock.now()).answered().line_first


def line_refusal(area: Area, line: JourneyAnswer, language: str) -> RefusalAnswer:
    """Say that the line goes first, and which."""
    german, english = reasons(Rule.LINE_FIRST, area.policy)
    german, english = f"{german} {line.text_de}", f"{english} {line.text_en}"
    return RefusalAnswer(
        rule=Rule.LINE_FIRST.value,
        reason=english if language == "en" else german,
        reason_de=german,
        reason_en=english,
        alternatives=(),
    )
