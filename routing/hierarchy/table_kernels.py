"""Compiled loops that fill tables: many sources to many targets by restricted PHAST.

Delling, Goldberg, Nowatzyk and Werneck (2011), section 8: keys first spread upwards from the sources,
then one sweep takes them down through the part of the hierarchy from which any target can be reached.
A row of keys (one cache line, see `routing.hierarchy.lanes`) holds the keys of several sources at one node.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from routing.hierarchy.lanes import LINE_BYTES, relax_in, relax_out
from routing.kernels import Int32

Keys = npt.NDArray[np.int32] | npt.NDArray[np.int64]
Arcs = tuple[Int32, Int32, Keys]
"""int32[n + 1] first arc of each node in order of rank, int32[a] the node of higher rank, weights."""


@njit(cache=True, nogil=True)
def restrict(arcs: Arcs, wanted: Int32, *, downward: bool) -> tuple[Int32, Int32, Arcs]:
    """Cut out the part of a hierarchy that can be reached upwards from the `wanted` nodes.

    Returns
    -------
    int32[n] the place of each node in the part (-1: not in it), int32[p] the nodes of the part in the order
    of a sweep (by falling rank if `downward`, else by rising rank), and the arcs between these places.
    """
    first, other, weight = arcs
    nodes = first.size - 1
    place = np.full(nodes, -1, dtype=np.int32)
    part = np.empty(nodes, dtype=np.int32)
    size = 0
    for node in wanted:
        if place[node] < 0:
            place[node] = 0
            part[size] = node
            size += 1
    done = 0
    while done < size:
        node = part[done]
        done += 1
        for arc in range(first[node], first[node + 1]):
            if place[other[arc]] < 0:
                place[other[arc]] = 0
                part[size] = other[arc]
                size += 1
    part = np.sort(part[:size])
    if downward:
        part = part[::-1].copy()
    begins = np.empty(size + 1, dtype=np.int32)
    begins[0] = 0
    for i in range(size):
        place[part[i]] = i
        begins[i + 1] = begins[i] + first[part[i] + 1] - first[part[i]]
    ends = np.empty(begins[size], dtype=np.int32)
    weights = np.empty(begins[size], dtype=weight.dtype)
    for i in range(size):
        target = begins[i]
        for arc in range(first[part[i]], first[part[i] + 1]):
            ends[target], weights[target] = place[other[arc]], weight[arc]
            target += 1
    return place, part, (begins, ends, weights)


@njit(cache=True, nogil=True)
def fill_rows(
    upward: Arcs,
    downward: Arcs,
    links: Int32,
    order: Int32,
    sources: tuple[Int32, Keys],
    targets: tuple[Int32, Keys],
    unreached: int,
    table: Keys,
) -> None:
    """Fill the rows `order` of a table.

    Parameters
    ----------
    upward, downward
        What `restrict` made of the upward arcs for the sources and of the downward arcs for the targets.
    links
        int32[p], place in `downward` of each place in `upward` (-1: none).
    order
        int32[r], rows to fill; neighbours in it should be neighbours on the road.
    sources, targets
        int32[s, k] places in `upward` and the keys at which the search begins there; int32[t, k] places in
        `downward` and the keys to add there (`unreached`: no such seed or goal).
    unreached
        The key of what cannot be reached; the sum of three of them must fit.
    table
        [s, t], filled in place.
    """
    lanes = LINE_BYTES // table.itemsize
    source_place, source_key = sources
    target_place, target_key = targets
    nodes, below = upward[0].size - 1, downward[0].size - 1
    rising = _rows(nodes, lanes, table)
    rising[:] = unreached
    falling = _rows(below, lanes, table)
    active = np.zeros(nodes, dtype=np.bool_)
    for begin in range(0, order.size, lanes):
        batch = min(lanes, order.size - begin)
        falling[:] = unreached
        for lane in range(batch):
            row = order[begin + lane]
            for seed in range(source_place.shape[1]):
                if source_key[row, seed] < unreached:
                    place = source_place[row, seed]
                    active[place] = True
                    at = place * lanes + lane
                    rising[at] = min(rising[at], source_key[row, seed])
        for place in range(nodes):
            if active[place]:
                active[place] = False
                arcs = upward[0][place], upward[0][place + 1]
                relax_out(rising, arcs[0], arcs[1], upward[1], upward[2], place)
                for arc in range(arcs[0], arcs[1]):
                    active[upward[1][arc]] = True
                at = place * lanes
                if links[place] >= 0:
                    to = links[place] * lanes
                    falling[to : to + lanes] = rising[at : at + lanes]
                rising[at : at + lanes] = unreached
        for place in range(below):
            relax_in(
                falling, downward[0][place], downward[0][place + 1], downward[1], downward[2], place
            )
        for lane in range(batch):
            row = order[begin + lane]
            for column in range(target_place.shape[0]):
                best = table.dtype.type(unreached)
                for goal in range(target_place.shape[1]):
                    if target_key[column, goal] < unreached:
                        at = target_place[column, goal] * lanes + lane
                        best = min(best, falling[at] + target_key[column, goal])
                table[row, column] = best


@njit(cache=True, nogil=True)
def _rows(count: int, lanes: int, like: Keys) -> Keys:
    """Return uninitialised rows that begin on a cache line."""
    room = np.empty((count + 1) * lanes, dtype=like.dtype)
    ahead = (-room.ctypes.data % LINE_BYTES) // like.itemsize
    return room[ahead : ahead + count * lanes]
