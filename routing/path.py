"""A drivable path with its geometry."""

from dataclasses import dataclass

import numpy as np

from routing.errors import NoRoad
from routing.graph import Float64, Int32
from routing.hierarchy.label_kernels import Label
from routing.kernels import INFINITE, LENGTH_BITS, LENGTH_MASK
from routing.path_kernels import draw
from routing.search import Search
from routing.snap import Position


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The fastest way between two places.

    Attributes
    ----------
    points
        float64[p, 2], longitude and latitude of every point, at least two.
    edges
        int32[e], edges in driving order, the first and the last of them driven in part; no connectors, and
        the original for a copy.
    seconds, metres
        Both rounded up; equal to the entries of the table.
    """

    points: Float64
    edges: Int32
    seconds: int
    metres: int

    @property
    def geometry(self) -> tuple[tuple[float, float], ...]:
        """Longitude and latitude of every point as plain numbers."""
        return tuple((lon, lat) for lon, lat in self.points.tolist())


def find_path(
    search: Search, origin: Position, destination: Position, labels: tuple[Label, Label]
) -> Path:
    """Return the fastest path between two positions, of which `labels` are the forward and the backward one.

    Raises
    ------
    NoRoad
        There is none (code ``unreachable``).
    """
    key, edges = search.way(search.sides((origin, destination)), *labels)
    if key >= INFINITE:
        raise NoRoad(
            "unreachable",
            f"No drivable path leads from {origin.lat:.5f}, {origin.lon:.5f} "
            f"to {destination.lat:.5f}, {destination.lon:.5f}.",
        )
    graph = search.graph
    edges = edges[graph.way_id[edges] != 0]
    original = graph.copy_of[edges]
    edges = np.where(original >= 0, original, edges)
    return Path(
        points=draw(
            edges,
            _fraction(origin, int(edges[0])),
            _fraction(destination, int(edges[-1])),
            (graph.shape_first, graph.shape_lon, graph.shape_lat),
        ),
        edges=edges,
        seconds=-(-(key >> LENGTH_BITS) // 1000),
        metres=-(-(key & LENGTH_MASK) // 1000),
    )


def _fraction(position: Position, edge: int) -> float:
    """Return the share of `edge` (the position's own or its twin) that lies before the position."""
    return position.fraction if edge == position.edge else 1.0 - position.fraction
