"""Fastest ways from and to positions on edges.

`Search` is all that `TravelTimes` knows about how searching is done.
"""

from collections.abc import Sequence
from threading import local
from typing import NamedTuple

import numpy as np

from routing import ends_kernels
from routing.ends_kernels import Columns, Sides
from routing.graph import CLOSED_MS, Int32, Int64, RoadGraph, frozen
from routing.hierarchy import Hierarchy, build_hierarchy
from routing.hierarchy.label_kernels import Label, Labels, Workspace, labels_of, workspace
from routing.hierarchy.tables import key_table
from routing.hierarchy.way_kernels import way
from routing.kernels import INFINITE, LENGTH_BITS
from routing.snap import Position


class Way(NamedTuple):
    """A fastest way: its key (`INFINITE`: none) and int32[e] its edges, connectors and copies among them."""

    key: int
    edges: Int32


class Search:
    """Searches in the hierarchy of a road graph; instances may be shared by threads.

    Parameters
    ----------
    graph
        The roads.
    hierarchy
        Its hierarchy if it is at hand; built otherwise.
    """

    def __init__(self, graph: RoadGraph, hierarchy: Hierarchy | None = None) -> None:
        self.graph = graph
        self.hierarchy = hierarchy or hierarchy_of(graph)
        self._roads = graph.time_ms, graph.length_mm, graph.twin
        self._copies, self._slots = _copies(graph)
        above = self.hierarchy
        self._up = above.up_first, above.up_head, above.up_key
        self._down = above.down_first, above.down_tail, above.down_key
        self._own = local()

    def sides(self, positions: Sequence[Position]) -> Sides:
        """Return the edges by which each position is passed where the bus may halt, and the keys up to it."""
        return ends_kernels.sides_of(
            np.array([position.edge for position in positions], dtype=np.int32),
            np.array([position.fraction for position in positions], dtype=np.float64),
            np.array([position.kerb for position in positions], dtype=np.bool_),
            self._roads,
        )

    def leaving(self, sides: Sides) -> Columns:
        """Return the ranks of the nodes that come first when positions are left, and the keys up to them."""
        return ends_kernels.leaving(sides, self._roads, self.graph.head, self.hierarchy.rank)

    def reaching(self, sides: Sides) -> Columns:
        """Return the ranks of the nodes that come last before positions are reached, and keys from them."""
        return ends_kernels.reaching(
            sides, self._copies, self._slots, self.graph.tail, self.hierarchy.rank
        )

    def labels_from(self, starts: Columns) -> Labels:
        """Return the labels of positions as origins."""
        return labels_of(self._up, self._down, 0, starts[:2], self._space())

    def labels_to(self, goals: Columns) -> Labels:
        """Return the labels of positions as destinations."""
        return labels_of(self._down, self._up, len(self._up[1]), goals[:2], self._space())

    def table(self, starts: Columns, goals: Columns) -> Int64:
        """Return int64[starts, goals], the keys of the fastest ways over at least one node."""
        return key_table(self.hierarchy, starts[:2], goals[:2])

    def way(self, sides: Sides, ahead: Label, back: Label) -> Way:
        """Return the fastest way from the first of two positions to the second, whose labels these are."""
        above = self.hierarchy
        key, first, last, between = way(ahead, back, above.up_first, above.down_first, above.part)
        straight, edge = ends_kernels.straight_on(sides, 0, 1)
        if straight <= key:
            return Way(straight, np.array([edge] if edge >= 0 else [], dtype=np.int32))
        start, goal = self.leaving(sides), self.reaching(sides)
        ends = [_driven(start, 0, ahead, first), _driven(goal, 1, back, last)]
        return Way(key, np.concatenate((ends[:1], between, ends[1:]), dtype=np.int32))

    def _space(self) -> Workspace:
        """Return the workspace of this thread."""
        if not hasattr(self._own, "space"):
            self._own.space = workspace(self.graph.nodes)
        space: Workspace = self._own.space
        return space


def hierarchy_of(graph: RoadGraph) -> Hierarchy:
    """Build the hierarchy of a road graph; closed edges are left out."""
    keys = (graph.time_ms.astype(np.int64) << LENGTH_BITS) + graph.length_mm
    keys[graph.time_ms >= CLOSED_MS] = INFINITE
    return build_hierarchy(graph.tail, graph.head, keys, graph.nodes)


def _driven(ends: Columns, place: int, label: Label, seed: int) -> int:
    """Return the edge that is driven in part at the seed of a label."""
    slots = (ends[0][place] == label[0][seed]) & (ends[1][place] == label[1][seed])
    return int(ends[2][place, int(np.argmax(slots))])


def _copies(graph: RoadGraph) -> tuple[tuple[Int32, Int32], int]:
    """Return the copies of each edge in CSR form, and the most ways by which one road may be reached."""
    copies = np.flatnonzero(graph.copy_of >= 0).astype(np.int32)
    copies = copies[np.argsort(graph.copy_of[copies], kind="stable")]
    first = np.searchsorted(graph.copy_of[copies], np.arange(graph.edges + 1)).astype(np.int32)
    of_edge = np.diff(first)
    of_road = of_edge + np.where(graph.twin >= 0, of_edge[graph.twin], 0)
    return (frozen(first), frozen(copies)), 2 + int(of_road.max(initial=0))
