"""What a tour is shown for: who drives sees today's and tomorrow's, and nothing of other days."""

from datetime import date, timedelta

from api.context import Context
from api.errors import Problem
from api.forgetting import running_day
from api.rights import Actor, Role

_ONE_DAY = timedelta(days=1)


def check_seen(context: Context, actor: Actor, area_id: str | None, day: date) -> None:
    """Refuse drivers tours of other days than today and tomorrow (``forbidden``).

    Until seven in the morning yesterday's may still go on.
    """
    if actor.role is not Role.DRIVER:
        return
    now = context.clock.now()
    for area in context.areas():
        if area_id in {None, area.id} and actor.sees(area.id):
            today = now.astimezone(area.time_zone).date()
            if not running_day(area.time_zone, now) <= day <= today + _ONE_DAY:
                raise Problem("forbidden")


def check_shown(context: Context, actor: Actor, area_id: str, day: date) -> None:
    """Refuse drivers a tour of other days by its id (``tour-unknown``)."""
    try:
        check_seen(context, actor, area_id, day)
    except Problem as problem:
        raise Problem("tour-unknown") from problem


def check_reported(context: Context, actor: Actor, area_id: str, day: date) -> None:
    """Refuse drivers' reports of other days (``tour-unknown``); those of yesterday may come late."""
    if actor.role is not Role.DRIVER:
        return
    today = context.clock.now().astimezone(context.area(area_id).time_zone).date()
    if not today - _ONE_DAY <= day <= today + _ONE_DAY:
        raise Problem("tour-unknown")
