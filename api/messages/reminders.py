"""Reminders: in the evening before, and an hour before. One for each ride, however often this runs."""

from datetime import UTC, date, datetime, time, timedelta

from api.context import Context
from api.messages.causes import row_of
from api.messages.model import Kind, Times
from api.servicetime import ServiceDay
from regions.area import Area

_EVENING = time(18), time(21)
"""Between these times of the evening before; who starts later than that is not woken."""
_HOUR = timedelta(hours=1)
_TOO_NEAR = timedelta(minutes=15)
_JUST_BOOKED = timedelta(hours=3)
"""Who booked so short a time ago remembers."""
_ONE_DAY = timedelta(days=1)


def remind(context: Context) -> int:
    """Put reminders that are due into the outbox; return of how many rides."""
    if not context.confirms:
        return 0
    return sum(_remind_in(context, area) for area in context.areas())


def _remind_in(context: Context, area: Area) -> int:
    now, rows = context.clock.now(), []
    for kind, span in _due(area, now):
        with context.database.reading() as reader:
            rides = reader.to_remind(area.id, span, now - _JUST_BOOKED)
        for ride in rides:
            service = ServiceDay(ride.service_date, area.time_zone)
            told = ride.id, kind, Times.of(ride)
            rows.append(row_of(area.id, service, told, 0, now))
    if rows:
        context.database.write(lambda writer: writer.add_messages(rows))
    return len(rows)


def _due(area: Area, now: datetime) -> list[tuple[Kind, tuple[datetime, datetime]]]:
    """Return which reminders are due now, and for pickups from when to when."""
    found = []
    local = now.astimezone(area.time_zone)
    begins, ends = _EVENING
    if area.reminders.evening and begins <= local.time() < ends:
        tomorrow = local.date() + _ONE_DAY
        midnights = (tomorrow, tomorrow + _ONE_DAY)
        first, last = (_midnight(day, area) for day in midnights)
        found.append((Kind.REMINDER_EVENING, (first, last)))
    if area.reminders.hour:
        found.append((Kind.REMINDER_HOUR, (now + _TOO_NEAR, now + _HOUR)))
    return found


def _midnight(day: date, area: Area) -> datetime:
    return datetime.combine(day, time(), area.time_zone).astimezone(UTC)
