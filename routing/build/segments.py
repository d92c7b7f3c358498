"""From node references to segments between neighbouring points, with times and lengths."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.build.read import DEGREE, RawRoads
from routing.build.restrictions import Arcs
from routing.geometry import lengths_m

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]


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
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    dangling: int
    barriers: int

    def arcs(self) -> Arcs:
        """Return one arc for each segment and direction that the vehicle may use."""
        along, against = np.flatnonzero(self.along_ms >= 0), np.flatnonzero(self.against_ms >= 0)
        return Arcs(
            tail=np.concatenate([self.start[along], self.end[against]]),
            head=np.concatenate([self.end[along], self.start[against]]),
            segment=np.concatenate([along, against]),
            against=np.repeat([False, True], [len(along), len(against)]),
        )


def count_roads(roads: RawRoads) -> tuple[int, int]:
    """Count distinct points and distinct directed pairs of neighbouring points of the roads for cars."""
    first, second, way = _pairs(roads, roads.located)
    car = roads.car_along | roads.car_against
    chosen = car[way]
    points, ends = np.unique(
        np.concatenate([roads.ref[first[chosen]], roads.ref[second[chosen]]]), return_inverse=True
    )
    start, end = np.split(ends.astype(np.int64), 2)
    along, against = roads.car_along[way[chosen]], roads.car_against[way[chosen]]
    tail = np.concatenate([start[along], end[against]])
    head = np.concatenate([end[along], start[against]])
    return len(points), len(np.unique(tail * max(len(points), 1) + head))


def make_segments(roads: RawRoads) -> Segments:
    """Cut the ways that the vehicle may use into segments; where a node is missing the way has a gap."""
    usable = (roads.along > 0) | (roads.against > 0)
    first, second, way = _pairs(roads, roads.located)
    chosen = usable[way]
    first, second, way = first[chosen], second[chosen], way[chosen]
    node_id, ends = np.unique(
        np.concatenate([roads.ref[first], roads.ref[second]]), return_inverse=True
    )
    start, end = np.split(ends.astype(np.int64), 2)
    lon, lat = np.empty(len(node_id)), np.empty(len(node_id))
    lon[start], lat[start] = roads.x[first] / DEGREE, roads.y[first] / DEGREE
    lon[end], lat[end] = roads.x[second] / DEGREE, roads.y[second] / DEGREE

    metres = lengths_m(lon[start], lat[start], lon[end], lat[end])
    start, end, origin, barriers = _close_barriers(start, end, node_id, roads.closed_nodes)
    follows = np.zeros(len(start), dtype=np.bool_)
    follows[1:] = (way[1:] == way[:-1]) & (first[1:] == second[:-1]) & (start[1:] == end[:-1])
    everything = _pairs(roads, np.ones_like(roads.located))[2]
    return Segments(
        start=start,
        end=end,
        way=way,
        follows=follows,
        length_mm=np.rint(metres * 1000).astype(np.int64),
        along_ms=_milliseconds(metres, roads.along[way]),
        against_ms=_milliseconds(metres, roads.against[way]),
        node_id=node_id,
        lon=lon[origin],
        lat=lat[origin],
        dangling=int(usable[everything].sum() - len(way)),
        barriers=barriers,
    )


def _pairs(roads: RawRoads, located: Bool) -> tuple[Int64, Int64, Int64]:
    """Return positions in `roads.ref` of neighbouring located references, and the index of their way."""
    way = np.repeat(np.arange(len(roads.way_id), dtype=np.int64), np.diff(roads.first))
    joined = (way[1:] == way[:-1]) & (roads.ref[1:] != roads.ref[:-1]) & located[1:] & located[:-1]
    first = np.flatnonzero(joined)
    return first, first + 1, way[first]


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


def _milliseconds(metres: npt.NDArray[np.float64], kmh: npt.NDArray[np.float64]) -> Int64:
    """Return driving times, at least 1 ms, -1 where the speed is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        times = np.maximum(np.rint(metres * 3600 / kmh), 1)
    return np.where(kmh > 0, times, -1).astype(np.int64)
