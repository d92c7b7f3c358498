"""On which days the invented timetable runs: public holidays are real, school holidays nearly."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import holidays

FIRST_DAY = date(2026, 1, 1)
LAST_DAY = date(2030, 12, 31)
_DAYS = tuple(FIRST_DAY + timedelta(days=i) for i in range((LAST_DAY - FIRST_DAY).days + 1))
_SATURDAY, _SUNDAY = 5, 6
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Service:
    """Days of a GTFS service: a weekly pattern (seven times 0 or 1, Monday first), more and fewer days."""

    id: str
    weekdays: tuple[int, ...]
    added: tuple[date, ...]
    removed: tuple[date, ...]

    def calendar_row(self) -> dict[str, str]:
        """Row of calendar.txt."""
        days = {name: str(runs) for name, runs in zip(_NAMES, self.weekdays, strict=True)}
        return {"service_id": self.id, **days, "start_date": f"{FIRST_DAY:%Y%m%d}",
                "end_date": f"{LAST_DAY:%Y%m%d}"}  # fmt: skip

    def date_rows(self) -> list[dict[str, str]]:
        """Rows of calendar_dates.txt."""
        return [
            {"service_id": self.id, "date": f"{day:%Y%m%d}", "exception_type": kind}
            for kind, days in (("1", self.added), ("2", self.removed))
            for day in days
        ]


def services() -> list[Service]:
    """Services of the sample: weekdays, Saturdays, Sundays and holidays, school days, school holidays.

    Public holidays are those of Baden-Württemberg; on them the Sunday timetable runs.
    """
    years = range(FIRST_DAY.year - 1, LAST_DAY.year + 2)
    public = holidays.country_holidays("DE", subdiv="BW", years=years, language="de")
    off = {day for day in _DAYS if day in public}
    free = _school_holidays({(day.year, name): day for day, name in public.items()})
    weekday = (1, 1, 1, 1, 1, 0, 0)
    return [
        _weekly("mo-fr", weekday, off),
        _weekly("sa", (0, 0, 0, 0, 0, 1, 0), off),
        Service(
            "so", (0, 0, 0, 0, 0, 0, 1), _sorted(d for d in off if d.weekday() != _SUNDAY), ()
        ),
        _weekly("schule", weekday, off | free),
        Service(
            "ferien", (0,) * 7,
            _sorted(d for d in free - off if d.weekday() < _SATURDAY), (),
        ),
    ]  # fmt: skip


def _sorted(days: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(days))


def _weekly(name: str, pattern: tuple[int, ...], without: set[date]) -> Service:
    return Service(name, pattern, (), _sorted(d for d in without if pattern[d.weekday()]))


def _school_holidays(public: dict[tuple[int, str], date]) -> set[date]:
    """Days without school: round Easter, Whitsun, in summer, at the end of October and at Christmas."""
    free: set[date] = set()
    for year in range(FIRST_DAY.year - 1, LAST_DAY.year + 1):
        easter = public[year, "Karfreitag"] + timedelta(days=2)
        for start, days in (
            (easter - timedelta(days=6), 13),
            (easter + timedelta(days=51), 12),
            (_thursday(date(year, 7, 24)), 45),
            (date(year, 10, 26), 6),
            (date(year, 12, 23), 18),
        ):
            free.update(start + timedelta(days=i) for i in range(days))
    return {day for day in free if FIRST_DAY <= day <= LAST_DAY}


def _thursday(day: date) -> date:
    return day + timedelta(days=(3 - day.weekday()) % 7)
