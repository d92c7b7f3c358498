"""The timetable: one frozen set of arrays, made once from a feed, memory-mapped ever after.

Dtypes, fixed once per meaning: times are int32 seconds since the start of the service day (noon minus
12 h; past 24:00 is fine), indices int32 with -1 for "none", coordinates float64 degrees (WGS84).
Arrays that start with ``first_`` are CSR offsets: the rows of item i are ``first[i]:first[i + 1]``.
"""

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import numpy.typing as npt

from gtfs.errors import FeedError

Int32Array = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float64]
ByteArray = npt.NDArray[np.uint8]
BoolArray = npt.NDArray[np.bool_]

NO_BOARDING = 1
"""Value of ``pickup_type``: nobody may board here."""
CALL_AHEAD = 2
"""Value of ``pickup_type``: boarding must be arranged with the agency by telephone."""


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """Stops, routes, trips, their times and the days they run.

    Parameters
    ----------
    time_zone
        IANA name; all times are meant there.
    first_day
        Proleptic ordinal (``date.toordinal``) of the first column of ``service_days``.
    stop_id, stop_name
        s strings. Only stops served by a trip, and the stations they belong to.
    stop_lon, stop_lat
        float64[s].
    stop_station
        int32[s], the stop that is the station of this platform, or -1.
    route_id, route_short_name, route_long_name
        r strings; the names may be empty, not both.
    route_type
        int32[r], GTFS route type, extended ones included.
    trip_id, trip_headsign
        t strings; where the feed names no headsign it is the name of the last stop.
    trip_route, trip_service
        int32[t], indices into the routes and into the rows of ``service_days``.
    first_stop_time
        int32[t + 1], CSR of trips into the stop times, at least two per trip.
    stop_time_trip, stop_time_stop
        int32[k], indices.
    arrival_s, departure_s
        int32[k], never decreasing along a trip.
    stop_time_headsign
        int32[k], index into ``headsigns`` where a stop shows another headsign than its trip, else -1.
    headsigns
        The distinct headsigns of single stops.
    pickup_type
        uint8[k], GTFS: 0 regular, 1 none, 2 call the agency, 3 ask the driver.
    first_departure
        int32[s + 1], CSR of stops into ``departures``.
    departures
        int32[d], stop times at which one can board, per stop by departure time, then by stop time.
    service_id
        v strings.
    service_days
        bool[v, days]: does the service run on ``first_day`` + column?
    """

    time_zone: str
    first_day: int
    stop_id: tuple[str, ...]
    stop_name: tuple[str, ...]
    stop_lon: FloatArray
    stop_lat: FloatArray
    stop_station: Int32Array
    route_id: tuple[str, ...]
    route_short_name: tuple[str, ...]
    route_long_name: tuple[str, ...]
    route_type: Int32Array
    trip_id: tuple[str, ...]
    trip_headsign: tuple[str, ...]
    trip_route: Int32Array
    trip_service: Int32Array
    first_stop_time: Int32Array
    stop_time_trip: Int32Array
    stop_time_stop: Int32Array
    arrival_s: Int32Array
    departure_s: Int32Array
    stop_time_headsign: Int32Array
    headsigns: tuple[str, ...]
    pickup_type: ByteArray
    first_departure: Int32Array
    departures: Int32Array
    service_id: tuple[str, ...]
    service_days: BoolArray

    def running_on(self, day: date) -> BoolArray:
        """Which services run on ``day``: bool[v], all False outside the timetable."""
        column = day.toordinal() - self.first_day
        if 0 <= column < self.service_days.shape[1]:
            running: BoolArray = self.service_days[:, column]
            return running
        return np.zeros(len(self.service_id), dtype=np.bool_)

    def check(self) -> None:
        """Refuse arrays that break the contract of the class.

        Raises
        ------
        FeedError
            ``timetable-inconsistent``, naming the law that does not hold.
        """
        for law, holds in _laws(self):
            if not holds:
                raise FeedError(
                    "timetable-inconsistent",
                    f"The timetable is damaged: {law}; build it again from its feed.",
                )


def _laws(t: Timetable) -> list[tuple[str, bool]]:
    """Every law of the arrays and whether it holds; later ones are only looked at if shapes fit."""
    stops, routes, trips = len(t.stop_id), len(t.route_id), len(t.trip_id)
    times, services = len(t.stop_time_trip), len(t.service_id)
    shapes = [
        (f"{name} has {len(getattr(t, name))} items, not {size}", len(getattr(t, name)) == size)
        for size, names in (
            (stops, "stop_name stop_lon stop_lat stop_station"),
            (stops + 1, "first_departure"),
            (routes, "route_short_name route_long_name route_type"),
            (trips, "trip_headsign trip_route trip_service"),
            (trips + 1, "first_stop_time"),
            (times, "stop_time_stop arrival_s departure_s stop_time_headsign pickup_type"),
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
    special = {"pickup_type": np.uint8, "service_days": np.bool_}
    degrees = {"stop_lon": np.float64, "stop_lat": np.float64}
    return {**special, **degrees}.get(name, np.int32)


def _index_laws(t: Timetable) -> list[tuple[str, bool]]:
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
    )
    return [
        (f"{name} points outside", bool(np.all((low <= values) & (values < high))))
        for name, values, low, high in ranges
    ] + [
        ("first_stop_time does not cover the stop times", _covers(t.first_stop_time, times, 2)),
        ("first_departure does not cover it", _covers(t.first_departure, len(t.departures), 0)),
    ]


def _covers(first: Int32Array, size: int, at_least: int) -> bool:
    """Whether CSR offsets run from 0 to ``size`` with ``at_least`` rows for every item."""
    return first[0] == 0 and first[-1] == size and bool(np.all(np.diff(first) >= at_least))


def _order_laws(t: Timetable) -> list[tuple[str, bool]]:
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
        ("departures lie at another stop", bool(np.all(stop_of == owner))),
        (
            "departures are not sorted",
            bool(np.all((np.diff(t.departure_s[t.departures]) >= 0)[same_stop])),
        ),
        (
            "somebody boards where nobody may",
            bool(np.all(t.pickup_type[t.departures] != NO_BOARDING)),
        ),
    ]
