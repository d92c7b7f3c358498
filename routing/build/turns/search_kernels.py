"""Compiled searches over turns: what is reached, and where a U-turn would be a way round.

A turn between two lanes costs milliseconds, or is `REFUSED`, or is `TURNING_BACK`: a U-turn that nobody may
make, but which only the structure of the graph rules out once it is `REFUSED`.
"""

from heapq import heappop, heappush

import numpy as np
import numpy.typing as npt
from numba import njit

from routing.kernels import INFINITE, LENGTH_BITS

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

REFUSED = -1
TURNING_BACK = -2


@njit(cache=True, nogil=True)
def flood(first: Int64, into: Int64, use: Bool, seeds: Bool) -> Bool:
    """Return bool[s], the lanes reached from `seeds` over the turns in `use`, the seeds among them.

    Parameters
    ----------
    first, into
        int64[s + 1], int64[t]: turns in CSR order.
    use, seeds
        bool[t], bool[s].
    """
    reached = seeds.copy()
    stack = np.empty(seeds.size, dtype=np.int64)
    size = 0
    for lane in range(seeds.size):
        if seeds[lane]:
            stack[size] = lane
            size += 1
    while size > 0:
        size -= 1
        lane = stack[size]
        for turn in range(first[lane], first[lane + 1]):
            head = into[turn]
            if use[turn] and not reached[head]:
                reached[head] = True
                stack[size] = head
                size += 1
    return reached


@njit(cache=True, nogil=True)
def refuse_ways_round(
    first: Int64, origin: Int64, into: Int64, ms: Int32, weight: Int64, doubtful: Int64
) -> int:
    """Refuse the U-turns by which a bus could get round a turn that is refused or costs something.

    For each `doubtful` turn the fastest way from the end of the one lane to the beginning of the other is
    searched, U-turns at no cost and preferred among equals. The first U-turn on it is refused, again and
    again, until the fastest way has none. What was found for one turn stays true when others follow,
    for a way without U-turns is not touched by refusing more of them.

    Parameters
    ----------
    first, origin, into
        int64[s + 1], int64[t], int64[t]: turns in CSR order.
    ms
        int32[t], changed in place.
    weight
        int64[s], key of each lane.
    doubtful
        int64[d], numbers of turns. From each the other lane must be reachable without a U-turn, or hardly
        anything else.

    Returns
    -------
    Number of U-turns refused.
    """
    lanes = weight.size
    keys = np.empty(lanes, dtype=np.int64)
    came_by = np.empty(lanes, dtype=np.int64)
    seen = np.full(lanes, -1, dtype=np.int64)
    done = np.full(lanes, -1, dtype=np.int64)
    search, refused = 0, 0
    for d in range(doubtful.size):
        start, goal = origin[doubtful[d]], into[doubtful[d]]
        limit = INFINITE
        if ms[doubtful[d]] >= 0:
            limit = ms[doubtful[d]] << LENGTH_BITS
        while True:
            search += 1
            best, last = limit, -1
            keys[start], seen[start], came_by[start] = 0, search, -1
            heap = [(0, start)]
            while len(heap) > 0:
                key, lane = heappop(heap)
                if key > best:
                    break
                if done[lane] == search:
                    continue
                done[lane] = search
                for turn in range(first[lane], first[lane + 1]):
                    if ms[turn] == REFUSED:
                        continue
                    # A way with a U-turn counts as a millimetre shorter, and so wins among equals.
                    cost = -1 if ms[turn] == TURNING_BACK else ms[turn] << LENGTH_BITS
                    head = into[turn]
                    if head == goal and key + cost < best:
                        best, last = key + cost, turn
                    candidate = key + cost + weight[head]
                    if candidate < best and (seen[head] != search or candidate < keys[head]):
                        keys[head], seen[head], came_by[head] = candidate, search, turn
                        heappush(heap, (candidate, head))
            first_back = -1
            while last >= 0:
                if ms[last] == TURNING_BACK:
                    first_back = last
                last = came_by[origin[last]]
            if first_back < 0:
                break
            ms[first_back] = REFUSED
            refused += 1
    return refused
