"""Another on-demand service one can call: who, until when, at which hours, where. Read from GTFS-Flex.

It is shown in answers beside our own rides and the timetable; nothing is planned with it, because its
buses are not ours. Times are seconds since the start of the service day, as in the timetable.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

Ring = tuple[tuple[float, float], ...]
"""A closed line of (lon, lat) in degrees."""
Polygon = tuple[Ring, ...]
"""An outer ring and its holes."""


@dataclass(frozen=True, slots=True)
class Notice:
    """How early one must call, and how early one can.

    Parameters
    ----------
    minutes
        At least so many minutes before the ride; 0: at once.
    days, until_s
        Or: so many days before, until that time of day (None: all day).
    minutes_at_most, days_at_most
        Not earlier than this before; None where the feed names none.
    """

    minutes: int = 0
    days: int = 0
    until_s: int | None = None
    minutes_at_most: int | None = None
    days_at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """When it runs: from and until, on these weekdays (Monday first) between two dates.

    ``also_on`` and ``not_on`` are the exceptions, such as public holidays.
    """

    from_s: int
    until_s: int
    weekdays: tuple[bool, ...]
    first_day: date
    last_day: date
    also_on: frozenset[date] = frozenset()
    not_on: frozenset[date] = frozenset()

    def runs_on(self, day: date) -> bool:
        """Whether the service runs on ``day``."""
        if day in self.also_on or day in self.not_on:
            return day in self.also_on
        return self.first_day <= day <= self.last_day and self.weekdays[day.weekday()]


@dataclass(frozen=True, slots=True)
class CallStop:
    """A stop the service calls at when asked."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class OtherService:
    """One on-demand service of another operator; texts may be empty.

    Parameters
    ----------
    id
        Route, booking rule and places of the feed.
    name, operator, description
        As riders know them.
    phone, info_url, booking_url
        How to book; the agency's telephone where the rule names none.
    messages
        What the operator says about booking, boarding and getting off.
    stops, zones
        Where it runs: between these stops, and anywhere in these polygons.
    """

    id: str
    name: str
    operator: str
    description: str
    phone: str
    info_url: str
    booking_url: str
    messages: tuple[str, ...]
    notice: Notice
    hours: tuple[Hours, ...]
    stops: tuple[CallStop, ...] = ()
    zones: tuple[Polygon, ...] = ()

    def open_on(self, day: date) -> tuple[tuple[int, int], ...]:
        """From and until, in seconds of the service day, in order."""
        return tuple(sorted({(h.from_s, h.until_s) for h in self.hours if h.runs_on(day)}))

    def covers(self, lon: float, lat: float) -> bool:
        """Whether a place lies in one of the zones; for stops see ``stops``."""
        return any(
            # inside the outer ring and an even number of holes: each ring crossed turns the answer
            sum(_inside(ring, lon, lat) for ring in zone) % 2 == 1
            for zone in self.zones
        )


def _inside(ring: Ring, lon: float, lat: float) -> bool:
    """Even-odd rule: a line to the east crosses the ring an odd number of times."""
    crossings = 0
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (y0 > lat) != (y1 > lat) and lon < x0 + (lat - y0) / (y1 - y0) * (x1 - x0):
            crossings += 1
    return crossings % 2 == 1
