"""Days whose plan must follow something that holds for many of them, such as a vehicle out of service."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

import structlog

from api import ledger
from api.context import Change, Context
from api.day import Day
from api.errors import Problem
from api.roster.duties import Duty, duties_of
from api.roster.following import follow, needs_following
from api.roster.telling import call_answers
from api.schemas.roster import CallAnswer
from api.servicetime import ServiceDay
from api.store.mapping import tour_id
from api.store.writer import Writer
from regions.area import Area

_log = structlog.get_logger()

_ONE_DAY = timedelta(days=1)
UNSETTLED = "roster-unsettled"


Touches = Callable[[ServiceDay, Duty], bool]


def nothing(_service: ServiceDay, _duty: Duty) -> bool:
    """Say of no shift that it is touched."""
    return False


def settle(
    context: Context,
    area: Area,
    days: Iterable[date],
    entry: ledger.Entry,
    touches: Touches = nothing,
) -> tuple[list[str], list[CallAnswer]]:
    """Let the plans of some days follow their rosters; return shifts that changed and who must be called.

    A day whose plan is as it must be stays untouched, so this may be done again at any time; unless one of
    its shifts is touched: then another process may have it in memory as it was, and must hear of it.
    """
    changed: list[str] = []
    calls: list[CallAnswer] = []
    for day in days:
        more, told = _settle_day(context, area, day, entry, touches)
        changed += more
        calls += told
    return changed, calls


def days_ahead(context: Context, area: Area, start: datetime, end: datetime | None) -> list[date]:
    """Return the days in use that a time touches: on later ones nobody has booked, nor is there a plan."""
    first, last = context.in_use()
    first = max(first, start.astimezone(area.time_zone).date() - _ONE_DAY)
    if end is not None:
        last = min(last, end.astimezone(area.time_zone).date())
    return [first + k * _ONE_DAY for k in range((last - first).days + 1)]


def settle_all(context: Context) -> None:
    """Let every plan in use follow its roster.

    Usually there is nothing to do: this is for a server that stopped between the roster and the plans, and
    for an area file that changed.
    """
    now = context.clock.now()
    for area in context.areas():
        days = days_ahead(context, area, now, None)
        try:
            settle(context, area, days, ledger.Entry("roster_settled", {"by": "server"}))
        except Problem as problem:
            context.alarms.ring(UNSETTLED, area.id)
            _log.warning("a plan does not follow its roster", area=area.id, code=problem.code)
        else:
            context.alarms.quiet(UNSETTLED, area.id)


def _settle_day(
    context: Context, area: Area, day: date, entry: ledger.Entry, touches: Touches
) -> tuple[list[str], list[CallAnswer]]:
    service = context.service(area, day)
    with context.database.reading() as reader:
        if (area.id, day) in reader.closed_days(day):
            return [], []

    def work(writer: Writer, present: Day) -> Change[tuple[list[str], list[CallAnswer]]]:
        now, before = context.clock.now(), present.state.shifts
        duties = duties_of(area, service, writer.roster(area.id, day))
        touched = {duty.pattern.id for duty in duties if touches(service, duty)}
        if not touched and not needs_following(area, present, duties):
            return Change(([], []))
        followed = follow(writer, area, present, entry, now)
        after = followed.decision.state.shifts
        other = {str(k) for k in {**before, **after} if before.get(k) != after.get(k)}
        told = call_answers(writer, service, followed.calls)
        named = [tour_id(area.id, day, key) for key in sorted(touched | other)]
        return Change((named, list(told)), followed.decision)

    return context.change(area.id, day, work)
