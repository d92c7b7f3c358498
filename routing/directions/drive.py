"""How far along a path its junctions lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

from routing.graph import RoadGraph
from routing.path import Path
from routing.spot import Spot, east_north, metres_apart

SAME_PLACE = 2e-7
"""Degrees (2 cm) within which two points are one."""

TOUCHED_MM = 1_000
"""Below this an edge is not driven, only touched: the path begins or ends at its junction."""

BESIDE_M = 4.0
"""A destination nearer to the middle of the road lies on neither side of it."""


@dataclass(frozen=True, slots=True)
class Drive:
    """The edges of a path that are really driven.

    Attributes
    ----------
    edges
        At least one, in driving order.
    metres, seconds
        From the beginning of the path to the end of each edge; the last are those of the path.
    places
        Where each edge ends.
    start
        Where the path begins.
    """

    edges: tuple[int, ...]
    metres: tuple[int, ...]
    seconds: tuple[int, ...]
    places: tuple[Spot, ...]
    start: Spot

    def driven(self, at: int) -> tuple[int, int]:
        """Return metres and seconds up to the end of the edge with index `at`, -1 for the beginning."""
        return (0, 0) if at < 0 else (self.metres[at], self.seconds[at])

    def place(self, at: int) -> Spot:
        """Return where the edge with index `at` ends, for -1 where the path begins."""
        return self.start if at < 0 else self.places[at]


def drive_of(graph: RoadGraph, path: Path) -> Drive:
    """Measure a path edge by edge; times spent at junctions are shared out over all edges."""
    geometry, edges = path.geometry, path.edges.tolist()
    parts = _parts_mm(graph, path, geometry)
    times = [
        float(graph.time_ms[edge]) * part / max(int(graph.length_mm[edge]), 1)
        for edge, part in zip(edges, parts, strict=True)
    ]
    first = 1 if len(edges) > 1 and parts[0] < TOUCHED_MM else 0
    last = len(edges) - (1 if len(edges) - first > 1 and parts[-1] < TOUCHED_MM else 0)
    heads = [int(graph.head[edge]) for edge in edges[first : last - 1]]
    places = [(float(graph.node_lon[head]), float(graph.node_lat[head])) for head in heads]
    return Drive(
        edges=tuple(edges[first:last]),
        metres=(*_shared(parts, path.metres)[first : last - 1], path.metres),
        seconds=(*_shared(times, path.seconds)[first : last - 1], path.seconds),
        places=(*places, geometry[-1]),
        start=geometry[0],
    )


def side_of(path: Path, asked: Spot | None) -> Literal["left", "right", ""]:
    """Return the side of the road, "left" or "right", on which `asked` lies at the end of a path, or ""."""
    (lon, lat), end = ((float(x), float(y)) for x, y in path.points[-2:])
    if asked is None or (lon, lat) == end or metres_apart(end, asked) < BESIDE_M:
        return ""
    ahead = east_north(end, (2 * end[0] - lon, 2 * end[1] - lat))
    aside = east_north(end, asked)
    across = ahead[0] * aside[1] - ahead[1] * aside[0]
    along = ahead[0] * aside[0] + ahead[1] * aside[1]
    if abs(across) < abs(along) / 2:
        return ""  # it lies ahead, at the end of the road
    return "left" if across > 0 else "right"


def _parts_mm(graph: RoadGraph, path: Path, geometry: Sequence[Spot]) -> list[int]:
    """Return how many millimetres of each edge are driven: all of it, but for the first and the last."""
    if len(path.edges) == 1:
        return [path.metres * 1000]
    lengths = [int(graph.length_mm[edge]) for edge in path.edges]
    lengths[0] = min(_first_part_mm(graph, int(path.edges[0]), geometry), lengths[0])
    lengths[-1] = min(max(path.metres * 1000 - sum(lengths[:-1]), 0), lengths[-1])
    return lengths


def _first_part_mm(graph: RoadGraph, edge: int, geometry: Sequence[Spot]) -> int:
    """Measure the geometry up to the junction at which the first edge ends."""
    head = int(graph.head[edge])
    corner = float(graph.node_lon[head]), float(graph.node_lat[head])
    pieces = (metres_apart(one, other) for one, other in pairwise(geometry))
    tail = int(graph.tail[edge])
    is_loop = _near((float(graph.node_lon[tail]), float(graph.node_lat[tail])), corner)
    for index, metres in enumerate(accumulate(pieces, initial=0.0)):
        if _near(geometry[index], corner) and not (is_loop and index == 0):
            return round(metres * 1000)
    return 0


def _near(one: Spot, other: Spot) -> bool:
    return abs(one[0] - other[0]) <= SAME_PLACE and abs(one[1] - other[1]) <= SAME_PLACE


def _shared(parts: Sequence[float], whole: int) -> tuple[int, ...]:
    """Share a whole number out by the parts: what falls to all parts up to each one."""
    total = sum(parts) or 1
    return tuple(round(whole * before / total) for before in accumulate(parts))
