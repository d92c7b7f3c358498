"""Fastest ways from and to positions on edges.

`Search` is all that `TravelTimes` knows about how searching is done: a faster method can take its place.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.graph import Int32, Int64, RoadGraph, frozen
from routing.kernels import INFINITE, LENGTH_BITS, search
from routing.snap import Position


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """The nodes by which a position is left or reached, and the keys of the way in between.

    Attributes
    ----------
    nodes, keys
        int32[2], int64[2]: by the position's edge and by its twin; a one-way edge has `INFINITE` second.
    edges
        The edge and its twin (-1: none).
    """

    nodes: Int32
    keys: Int64
    edges: tuple[int, int]


class Search:
    """Dijkstra's algorithm on a road graph; instances may be shared by threads."""

    def __init__(self, graph: RoadGraph) -> None:
        self.graph = graph
        self._weight = frozen(pack(graph.time_ms, graph.length_mm))
        order = np.argsort(graph.head, kind="stable")
        first_in = np.searchsorted(graph.head[order], np.arange(graph.nodes + 1))
        self._first_in = frozen(first_in.astype(np.int32))
        self._tail_in = frozen(graph.tail[order])
        self._weight_in = frozen(self._weight[order])

    def leaving(self, position: Position) -> Ends:
        """Return how a position is left: the rest of its edge, in either direction."""
        edge, twin, along, back = self._sides(position)
        heads = self.graph.head[[edge, max(twin, 0)]]
        rest = [self._weight[edge] - along, self._weight[twin] - back if twin >= 0 else INFINITE]
        return Ends(heads, np.array(rest, dtype=np.int64), (edge, twin))

    def reaching(self, position: Position) -> Ends:
        """Return how a position is reached: the first part of its edge, from either direction."""
        edge, twin, along, back = self._sides(position)
        tails = self.graph.tail[[edge, max(twin, 0)]]
        return Ends(tails, np.array([along, back], dtype=np.int64), (edge, twin))

    def keys_from(self, start: Ends) -> Int64:
        """Return int64[n], the key from a position to every node."""
        graph = self.graph
        return search(
            graph.first_out, graph.head, self._weight, (start.nodes, start.keys), _NOWHERE
        )[0]

    def keys_to(self, goal: Ends) -> Int64:
        """Return int64[n], the key from every node to a position."""
        seeds = (goal.nodes, goal.keys)
        return search(self._first_in, self._tail_in, self._weight_in, seeds, _NOWHERE)[0]

    def edges_between(self, start: Ends, goal: Ends) -> tuple[int, list[int]]:
        """Return the key of the fastest way over at least one node, and its edges.

        The edges of `start` and `goal` come first and last, connectors are among them. Without any way the
        key is `INFINITE` and the list is empty.
        """
        graph = self.graph
        seeds, goals = (start.nodes, start.keys), (goal.nodes, goal.keys)
        keys, parent = search(graph.first_out, graph.head, self._weight, seeds, goals)
        totals = keys[goal.nodes] + goal.keys
        side = int(np.argmin(totals))
        if totals[side] >= INFINITE:
            return INFINITE, []
        edges = [goal.edges[side]]
        node = int(goal.nodes[side])
        while parent[node] >= 0:
            edges.append(int(parent[node]))
            node = int(graph.tail[parent[node]])
        seeded = (start.nodes == node) & (start.keys == keys[node])
        edges.append(start.edges[int(np.argmax(seeded))])
        return int(totals[side]), edges[::-1]

    def along(self, edge: int, fraction: float) -> int:
        """Return the key of the first `fraction` of an edge; grows with the fraction in both components."""
        graph = self.graph
        time = int(graph.time_ms[edge] * fraction + 0.5)
        return (time << LENGTH_BITS) + int(graph.length_mm[edge] * fraction + 0.5)

    def direct(self, origin: Position, destination: Position) -> int:
        """Return the key of driving straight on within one edge, `INFINITE` where that is impossible."""
        edge, twin, start, start_back = self._sides(origin)
        other, _, end, end_back = self._sides(destination)
        if edge != other:
            return INFINITE
        if end >= start:
            return end - start
        return end_back - start_back if twin >= 0 else INFINITE

    def _sides(self, position: Position) -> tuple[int, int, int, int]:
        """Return edge, twin and the keys from their beginnings to the position (no twin: `INFINITE`)."""
        edge, fraction = position.edge, position.fraction
        twin = int(self.graph.twin[edge])
        if 0 <= twin < edge:  # one name for both directions
            edge, twin, fraction = twin, edge, 1.0 - fraction
        back = self.along(twin, 1.0 - fraction) if twin >= 0 else INFINITE
        return edge, twin, self.along(edge, fraction), back


def pack(time_ms: npt.NDArray[np.int32], length_mm: npt.NDArray[np.int32]) -> Int64:
    """Return keys made of times and lengths."""
    return (time_ms.astype(np.int64) << LENGTH_BITS) + length_mm


_NOWHERE = (np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64))
