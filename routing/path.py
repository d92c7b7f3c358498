"""A drivable path with its geometry."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.errors import NoRoad
from routing.geometry import cut
from routing.graph import RoadGraph
from routing.kernels import INFINITE, LENGTH_BITS, LENGTH_MASK
from routing.search import Search
from routing.snap import Position

SAME_POINT = 1e-7
"""Degrees (1 cm) below which two points are drawn as one."""


@dataclass(frozen=True, slots=True)
class Path:
    """The fastest way between two places.

    Attributes
    ----------
    geometry
        Longitude and latitude of every point, at least two.
    edges
        Edges in driving order, the first and the last of them driven in part; no connectors.
    seconds, metres
        Both rounded up; equal to the entries of the table.
    """

    geometry: tuple[tuple[float, float], ...]
    edges: tuple[int, ...]
    seconds: int
    metres: int


def find_path(search: Search, origin: Position, destination: Position) -> Path:
    """Return the fastest path; raise `NoRoad` (code ``unreachable``) if there is none."""
    direct = search.direct(origin, destination)
    start, goal = search.leaving(origin), search.reaching(destination)
    key, edges = search.edges_between(start, goal)
    if min(key, direct) >= INFINITE:
        raise NoRoad(
            "unreachable",
            f"No drivable path leads from {origin.lat:.5f}, {origin.lon:.5f} "
            f"to {destination.lat:.5f}, {destination.lon:.5f}.",
        )
    if direct <= key:
        key, edges = direct, [_direct_edge(origin, destination, start.edges)]
    graph = search.graph
    real = [edge for edge in edges if graph.way_id[edge] != 0]
    return Path(
        geometry=_geometry(graph, real, origin, destination),
        edges=tuple(real),
        seconds=-(-(key >> LENGTH_BITS) // 1000),
        metres=-(-(key & LENGTH_MASK) // 1000),
    )


def _direct_edge(origin: Position, destination: Position, sides: tuple[int, int]) -> int:
    """Return the direction in which one drives from `origin` on to `destination` within their edge."""
    forward = _fraction(origin, sides[0]) <= _fraction(destination, sides[0])
    return sides[0] if forward or sides[1] < 0 else sides[1]


def _fraction(position: Position, edge: int) -> float:
    """Return the share of `edge` (the position's own or its twin) that lies before the position."""
    return position.fraction if edge == position.edge else 1.0 - position.fraction


def _geometry(
    graph: RoadGraph, edges: Sequence[int], origin: Position, destination: Position
) -> tuple[tuple[float, float], ...]:
    """Join the shapes of the edges from the one place to the other, without repeated points."""
    pieces = []
    last = len(edges) - 1
    for index, edge in enumerate(edges):
        lon, lat = graph.shape(edge)
        if index in (0, last):
            start = _fraction(origin, edge) if index == 0 else 0.0
            end = _fraction(destination, edge) if index == last else 1.0
            lon, lat = cut(lon, lat, start, max(start, end))
        pieces.append(np.column_stack([lon, lat]))
    points = np.concatenate(pieces)
    moved = np.abs(np.diff(points, axis=0)).max(axis=1) > SAME_POINT
    distinct = points[np.concatenate([[True], moved])]
    if len(distinct) == 1:
        distinct = np.repeat(distinct, 2, axis=0)
    return tuple((lon, lat) for lon, lat in distinct.tolist())
