"""Compiled searches in a contraction hierarchy: one path, and the steps that all searches share.

Nodes are numbered by rank. A search only ever goes upwards: forward along upward arcs, backward along
downward arcs, which are stored by their lower end.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from routing.kernels import INFINITE, Int32, Int64, rise, sink

Arcs = tuple[Int32, Int32, Int64]
"""int32[n + 1] first arc of each node, int32[a] the node of higher rank, int64[a] keys."""
Seeds = tuple[Int32, Int64]
"""int32[k] nodes and int64[k] the keys at which a search begins there (`INFINITE`: not at all)."""
Workspace = tuple[Int64, Int32, Int32, Int32, Int32]
"""What a search needs and leaves as it found it, all of length n: keys (`INFINITE`), heap, places in the heap
(-1), nodes touched, arcs by which they were reached (-1)."""


@njit(cache=True, nogil=True)
def edges_between(
    upward: Arcs,
    downward: Arcs,
    part: Int32,
    start: Seeds,
    goal: Seeds,
    spaces: tuple[Workspace, Workspace],
) -> tuple[int, int, int, Int32]:
    """Find the fastest path by searching upwards from both ends.

    Returns
    -------
    Its key (`INFINITE`: there is none), the seed of `start` and the one of `goal` that it uses, and int32[e]
    its edges in driving order.
    """
    ahead, back = spaces
    size, seen = seed(start[0], start[1], ahead)
    other_size, other_seen = seed(goal[0], goal[1], back)
    best, meeting = INFINITE, -1
    shift = upward[1].size
    while size > 0 or other_size > 0:
        one = ahead[0][ahead[1][0]] if size > 0 else INFINITE
        other = back[0][back[1][0]] if other_size > 0 else INFINITE
        if min(one, other) >= best:
            break
        if one <= other:
            node = ahead[1][0]
            size = pop(ahead[0], ahead[1], ahead[2], size)
            if one + back[0][node] < best:
                best, meeting = one + back[0][node], node
            if not stalled(downward, ahead[0], node, one):
                size, seen = relax(upward, 0, node, one, ahead, size, seen)
        else:
            node = back[1][0]
            other_size = pop(back[0], back[1], back[2], other_size)
            if other + ahead[0][node] < best:
                best, meeting = other + ahead[0][node], node
            if not stalled(upward, back[0], node, other):
                other_size, other_seen = relax(
                    downward, shift, node, other, back, other_size, other_seen
                )
    edges = np.empty(0, dtype=np.int32)
    first, last = -1, -1
    if meeting >= 0:
        chain, first_node, last_node = _chain(upward, downward, ahead[4], back[4], meeting)
        first = _seed_at(start, first_node, ahead[0][first_node])
        last = _seed_at(goal, last_node, back[0][last_node])
        edges = unpack(part, chain)
    tidy(ahead, seen)
    tidy(back, other_seen)
    return best, first, last, edges


@njit(cache=True, nogil=True)
def unpack(part: Int32, arcs: Int32) -> Int32:
    """Return the edges that a chain of arcs stands for, in driving order."""
    edges = np.empty(256, dtype=np.int32)
    count = 0
    stack = np.empty(128, dtype=np.int32)
    for arc in arcs:
        stack[0] = arc
        height = 1
        while height > 0:
            height -= 1
            top = stack[height]
            if part[top, 0] < 0:
                if count == edges.size:
                    edges = np.concatenate((edges, np.empty(count, dtype=np.int32)))
                edges[count] = part[top, 1]
                count += 1
            else:
                if height + 2 > stack.size:
                    stack = np.concatenate((stack, np.empty(stack.size, dtype=np.int32)))
                stack[height], stack[height + 1] = part[top, 1], part[top, 0]
                height += 2
    return edges[:count].copy()


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
def _chain(
    upward: Arcs, downward: Arcs, ahead: Int32, back: Int32, meeting: int
) -> tuple[Int32, int, int]:
    """Return the arcs over `meeting` in driving order, and the nodes at which they begin and end."""
    rising, first_node = _climb(upward[0], ahead, meeting, 0)
    falling, last_node = _climb(downward[0], back, meeting, upward[1].size)
    return np.concatenate((rising[::-1], falling)), first_node, last_node


@njit(cache=True, nogil=True)
def _climb(first: Int32, parent: Int32, node: int, shift: int) -> tuple[Int32, int]:
    """Follow the parents of `node` to the seed; return the arcs passed and the seed's node."""
    arcs = np.empty(64, dtype=np.int32)
    count = 0
    while parent[node] >= 0:
        if count == arcs.size:
            arcs = np.concatenate((arcs, np.empty(count, dtype=np.int32)))
        arcs[count] = parent[node]
        count += 1
        node = np.searchsorted(first, parent[node] - shift, side="right") - 1
    return arcs[:count].copy(), node


@njit(cache=True, nogil=True)
def _seed_at(seeds: Seeds, node: int, key: int) -> int:
    """Return the number of the seed by which a search began at `node`."""
    for s in range(seeds[0].size):
        if seeds[0][s] == node and seeds[1][s] == key:
            return s
    return -1


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
