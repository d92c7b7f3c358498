"""Compiled inner loops of the road network: arrays and scalars only.

A *key* is an int64 that holds a driving time in milliseconds (upper half) and a length in millimetres (lower
32 bits). Keys add up component by component and compare by time first, then by length: of all fastest paths
the shortest is taken, whichever direction it is searched from.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

Float64 = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

LENGTH_BITS = 32
LENGTH_MASK = 2**32 - 1
INFINITE = 2**61
"""Key of what cannot be reached; the sum of two of them still fits."""


@njit(cache=True, nogil=True)
def search(
    first: Int32,
    neighbour: Int32,
    weight: Int64,
    seeds: tuple[Int32, Int64],
    goals: tuple[Int32, Int64],
) -> tuple[Int64, Int32]:
    """Dijkstra's algorithm with a 4-ary heap from several seeds.

    Parameters
    ----------
    first, neighbour, weight
        int32[n + 1], int32[m], int64[m]: arcs in CSR order with keys as weights.
    seeds
        Nodes (int32) and the keys (int64) at which the search begins there.
    goals
        Nodes and the keys still to add there: the search ends once the best goal is certain. Without goals
        it visits everything.

    Returns
    -------
    int64[n] keys and int32[n] the arc by which each node was reached (-1: seed or not reached). With goals,
    only the nodes on a best path to the best goal are certain to be final.
    """
    n = first.size - 1
    keys = np.full(n, INFINITE, dtype=np.int64)
    parent = np.full(n, -1, dtype=np.int32)
    heap = np.empty(n, dtype=np.int32)
    place = np.full(n, -1, dtype=np.int32)  # in the heap; -1: not yet, -2: no longer
    size = 0
    seed_node, seed_key = seeds
    goal_node, goal_key = goals
    for s in range(seed_node.size):
        node = seed_node[s]
        if seed_key[s] < keys[node]:
            keys[node] = seed_key[s]
            if place[node] < 0:
                place[node] = size
                size += 1
            rise(heap, place, keys, place[node], node)
    best = INFINITE
    while size > 0:
        node = heap[0]
        key = keys[node]
        if key >= best:
            break
        for g in range(goal_node.size):
            if goal_node[g] == node:
                best = min(best, key + goal_key[g])
        place[node] = -2
        size -= 1
        if size > 0:
            sink(heap, place, keys, size, heap[size])
        for arc in range(first[node], first[node + 1]):
            head = neighbour[arc]
            candidate = key + weight[arc]
            if candidate < keys[head]:
                keys[head] = candidate
                parent[head] = arc
                if place[head] < 0:
                    place[head] = size
                    size += 1
                rise(heap, place, keys, place[head], head)
    return keys, parent


@njit(cache=True, nogil=True)
def rise(heap: Int32, place: Int32, keys: Int64, hole: int, node: int) -> None:
    """Move `node` from position `hole` of the heap up to where it belongs."""
    key = keys[node]
    while hole > 0:
        above = (hole - 1) // 4
        if keys[heap[above]] <= key:
            break
        heap[hole] = heap[above]
        place[heap[hole]] = hole
        hole = above
    heap[hole] = node
    place[node] = hole


@njit(cache=True, nogil=True)
def sink(heap: Int32, place: Int32, keys: Int64, size: int, node: int) -> None:
    """Put `node` at the top of a heap of `size` and let it down to where it belongs."""
    key = keys[node]
    hole = 0
    while True:
        child = 4 * hole + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if keys[heap[other]] < keys[heap[least]]:
                least = other
        if key <= keys[heap[least]]:
            break
        heap[hole] = heap[least]
        place[heap[hole]] = hole
        hole = least
    heap[hole] = node
    place[node] = hole
