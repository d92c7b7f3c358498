"""The stop times of a day's runs: where one may board and leave, and when after what is known today."""

from datetime import date
from enum import Enum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gtfs.net import ALIGHT, BOARD
from gtfs.overlay import Overlay, delayed_times
from gtfs.timetable import NO_ALIGHTING, NO_BOARDING, BoolArray, Int32Array, Timetable

_NO = 2  # GTFS: not accessible


class Wheelchair(Enum):
    """Which trips and stops may be used."""

    NOT_NEEDED = "not needed"
    SURE = "sure"
    """Only what is known to be accessible."""
    PERHAPS = "perhaps"
    """All but what is known not to be accessible."""


class Rows(NamedTuple):
    """Stop times, and int32[r] the first one of each run; those of delayed runs stand behind all others."""

    first: Int32Array
    stop: Int32Array
    flags: npt.NDArray[np.uint8]
    arrival_s: Int32Array
    departure_s: Int32Array


def rows_of(timetable: Timetable, trip: Int32Array, wheelchair: Wheelchair) -> Rows:
    """Return the stop times of runs of these trips, as planned."""
    return Rows(
        timetable.first_stop_time[trip],
        timetable.stop_time_stop,
        _flags(timetable, wheelchair),
        timetable.arrival_s,
        timetable.departure_s,
    )


def overlaid(
    timetable: Timetable,
    day: date,
    overlay: Overlay,
    trip: Int32Array,
    service_day: Int32Array,
    rows: Rows,
) -> tuple[npt.NDArray[np.intp], Rows]:
    """Which runs remain, and their stop times; late runs get stop times of their own."""
    first, runs = rows.first.copy(), np.ones(len(trip), dtype=np.bool_)
    end = len(rows.stop)
    copied, times = [], []
    index = {
        pair: run for run, pair in enumerate(zip(trip.tolist(), service_day.tolist(), strict=True))
    }
    for (number, on_day), update in overlay.updates.items():
        run = index.get((number, (on_day - day).days))
        if run is None:
            continue
        runs[run] = not update.cancelled
        if update.delays:
            times.append(delayed_times(timetable, number, update))
            copied.append(first[run] + np.arange(len(times[-1])))
            first[run] = end
            end += len(times[-1])
    kept = np.flatnonzero(runs)
    if not copied:
        return kept, rows._replace(first=first[kept])
    late, at = np.concatenate(copied), np.concatenate(times)
    return kept, Rows(
        first[kept],
        np.concatenate((rows.stop, rows.stop[late])),
        np.concatenate((rows.flags, rows.flags[late])),
        np.concatenate((rows.arrival_s, at[:, 0])),
        np.concatenate((rows.departure_s, at[:, 1])),
    )


def fits(values: npt.NDArray[np.uint8], wheelchair: Wheelchair) -> BoolArray:
    """Whether GTFS values (0 unknown, 1 yes, 2 no) suffice."""
    if wheelchair is Wheelchair.SURE:
        return np.asarray(values == 1)
    if wheelchair is Wheelchair.PERHAPS:
        return np.asarray(values != _NO)
    return np.ones(len(values), dtype=np.bool_)


def _flags(timetable: Timetable, wheelchair: Wheelchair) -> npt.NDArray[np.uint8]:
    """Return uint8[k]: where one may board and leave, first and last stops of trips included."""
    usable = fits(timetable.stop_wheelchair, wheelchair)[timetable.stop_time_stop]
    boards = usable & (timetable.pickup_type != NO_BOARDING)
    alights = usable & (timetable.drop_off_type != NO_ALIGHTING)
    boards[timetable.first_stop_time[1:] - 1] = False
    alights[timetable.first_stop_time[:-1]] = False
    flags = np.where(boards, BOARD, 0) | np.where(alights, ALIGHT, 0)
    return flags.astype(np.uint8)
