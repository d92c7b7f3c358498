"""Where the bus halts for a place: at the door, at a stop, or at stops a rider could walk to."""

from dataclasses import dataclass

import numpy as np

from dispatch.model import Load
from regions.area import Area, Service
from regions.patterns import AreaStop
from routing.geometry import lengths_m

_WAY_PER_STRAIGHT = 1.3
"""How much longer a walk is than the straight line, in villages."""
_USUAL_WALKS = 2
"""Stops up to so many of the longest usual walk away are worth naming when nothing else will do."""
_STOPS_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class WayToStop:
    """A stop and the walk between it and a place."""

    stop: AreaStop
    walk_s: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the bus may halt for a place: there (``stop`` None) or at ``stop``, and at stops near it."""

    stop: AreaStop | None
    walk_s: int
    near: tuple[WayToStop, ...]


def reach(
    area: Area, lon: float, lat: float, load: Load, walk_at_most_m: int | None = None
) -> Reach | None:
    """Say where the bus halts for a place; None where it does not come.

    Parameters
    ----------
    area
        Doors, stops or both are served.
    lon, lat
        The place, WGS84.
    load
        Who travels: with a wheelchair or a walker nobody is asked to walk.
    walk_at_most_m
        What the rider says; the area's longest usual walk holds as well.
    """
    if not area.contains(lon, lat):
        return None
    usual_m = area.policy.may_walk_m(load)
    if walk_at_most_m is not None:
        usual_m = min(usual_m, walk_at_most_m)
    if area.service is Service.DOOR:
        return Reach(None, 0, ())
    ways_m = _ways_m(area, lon, lat)
    near = tuple(
        WayToStop(area.stops[k], area.policy.walk_s(ways_m[k]))
        for k in np.argsort(ways_m, kind="stable")[:_STOPS_AT_MOST].tolist()
        if ways_m[k] <= _USUAL_WALKS * usual_m
    )
    if area.service is Service.MIXED:
        return Reach(None, 0, near)
    nearest = int(np.argmin(ways_m))
    if ways_m[nearest] > max(usual_m, area.policy.snap_m * _WAY_PER_STRAIGHT):
        return None
    walk_s = area.policy.walk_s(ways_m[nearest])
    return Reach(area.stops[nearest], walk_s, near[1:])


def _ways_m(area: Area, lon: float, lat: float) -> list[float]:
    """Metres on foot to every stop of the area, about."""
    lons, lats = np.array([(stop.lon, stop.lat) for stop in area.stops]).T
    straight = lengths_m(lons, lats, np.array(lon), np.array(lat))
    return [float(m) * _WAY_PER_STRAIGHT for m in straight]
