"""Between instants and seconds of a service day (noon minus 12 h), safe on the days clocks change."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_HALF_DAY = timedelta(hours=12)


class NoSuchTime(ValueError):
    """A local time the clocks skip, or one they show twice, so that nobody can tell which is meant."""


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """One service day of an area.

    Seconds count from noon minus 12 h (GTFS): on a day of 23 or 25 hours "07:00" still is 25,200.
    """

    day: date
    zone: ZoneInfo
    start: datetime = field(init=False)
    """The instant of second 0, in UTC."""

    def __post_init__(self) -> None:
        noon = datetime.combine(self.day, time(12), self.zone)
        object.__setattr__(self, "start", noon.astimezone(UTC) - _HALF_DAY)

    def seconds(self, instant: datetime) -> int:
        """Whole seconds from the start of the service day to ``instant``, rounded down; may be < 0."""
        return (instant - self.start) // timedelta(seconds=1)

    def instant(self, seconds: int) -> datetime:
        """Return the instant ``seconds`` after the start of the service day, in UTC."""
        return self.start + timedelta(seconds=seconds)

    def local(self, seconds: int) -> datetime:
        """Return the same instant as the clocks of the area show it."""
        return self.instant(seconds).astimezone(self.zone)


def instant_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the instant at which the clocks of ``zone`` show ``clock`` on ``day``.

    Raises
    ------
    NoSuchTime
        The clocks skip this time, or show it twice.
    """
    first = datetime.combine(day, clock, zone)
    second = first.replace(fold=1)
    if first.utcoffset() != second.utcoffset():
        raise NoSuchTime(f"{clock:%H:%M} is skipped or shown twice on {day} in {zone.key}")
    return first
