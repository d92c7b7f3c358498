"""Places to measure with, drawn from a road graph by a seed."""

import numpy as np
import numpy.typing as npt

from routing.graph import FERRY, RoadGraph
from routing.path_kernels import draw
from routing.snap import Position


def some_nodes(graph: RoadGraph, count: int, random: np.random.Generator) -> npt.NDArray[np.int32]:
    """Return distinct nodes of roads."""
    ends = np.unique(graph.tail[_roads(graph)])
    return random.choice(ends, min(count, len(ends)), replace=False).astype(np.int32)


def some_places(graph: RoadGraph, count: int, random: np.random.Generator) -> list[Position]:
    """Return positions on random roads; several on one where there are not enough."""
    roads = _roads(graph)
    chosen = random.choice(roads, count, replace=count > len(roads))
    return [_within(graph, int(edge), float(random.random())) for edge in chosen]


def spot_on(graph: RoadGraph, edge: int, share: float) -> tuple[float, float]:
    """Return lon and lat of the point after `share` of the length of `edge`."""
    shapes = graph.shape_first, graph.shape_lon, graph.shape_lat
    lon, lat = draw(np.array([edge], dtype=np.int32), share, share, shapes)[0].tolist()
    return lon, lat


def _roads(graph: RoadGraph) -> npt.NDArray[np.intp]:
    """Return one direction of every road on which places may lie."""
    number = np.arange(graph.edges)
    on_land = (graph.way_id != 0) & (graph.copy_of < 0) & (graph.flags & FERRY == 0)
    return np.flatnonzero(on_land & ((graph.twin < 0) | (number < graph.twin)))


def _within(graph: RoadGraph, edge: int, share: float) -> Position:
    return Position(edge, share, *spot_on(graph, edge, share), 0.0)
