"""The stop times of a day's runs: where one may board and leave, and when after what is known today."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gtfs.net import ALIGHT, BOARD
from gtfs.net_kernels import put_in_order
from gtfs.overlay import Overlay, TripUpdate
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
    """Stop times, and int32[r] the first one of each run; those of runs not as planned stand last."""

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
    """Which runs remain, and their stop times; runs that are not as planned get stop times of their own.

    Raises
    ------
    ValueError
        There is not one delay for each stop of a trip, or a stop to skip it does not have.
    """
    found = _found(day, overlay, trip, service_day)
    runs = np.ones(len(trip), dtype=np.bool_)
    runs[[run for run, update in found if update.cancelled]] = False
    kept = np.flatnonzero(runs)
    told = [(run, u) for run, u in found if not u.cancelled and (u.delays or u.skipped)]
    if not told:
        return kept, rows._replace(first=rows.first[kept])
    changed = np.array([run for run, _ in told])
    begin = timetable.first_stop_time[trip[changed]]
    length = timetable.first_stop_time[trip[changed] + 1] - begin
    first = np.concatenate(([0], np.cumsum(length))).astype(np.int32)
    row = np.repeat(begin - first[:-1], length) + np.arange(first[-1])
    times = delayed_times(
        np.column_stack((rows.arrival_s[row], rows.departure_s[row])),
        first,
        [update.delays for _, update in told],
    )
    flags = rows.flags[row]
    for at, end, (_, update) in zip(first.tolist(), first[1:].tolist(), told, strict=False):
        for stop in update.skipped:
            if not 0 <= stop < end - at:
                raise ValueError(f"a trip of {end - at} stops has no stop {stop}")
            flags[at + stop] = 0
    first_row = rows.first.copy()
    first_row[changed] = len(rows.stop) + first[:-1]
    return kept, Rows(
        first_row[kept],
        np.concatenate((rows.stop, rows.stop[row])),
        np.concatenate((rows.flags, flags)),
        np.concatenate((rows.arrival_s, times[:, 0])),
        np.concatenate((rows.departure_s, times[:, 1])),
    )


def delayed_times(
    planned: Int32Array, first: Int32Array, delays: Sequence[tuple[tuple[int, int], ...]]
) -> Int32Array:
    """Return int32[n, 2], arrivals and departures of trips (CSR ``first``); never running backwards.

    Raises
    ------
    ValueError
        A trip has delays, but not one for each stop.
    """
    lengths = np.diff(first).tolist()
    for length, told in zip(lengths, delays, strict=True):
        if told and len(told) != length:
            raise ValueError(f"a trip has {length} stops, but {len(told)} delays")
    none = ((0, 0),)
    pairs = chain.from_iterable(
        told or none * length for told, length in zip(delays, lengths, strict=True)
    )
    late = np.fromiter(chain.from_iterable(pairs), dtype=np.int32, count=2 * int(first[-1]))
    return put_in_order(first, planned + late.reshape(-1, 2))


def _found(
    day: date, overlay: Overlay, trip: Int32Array, service_day: Int32Array
) -> list[tuple[int, TripUpdate]]:
    """List the runs something is known about, with what."""
    trips: dict[int, list[tuple[int, TripUpdate]]] = {}
    for (number, on_day), update in overlay.updates.items():
        trips.setdefault(number, []).append(((on_day - day).days, update))
    # most runs are as planned: these never reach Python
    runs = np.flatnonzero(np.isin(trip, np.fromiter(trips, dtype=np.int32, count=len(trips))))
    return [
        (run, update)
        for run, number, run_day in zip(
            runs.tolist(), trip[runs].tolist(), service_day[runs].tolist(), strict=True
        )
        for days, update in trips[number]
        if days == run_day
    ]


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
