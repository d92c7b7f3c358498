"""Compiled loops over labels: the upward searches of many places, and table rows made of them.

Nodes are numbered by rank. A search only ever goes upwards: forward along upward arcs, backward along
downward arcs, which are stored by their lower end. A label holds the nodes that the search of a place
settles, with their keys and the arcs by which they were reached. Two places are joined by the least sum over
the nodes that the label of the one (forward) and that of the other (backward) share.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from routing.ends_kernels import Sides, straight_on
from routing.graph import UNREACHABLE
from routing.kernels import INFINITE, LENGTH_BITS, LENGTH_MASK, Int32, Int64, rise, sink

Arcs = tuple[Int32, Int32, Int64]
"""int32[n + 1] first arc of each node, int32[a] the node of higher rank, int64[a] keys."""
Workspace = tuple[Int64, Int32, Int32, Int32, Int32]
"""What a search needs and leaves as it found it, all of length n: keys (`INFINITE`), heap, places in the heap
(-1), nodes touched, arcs by which they were reached (-1)."""
Labels = tuple[Int64, Int32, Int64, Int32]
"""int64[p + 1] beginnings, int32 nodes, int64 keys and int32 arcs (-1: a seed) of `p` labels."""
Label = tuple[Int32, Int64, Int32]
"""int32 nodes, int64 keys and int32 arcs of the label of one place."""


@njit(cache=True, nogil=True)
def labels_of(
    upward: Arcs, against: Arcs, shift: int, seeds: tuple[Int32, Int64], space: Workspace
) -> Labels:
    """Search upwards from the `seeds` (int32[p, k] nodes, int64[p, k] keys) of each place.

    `shift` is added to the numbers of the arcs: 0 for upward arcs, their number for downward ones.

    Nodes that are reached faster over a higher one (`against`: the arcs that come down) are left out: no
    fastest path turns there.
    """
    keys, heap, place, _, parent = space
    places = seeds[0].shape[0]
    first = np.zeros(places + 1, dtype=np.int64)
    nodes = np.empty(128 * places, dtype=np.int32)
    values = np.empty(128 * places, dtype=np.int64)
    arcs = np.empty(128 * places, dtype=np.int32)
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
                arcs = np.concatenate((arcs, np.empty(count, dtype=np.int32)))
            nodes[count], values[count], arcs[count] = node, key, parent[node]
            count += 1
            size, seen = relax(upward, shift, node, key, space, size, seen)
        tidy(space, seen)
        first[p + 1] = count
    return first, nodes[:count].copy(), values[:count].copy(), arcs[:count].copy()


@njit(cache=True, nogil=True)
def least_sums(label: Label, labels: Labels, places: int, dense: Int64) -> Int64:
    """Return int64[places], the keys between one place and each of the others.

    Parameters
    ----------
    label
        The label of one place.
    labels
        The first `places` labels of the others, in the opposite direction.
    dense
        int64[n], all `INFINITE`; left so.
    """
    nodes, values, _ = label
    first, other_nodes, other_values, _ = labels
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


@njit(cache=True, nogil=True)
def seed(nodes: Int32, values: Int64, space: Workspace) -> tuple[int, int]:
    """Put seeds into the empty heap; return its size and how many nodes were touched."""
    keys, heap, place, touched, _ = space
    size = 0
    for s in range(nodes.size):
        node = nodes[s]
        if values[s] < keys[node]:
            keys[node] = values[s]
            if place[node] < 0:
                place[node] = size
                touched[size] = node
                size += 1
            rise(heap, place, keys, place[node], node)
    return size, size


@njit(cache=True, nogil=True)
def pop(keys: Int64, heap: Int32, place: Int32, size: int) -> int:
    """Take the first node out of the heap; return the new size."""
    place[heap[0]] = -2
    size -= 1
    if size > 0:
        sink(heap, place, keys, size, heap[size])
    return size


@njit(cache=True, nogil=True)
def stalled(against: Arcs, keys: Int64, node: int, key: int) -> bool:
    """Tell whether a node of higher rank leads to `node` faster than the search did (stall on demand)."""
    first, other, weight = against
    for arc in range(first[node], first[node + 1]):
        if keys[other[arc]] + weight[arc] < key:
            return True
    return False


@njit(cache=True, nogil=True)
def relax(
    arcs: Arcs, shift: int, node: int, key: int, space: Workspace, size: int, seen: int
) -> tuple[int, int]:
    """Go on upwards from `node`; return size of the heap and number of nodes touched."""
    keys, heap, place, touched, parent = space
    first, other, weight = arcs
    for arc in range(first[node], first[node + 1]):
        head = other[arc]
        candidate = key + weight[arc]
        if candidate < keys[head]:
            keys[head] = candidate
            parent[head] = arc + shift
            if place[head] == -1:
                place[head] = size
                size += 1
                touched[seen] = head
                seen += 1
            rise(heap, place, keys, place[head], head)
    return size, seen


@njit(cache=True, nogil=True)
def tidy(space: Workspace, seen: int) -> None:
    """Leave a workspace as it was found."""
    keys, _, place, touched, parent = space
    for i in range(seen):
        node = touched[i]
        keys[node], place[node], parent[node] = INFINITE, -1, -1


def workspace(nodes: int) -> tuple[npt.NDArray[np.int64], Int32, Int32, Int32, Int32]:
    """Return a fresh workspace for searches over `nodes` nodes."""
    return (
        np.full(nodes, INFINITE, dtype=np.int64),
        np.empty(nodes, dtype=np.int32),
        np.full(nodes, -1, dtype=np.int32),
        np.empty(nodes, dtype=np.int32),
        np.full(nodes, -1, dtype=np.int32),
    )
