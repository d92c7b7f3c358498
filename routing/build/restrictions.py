"""Turn restrictions: read from relations, then made part of the graph by splitting nodes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.build.tags import TagReader

CONNECTOR = -1
"""Stands for the segment of an arc that only joins the parts of a split node."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """Who comes from one of `origins` to node `via` must not (`only`: must) go on into `targets` (ways)."""

    origins: tuple[int, ...]
    via: int
    targets: tuple[int, ...]
    only: bool
    u_turn: bool


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Directed pieces of road between two neighbouring points; `a` arcs.

    Attributes
    ----------
    tail, head
        int64[a], node indices.
    segment
        int64[a], which segment the arc drives along, `CONNECTOR` for none.
    against
        bool[a], whether it drives against the direction of the way.
    """

    tail: npt.NDArray[np.int64]
    head: npt.NDArray[np.int64]
    segment: npt.NDArray[np.int64]
    against: npt.NDArray[np.bool_]


def read_restriction(
    tags: Mapping[str, str], members: Sequence[tuple[str, int, str]], reader: TagReader
) -> Restriction | None:
    """Read a restriction relation; None if it does not bind the vehicle or cannot be applied.

    `members` are triples of type ("n", "w", "r"), id and role.
    """
    keys = reader.profile.access_keys
    named = (tags[key] for key in (f"restriction:{name}" for name in keys) if key in tags)
    value = next(named, tags.get("restriction"))
    if value is None:
        reader.ignored[
            "turn restrictions that are time-dependent or for other vehicles, which"
        ] += 1
        return None
    if not set(tags.get("except", "").replace(" ", "").split(";")).isdisjoint(keys):
        return None
    origins = tuple(ref for kind, ref, role in members if kind == "w" and role == "from")
    targets = tuple(ref for kind, ref, role in members if kind == "w" and role == "to")
    vias = [(kind, ref) for kind, ref, role in members if role == "via"]
    if not value.startswith(("no_", "only_")) or not origins or not targets or not vias:
        reader.ignored["incomplete turn restrictions, which"] += 1
        return None
    if len(vias) > 1 or vias[0][0] != "n":
        reader.ignored["turn restrictions via a way instead of a node, which"] += 1
        return None
    only = value.startswith("only_")
    return Restriction(origins, vias[0][1], targets, only, value.endswith("_u_turn"))


def split_nodes(
    arcs: Arcs,
    segment_way: npt.NDArray[np.int64],
    node_id: npt.NDArray[np.int64],
    nodes: int,
    restrictions: Sequence[Restriction],
) -> tuple[Arcs, npt.NDArray[np.int64], int]:
    """Split the nodes that have restrictions so that no walk can break one.

    A restricted node becomes one entry for each group of arriving arcs with the same forbidden turns, one
    exit for all leaving arcs that nobody forbids and one exit for each other leaving arc. Connectors join
    each entry to the exits it allows.

    Parameters
    ----------
    arcs
        Arcs between nodes `0..nodes - 1`.
    segment_way
        int64[segments], the OSM way of each segment.
    node_id
        int64[k], strictly increasing OSM ids of the first `k <= nodes` nodes, those that can be a via.
    nodes
        Number of nodes.
    restrictions
        What to honour.

    Returns
    -------
    The new arcs, int64[c] the node that each of the `c` added nodes is a part of, and the number of
    restrictions that forbid at least one turn that exists.
    """
    vias = _via_nodes(node_id, restrictions)
    arriving, leaving = _arcs_at(arcs, set(vias.values()))
    splitter = _Splitter(arcs, nodes)
    honoured = 0
    forbidden: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for restriction in restrictions:
        node = vias.get(restriction.via)
        if node is None:
            continue
        pairs = _forbidden_pairs(restriction, arriving[node], leaving[node], arcs, segment_way)
        honoured += bool(pairs)
        for into, out in pairs:
            forbidden[node][into].add(out)
    for node, turns in forbidden.items():
        splitter.split(node, turns, arriving[node])
    return splitter.arcs(), splitter.copies(), honoured


