"""Turns become part of the graph: copies of edges and split nodes, only where they are needed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.build.simplify import Edges
from routing.build.turns.search_kernels import REFUSED, TURNING_BACK, refuse_ways_round
from routing.build.turns.split_kernels import split_nodes
from routing.build.turns.table import Reach, Turns, both_ways

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """Directed edges between the parts of nodes: edges, copies of edges, connectors.

    Attributes
    ----------
    edge
        int64[s], the edge that each lane drives along, copies last.
    copies
        How many lanes at the end are copies.
    tail, head
        int64[s], parts of nodes.
    connectors
        int64[c, 3]: tail, head, milliseconds.
    point
        int64[parts], the point of `Segments` at which each part lies.
    split, u_turns, costly
        Nodes that were split, U-turns that are refused, turns that cost something.
    """

    edge: Int64
    copies: int
    tail: Int64
    head: Int64
    connectors: Int64
    point: Int64
    split: int
    u_turns: int
    costly: int


def make_lanes(turns: Turns, reach: Reach, edges: Edges, weight: Int64, points: int) -> Lanes:
    """Refuse the U-turns that would be ways round, then split the nodes whose turns differ.

    Parameters
    ----------
    turns, reach
        All turns and their costs, and which lanes reach which; `turns.ms` is changed.
    edges
        The edges that the lanes drive along.
    weight
        int64[s], key of each lane.
    points
        Number of points; parts of nodes beyond the first are numbered from here.
    """
    before = int((turns.ms == REFUSED).sum())
    _refuse_where_nothing_else_leads(turns, reach, edges)
    wanted = np.flatnonzero(_doubtful(turns, edges) & _joined(turns, reach))
    refuse_ways_round(turns.first, turns.origin, turns.into, turns.ms, weight, wanted)
    nodes = np.unique(turns.head[turns.origin[(turns.ms == REFUSED) | (turns.ms > 0)]])
    tail, head, connectors, owners = split_nodes(
        nodes,
        _at(turns.head, points),
        _at(turns.tail, points),
        (turns.first, turns.ms),
        points,
    )
    return Lanes(
        edge=turns.edge,
        copies=len(turns.edge) - len(np.unique(turns.edge)),
        tail=np.where(tail < 0, turns.tail, tail),
        head=np.where(head < 0, turns.head, head),
        connectors=connectors,
        point=np.concatenate([np.arange(points, dtype=np.int64), owners]),
        split=len(np.unique(owners)),
        u_turns=int((turns.ms == REFUSED).sum()) - before,
        costly=int((turns.ms > 0).sum()),
    )


def _doubtful(turns: Turns, edges: Edges) -> Bool:
    """Return bool[t], the turns that one may wish to get round: refused or costly, and no U-turns.

    A copy allows less than its edge: where one may turn into the edge, nobody needs the copy.
    """
    come, go = turns.edge[turns.origin], turns.edge[turns.into]
    lanes = len(turns.edge)
    lane_of = np.empty(len(edges.tail), dtype=np.int64)
    lane_of[turns.edge[::-1]] = np.arange(lanes)[::-1]  # the first one is the edge itself
    onto_edge = np.searchsorted(
        turns.origin * lanes + turns.into, turns.origin * lanes + lane_of[go]
    )
    closed = (turns.ms == REFUSED) & ((turns.ms[onto_edge] < 0) | (turns.into == lane_of[go]))
    return np.asarray(((turns.ms > 0) | closed) & (go != edges.twin[come]))


def _joined(turns: Turns, reach: Reach) -> Bool:
    """Return bool[t], whether another way than the turn itself is sure to lead from one lane to the other."""
    return np.asarray((turns.ms > 0) | (reach.leading[turns.origin] & reach.reached[turns.into]))


def _refuse_where_nothing_else_leads(turns: Turns, reach: Reach, edges: Edges) -> None:
    """Refuse the U-turns that would open what can be reached by nothing but U-turns, or left by nothing else.

    The few lanes at the rim of the network: beyond a refused turn, and nothing from the core leads there.
    """
    closed = (turns.ms == REFUSED) & _doubtful(turns, edges)
    beyond = np.zeros(len(turns.edge), dtype=np.bool_)
    stuck = beyond.copy()
    beyond[turns.into[closed & ~reach.reached[turns.into]]] = True
    stuck[turns.origin[closed & ~reach.leading[turns.origin]]] = True
    ahead, behind = both_ways(turns, turns.ms >= 0, stuck, beyond)
    back = turns.ms == TURNING_BACK
    turns.ms[back & (ahead[turns.origin] | behind[turns.into])] = REFUSED


def _at(ends: Int64, points: int) -> tuple[Int64, Int64]:
    """List the lanes by the point at one end: int64[points + 1] first, int64[s] lanes."""
    order = np.argsort(ends, kind="stable").astype(np.int64)
    return np.searchsorted(ends[order], np.arange(points + 1)).astype(np.int64), order
