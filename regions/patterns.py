"""What an area file says of every week: stops, shifts on weekdays, and the breaks in them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from dispatch.model import Break, PlaceIndex, Shift, ShiftId, VehicleId


@dataclass(frozen=True, slots=True)
class AreaStop:
    """A place where the bus may stop; also depots."""

    id: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class BreakPattern:
    """A pause of the driver, begun at ``from_s`` or later and over by ``until_s``; None: anywhere."""

    seconds: int
    from_s: int
    until_s: int
    at: AreaStop | None = None
    charges: bool = False

    def of_day(self, place: Callable[[AreaStop], PlaceIndex]) -> Break:
        """Return the break of a day, see :meth:`ShiftPattern.shift`."""
        at = None if self.at is None else place(self.at)
        return Break(self.seconds, self.from_s, self.until_s, at, self.charges)


@dataclass(frozen=True, slots=True)
class ShiftPattern:
    """A shift that recurs on ``weekdays`` (0 = Monday); times in seconds of the service day.

    ``driver`` is empty where the plan leaves open who drives.
    """

    id: str
    vehicle: str
    driver: str
    weekdays: frozenset[int]
    start_s: int
    end_s: int
    start: AreaStop
    end: AreaStop
    breaks: tuple[BreakPattern, ...] = ()
    driving_at_most_s: int | None = None

    def shift(self, place: Callable[[AreaStop], PlaceIndex]) -> Shift:
        """Return the shift of a day whose travel tables know the stops as ``place`` says."""
        return Shift(
            id=ShiftId(self.id),
            vehicle=VehicleId(self.vehicle),
            driver=self.driver,
            start_s=self.start_s,
            end_s=self.end_s,
            start_place=place(self.start),
            end_place=place(self.end),
            breaks=tuple(each.of_day(place) for each in self.breaks),
            driving_at_most_s=self.driving_at_most_s,
        )

    def runs_on(self, day: date) -> bool:
        """Whether the shift is planned on ``day``."""
        return day.weekday() in self.weekdays
