"""Compiled loops that make one path of two labels."""

import numpy as np
from numba import njit

from routing.hierarchy.label_kernels import Label
from routing.kernels import INFINITE, Int32


@njit(cache=True, nogil=True)
def way(
    ahead: Label, back: Label, up_first: Int32, down_first: Int32, part: Int32
) -> tuple[int, int, int, Int32]:
    """Join the forward label of one place and the backward label of another.

    Parameters
    ----------
    ahead, back
        The labels.
    up_first, down_first, part
        Arrays of the `Hierarchy`.

    Returns
    -------
    The key of the fastest way (`INFINITE`: there is none), the entries of the two labels that are its seeds,
    and int32[e] its edges in driving order.
    """
    best, here, there = INFINITE, -1, -1
    for i in range(ahead[0].size):
        node = ahead[0][i]
        for j in range(back[0].size):
            if back[0][j] == node and ahead[1][i] + back[1][j] < best:
                best, here, there = ahead[1][i] + back[1][j], i, j
    if here < 0:
        return best, -1, -1, np.empty(0, dtype=np.int32)
    rising, first = _climb(ahead, here, up_first, 0)
    falling, last = _climb(back, there, down_first, up_first[-1])
    return best, first, last, unpack(part, np.concatenate((rising[::-1], falling)))


@njit(cache=True, nogil=True)
def _climb(label: Label, entry: int, first: Int32, shift: int) -> tuple[Int32, int]:
    """Follow the arcs of a label from an entry to its seed; return the arcs passed and the seed's entry."""
    nodes, _, arcs = label
    passed = np.empty(nodes.size, dtype=np.int32)
    count = 0
    while arcs[entry] >= 0:
        passed[count] = arcs[entry]
        count += 1
        below = np.searchsorted(first, arcs[entry] - shift, side="right") - 1
        entry = 0
        while nodes[entry] != below:
            entry += 1
    return passed[:count], entry


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
