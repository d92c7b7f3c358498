"""What scipy's Dijkstra says about the same graph with the same weights: the truth and the slowest peer."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.graph import CLOSED_MS, UNREACHABLE, RoadGraph
from routing.snap import Position

HAIR = 1e-7
"""Added to every weight: scipy drops explicit zeros. Rounding takes it away again."""

Int32 = npt.NDArray[np.int32]


class Oracle:
    """Driving times by scipy, in ms.

    Parameters
    ----------
    graph
        The roads; closed edges are left out.
    places
        Positions whose tables are wanted as well: each becomes a source and a sink of its own, so that no
        path runs through a place.
    """

    def __init__(self, graph: RoadGraph, places: list[Position] | None = None) -> None:
        open_edges = np.flatnonzero(graph.time_ms < CLOSED_MS)
        arcs = [(graph.tail[open_edges], graph.head[open_edges], graph.time_ms[open_edges])]
        self._nodes = graph.nodes
        self._places = places or []
        self._ends = [_sides(graph, place) for place in self._places]
        for number, sides in enumerate(self._ends):
            arcs += _joined(graph, sides, self._source(number), self._sink(number))
        tail, head, weight = (np.concatenate(column) for column in zip(*arcs, strict=True))
        order = np.lexsort((weight, head, tail))
        tail, head, weight = tail[order], head[order], weight[order]
        least = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])]
        size = graph.nodes + 2 * len(self._places)
        self._matrix = csr_array(
            (weight[least] + HAIR, (tail[least], head[least])), shape=(size, size)
        )

    def times_ms(self, sources: Int32, targets: Int32) -> Int32:
        """Return int32[sources, targets] between nodes, `CLOSED_MS` where no path leads."""
        return _whole(dijkstra(self._matrix, indices=sources)[:, targets])

    def seconds(self) -> Int32:
        """Return int32[places, places], rounded up, `UNREACHABLE` where no path leads."""
        count = len(self._places)
        sources = [self._source(number) for number in range(count)]
        sinks = [self._sink(number) for number in range(count)]
        milliseconds = _whole(dijkstra(self._matrix, indices=sources)[:, sinks])
        for origin, destination in self._on_one_road():
            straight = _straight(self._ends[origin], self._ends[destination])
            milliseconds[origin, destination] = min(milliseconds[origin, destination], straight)
        return np.where(milliseconds < CLOSED_MS, -(-milliseconds // 1000), UNREACHABLE)

    def _source(self, number: int) -> int:
        return self._nodes + number

    def _sink(self, number: int) -> int:
        return self._nodes + len(self._places) + number

    def _on_one_road(self) -> list[tuple[int, int]]:
        """Pairs of places between which one may drive straight on."""
        roads: dict[int, list[int]] = {}
        for number, sides in enumerate(self._ends):
            roads.setdefault(min(edge for edge, _, _ in sides), []).append(number)
        return [(one, two) for on_it in roads.values() for one in on_it for two in on_it]


Side = tuple[int, int, int]
"""An edge, the milliseconds up to a place on it, and those from there to its end."""


def _sides(graph: RoadGraph, place: Position) -> list[Side]:
    """Return by which edges a place is passed."""
    edge, twin, share = place.edge, int(graph.twin[place.edge]), place.fraction
    if (
        0 <= twin < edge
    ):  # both directions of a road are cut at the same place: seen from the lower number
        edge, twin, share = twin, edge, 1.0 - share
    cuts = [(edge, share)] + ([(twin, 1.0 - share)] if twin >= 0 else [])
    times = [(side, int(graph.time_ms[side]), part) for side, part in cuts]
    before = [
        (side, time, int(time * part + 0.5)) for side, time, part in times if time < CLOSED_MS
    ]
    return [(side, first, time - first) for side, time, first in before] or [
        (edge, CLOSED_MS, CLOSED_MS)
    ]


def _joined(graph: RoadGraph, sides: list[Side], source: int, sink: int) -> list[Any]:
    """Return the arcs that join a place to the roads; a copy of an edge leads to it as well."""
    arcs = []
    for edge, first, rest in sides:
        if first < CLOSED_MS:
            arcs.append(([source], [graph.head[edge]], [rest]))
            arcs += [
                ([graph.tail[side]], [sink], [first])
                for side in (edge, *np.flatnonzero(graph.copy_of == edge))
            ]
    return arcs


def _straight(origin: list[Side], destination: list[Side]) -> int:
    ways = [
        there - here
        for edge, here, _ in origin
        for other, there, _ in destination
        if edge == other and here <= there < CLOSED_MS
    ]
    return min(ways, default=CLOSED_MS)


def _whole(milliseconds: npt.NDArray[np.float64]) -> Int32:
    """Take the hairs away."""
    known = np.isfinite(milliseconds)
    whole = np.floor(np.where(known, milliseconds, 0) + 1e-2)
    return np.where(known, whole, CLOSED_MS).astype(np.int32)
