"""The peer of the insertion search: all pairs of places the hours allow, each tour scheduled whole."""

import numpy as np
from numba import njit

from dispatch.insertion import rows
from dispatch.insertion.arrays import Ask
from dispatch.insertion.places_kernels import may_take
from dispatch.insertion.price_kernels import write_draft
from dispatch.schedule.arrays import FAR, Ints, Opened, Road
from dispatch.schedule.rows import bus, draft, halt, rider, want
from dispatch.schedule.times_kernels import excess, settle

FIXED_S = 3600
"""More than what any visit takes besides boarding."""


@njit(cache=True, nogil=True)
def exhaustive(opened: Opened, limits: Ints, road: Road, ask: Ask) -> float:
    """Cost of the best place for a ride that departs in its window; inf where there is none.

    Only what is hours too early or too late is left out. For vehicles without a range, and rules that
    price neither waiting nor risk.
    """
    best = np.inf
    d = np.empty((draft.ROWS, opened.halts.shape[0] + 3), np.int64)
    q = np.empty((rider.ROWS, opened.riders.shape[0] + 1), np.int64)
    c = np.zeros(rows.CANDIDATE, np.int64)
    halts = opened.halts
    for s in range(opened.buses.shape[0]):
        first, end = opened.buses[s, bus.FIRST], opened.buses[s, bus.END]
        if not may_take(opened.buses[s], limits[s], ask.want, ask.need):
            continue
        c[rows.BUS] = s
        board_by_s = ask.want[want.PICK_UNTIL]
        leave_by_s = board_by_s + ask.want[want.LIMIT] + ask.want[want.BOARD_S] + FIXED_S
        for at in range(first, end + 1):
            if at < end and halts[at, halt.LATEST] < ask.want[want.PICK_FROM]:
                continue
            if at > first and halts[at - 1, halt.EARLIEST] > board_by_s:
                break
            for join_at in range(2):
                if join_at and not _stops_at(halts, at, end, ask.want[want.ORIGIN]):
                    continue
                for to in range(at + join_at, end + 1):
                    if to > at and halts[to - 1, halt.PAUSE] > 0:
                        break
                    if to > at and halts[to - 1, halt.EARLIEST] > leave_by_s:
                        break
                    if not _has_room(opened, limits[s], ask.need, s, at + join_at, to):
                        break
                    for join_to in range(2):
                        if join_to and not _stops_at(halts, to, end, ask.want[want.DESTINATION]):
                            continue
                        c[rows.AT], c[rows.JOIN_AT], c[rows.TO] = at, join_at, to
                        c[rows.JOIN_TO] = join_to
                        best = min(best, _cost(opened, road, ask, c, d, q))
    return best


@njit(cache=True, nogil=True)
def _stops_at(halts: Ints, visit: int, end: int, place: int) -> bool:
    if visit == end or halts[visit, halt.PAUSE] > 0:
        return False
    return bool(halts[visit, halt.PLACE] == place)


@njit(cache=True, nogil=True)
def _has_room(opened: Opened, limits: Ints, need: Ints, s: int, board: int, leave: int) -> bool:
    """Whether the ride finds room from boarding until the visit before which it leaves."""
    for visit in range(board, leave + 1):
        for limit in range(need.size):
            if opened.taken[visit + s, limit] + need[limit] > limits[limit, -1]:
                return False
    return True


@njit(cache=True, nogil=True)
def _cost(opened: Opened, road: Road, ask: Ask, c: Ints, d: Ints, q: Ints) -> float:
    b, w, weights = opened.buses[c[rows.BUS]], ask.want, ask.weights
    n = write_draft(opened, road, w, c, d, q)
    added_s, added_m = 0, 0
    for k in range(n + 1):
        if d[draft.LEG, k] >= FAR:
            return np.inf
        added_s += d[draft.LEG, k]
        added_m += d[draft.METRES, k]
    for k in range(b[bus.FIRST], b[bus.END]):
        added_s -= opened.halts[k, halt.LEG]
        added_m -= opened.halts[k, halt.METRES]
    added_s, added_m = added_s - b[bus.HOME_S], added_m - b[bus.HOME_M]
    riders = b[bus.RIDERS_UNTIL] - b[bus.RIDERS_FROM] + 1
    if added_s > b[bus.DRIVING_LEFT_S] or not settle(d, n, q, riders):
        return np.inf
    off_s = d[draft.T, q[rider.PICK, riders - 1]] - w[want.WISH_S]
    cost = added_s + weights[rows.METRE] * added_m + weights[rows.WISH] * abs(off_s)
    cost += weights[rows.RIDE] * (excess(d, q, riders) - b[bus.EXCESS_S])
    return float(cost + weights[rows.SHIFT] * b[bus.UNUSED])
