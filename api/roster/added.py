"""Days that have shifts beyond the week's plan."""

from datetime import date

from api.context import Context
from api.roster.duties import duties_of, is_bookable
from regions.area import Area


def added_days(context: Context, area: Area) -> dict[date, int]:
    """Return when the last shift added by hand ends, by day, on the days that can be booked."""
    first, last = context.in_use()
    ends: dict[date, int] = {}
    with context.database.reading() as reader:
        rosters = reader.rosters(area.id, first, last)
    for day, roster in rosters.items():
        if any(row.extra is not None for row in roster.shifts):
            for duty in duties_of(area, context.service(area, day), roster):
                if duty.extra and is_bookable(area, duty):
                    ends[day] = max(ends.get(day, 0), duty.pattern.end_s)
    return ends
