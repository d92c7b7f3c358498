"""The day of each shift as bars: when the bus is on duty, and how many people are aboard when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from api.i18n import Language
from api.schemas.tours import AlightingAnswer, BoardingAnswer, TourAnswer, VisitAnswer

COLOURS = 8
"""How many colours the style sheet has for tours."""
_HOUR = timedelta(hours=1)
_LOWEST, _STEP, _HIGHEST = 22.0, 8.0, 70.0
"""Height of a bar in percent of its row: with one person aboard, per further one, at most."""


class Span(NamedTuple):
    """A piece of the time axis in percent of its length, with its height in percent of the row."""

    x: float
    width: float
    height: float = 0.0


class Hour(NamedTuple):
    """A line of the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One shift: its tour, its number and colour on this page, what to draw and what to say."""

    tour: TourAnswer
    number: int
    colour: int
    duty: Span
    bars: tuple[Span, ...]
    halts: tuple[float, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The time axis all rows share, from one full hour to another."""

    start: datetime
    end: datetime

    @classmethod
    def over(cls, tours: Sequence[TourAnswer]) -> "Axis":
        """Span all shifts and halts of ``tours`` (at least one)."""
        first = min(min([t.shift.start, *(v.arrive for v in t.visits)]) for t in tours)
        last = max(max([t.shift.end, *(v.depart for v in t.visits)]) for t in tours)
        start = first.replace(minute=0, second=0, microsecond=0)
        end = last.replace(minute=0, second=0, microsecond=0)
        return cls(start, end if end == last and end > start else end + _HOUR)

    def x(self, moment: datetime) -> float:
        """Place of a moment in percent of the axis, cut at its ends."""
        share = (moment - self.start) / (self.end - self.start)
        return round(100 * min(1.0, max(0.0, share)), 2)

    def span(self, start: datetime, end: datetime, height: float = 0.0) -> Span:
        """Piece of the axis between two moments."""
        x = self.x(start)
        return Span(x, round(max(0.2, self.x(end) - x), 2), height)

    def hours(self, lang: Language) -> tuple[Hour, ...]:
        """Full hours of the axis with both ends."""
        count = (self.end - self.start) // _HOUR
        moments = (self.start + n * _HOUR for n in range(count + 1))
        return tuple(Hour(self.x(moment), lang.clock(moment)) for moment in moments)


def rows(tours: Sequence[TourAnswer], axis: Axis, lang: Language) -> tuple[Row, ...]:
    """Draw each of ``tours`` on ``axis``; numbers count from 1 in the given order."""
    return tuple(
        Row(
            tour=tour,
            number=index + 1,
            colour=index % COLOURS + 1,
            duty=axis.span(tour.shift.start, tour.shift.end),
            bars=_bars(tour.visits, axis),
            halts=tuple(axis.x(visit.arrive) for visit in tour.visits),
            words=_words(tour, lang),
        )
        for index, tour in enumerate(tours)
    )


def _bars(visits: Sequence[VisitAnswer], axis: Axis) -> tuple[Span, ...]:
    bars = []
    aboard = 0
    for visit, following in pairwise(visits):
        aboard += sum(_persons(rider) for rider in visit.board if rider.status != "no_show")
        aboard -= sum(_persons(rider) for rider in visit.alight if rider.status != "no_show")
        if aboard > 0:
            height = min(_HIGHEST, _LOWEST + _STEP * (aboard - 1))
            bars.append(axis.span(visit.arrive, following.arrive, height))
    return tuple(bars)


def _persons(rider: BoardingAnswer | AlightingAnswer) -> int:
    return rider.passengers.persons


def _words(tour: TourAnswer, lang: Language) -> str:
    duty = lang.text("%(vehicle)s, on duty from %(start)s to %(end)s") % {
        "vehicle": tour.shift.vehicle,
        "start": lang.clock(tour.shift.start),
        "end": lang.clock(tour.shift.end),
    }
    if not tour.visits:
        nothing = lang.text("no rides")
        return f"{duty}: {nothing}"
    halts = lang.texts("%(num)s halt", "%(num)s halts", len(tour.visits))
    when = lang.text("between %(start)s and %(end)s") % {
        "start": lang.clock(tour.visits[0].arrive),
        "end": lang.clock(tour.visits[-1].arrive),
    }
    return f"{duty}: {halts % {'num': len(tour.visits)}} {when}"
