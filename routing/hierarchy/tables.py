"""Tables of driving times from many nodes to many nodes of a hierarchy."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from routing.graph import CLOSED_MS, Int32, Int64
from routing.hierarchy.arcs import Hierarchy
from routing.hierarchy.table_kernels import fill_rows, restrict
from routing.kernels import INFINITE

_Key = TypeVar("_Key", np.int32, np.int64)
_Ends = tuple[Int32, npt.NDArray[_Key]]
_Arcs = tuple[Int32, Int32, npt.NDArray[_Key]]


def key_table(
    hierarchy: Hierarchy, starts: tuple[Int32, Int64], goals: tuple[Int32, Int64]
) -> Int64:
    """Return int64[s, t], the keys of the fastest ways over at least one node.

    Parameters
    ----------
    hierarchy
        Where to search.
    starts, goals
        int32[s, k] or int32[t, k] ranks, int64 of the same shape keys to add (`INFINITE`: none).
    """
    up = hierarchy.up_first, hierarchy.up_head, hierarchy.up_key
    down = hierarchy.down_first, hierarchy.down_tail, hierarchy.down_key
    return _table(starts, goals, (up, down), INFINITE)


def times_ms(hierarchy: Hierarchy, sources: Int32, targets: Int32) -> Int32:
    """Return int32[sources, targets], driving times in ms between nodes; without any way `CLOSED_MS`.

    Half the work of `key_table`, which also knows lengths. Threads may fill parts at the same time.
    """
    starts, goals = (
        (hierarchy.rank[nodes][:, None], np.zeros((len(nodes), 1), dtype=np.int32))
        for nodes in (sources, targets)
    )
    up = hierarchy.up_first, hierarchy.up_head, hierarchy.up_ms
    down = hierarchy.down_first, hierarchy.down_tail, hierarchy.down_ms
    return _table(starts, goals, (up, down), CLOSED_MS)


def _table(
    starts: _Ends[_Key], goals: _Ends[_Key], arcs: tuple[_Arcs[_Key], _Arcs[_Key]], unreached: int
) -> npt.NDArray[_Key]:
    up, down = arcs
    above, nodes, upward = restrict(up, starts[0][starts[1] < unreached], downward=False)
    below, _, downward = restrict(down, goals[0][goals[1] < unreached], downward=True)
    places = above[starts[0]]
    table = np.empty((len(places), len(goals[0])), dtype=up[2].dtype)
    fill_rows(
        upward,
        downward,
        below[nodes],
        np.argsort(places[:, 0], kind="stable").astype(np.int32),
        (places, starts[1]),
        (below[goals[0]], goals[1]),
        unreached,
        table,
    )
    return table
