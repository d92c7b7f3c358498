"""What turn restrictions refuse on the edges of a road graph."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from routing.build.simplify import Edges
from routing.build.turns.restrictions import Restriction

Int64 = npt.NDArray[np.int64]


@dataclass(slots=True)
class Refused:
    """Turns that no walk may contain.

    Attributes
    ----------
    pairs
        Edges (arriving, leaving) that must not follow each other.
    sequences
        Three or more edges that must not follow each other, turning back never among them.
    via_nodes, via_ways
        How many restrictions refuse at least one turn that exists.
    """

    pairs: set[tuple[int, int]] = field(default_factory=set)
    sequences: set[tuple[int, ...]] = field(default_factory=set)
    via_nodes: int = 0
    via_ways: int = 0


def refused_turns(
    restrictions: Sequence[Restriction], edges: Edges, way_id: Int64, node_id: Int64
) -> Refused:
    """Find the edges that `restrictions` speak of.

    Parameters
    ----------
    restrictions
        What to honour; those whose ways or nodes are not in the graph refuse nothing.
    edges, way_id
        The edges and int64[m] the OSM way of each.
    node_id
        int64[k], strictly increasing OSM ids of the first `k` points, those that can be a via.
    """
    refused = Refused()
    map_ = _Map(restrictions, edges, way_id, node_id)
    for restriction in restrictions:
        if restriction.vias:
            found = set(map_.sequences(restriction))
            refused.sequences |= found
            refused.via_ways += bool(found)
        else:
            pairs = set(map_.pairs(restriction))
            refused.pairs |= pairs
            refused.via_nodes += bool(pairs)
    return refused


class _Map:
    """The edges that touch the vias of restrictions, as plain lists."""

    def __init__(
        self,
        restrictions: Sequence[Restriction],
        edges: Edges,
        way_id: Int64,
        node_id: Int64,
    ) -> None:
        self._tail, self._head, self._way = edges.tail, edges.head, way_id
        self._twin = edges.twin
        wanted = np.unique(np.array([r.via for r in restrictions if not r.vias], dtype=np.int64))
        index = np.searchsorted(node_id, wanted)
        known = (index < len(node_id)) & (node_id[np.minimum(index, len(node_id) - 1)] == wanted)
        self._point = dict(zip(wanted[known].tolist(), index[known].tolist(), strict=True))
        ways = np.array([way for r in restrictions for way in r.vias], dtype=np.int64)
        self._on_vias: dict[int, list[int]] = defaultdict(list)
        on_vias = np.flatnonzero(np.isin(way_id, ways))
        for edge in on_vias.tolist():
            self._on_vias[int(way_id[edge])].append(edge)
        points = np.concatenate([index[known], edges.tail[on_vias], edges.head[on_vias]])
        self._arriving = _edges_at(edges.head, points)
        self._leaving = _edges_at(edges.tail, points)

    def pairs(self, restriction: Restriction) -> Iterable[tuple[int, int]]:
        """Yield the turns that a restriction via a node refuses."""
        point = self._point.get(restriction.via, -1)
        for edge in self._on(self._arriving[point], restriction.origins):
            leaving = self._leaving[point]
            targets = self._targets(edge, leaving, restriction)
            for other in set(leaving) - targets if restriction.only and targets else ():
                yield edge, other
            for other in () if restriction.only else targets:
                yield edge, other

    def sequences(self, restriction: Restriction) -> Iterable[tuple[int, ...]]:
        """Yield the sequences of edges that a restriction via ways refuses.

        Who must turn ("only") and has entered the via must follow it to its end.
        """
        vias = {edge for way in restriction.vias for edge in self._on_vias.get(way, ())}
        ends = {int(self._tail[edge]) for edge in vias}
        for start in ends:
            for origin in self._on(self._arriving[start], restriction.origins):
                walk, targets = self._follow(origin, vias, restriction)
                if restriction.only:
                    for length in range(2, len(walk) + 1):
                        right = targets if length == len(walk) else {walk[length]}
                        leaving = set(self._leaving[int(self._head[walk[length - 1]])])
                        back = int(self._twin[walk[length - 1]])
                        yield from ((*walk[:length], edge) for edge in leaving - right - {back})
                else:
                    yield from ((*walk, edge) for edge in targets)

    def _follow(
        self, origin: int, vias: set[int], restriction: Restriction
    ) -> tuple[tuple[int, ...], set[int]]:
        """Return the walk with fewest edges from `origin` over all vias, and where it goes on; or nothing."""
        queue: deque[tuple[int, ...]] = deque([(origin,)])
        while queue:
            walk = queue.popleft()
            leaving = self._leaving[int(self._head[walk[-1]])]
            if {int(self._way[edge]) for edge in walk[1:]} == set(restriction.vias):
                back = int(self._twin[walk[-1]])
                targets = set(self._on(leaving, restriction.targets)) - {back} - vias
                if targets:
                    return walk, targets
            visited = {int(self._tail[edge]) for edge in walk[1:]} | {int(self._head[origin])}
            queue.extend(
                (*walk, edge)
                for edge in leaving
                if edge in vias
                and edge != self._twin[walk[-1]]
                and int(self._head[edge]) not in visited
            )
        return (), set()

    def _targets(self, edge: int, leaving: Sequence[int], restriction: Restriction) -> set[int]:
        """Return the leaving edges that the restriction names for who comes over `edge`."""
        targets = set(self._on(leaving, restriction.targets))
        back = int(self._twin[edge])
        if restriction.u_turn and set(restriction.origins) == set(restriction.targets):
            return targets & {back}
        return targets - {back} if restriction.only else targets

    def _on(self, edges: Iterable[int], ways: Sequence[int]) -> list[int]:
        return [edge for edge in edges if int(self._way[edge]) in ways]


def _edges_at(ends: Int64, points: Int64) -> defaultdict[int, list[int]]:
    """List the edges that have one of `points` at that end."""
    lists: defaultdict[int, list[int]] = defaultdict(list)
    for edge in np.flatnonzero(np.isin(ends, points)).tolist():
        lists[int(ends[edge])].append(edge)
    return lists
