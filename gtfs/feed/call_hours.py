"""When an on-demand service runs: windows of its rows on the days of both calendars."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from gtfs.feed import values
from gtfs.feed.inspection import Inspection
from gtfs.feed.plain import rows_of
from gtfs.feed.tables import WEEKDAYS
from gtfs.other_services import Hours

_ADDED = "1"
_NEVER = (False,) * 7


@dataclass(slots=True)
class Days:
    """Days of one service; no weekday and an empty span where only single dates are listed."""

    weekdays: tuple[bool, ...] = _NEVER
    first: date | None = None
    last: date | None = None
    also_on: set[date] = field(default_factory=set)
    not_on: set[date] = field(default_factory=set)

    def hours(self, from_s: int, until_s: int) -> Hours | None:
        """Join these days and a window; None where it never runs."""
        dates = [*self.also_on, *(day for day in (self.first, self.last) if day)]
        if not dates or (not self.also_on and not any(self.weekdays)):
            return None
        return Hours(
            from_s=from_s,
            until_s=until_s,
            weekdays=self.weekdays,
            first_day=self.first or min(dates),
            last_day=self.last or max(dates),
            also_on=frozenset(self.also_on),
            not_on=frozenset(self.not_on),
        )


def calendars(inspection: Inspection, present: frozenset[str]) -> dict[str, Days]:
    """Days of every service; what cannot be read is told where the timetable is read."""
    found: dict[str, Days] = {}
    for row in rows_of(inspection, present, "calendar"):
        first, last = values.day_of(row["start_date"]), values.day_of(row["end_date"])
        if 0 < first <= last:
            found[row["service_id"]] = Days(
                weekdays=tuple(row[weekday] == "1" for weekday in WEEKDAYS),
                first=date.fromordinal(first),
                last=date.fromordinal(last),
            )
    for row in rows_of(inspection, present, "calendar_dates"):
        day = values.day_of(row["date"])
        if day > 0:
            days = found.setdefault(row["service_id"], Days())
            which = days.also_on if row["exception_type"] == _ADDED else days.not_on
            which.add(date.fromordinal(day))
    return found


def hours_of(windows: Iterable[tuple[str, int, int]], days: dict[str, Days]) -> tuple[Hours, ...]:
    """Hours of (service, from, until); windows of a service that touch are one."""
    merged: list[tuple[str, int, int]] = []
    for service, from_s, until_s in sorted(windows):
        if merged and merged[-1][0] == service and from_s <= merged[-1][2]:
            _, begun, ended = merged.pop()
            merged.append((service, begun, max(ended, until_s)))
        else:
            merged.append((service, from_s, until_s))
    found = (
        days[service].hours(from_s, until_s)
        for service, from_s, until_s in merged
        if service in days
    )
    return tuple(hours for hours in found if hours)
