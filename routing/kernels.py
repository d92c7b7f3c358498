"""Keys, and a heap of nodes by key.

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
