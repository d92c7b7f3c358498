"""stop_times.txt: on-demand rows set aside, times as seconds, sorted by trip, nothing backwards."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gtfs.feed import values
from gtfs.feed.inspection import BoolArray, Inspection
from gtfs.report import Severity

Int64Array = npt.NDArray[np.int64]
_TABLE = "stop_times"
# of the GTFS-Flex dialects: a row that has no time but one of these is an on-demand window or zone
_FLEX_COLUMNS = (
    "start_pickup_drop_off_window",
    "start_pickup_dropoff_window",
    "location_id",
    "location_group_id",
)
_PICKUP_TYPES = 4
_MOST = 2**31 - 1


@dataclass(frozen=True, slots=True, eq=False)
class StopTimes:
    """Scheduled stop times sorted by trip and sequence; all arrays of shape (k,).

    ``trip`` and ``stop`` index trips.txt and stops.txt; ``headsign`` holds texts, "" where none.
    """

    trip: Int64Array
    stop: Int64Array
    sequence: Int64Array
    arrival_s: Int64Array
    departure_s: Int64Array
    pickup_type: Int64Array
    drop_off_type: Int64Array
    headsign: npt.NDArray[np.object_]
    on_demand_rows: int
    """Rows left out because they describe on-demand service (GTFS-Flex)."""
    on_demand_trips: frozenset[int]
    """Trips that have such rows."""


def read_stop_times(
    inspection: Inspection, frame: pd.DataFrame, trips: pd.Index, stops: pd.Index
) -> StopTimes:
    """Check and sort the stop times.

    Raises
    ------
    FeedError
        ``no-scheduled-trips``, ``dangling-reference``, ``bad-time``, ``missing-time``,
        ``duplicate-stop-sequence``, ``time-runs-backwards``.
    """
    trip_of = trips.get_indexer(pd.Index(frame["trip_id"]))
    flex = _on_demand(frame)
    flex_trips = frozenset(trip_of[flex].tolist()) - {-1}
    frame, trip_of = frame[~flex], trip_of[~flex]
    if frame.empty:
        inspection.error(
            "no-scheduled-trips",
            "The feed holds on-demand service (GTFS-Flex) only and no timetable; leave it out.",
        )
    inspection.refuse()
    stop_of = stops.get_indexer(pd.Index(frame["stop_id"]))
    message = "trip {trip_id} is not in trips.txt."
    inspection.rows("dangling-reference", _TABLE, frame, trip_of < 0, message)
    message = "stop {stop_id} of trip {trip_id} is not in stops.txt."
    inspection.rows("dangling-reference", _TABLE, frame, stop_of < 0, message)
    sequence = frame["stop_sequence"].to_numpy(dtype=np.int64)
    message = "stop_sequence {stop_sequence} of trip {trip_id} is negative."
    inspection.rows(
        "negative-stop-sequence", _TABLE, frame, sequence < 0, message, Severity.WARNING
    )
    message = "stop_sequence {stop_sequence} of trip {trip_id} is too large."
    inspection.rows("bad-value", _TABLE, frame, np.abs(sequence) > _MOST, message)
    order = np.lexsort((sequence, trip_of))
    frame, trip, stop = frame.iloc[order], trip_of[order], stop_of[order]
    again = np.zeros(len(order), dtype=np.bool_)
    again[1:] = (np.diff(trip) == 0) & (np.diff(sequence[order]) == 0)
    message = "trip {trip_id} has stop_sequence {stop_sequence} twice."
    inspection.rows("duplicate-stop-sequence", _TABLE, frame, again, message)
    inspection.refuse()
    arrival_s, departure_s = _times(inspection, frame, trip)
    return StopTimes(
        trip=trip.astype(np.int64),
        stop=stop.astype(np.int64),
        sequence=sequence[order],
        arrival_s=arrival_s,
        departure_s=departure_s,
        pickup_type=_kinds(inspection, frame, "pickup_type"),
        drop_off_type=_kinds(inspection, frame, "drop_off_type"),
        headsign=_texts(frame, "stop_headsign"),
        on_demand_rows=int(np.count_nonzero(flex)),
        on_demand_trips=flex_trips,
    )


def _on_demand(frame: pd.DataFrame) -> BoolArray:
    """Which rows describe a window or a zone instead of a scheduled stop."""
    timeless = frame["arrival_time"].isna() & frame["departure_time"].isna()
    window = pd.Series(data=False, index=frame.index)
    for column in _FLEX_COLUMNS:
        if column in frame:
            window |= frame[column].notna()
    result: BoolArray = (timeless & window).to_numpy(dtype=np.bool_)
    return result


def _times(
    inspection: Inspection, frame: pd.DataFrame, trip: npt.NDArray[np.intp]
) -> tuple[Int64Array, Int64Array]:
    """Arrivals and departures in seconds; a missing one is taken from the other or interpolated."""
    arrival_s = values.times(frame["arrival_time"])
    departure_s = values.times(frame["departure_time"])
    for column, numbers in (("arrival_time", arrival_s), ("departure_time", departure_s)):
        message = f"{column} must be a time such as 7:05:00, not {{{column}!r}}."
        inspection.rows("bad-time", _TABLE, frame, numbers == values.UNREADABLE, message)
    inspection.refuse()
    half = (arrival_s < 0) ^ (departure_s < 0)
    message = (
        "trip {trip_id} has only one of arrival_time and departure_time at {stop_id}; used twice."
    )
    inspection.rows("time-missing", _TABLE, frame, half, message, Severity.WARNING)
    arrival_s, departure_s = (
        np.where(arrival_s < 0, departure_s, arrival_s),
        np.where(departure_s < 0, arrival_s, departure_s),
    )
    unknown = arrival_s < 0
    border = np.diff(trip, prepend=-1) != 0
    border |= np.diff(trip, append=-1) != 0
    message = "trip {trip_id} has no time at its first or last stop {stop_id}."
    inspection.rows("missing-time", _TABLE, frame, unknown & border, message)
    inspection.refuse()
    message = "trip {trip_id} has no time at {stop_id}; estimated from its neighbours."
    inspection.rows("time-estimated", _TABLE, frame, unknown & ~border, message, Severity.WARNING)
    _interpolate(arrival_s, departure_s, unknown)
    _refuse_backwards(inspection, frame, trip, arrival_s, departure_s)
    return arrival_s, departure_s


def _interpolate(arrival_s: Int64Array, departure_s: Int64Array, unknown: BoolArray) -> None:
    """Fill unknown times in place, evenly between the known neighbours of the same trip."""
    known = np.flatnonzero(~unknown)
    gaps = np.flatnonzero(unknown)
    after = np.searchsorted(known, gaps)
    previous, following = known[after - 1], known[after]
    span = arrival_s[following] - departure_s[previous]
    share = (gaps - previous) / (following - previous)
    arrival_s[gaps] = departure_s[gaps] = departure_s[previous] + np.floor(span * share).astype(
        np.int64
    )


def _refuse_backwards(
    inspection: Inspection,
    frame: pd.DataFrame,
    trip: npt.NDArray[np.intp],
    arrival_s: Int64Array,
    departure_s: Int64Array,
) -> None:
    """Refuse times that decrease along a trip."""
    waits = departure_s < arrival_s
    message = (
        "trip {trip_id} leaves {stop_id} ({departure_time}) before it arrives ({arrival_time})."
    )
    inspection.rows("time-runs-backwards", _TABLE, frame, waits, message)
    rides = np.zeros(len(trip), dtype=np.bool_)
    rides[1:] = (np.diff(trip) == 0) & (arrival_s[1:] < departure_s[:-1])
    message = (
        "trip {trip_id} arrives at {stop_id} ({arrival_time}) before it leaves the stop before."
    )
    inspection.rows("time-runs-backwards", _TABLE, frame, rides, message)
    inspection.refuse()


def _kinds(inspection: Inspection, frame: pd.DataFrame, column: str) -> Int64Array:
    """GTFS pickup or drop-off types; empty and unknown ones count as regular."""
    if column not in frame:
        return np.zeros(len(frame), dtype=np.int64)
    kinds: Int64Array = frame[column].fillna(0).to_numpy(dtype=np.int64)
    unknown = (kinds < 0) | (kinds >= _PICKUP_TYPES)
    message = f"{column} must be 0 to 3, not {{{column}}}; taken as 0."
    inspection.rows("bad-value", _TABLE, frame, unknown, message, Severity.WARNING)
    return np.where(unknown, 0, kinds)


def _texts(frame: pd.DataFrame, column: str) -> npt.NDArray[np.object_]:
    """Texts of an optional column, "" where there is none."""
    if column not in frame:
        return np.full(len(frame), "", dtype=np.object_)
    texts: npt.NDArray[np.object_] = frame[column].fillna("").to_numpy(dtype=np.object_)
    return texts
