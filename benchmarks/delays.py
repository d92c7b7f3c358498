"""Lines that run late: how late each trip is, and how much of that is known when.

A delay is drawn for each trip, any whole minute from 0 to 40 alike, and holds at all its stops. First word
of it comes 15 to 30 minutes before the planned time at a stop and names half of it; what is named grows
evenly until the trip is there.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from dispatch.connections.lines import Lines
from gtfs.days import timetable_day
from gtfs.overlay import Overlay, TripOfDay, TripUpdate
from gtfs.service_day import service_day_offset
from gtfs.timetable import Int32Array

AT_MOST_MIN = 40
FIRST_WORD_MIN = (15, 30)
_FIRST_SHARE = 0.5
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Late:
    """How late a trip is, and how long before a planned time the first word of it comes, in seconds."""

    seconds: int
    notice_s: int


@lru_cache(maxsize=4096)
def late(seed: int, trip: int) -> Late:
    """Draw the delay of a trip, the same whatever else is drawn."""
    random = np.random.default_rng([seed, trip])
    minutes = int(random.integers(AT_MOST_MIN + 1))
    notice = int(random.integers(FIRST_WORD_MIN[0], FIRST_WORD_MIN[1] + 1))
    return Late(minutes * _MINUTE, notice * _MINUTE)


def known_s(planned_s: Int32Array, trip: Late, now_s: int) -> Int32Array:
    """Return int32[...], the delay named by ``now_s`` for planned times: never more than there will be."""
    heard_s = planned_s - trip.notice_s
    share = (now_s - heard_s) / (trip.notice_s + trip.seconds)
    share = _FIRST_SHARE + (1 - _FIRST_SHARE) * np.minimum(share, 1)
    minutes = np.floor(trip.seconds * share / _MINUTE)
    return np.where(now_s < heard_s, 0, minutes * _MINUTE).astype(np.int32)


class LinesToday:
    """The lines of a day as they are known from minute to minute.

    Parameters
    ----------
    lines
        As planned.
    seed
        Of the delays.
    trips
        Those that matter; all others run on time.
    """

    def __init__(self, lines: Lines, seed: int, trips: frozenset[TripOfDay]) -> None:
        self._planned = lines
        self._seed = seed
        self._trips = sorted(trips)
        self._told: tuple[bytes, ...] = ()
        self._lines = lines

    def at(self, now_s: int) -> Lines:
        """Return the lines with the delays known at a second of the day."""
        delays = [self._known(*trip, now_s) for trip in self._trips]
        told = tuple(delay.tobytes() for delay in delays)
        if told != self._told:
            self._told, self._lines = told, self._late(delays)
        return self._lines

    def in_the_end(self) -> Lines:
        """Return the lines as they ran."""
        return self.at(10 * 86_400)

    def _known(self, trip: int, service_day: date, now_s: int) -> Int32Array:
        timetable, day = self._planned.day.timetable, self._planned.day.day
        rows = slice(*timetable.first_stop_time[trip : trip + 2])
        planned = np.column_stack((timetable.arrival_s[rows], timetable.departure_s[rows]))
        days = (service_day - day).days
        offset = service_day_offset(day, days, timetable.time_zone)
        return known_s(planned + offset, late(self._seed, trip), now_s)

    def _late(self, delays: list[Int32Array]) -> Lines:
        updates = {
            trip: TripUpdate(0, delays=tuple((int(a), int(d)) for a, d in delay))
            for trip, delay in zip(self._trips, delays, strict=True)
        }
        planned = self._planned.day
        day = timetable_day(planned.timetable, planned.day, overlay=Overlay(updates))
        return Lines(day, self._planned.place)
