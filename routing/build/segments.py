"""From node references to segments between neighbouring points, with times and lengths."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.build.arrivals import Pieces, arrival_seconds
from routing.build.raw import DEGREE, RawRoads, neighbours
from routing.geometry import lengths_m
from routing.graph import ROUNDABOUT
from routing.profile import Delays

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Straight pieces of road in the order of their ways; `s` segments between `n` points.

    Attributes
    ----------
    start, end
        int64[s], points in the direction of the way.
    way
        int64[s], index of the way in `RawRoads`.
    follows
        bool[s], whether the segment goes on where the one before it in the same way ended.
    length_mm, along_ms, against_ms
        int64[s], millimetres and milliseconds in either direction, -1 ms where the vehicle must not go.
    node_id
        int64[k], strictly increasing OSM ids of the first `k` points; the others are the sides of barriers.
    lon, lat
        float64[n], degrees.
    dangling, barriers
        Counts for the report.
    """

    start: Int64
    end: Int64
    way: Int64
    follows: Bool
    length_mm: Int64
    along_ms: Int64
    against_ms: Int64
    node_id: Int64
    lon: Float64
    lat: Float64
    dangling: int
    barriers: int


def count_roads(roads: RawRoads) -> tuple[int, int]:
    """Count distinct points and distinct directed pairs of neighbouring points of the roads for cars."""
    first, way = roads.neighbours()
    car = roads.car_along | roads.car_against
    chosen = car[way]
    points, ends = np.unique(
        np.concatenate([roads.ref[first[chosen]], roads.ref[first[chosen] + 1]]),
        return_inverse=True,
    )
    start, end = np.split(ends.astype(np.int64), 2)
    along, against = roads.car_along[way[chosen]], roads.car_against[way[chosen]]
    tail = np.concatenate([start[along], end[against]])
    head = np.concatenate([end[along], start[against]])
    return len(points), len(np.unique(tail * max(len(points), 1) + head))


def make_segments(roads: RawRoads, delays: Delays) -> Segments:
    """Cut the ways that the vehicle may use into segments; where a node is missing the way has a gap.

    What is lost on arrival at a point is part of the time of the segment that ends there.
    """
    usable = (roads.along > 0) | (roads.against > 0)
    first, way = roads.neighbours()
    chosen = usable[way]
    first, way = first[chosen], way[chosen]
    node_id, ends = np.unique(
        np.concatenate([roads.ref[first], roads.ref[first + 1]]), return_inverse=True
    )
    start, end = np.split(ends.astype(np.int64), 2)
    lon, lat = np.empty(len(node_id)), np.empty(len(node_id))
    lon[start], lat[start] = roads.x[first] / DEGREE, roads.y[first] / DEGREE
    lon[end], lat[end] = roads.x[first + 1] / DEGREE, roads.y[first + 1] / DEGREE

    pieces = Pieces(
        start=start,
        end=end,
        joined=_follows(first, way, start, end),
        metres=lengths_m(lon[start], lat[start], lon[end], lat[end]),
        road_class=roads.road_class[way],
        circle=(roads.flags[way] & ROUNDABOUT) > 0,
        node_id=node_id,
        lon=lon,
        lat=lat,
    )
    along_ms, against_ms = _times(roads, first, way, pieces, delays)
    start, end, origin, barriers = _close_barriers(start, end, node_id, roads.closed_nodes)
    everything = neighbours(roads.first, roads.ref, np.ones_like(roads.located))[1]
    return Segments(
        start=start,
        end=end,
        way=way,
        follows=_follows(first, way, start, end),
        length_mm=np.rint(pieces.metres * 1000).astype(np.int64),
        along_ms=along_ms,
        against_ms=against_ms,
        node_id=node_id,
        lon=lon[origin],
        lat=lat[origin],
        dangling=int(usable[everything].sum() - len(way)),
        barriers=barriers,
    )


def _follows(first: Int64, way: Int64, start: Int64, end: Int64) -> Bool:
    """Tell which segments go on where the one before in the same way ended."""
    follows = np.zeros(len(way), dtype=np.bool_)
    follows[1:] = (way[1:] == way[:-1]) & (first[1:] == first[:-1] + 1) & (start[1:] == end[:-1])
    return follows


def _times(
    roads: RawRoads, first: Int64, way: Int64, pieces: Pieces, delays: Delays
) -> tuple[Int64, Int64]:
    """Return driving times in either direction with what is lost on arrival."""
    inside = roads.inside[first]
    lost = arrival_seconds(pieces, roads.delays, roads.signals, delays)
    along = np.where(inside, roads.along_inside[way], roads.along[way])
    against = np.where(inside, roads.against_inside[way], roads.against[way])
    return (
        _milliseconds(pieces.metres, along, lost[0]),
        _milliseconds(pieces.metres, against, lost[1]),
    )


def _close_barriers(
    start: Int64, end: Int64, node_id: Int64, closed: Int64
) -> tuple[Int64, Int64, Int64, int]:
    """Give every segment end at a closed barrier a point of its own.

    Returns the new ends, int64[n] the original point of every point, and the number of barriers.
    """
    barred = np.isin(node_id, closed)
    ends = np.concatenate([start, end])
    at_barrier = np.flatnonzero(barred[ends])
    origin = np.concatenate([np.arange(len(node_id), dtype=np.int64), ends[at_barrier]])
    ends[at_barrier] = len(node_id) + np.arange(len(at_barrier))
    new_start, new_end = np.split(ends, 2)
    return new_start, new_end, origin, int(barred.sum())


def _milliseconds(metres: Float64, kmh: Float64, lost_s: Float64) -> Int64:
    """Return driving times, at least 1 ms, -1 where the speed is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        times = np.maximum(np.rint(metres * 3600 / kmh), 1) + np.rint(lost_s * 1000)
    return np.where(kmh > 0, times, -1).astype(np.int64)