def _via_nodes(
    node_id: npt.NDArray[np.int64], restrictions: Iterable[Restriction]
) -> dict[int, int]:
    """Map the OSM ids of vias to node indices, leaving out those that are not in the graph."""
    wanted = np.unique(np.array([r.via for r in restrictions], dtype=np.int64))
    index = np.searchsorted(node_id, wanted)
    found = (index < len(node_id)) & (node_id[np.minimum(index, len(node_id) - 1)] == wanted)
    return dict(zip(wanted[found].tolist(), index[found].tolist(), strict=True))


def _arcs_at(arcs: Arcs, nodes: set[int]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """List the arcs that arrive at and that leave each of `nodes`."""
    chosen = np.array(sorted(nodes), dtype=np.int64)
    arriving: dict[int, list[int]] = {node: [] for node in nodes}
    leaving: dict[int, list[int]] = {node: [] for node in nodes}
    for ends, lists in ((arcs.head, arriving), (arcs.tail, leaving)):
        for arc in np.flatnonzero(np.isin(ends, chosen)).tolist():
            lists[int(ends[arc])].append(arc)
    return arriving, leaving


def _forbidden_pairs(
    restriction: Restriction,
    arriving: Sequence[int],
    leaving: Sequence[int],
    arcs: Arcs,
    segment_way: npt.NDArray[np.int64],
) -> list[tuple[int, int]]:
    """List the turns (arriving arc, leaving arc) that the restriction forbids."""

    def on(arc: int, ways: tuple[int, ...]) -> bool:
        return int(segment_way[arcs.segment[arc]]) in ways

    inbound = [arc for arc in arriving if on(arc, restriction.origins)]
    if restriction.only:
        wrong = [arc for arc in leaving if not on(arc, restriction.targets)]
        reachable = len(wrong) < len(leaving)
        return [(i, o) for i in inbound for o in wrong] if reachable else []
    outbound = [arc for arc in leaving if on(arc, restriction.targets)]
    turns = [(i, o) for i in inbound for o in outbound]
    if restriction.u_turn and set(restriction.origins) == set(restriction.targets):
        return [(i, o) for i, o in turns if arcs.segment[i] == arcs.segment[o]]
    return turns


class _Splitter:
    """Collects changed ends, new nodes and connectors."""

    def __init__(self, arcs: Arcs, nodes: int) -> None:
        self._old = arcs
        self._tail = arcs.tail.copy()
        self._head = arcs.head.copy()
        self._nodes = nodes
        self._copies: list[int] = []
        self._connectors: list[tuple[int, int]] = []

    def split(
        self,
        node: int,
        turns: Mapping[int, set[int]],
        arriving: Sequence[int],
    ) -> None:
        """Split `node`; `turns` gives the forbidden leaving arcs of each arriving arc."""
        contested = set().union(*turns.values())
        exits = {arc: self._copy(node) for arc in sorted(contested)}
        for arc, exit_node in exits.items():
            self._tail[arc] = exit_node
        entries: dict[frozenset[int], int] = {}
        for arc in arriving:
            refused = frozenset(turns.get(arc, ()))
            if refused not in entries:
                entries[refused] = self._copy(node)
            self._head[arc] = entries[refused]
        for refused, entry in entries.items():
            self._connectors.append((entry, node))  # the node itself stays as the common exit
            self._connectors += [(entry, exits[arc]) for arc in exits if arc not in refused]

    def arcs(self) -> Arcs:
        extra = np.array(self._connectors, dtype=np.int64).reshape(-1, 2)
        none = np.full(len(extra), CONNECTOR, dtype=np.int64)
        return Arcs(
            tail=np.concatenate([self._tail, extra[:, 0]]),
            head=np.concatenate([self._head, extra[:, 1]]),
            segment=np.concatenate([self._old.segment, none]),
            against=np.concatenate([self._old.against, np.zeros(len(extra), dtype=np.bool_)]),
        )

    def copies(self) -> npt.NDArray[np.int64]:
        return np.array(self._copies, dtype=np.int64)

    def _copy(self, node: int) -> int:
        self._copies.append(node)
        return self._nodes + len(self._copies) - 1
