"""Compiled loops over labels: the upward searches of many places, and table rows made of them.

A label holds the nodes that a place's search upwards settles, with their keys. Two places are joined by the
least sum over the nodes that the label of the one (forward) and that of the other (backward) share.
"""

import numpy as np
from numba import njit

from routing.ends_kernels import Sides, straight_on
from routing.graph import UNREACHABLE
from routing.hierarchy.way_kernels import Arcs, Workspace, pop, relax, seed, stalled, tidy
from routing.kernels import INFINITE, LENGTH_BITS, LENGTH_MASK, Int32, Int64

Labels = tuple[Int64, Int32, Int64]
"""int64[p + 1] beginnings, int32 nodes and int64 keys of the labels of `p` places."""


@njit(cache=True, nogil=True)
def labels_of(upward: Arcs, against: Arcs, seeds: tuple[Int32, Int64], space: Workspace) -> Labels:
    """Search upwards from the `seeds` (int32[p, k] nodes, int64[p, k] keys) of each place.

    Nodes that are reached faster over a higher one (`against`: the arcs that come down) are left out: no
    fastest path turns there.
    """
    keys, heap, place, _, _ = space
    places = seeds[0].shape[0]
    first = np.zeros(places + 1, dtype=np.int64)
    nodes = np.empty(128 * places, dtype=np.int32)
    values = np.empty(128 * places, dtype=np.int64)
    count = 0
    for p in range(places):
        size, seen = seed(seeds[0][p], seeds[1][p], space)
        while size > 0:
            node = heap[0]
            key = keys[node]
            size = pop(keys, heap, place, size)
            if stalled(against, keys, node, key):
                continue
            if count == nodes.size:
                nodes = np.concatenate((nodes, np.empty(count, dtype=np.int32)))
                values = np.concatenate((values, np.empty(count, dtype=np.int64)))
            nodes[count], values[count] = node, key
            count += 1
            size, seen = relax(upward, 0, node, key, space, size, seen)
        tidy(space, seen)
        first[p + 1] = count
    return first, nodes[:count].copy(), values[:count].copy()


@njit(cache=True, nogil=True)
def least_sums(label: Labels, labels: Labels, places: int, dense: Int64) -> Int64:
    """Return int64[places], the keys between one place and each of the others.

    Parameters
    ----------
    label
        The labels of one place.
    labels
        The first `places` labels of the others, in the opposite direction.
    dense
        int64[n], all `INFINITE`; left so.
    """
    _, nodes, values = label
    first, other_nodes, other_values = labels
    for i in range(nodes.size):
        dense[nodes[i]] = values[i]
    result = np.empty(places, dtype=np.int64)
    for p in range(places):
        best = INFINITE
        for i in range(first[p], first[p + 1]):
            best = min(best, dense[other_nodes[i]] + other_values[i])
        result[p] = best
    for node in nodes:
        dense[node] = INFINITE
    return result


@njit(cache=True, nogil=True)
def enter(
    keys: Int64,
    origins: Int32,
    destinations: Int32,
    sides: Sides,
    seconds: Int32,
    metres: Int32,
) -> None:
    """Write keys (int64[o, d]), or those of driving straight on, as whole seconds and metres, rounded up."""
    for row in range(origins.size):
        for column in range(destinations.size):
            origin, destination = origins[row], destinations[column]
            key = min(keys[row, column], straight_on(sides, origin, destination)[0])
            if key < INFINITE:
                seconds[origin, destination] = -(-(key >> LENGTH_BITS) // 1000)
                metres[origin, destination] = -(-(key & LENGTH_MASK) // 1000)
            else:
                seconds[origin, destination] = metres[origin, destination] = UNREACHABLE
