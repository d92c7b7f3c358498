"""The lines of a day beside the places of an area: stops our bus can serve, stops one can walk to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dispatch.model import PlaceIndex
from dispatch.policy import Policy
from dispatch.schedule.arrays import Ints
from gtfs.days import TimetableDay
from gtfs.departures import stops_near

_WAY_PER_STRAIGHT = 1.3
"""How much longer a walk is than the straight line."""


@dataclass(frozen=True, eq=False)
class Lines:
    """What runs on a service day, and the place each stop is in the travel tables.

    Parameters
    ----------
    day
        Seconds of the timetable are those of dispatch: the same service day in the same time zone.
    place
        int64[s], index into the travel tables, -1 for stops no bus of ours serves.
    """

    day: TimetableDay
    place: Ints

    @classmethod
    def of(
        cls, day: TimetableDay, place_of: Callable[[float, float], PlaceIndex | None]
    ) -> "Lines":
        """Lay a day's timetable beside places; ``place_of`` gives the one of lon and lat, None for none."""
        stops = zip(day.timetable.stop_lon.tolist(), day.timetable.stop_lat.tolist(), strict=True)
        places = [place_of(lon, lat) for lon, lat in stops]
        return cls(day, np.array([-1 if place is None else place for place in places], np.int64))

    @cached_property
    def served(self) -> Ints:
        """Stops our buses serve and lines call at, in order."""
        net = self.day.net
        called = np.zeros(len(self.place), np.bool_)
        called[net.place_stop] = True
        return np.flatnonzero(called & (self.place >= 0)).astype(np.int64)

    def on_foot(
        self, lon: float, lat: float, policy: Policy, at_most_m: int
    ) -> Iterator[tuple[int, int]]:
        """Yield stops near a point and the seconds an old person walks there."""
        straight_m = int(at_most_m / _WAY_PER_STRAIGHT)
        for near in stops_near(self.day.timetable, lon, lat, straight_m) if straight_m else ():
            yield near.stop, policy.walk_s(near.metres * _WAY_PER_STRAIGHT)


@dataclass(frozen=True, slots=True)
class End:
    """One end of a journey.

    Parameters
    ----------
    lon, lat
        The door, WGS84.
    place
        Where a bus of ours would halt for it; None where it does not come.
    walk_s
        Seconds between that place and the door.
    """

    lon: float
    lat: float
    place: PlaceIndex | None
    walk_s: int = 0
