"""Trips spelt out: every run of a trip that frequencies.txt repeats becomes a trip of its own."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gtfs.archive import Limits
from gtfs.feed import values
from gtfs.feed.inspection import BoolArray, Inspection
from gtfs.feed.stop_times import StopTimes

Int64Array = npt.NDArray[np.int64]
_TABLE = "frequencies"
_MIN_STOPS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs of trips: ``trip`` indexes trips.txt, ``shift_s`` is added to its times.

    ``first`` and ``row`` are a CSR of the runs into the rows of the stop times; ``usual`` marks runs
    at the times of stop_times.txt, not of frequencies.txt.
    """

    trip: Int64Array
    shift_s: Int64Array
    ids: tuple[str, ...]
    first: Int64Array
    row: Int64Array
    usual: BoolArray


def spell_out(
    inspection: Inspection,
    frame: pd.DataFrame | None,
    stop_times: StopTimes,
    trip_ids: pd.Index,
    limits: Limits,
) -> Runs:
    """List the runs of all trips with at least two scheduled stops, in the order of trips.txt.

    Raises
    ------
    FeedError
        ``bad-time``, ``bad-value``, ``dangling-reference``, ``feed-too-large``, ``no-scheduled-trips``.
    """
    counts = np.bincount(stop_times.trip, minlength=len(trip_ids))
    _warn_of_short_trips(inspection, counts, stop_times, trip_ids)
    begin = np.concatenate([[0], np.cumsum(counts)])
    trip = np.flatnonzero(counts >= _MIN_STOPS)
    starts = np.full(len(trip), -1, dtype=np.int64)
    if frame is not None:
        repeated, at = _repetitions(inspection, frame, trip_ids, counts, limits)
        usual = ~np.isin(trip, repeated)
        trip = np.concatenate([trip[usual], repeated])
        starts = np.concatenate([starts[usual], at])
        order = np.lexsort((starts, trip))
        trip, starts = trip[order], starts[order]
    total = int(counts[trip].sum())
    if total > limits.stop_times:
        inspection.error(
            "feed-too-large",
            f"The feed has {total} stop times, at most {limits.stop_times} are read.",
        )
    if not len(trip):
        inspection.error("no-scheduled-trips", "No trip serves two stops at scheduled times.")
    inspection.refuse()
    first = np.concatenate([[0], np.cumsum(counts[trip])])
    row = np.repeat(begin[trip] - first[:-1], counts[trip]) + np.arange(total)
    shift_s = np.where(starts < 0, 0, starts - stop_times.departure_s[begin[trip]])
    ids = tuple(
        str(trip_ids[t]) if s < 0 else f"{trip_ids[t]}@{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}"
        for t, s in zip(trip.tolist(), starts.tolist(), strict=True)
    )
    return Runs(trip=trip, shift_s=shift_s, ids=ids, first=first, row=row, usual=starts < 0)


def _repetitions(
    inspection: Inspection,
    frame: pd.DataFrame,
    trip_ids: pd.Index,
    counts: Int64Array,
    limits: Limits,
) -> tuple[Int64Array, Int64Array]:
    """Trip and start time of every run that frequencies.txt asks for."""
    trip = trip_ids.get_indexer(pd.Index(frame["trip_id"])).astype(np.int64)
    since, until = values.times(frame["start_time"]), values.times(frame["end_time"])
    headway = frame["headway_secs"].to_numpy(dtype=np.int64)
    message = "trip {trip_id} is not in trips.txt."
    inspection.rows("dangling-reference", _TABLE, frame, trip < 0, message)
    for column, numbers in (("start_time", since), ("end_time", until)):
        message = f"{column} must be a time such as 7:05:00, not {{{column}!r}}."
        inspection.rows("bad-time", _TABLE, frame, numbers < 0, message)
    message = "headway_secs must be more than 0, not {headway_secs}."
    inspection.rows("bad-value", _TABLE, frame, headway <= 0, message)
    inspection.refuse()
    runs = np.where(counts[trip] >= _MIN_STOPS, -((since - until) // headway), 0).clip(min=0)
    total = int((runs * counts[trip]).sum())
    if total > limits.stop_times:
        inspection.error(
            "feed-too-large",
            f"Spelt out there are {total} stop times, at most {limits.stop_times} are read.",
            _TABLE,
        )
    inspection.refuse()
    which = np.repeat(np.arange(len(frame)), runs)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(runs) - runs, runs)
    return trip[which], since[which] + nth * headway[which]


def _warn_of_short_trips(
    inspection: Inspection, counts: Int64Array, stop_times: StopTimes, trip_ids: pd.Index
) -> None:
    """Warn of trips left out because they go nowhere."""
    short = [
        index
        for index in np.flatnonzero(counts < _MIN_STOPS).tolist()
        if index not in stop_times.on_demand_trips
    ]
    if short:
        inspection.warn(
            "trip-without-stops",
            f"{len(short)} trips serve fewer than two stops and are left out, first {trip_ids[short[0]]}.",
            "trips",
        )
