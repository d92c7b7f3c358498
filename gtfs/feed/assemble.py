"""Put the checked tables together as the arrays of a timetable."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gtfs.feed.inspection import BoolArray
from gtfs.feed.runs import Runs
from gtfs.feed.services import Services
from gtfs.feed.stop_times import StopTimes
from gtfs.timetable import NO_BOARDING, ByteArray, Int32Array, Timetable
from gtfs.transfers import Links, as_csr

Int64Array = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Onward:
    """How riders get on: links between rows of stops.txt, ``continues`` from run to run."""

    told: Links
    footpaths: Links
    continues: Int32Array


def assemble(
    frames: dict[str, pd.DataFrame],
    time_zone: str,
    services: Services,
    stop_times: StopTimes,
    runs: Runs,
    used: BoolArray,
    on: Onward,
) -> Timetable:
    """Build the timetable; ``used`` marks the rows of stops.txt to keep."""
    stops, routes = frames["stops"][used], frames["routes"]
    trips = frames["trips"].iloc[runs.trip]
    names = _texts(stops, "stop_name", stops["stop_id"])
    new_index = np.cumsum(used) - 1
    told, paths = (
        Links(new_index[links.source], new_index[links.target], links.seconds)
        for links in (on.told, on.footpaths)
    )
    first_transfer, transfer_stop, transfer_s, footpath = as_csr(told, paths, len(stops))
    stop = new_index[stop_times.stop[runs.row]]
    lengths = np.diff(runs.first)
    departure_s = stop_times.departure_s[runs.row] + np.repeat(runs.shift_s, lengths)
    pickup_type = stop_times.pickup_type[runs.row]
    last_stops = pd.Series([names[s] for s in stop[runs.first[1:] - 1]], index=trips.index)
    trip_headsign = _texts(trips, "trip_headsign", last_stops)
    headsigns, stop_time_headsign = _other_headsigns(
        stop_times.headsign[runs.row], np.repeat(np.array(trip_headsign, dtype=np.object_), lengths)
    )
    departures, first_departure = _departures(
        stop, departure_s, pickup_type, runs.first, len(stops)
    )
    return Timetable(
        time_zone=time_zone,
        first_day=services.first_day,
        stop_id=_texts(stops, "stop_id", stops["stop_id"]),
        stop_name=names,
        stop_lon=stops["stop_lon"].to_numpy(dtype=np.float64),
        stop_lat=stops["stop_lat"].to_numpy(dtype=np.float64),
        stop_station=_stations(stops),
        stop_platform=_texts(stops, "platform_code"),
        stop_wheelchair=_stop_wheelchair(stops),
        route_id=_texts(routes, "route_id", routes["route_id"]),
        route_short_name=_short_names(routes),
        route_long_name=_texts(routes, "route_long_name"),
        route_type=routes["route_type"].to_numpy(dtype=np.int32),
        trip_id=runs.ids,
        trip_headsign=trip_headsign,
        trip_route=_int32(pd.Index(routes["route_id"]).get_indexer(pd.Index(trips["route_id"]))),
        trip_service=_int32(services.ids.get_indexer(pd.Index(trips["service_id"]))),
        trip_wheelchair=_values(trips, "wheelchair_accessible"),
        trip_continues=on.continues,
        first_stop_time=_int32(runs.first),
        stop_time_trip=_int32(np.repeat(np.arange(len(trips)), lengths)),
        stop_time_stop=_int32(stop),
        stop_sequence=_int32(stop_times.sequence[runs.row]),
        arrival_s=_int32(stop_times.arrival_s[runs.row] + np.repeat(runs.shift_s, lengths)),
        departure_s=_int32(departure_s),
        stop_time_headsign=stop_time_headsign,
        headsigns=headsigns,
        pickup_type=pickup_type.astype(np.uint8),
        drop_off_type=stop_times.drop_off_type[runs.row].astype(np.uint8),
        first_departure=first_departure,
        departures=departures,
        first_transfer=first_transfer,
        transfer_stop=transfer_stop,
        transfer_s=transfer_s,
        transfer_footpath=footpath,
        service_id=tuple(str(service) for service in services.ids),
        service_days=services.days,
    )


def _int32(values: npt.NDArray[np.integer]) -> Int32Array:
    return np.ascontiguousarray(values, dtype=np.int32)


def _texts(
    frame: pd.DataFrame, column: str, otherwise: "pd.Series[str] | None" = None
) -> tuple[str, ...]:
    """Texts of a column; empty ones are taken from ``otherwise``, or stay empty."""
    if column in frame:
        texts = frame[column].fillna("" if otherwise is None else otherwise)
    elif otherwise is not None:
        texts = otherwise
    else:
        return ("",) * len(frame)
    return tuple(str(text) for text in texts)


def _short_names(routes: pd.DataFrame) -> tuple[str, ...]:
    """Short names; a route without any name is called by its id."""
    longs = _texts(routes, "route_long_name")
    return tuple(
        short or ("" if long else route)
        for short, long, route in zip(
            _texts(routes, "route_short_name"),
            longs,
            _texts(routes, "route_id"),
            strict=True,
        )
    )


def _stations(stops: pd.DataFrame) -> Int32Array:
    """Index of the station of each platform among the stops kept, -1 for none."""
    if "parent_station" not in stops:
        return np.full(len(stops), -1, dtype=np.int32)
    found = pd.Index(stops["stop_id"]).get_indexer(pd.Index(stops["parent_station"]))
    own = found == np.arange(len(stops))
    return _int32(np.where(stops["parent_station"].isna() | own, -1, found))


def _values(frame: pd.DataFrame, column: str) -> ByteArray:
    """Values 0 to 2 of an optional column; empty and unknown ones are 0."""
    if column not in frame:
        return np.zeros(len(frame), dtype=np.uint8)
    values = frame[column].fillna(0)
    return values.where(values.isin([1, 2]), 0).to_numpy(dtype=np.uint8)


def _stop_wheelchair(stops: pd.DataFrame) -> ByteArray:
    """Whether a wheelchair gets to each stop; what a platform does not tell its station may."""
    own, station = _values(stops, "wheelchair_boarding"), _stations(stops)
    return np.where((own == 0) & (station >= 0), own[station], own)


def _other_headsigns(
    at_stop: npt.NDArray[np.object_], of_trip: npt.NDArray[np.object_]
) -> tuple[tuple[str, ...], Int32Array]:
    """Distinct headsigns of single stops and the index of each stop time among them, -1 for none."""
    differs = (at_stop != "") & (at_stop != of_trip)
    codes, texts = pd.factorize(at_stop[differs])
    index = np.full(len(at_stop), -1, dtype=np.int32)
    index[differs] = codes
    return tuple(str(text) for text in texts), index


def _departures(
    stop: Int64Array,
    departure_s: Int64Array,
    pickup_type: Int64Array,
    first_stop_time: Int64Array,
    stops: int,
) -> tuple[Int32Array, Int32Array]:
    """Stop times at which one can board, per stop by time, and their CSR offsets."""
    boards = pickup_type != NO_BOARDING
    boards[first_stop_time[1:] - 1] = False  # nobody boards at the last stop
    rows = np.flatnonzero(boards)
    order = np.lexsort((rows, departure_s[rows], stop[rows]))
    counts = np.bincount(stop[rows], minlength=stops)
    return _int32(rows[order]), _int32(np.concatenate([[0], np.cumsum(counts)]))
