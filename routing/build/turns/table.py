"""Every turn of a road graph with what it costs; edges repeated where one must remember how one came."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from routing.build.simplify import Edges
from routing.build.turns.memory import Memory
from routing.build.turns.refused import Refused
from routing.build.turns.search_kernels import REFUSED, TURNING_BACK, flood

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """Turns between lanes: a lane is an edge or one of its copies, edges first; `s` lanes, `t` turns.

    Attributes
    ----------
    edge
        int64[s], the edge that the lane is or repeats.
    tail, head
        int64[s], points.
    first
        int64[s + 1], the turns out of lane x are `first[x]:first[x + 1]`: one for each lane that leaves its
        head, in the order of their numbers.
    origin, into
        int64[t], lanes.
    ms
        int32[t], what the turn costs, `REFUSED`, or `TURNING_BACK` for a U-turn that nobody may make but that
        no fastest walk contains as far as is known.
    """

    edge: Int64
    tail: Int64
    head: Int64
    first: Int64
    origin: Int64
    into: Int64
    ms: Int32

    def backwards(self) -> tuple[Int64, Int64, Int64]:
        """Return the turns by the lane they lead into: int64[s + 1] first, int64[t] origins, numbers."""
        order = np.argsort(self.into, kind="stable")
        first = np.searchsorted(self.into[order], np.arange(len(self.edge) + 1))
        return first.astype(np.int64), self.origin[order], order.astype(np.int64)


def all_turns(edges: Edges, refused: Refused, turning: Bool) -> Turns:
    """List every turn, none of them at a cost yet.

    A sequence that is refused gives copies of its inner edges: who has driven its beginning is on the copy,
    which lets him do all that the edge allows except to complete the sequence.

    Parameters
    ----------
    edges, refused
        Edges and what must not follow each other.
    turning
        bool[points], where the bus may turn back.
    """
    memory = Memory(refused, edges)
    edge = np.concatenate([np.arange(len(edges.tail)), memory.repeated])
    tail, head = edges.tail[edge], edges.head[edge]
    first, origin, into = _meeting(tail, head)
    key = origin * len(edge) + into
    pairs = np.array([a * len(edges.tail) + b for a, b in refused.pairs], dtype=np.int64)
    named = np.isin(edge[origin] * len(edges.tail) + edge[into], pairs)
    closed = into >= len(edges.tail)
    for copies, shut in ((memory.opened, False), (memory.closed, True)):
        wanted = np.array([x * len(edge) + y for x, y in copies], dtype=np.int64)
        closed[np.searchsorted(key, wanted)] = shut
    closed |= named
    back = (edge[into] == edges.twin[edge[origin]]) & ~closed
    goes_on = np.zeros(len(edge), dtype=np.bool_)
    goes_on[origin[~closed & ~back]] = True
    may_turn = (turning[head] | ~goes_on)[origin]
    ms = np.where(closed, REFUSED, np.where(back & ~may_turn, TURNING_BACK, 0)).astype(np.int32)
    return Turns(edge, tail, head, first, origin, into, ms)


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Which lanes can be `reached` from the core of the network, and which are `leading` to it: bool[s]."""

    reached: Bool
    leading: Bool


def keep_reachable(turns: Turns, road: Int64) -> tuple[Turns, Reach]:
    """Return the turns between lanes of roads that the bus can come to and from which it can go anywhere.

    The core is the largest set of lanes in which each leads to each. A road stays as well if it is reached
    from there in one direction and leads there in one: a bus that halts on a road may leave it both ways.

    Parameters
    ----------
    turns
        All turns.
    road
        int64[m], the road of each edge.
    """
    size = len(turns.edge)
    use = turns.ms >= 0
    matrix = csr_array(
        (np.ones(int(use.sum()), dtype=np.int8), (turns.origin[use], turns.into[use])), (size, size)
    )
    _, part = connected_components(matrix, directed=True, connection="strong")
    core = part == np.argmax(np.bincount(part))
    kept = np.ones(size, dtype=np.bool_)
    while True:
        use &= kept[turns.origin] & kept[turns.into]
        reached, leading = both_ways(turns, use, core, core)
        either = [
            np.bincount(road[turns.edge[lanes]], minlength=size) for lanes in (reached, leading)
        ]
        still = kept & (np.minimum(*either) > 0)[road[turns.edge]]
        if (still == kept).all():
            return _only(turns, kept), Reach(reached[kept], leading[kept])
        kept = still


def both_ways(turns: Turns, use: Bool, sources: Bool, sinks: Bool) -> tuple[Bool, Bool]:
    """Return bool[s] twice: reached from `sources`, and leading to `sinks`, over the turns in `use`."""
    before, origins, number = turns.backwards()
    return (
        flood(turns.first, turns.into, use, sources),
        flood(before, origins, use[number], sinks),
    )


def _only(turns: Turns, kept: Bool) -> Turns:
    """Return the turns between the `kept` lanes, which are numbered anew."""
    number = np.cumsum(kept) - 1
    stay = kept[turns.origin] & kept[turns.into]
    origin = number[turns.origin[stay]]
    first = np.searchsorted(origin, np.arange(int(kept.sum()) + 1)).astype(np.int64)
    return Turns(
        turns.edge[kept],
        turns.tail[kept],
        turns.head[kept],
        first,
        origin,
        number[turns.into[stay]],
        turns.ms[stay],
    )


def _meeting(tail: Int64, head: Int64) -> tuple[Int64, Int64, Int64]:
    """Return first, origin and into of every turn."""
    order = np.argsort(tail, kind="stable")
    points = int(max(tail.max(), head.max())) + 1
    first_out = np.searchsorted(tail[order], np.arange(points + 1))
    counts = np.diff(first_out)[head]
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    origin = np.repeat(np.arange(len(head)), counts)
    into = order[first_out[head[origin]] + np.arange(first[-1]) - first[origin]]
    return first, origin, into
