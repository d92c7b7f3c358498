"""Several feeds as one timetable: ids prefixed with the feed's name, stops of feeds linked on foot."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from gtfs.errors import FeedError
from gtfs.timetable import FEED_SEPARATOR, BoolArray, Int32Array, Timetable
from gtfs.transfers import Int64Array, Links, as_csr, footpaths


def merge(timetables: Mapping[str, Timetable]) -> Timetable:
    """Join timetables of one time zone, by name; a single one stays as it is, without prefixes.

    Stops of different feeds within 400 m are linked by footpaths; nothing is taken to be the same.

    Raises
    ------
    FeedError
        ``time-zones-differ``.
    """
    parts = list(timetables.values())
    if len(parts) == 1:
        return parts[0]
    zones = sorted({part.time_zone for part in parts})
    if len(zones) > 1:
        raise FeedError(
            "time-zones-differ",
            f"The feeds use the time zones {', '.join(zones)}; read them apart.",
        )
    first_day, service_days = _days(parts)
    stop_lon, stop_lat = (
        np.concatenate([getattr(p, f"stop_{x}") for p in parts]) for x in ("lon", "lat")
    )
    owner = np.repeat(np.arange(len(parts)), [len(part.stop_id) for part in parts])
    stop = _shifted(parts, "stop_time_stop", _stops)
    links = _linked(parts, owner, np.unique(stop).astype(np.int64), stop_lon, stop_lat)
    first_transfer, transfer_stop, transfer_s, footpath = as_csr(*links, len(owner))
    rest: dict[str, Any] = {
        name: tuple(
            f"{feed}{FEED_SEPARATOR}{ident}"
            for feed, part in timetables.items()
            for ident in getattr(part, name)
        )
        for name in ("stop_id", "route_id", "trip_id", "service_id")
    }
    for name in _PLAIN:
        rest[name] = np.concatenate([getattr(part, name) for part in parts])
    for name in _TEXTS:
        rest[name] = tuple(text for part in parts for text in getattr(part, name))
    return Timetable(
        time_zone=zones[0],
        first_day=first_day,
        stop_lon=stop_lon,
        stop_lat=stop_lat,
        stop_station=_shifted(parts, "stop_station", _stops),
        trip_route=_shifted(parts, "trip_route", lambda p: len(p.route_id)),
        trip_service=_shifted(parts, "trip_service", lambda p: len(p.service_id)),
        trip_continues=_shifted(parts, "trip_continues", lambda p: len(p.trip_id)),
        first_stop_time=_csr(parts, "first_stop_time"),
        stop_time_trip=_shifted(parts, "stop_time_trip", lambda p: len(p.trip_id)),
        stop_time_stop=stop,
        stop_time_headsign=_shifted(parts, "stop_time_headsign", lambda p: len(p.headsigns)),
        first_departure=_csr(parts, "first_departure"),
        departures=_shifted(parts, "departures", lambda p: len(p.stop_time_trip)),
        first_transfer=first_transfer,
        transfer_stop=transfer_stop,
        transfer_s=transfer_s,
        transfer_footpath=footpath,
        service_days=service_days,
        **rest,
    )


_PLAIN = (
    "stop_wheelchair",
    "route_type",
    "trip_wheelchair",
    "stop_sequence",
    "arrival_s",
    "departure_s",
    "pickup_type",
    "drop_off_type",
)
_TEXTS = (
    "stop_name",
    "stop_platform",
    "route_short_name",
    "route_long_name",
    "trip_headsign",
    "headsigns",
)


def _stops(part: Timetable) -> int:
    return len(part.stop_id)


def _shifted(parts: list[Timetable], name: str, size: Callable[[Timetable], int]) -> Int32Array:
    """Join the indices of all parts into what ``size`` counts, one after the other; -1 stays."""
    before = 0
    found = []
    for part in parts:
        values = getattr(part, name)
        found.append(np.where(values < 0, values, values + before))
        before += size(part)
    return np.concatenate(found).astype(np.int32)


def _csr(parts: list[Timetable], name: str) -> Int32Array:
    """CSR offsets of all parts, one after the other."""
    counts = np.concatenate([np.diff(getattr(part, name)) for part in parts])
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)


def _days(parts: list[Timetable]) -> tuple[int, BoolArray]:
    """First day of all, and the days of every service from then on."""
    first = min(part.first_day for part in parts)
    end = max(part.first_day + part.service_days.shape[1] for part in parts)
    days = np.zeros((sum(len(part.service_id) for part in parts), end - first), dtype=np.bool_)
    row = 0
    for part in parts:
        services, length = part.service_days.shape
        begin = part.first_day - first
        days[row : row + services, begin : begin + length] = part.service_days
        row += services
    return first, days


def _linked(
    parts: list[Timetable],
    owner: npt.NDArray[np.intp],
    served: Int64Array,
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
) -> tuple[Links, Links]:
    """Transfers of each feed, and the footpaths: its own, and those from feed to feed."""
    counts = np.concatenate([np.diff(part.first_transfer) for part in parts])
    source = np.repeat(np.arange(len(owner)), counts)
    target = _shifted(parts, "transfer_stop", _stops).astype(np.int64)
    seconds = np.concatenate([part.transfer_s for part in parts]).astype(np.int64)
    own = np.concatenate([part.transfer_footpath for part in parts])
    near = footpaths(lon, lat, served)
    between = owner[near.source] != owner[near.target]
    paths = (
        np.concatenate((mine[own], new[between]))
        for mine, new in (
            (source, near.source),
            (target, near.target),
            (seconds, near.seconds),
        )
    )
    return Links(source[~own], target[~own], seconds[~own]), Links(*paths)
