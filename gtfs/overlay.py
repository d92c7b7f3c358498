"""What is known today about trips of the timetable: late, or not running at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from gtfs.timetable import Int32Array, Timetable

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
    """

    told_s: int
    cancelled: bool = False
    delays: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Overlay:
    """Updates by trip and service day; given to :func:`gtfs.days.timetable_day`."""

    updates: Mapping[TripOfDay, TripUpdate]

    def fresh(self, now_s: int, limit_s: int) -> "Overlay":
        """Leave out what was told more than ``limit_s`` seconds before the UNIX time ``now_s``."""
        since = now_s - limit_s
        return Overlay({key: up for key, up in self.updates.items() if up.told_s >= since})


def delayed_times(timetable: Timetable, trip: int, update: TripUpdate) -> Int32Array:
    """Return int32[n, 2], arrival and departure at each stop of a trip; never running backwards.

    Raises
    ------
    ValueError
        There is not one delay for each stop.
    """
    rows = slice(*timetable.first_stop_time[trip : trip + 2])
    planned = np.column_stack((timetable.arrival_s[rows], timetable.departure_s[rows]))
    if len(update.delays) != len(planned):
        raise ValueError(
            f"trip {timetable.trip_id[trip]} has {len(planned)} stops, but {len(update.delays)} delays"
        )
    times = planned + np.array(update.delays, dtype=np.int32)
    in_order: Int32Array = np.maximum.accumulate(times.ravel()).reshape(-1, 2).astype(np.int32)
    return in_order
