"""What leaves here next: departures from a stop, and stops near a point."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from gtfs.service_day import service_day_offset
from gtfs.timetable import CALL_AHEAD, Timetable

_METRES_PER_DEGREE = 111_195.0
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Departure:
    """One departure. ``time_s`` counts from the start of the service day that was asked about."""

    time_s: int
    route: str
    """Short name of the line, its long name where it has none."""
    route_type: int
    headsign: str
    stop: int
    stop_name: str
    trip_id: str
    call_ahead: bool
    """The agency must be telephoned before."""


@dataclass(frozen=True, slots=True)
class NearStop:
    """A stop and how far it is as the crow flies."""

    stop: int
    metres: int


def departures(
    timetable: Timetable,
    stop: int,
    day: date,
    from_s: int,
    *,
    limit: int = 10,
    window_s: int = 2 * 3600,
) -> list[Departure]:
    """Return what leaves ``stop`` (or a platform of this station) in ``[from_s, from_s + window_s)``.

    Parameters
    ----------
    stop
        Index into the stops of the timetable.
    day, from_s
        Seconds of the service day ``day``; trips of the days before that run past midnight, and of
        the days after if the window reaches there, are included.
    limit
        At most so many, the earliest first; equal times in the order of the timetable.
    """
    return _departures(timetable, _platforms(timetable, stop), day, from_s, limit, window_s)


def departures_near(
    timetable: Timetable,
    lon: float,
    lat: float,
    day: date,
    from_s: int,
    *,
    within_m: int = 500,
    limit: int = 10,
    window_s: int = 2 * 3600,
) -> list[Departure]:
    """Return what leaves the stops within ``within_m`` metres of a point, see :func:`departures`."""
    near = [found.stop for found in stops_near(timetable, lon, lat, within_m)]
    return _departures(timetable, near, day, from_s, limit, window_s)


def stops_near(
    timetable: Timetable, lon: float, lat: float, within_m: int, limit: int | None = None
) -> list[NearStop]:
    """Find stops within ``within_m`` metres of a point, the nearest first."""
    # plane approximation: right to a metre at the distances anybody walks
    east = (timetable.stop_lon - lon + 180.0) % 360.0 - 180.0
    x = east * (_METRES_PER_DEGREE * np.cos(np.radians(lat)))
    y = (timetable.stop_lat - lat) * _METRES_PER_DEGREE
    metres = np.hypot(x, y)
    inside = np.flatnonzero(metres <= within_m)
    order = inside[np.argsort(metres[inside], kind="stable")][:limit]
    return [NearStop(stop=int(stop), metres=round(float(metres[stop]))) for stop in order]


def _departures(
    timetable: Timetable, stops: list[int], day: date, from_s: int, limit: int, window_s: int
) -> list[Departure]:
    found = [
        (time_s, days, int(stop_time))
        for stop in stops
        for days, offset in _service_days(timetable, stop, day, from_s, window_s)
        for time_s, stop_time in _of_service_day(
            timetable, stop, day + timedelta(days=days), from_s - offset, window_s, offset
        )
    ]
    found.sort()
    return [_describe(timetable, stop_time, time_s) for time_s, _, stop_time in found[:limit]]


def _service_days(
    timetable: Timetable, stop: int, day: date, from_s: int, window_s: int
) -> Iterator[tuple[int, int]]:
    """Service days, relative to ``day``, whose trips may leave in the window, and their offsets."""
    first_row, end_row = timetable.first_departure[stop : stop + 2]
    if first_row == end_row:
        return
    latest = int(timetable.departure_s[timetable.departures[end_row - 1]])
    # an hour of slack on both sides: a clock change makes a service day 23 or 25 hours long
    first = (from_s - latest - 3600) // _DAY
    last = (from_s + window_s + 3600) // _DAY
    for days in range(first, last + 1):
        yield days, service_day_offset(day, days, timetable.time_zone)


def _of_service_day(
    timetable: Timetable, stop: int, day: date, from_s: int, window_s: int, offset: int
) -> Iterator[tuple[int, np.int32]]:
    """Departures of the trips of service day ``day``, in seconds shifted by ``offset``."""
    rows = timetable.departures[
        timetable.first_departure[stop] : timetable.first_departure[stop + 1]
    ]
    times = timetable.departure_s[rows]
    begin, end = np.searchsorted(times, [from_s, from_s + window_s])
    rows, times = rows[begin:end], times[begin:end]
    running = timetable.running_on(day)
    runs = running[timetable.trip_service[timetable.stop_time_trip[rows]]]
    yield from zip((times[runs] + offset).tolist(), rows[runs], strict=True)


def _platforms(timetable: Timetable, stop: int) -> list[int]:
    """Return the stop itself and, of a station, its platforms."""
    children: npt.NDArray[np.intp] = np.flatnonzero(timetable.stop_station == stop)
    return [stop, *children.tolist()]


def _describe(timetable: Timetable, stop_time: int, time_s: int) -> Departure:
    trip = int(timetable.stop_time_trip[stop_time])
    route = int(timetable.trip_route[trip])
    stop = int(timetable.stop_time_stop[stop_time])
    headsign = int(timetable.stop_time_headsign[stop_time])
    return Departure(
        time_s=time_s,
        route=timetable.route_short_name[route] or timetable.route_long_name[route],
        route_type=int(timetable.route_type[route]),
        headsign=timetable.headsigns[headsign] if headsign >= 0 else timetable.trip_headsign[trip],
        stop=stop,
        stop_name=timetable.stop_name[stop],
        trip_id=timetable.trip_id[trip],
        call_ahead=int(timetable.pickup_type[stop_time]) == CALL_AHEAD,
    )
