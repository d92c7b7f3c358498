"""The same wish on the days after the one it was refused for."""

from collections.abc import Iterator
from datetime import timedelta

from api.asked import Asked
from api.context import Context
from api.roster.added import added_days
from api.roster.closed_hours import blocks
from api.schemas.answers import OfferAnswer
from api.wish import Wish
from dispatch.answers import OtherDay, answers_on_other_days, describe_alternative
from dispatch.model import Rule

_NO_DAY_HELPS = {
    Rule.OUTSIDE_AREA,
    Rule.SAME_PLACE,
    Rule.UNREACHABLE,
    Rule.TOO_FAR_AHEAD,
}


def on_other_days(context: Context, wish: Wish, rule: Rule) -> Iterator[OfferAnswer]:
    """Yield one offer a day for the next days of the area's rules that have one, the nearest first.

    Lazy: a day is neither locked nor built before it is asked for, and one at a time.
    """
    if rule in _NO_DAY_HELPS or not wish.served:
        return
    asked: dict[int, Asked] = {}
    closures = context.closures.of_area(context.database, wish.area.id, context.clock.now())
    for day, offer in answers_on_other_days(_days(context, wish, asked)):
        if any(blocks(each, asked[day.ahead], offer) for each in closures):
            continue
        told = describe_alternative(wish.area.policy, day.request, offer, day.ahead)
        yield asked[day.ahead].hand_out(context, offer, told)


def _days(context: Context, wish: Wish, asked: dict[int, Asked]) -> Iterator[OtherDay]:
    """Put the wish to each following day on which a bus runs, under that day's lock."""
    area, added = wish.area, added_days(context, wish.area)
    for ahead in range(1, area.policy.other_days + 1):
        date = wish.service.day + timedelta(days=ahead)
        if not area.shifts_on(date) and date not in added:
            continue
        with (
            context.locked(area.id, date) as slot,
            context.database.reading() as reader,
        ):
            day, now = slot.present(reader), context.clock.now()
            asked[ahead] = Asked.of(wish, day, now)
            yield OtherDay(ahead, day.state, asked[ahead].request, day.seconds(now))
