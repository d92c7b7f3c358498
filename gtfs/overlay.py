"""What is known today about trips: late, not running, leaving stops out, running besides the timetable."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

TripOfDay = tuple[int, date]
"""Index of a trip and its service day."""


@dataclass(frozen=True, slots=True)
class TripUpdate:
    """What is known about one trip of one service day.

    Parameters
    ----------
    told_s
        UNIX time at which it was told.
    cancelled
        It does not run.
    delays
        Seconds of delay on arrival and departure at each of its stops; empty: on time.
    skipped
        Positions along the trip, from 0, of stops it passes without halting.
    """

    told_s: int
    cancelled: bool = False
    delays: tuple[tuple[int, int], ...] = ()
    skipped: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class AddedTrip:
    """A trip that is not in the timetable.

    Parameters
    ----------
    told_s
        UNIX time at which it was told.
    service_day
        All times are seconds from its start; must be one of the days of the timetable.
    route
        Index into the routes of the timetable.
    stops, arrival_s, departure_s
        Two or more, indices into the stops of the timetable; times never decrease.
    pickup_type, drop_off_type
        GTFS, for each of its stops; empty: regular.
    wheelchair
        GTFS: 0 unknown, 1 there is room for one, 2 not.
    """

    told_s: int
    trip_id: str
    service_day: date
    route: int
    headsign: str
    stops: tuple[int, ...]
    arrival_s: tuple[int, ...]
    departure_s: tuple[int, ...]
    pickup_type: tuple[int, ...] = ()
    drop_off_type: tuple[int, ...] = ()
    wheelchair: int = 0


@dataclass(frozen=True, slots=True)
class Overlay:
    """Updates by trip and service day, and added trips; given to :func:`gtfs.days.timetable_day`."""

    updates: Mapping[TripOfDay, TripUpdate]
    added: tuple[AddedTrip, ...] = ()

    def told(self, trips: int) -> frozenset[TripOfDay]:
        """Return the trips something is told of; those added stand behind the ``trips`` of the timetable."""
        added = ((trips + n, trip.service_day) for n, trip in enumerate(self.added))
        return frozenset((*self.updates, *added))

    def fresh(self, now_s: int, limit_s: int) -> "Overlay":
        """Leave out what was told more than ``limit_s`` seconds before the UNIX time ``now_s``."""
        since = now_s - limit_s
        return Overlay(
            {key: update for key, update in self.updates.items() if update.told_s >= since},
            tuple(trip for trip in self.added if trip.told_s >= since),
        )
