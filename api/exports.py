"""Use cases: tables for spreadsheets and programs, written row by row; no names."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Literal

from api.context import Context
from api.schemas.statistics import StatisticsAnswer
from api.statistics import check_period

Layout = Literal["excel", "plain"]
Cell = str | int | float | date | datetime | bool | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet take a text for a formula; the last four are wide forms of the first."""
_WEEK = (
    "week",
    "rides",
    "done",
    "persons",
    "cancelled",
    "no_shows",
    "standing",
    "refusals",
    "shared",
    "timed",
    "boarded_in_time",
    "arrived_in_time",
    "late_minutes",
    "fares_cents",
    "tours",
    "tours_measured",
    "km",
    "km_with_riders",
)
_RIDE = (
    "date",
    "status",
    "persons",
    "wheelchairs",
    "standing",
    "told_from",
    "told_until",
    "told_arrival",
    "boarded",
    "left",
    "fare_cents",
)
_FEEDBACK = ("received", "about", "kind", "stars", "state", "text", "answer")


@dataclass(slots=True)
class Table:
    """Writes rows as text: for German Excel (``;``, decimal comma, BOM) or as RFC 4180 says."""

    layout: Layout

    def lines(self, rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
        """Yield the text row by row."""
        german = self.layout == "excel"
        buffer = StringIO()
        writer = csv.writer(buffer, delimiter=";" if german else ",", lineterminator="\r\n")
        if german:
            yield "\ufeff"
        for row in rows:
            writer.writerow([self._cell(cell) for cell in row])
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()

    def _cell(self, cell: Cell) -> str:
        if cell is None:
            return ""
        if isinstance(cell, bool):
            return "1" if cell else "0"
        if isinstance(cell, float):
            return str(cell).replace(".", ",") if self.layout == "excel" else str(cell)
        if isinstance(cell, datetime):
            return cell.isoformat(sep=" ", timespec="minutes")[:16]
        return harmless(cell) if isinstance(cell, str) else str(cell)


def harmless(text: str) -> str:
    """Keep a spreadsheet from computing what is a text (CWE-1236)."""
    return "'" + text if text.lstrip(" ").startswith(_FORMULA) else text


def weeks(told: StatisticsAnswer, layout: Layout) -> Iterator[str]:
    """Yield the figures week by week."""
    rows = ([getattr(week, name) for name in _WEEK] for week in told.weeks)
    return Table(layout).lines([_WEEK, *rows])


def rides(context: Context, area_id: str, first: date, last: date, layout: Layout) -> Iterator[str]:
    """Yield the rides of a period one by one, without names and places.

    Raises
    ------
    Problem
        ``area-unknown``, ``date-out-of-range``, ``period-wrong``.
    """
    area = context.area(area_id)
    check_period(first, last)

    def rows() -> Iterator[Sequence[Cell]]:
        yield _RIDE
        zone = area.time_zone
        with context.database.reading() as reader:
            for ride in reader.ride_figures([area.id], first, last):
                yield (
                    ride.day,
                    ride.status,
                    ride.persons,
                    ride.wheelchair,
                    ride.standing,
                    ride.pickup_from.astimezone(zone),
                    ride.pickup_until.astimezone(zone),
                    ride.arrive_by.astimezone(zone),
                    ride.boarded_at and ride.boarded_at.astimezone(zone),
                    ride.left_at and ride.left_at.astimezone(zone),
                    ride.fare_cents,
                )

    return Table(layout).lines(rows())


def feedback(context: Context, area_id: str, layout: Layout) -> Iterator[str]:
    """Yield what people said, without whom to answer (``area-unknown``)."""
    area = context.area(area_id)

    def rows() -> Iterator[Sequence[Cell]]:
        yield _FEEDBACK
        before: datetime | None = None
        while True:
            with context.database.reading() as reader:
                found = reader.feedback_in([area.id], ("new", "seen", "answered"), 200, before)
            for row in found:
                at = row.created_at.astimezone(area.time_zone)
                yield at, row.about, row.kind, row.stars, row.state, row.text, row.answer
            if not found:
                return
            before = found[-1].created_at

    return Table(layout).lines(rows())
