"""The laws of a timetable's arrays: sizes, dtypes, indices that point at something, orders."""

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from gtfs.timetable import Int32Array, Timetable

_NO_BOARDING = 1
_KINDS = {"pickup_type": 4, "drop_off_type": 4, "stop_wheelchair": 3, "trip_wheelchair": 3}
"""Arrays of GTFS values, and how many values there are."""


def laws(t: "Timetable") -> list[tuple[str, bool]]:
    """Every law of the arrays and whether it holds; later ones are only looked at if shapes fit."""
    stops, routes, trips = len(t.stop_id), len(t.route_id), len(t.trip_id)
    times, services = len(t.stop_time_trip), len(t.service_id)
    shapes = [
        (f"{name} has {len(getattr(t, name))} items, not {size}", len(getattr(t, name)) == size)
        for size, names in (
            (stops, "stop_name stop_lon stop_lat stop_station stop_platform stop_wheelchair"),
            (stops + 1, "first_departure first_transfer"),
            (routes, "route_short_name route_long_name route_type"),
            (trips, "trip_headsign trip_route trip_service trip_wheelchair trip_continues"),
            (trips + 1, "first_stop_time"),
            (times, "stop_time_stop arrival_s departure_s stop_time_headsign pickup_type"),
            (times, "drop_off_type stop_sequence"),
            (len(t.transfer_stop), "transfer_s transfer_footpath"),
            (services, "service_days"),
        )
        for name in names.split()
    ]
    dtypes = [
        (f"{f.name} has dtype {value.dtype}", value.dtype == _dtype_of(f.name))
        for f in fields(t)
        if isinstance(value := getattr(t, f.name), np.ndarray)
    ]
    if not all(holds for _, holds in shapes + dtypes):
        return shapes + dtypes
    return _index_laws(t) + _order_laws(t)


def _dtype_of(name: str) -> type[np.generic]:
    """Dtype of an array of the timetable by its name."""
    if name in ("stop_lon", "stop_lat"):
        return np.float64
    if name in ("service_days", "transfer_footpath"):
        return np.bool_
    return np.uint8 if name in _KINDS else np.int32


def _index_laws(t: "Timetable") -> list[tuple[str, bool]]:
    """Every index points at something."""
    stops, trips, times = len(t.stop_id), len(t.trip_id), len(t.stop_time_trip)
    ranges = (
        ("stop_station", t.stop_station, -1, stops),
        ("trip_route", t.trip_route, 0, len(t.route_id)),
        ("trip_service", t.trip_service, 0, len(t.service_id)),
        ("stop_time_trip", t.stop_time_trip, 0, trips),
        ("stop_time_stop", t.stop_time_stop, 0, stops),
        ("stop_time_headsign", t.stop_time_headsign, -1, len(t.headsigns)),
        ("departures", t.departures, 0, times),
        ("trip_continues", t.trip_continues, -1, trips),
        ("transfer_stop", t.transfer_stop, 0, stops),
        ("transfer_s", t.transfer_s, -1, np.inf),
        *((name, getattr(t, name), 0, kinds) for name, kinds in _KINDS.items()),
    )
    return [
        (f"{name} points outside", bool(np.all((low <= values) & (values < high))))
        for name, values, low, high in ranges
    ] + [
        ("first_stop_time does not cover the stop times", _covers(t.first_stop_time, times, 2)),
        ("first_departure does not cover it", _covers(t.first_departure, len(t.departures), 0)),
        ("first_transfer does not cover it", _covers(t.first_transfer, len(t.transfer_stop), 0)),
    ]


def _covers(first: "Int32Array", size: int, at_least: int) -> bool:
    """Whether CSR offsets run from 0 to ``size`` with ``at_least`` rows for every item."""
    return first[0] == 0 and first[-1] == size and bool(np.all(np.diff(first) >= at_least))


def _order_laws(t: "Timetable") -> list[tuple[str, bool]]:
    """Check that times never run backwards and departures are sorted; needs :func:`_index_laws`."""
    if not all(holds for _, holds in _index_laws(t)):
        return []
    same_trip = np.diff(t.stop_time_trip) == 0
    stop_of = t.stop_time_stop[t.departures]
    owner = np.repeat(np.arange(len(t.stop_id)), np.diff(t.first_departure))
    same_stop = np.diff(stop_of) == 0
    trips = np.repeat(np.arange(len(t.trip_id)), np.diff(t.first_stop_time))
    return [
        ("stop_time_trip contradicts first_stop_time", bool(np.all(t.stop_time_trip == trips))),
        ("a bus leaves before it arrives", bool(np.all(t.departure_s >= t.arrival_s))),
        (
            "times run backwards",
            bool(np.all((t.arrival_s[1:] >= t.departure_s[:-1])[same_trip])),
        ),
        ("stop_sequence does not ascend", bool(np.all((np.diff(t.stop_sequence) > 0)[same_trip]))),
        ("departures lie at another stop", bool(np.all(stop_of == owner))),
        (
            "departures are not sorted",
            bool(np.all((np.diff(t.departure_s[t.departures]) >= 0)[same_stop])),
        ),
        (
            "somebody boards where nobody may",
            bool(np.all(t.pickup_type[t.departures] != _NO_BOARDING)),
        ),
        (
            "transfers are not sorted, or there twice",
            bool(np.all(np.diff(_transfer_keys(t)) > 0)),
        ),
        *_continuation_laws(t),
    ]


def _transfer_keys(t: "Timetable") -> npt.NDArray[np.int64]:
    """From stop and to stop of every transfer as one number."""
    stops = len(t.stop_id)
    return np.repeat(np.arange(stops), np.diff(t.first_transfer)) * stops + t.transfer_stop


def _continuation_laws(t: "Timetable") -> list[tuple[str, bool]]:
    """Check that a trip that goes on as another leads forward in time, on the same days."""
    before = np.flatnonzero(t.trip_continues >= 0)
    after = t.trip_continues[before]
    arrives = t.arrival_s[t.first_stop_time[1:] - 1]
    departs = t.departure_s[t.first_stop_time[:-1]]
    services = np.unique(
        np.column_stack([t.trip_service[before], t.trip_service[after]]).reshape(-1, 2), axis=0
    )
    runs, goes_on = t.service_days[services[:, 0]], t.service_days[services[:, 1]]
    return [
        (
            "a trip goes on before it has ended",
            bool(np.all((departs[after] >= arrives[before]) & (arrives[after] > arrives[before]))),
        ),
        ("a trip goes on as one that does not run", bool(np.all(~runs | goes_on))),
    ]
