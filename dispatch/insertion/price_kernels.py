"""Compiled: the exact schedule and price of a tour with one ride more."""

import numpy as np
from numba import njit

from dispatch.insertion import rows
from dispatch.insertion.arrays import Ask
from dispatch.schedule.arrays import FAR, Ints, Opened, Road
from dispatch.schedule.driving_kernels import driving, length
from dispatch.schedule.rows import bus, draft, halt, rider, want
from dispatch.schedule.times_kernels import excess, risk, settle, waiting

_RANGE = 8
"""``Relax.RANGE``."""


@njit(cache=True, nogil=True)
def write_draft(opened: Opened, road: Road, w: Ints, c: Ints, d: Ints, q: Ints) -> int:
    """Write a tour with the wanted ride at the places of a candidate; return how many visits it has.

    The column behind the last visit has the way home; ``T`` of the first visit says when the bus can be
    there.

    Parameters
    ----------
    w
        The ride, rows as in ``rows.want``.
    c
        The candidate, rows as in ``insertion.rows``; its places are indices of visits.
    d, q
        The draft and its riders to write, the new one last.
    """
    b, halts = opened.buses[c[rows.BUS]], opened.halts
    first, end = b[bus.FIRST], b[bus.END]
    at, join_at, to, join_to = c[rows.AT], c[rows.JOIN_AT], c[rows.TO], c[rows.JOIN_TO]
    m, pick, drop, last, new_way = 0, -1, -1, b[bus.PLACE], False
    others, self_aboard = b[bus.ABOARD], 0
    for k in range(first, end + 1):
        if k == at and join_at == 0:
            pick, self_aboard = m, 1
            new_halt(road, last, w[want.ORIGIN], w[want.STOP_S] + w[want.BOARD_S], d, m)
            d[draft.LO, m], d[draft.HI, m] = w[want.PICK_FROM], w[want.PICK_UNTIL]
            d[draft.KIND, m], d[draft.ABOARD, m] = halt.PICKUP, others + 1
            last, new_way = w[want.ORIGIN], True
            m += 1
        if k == to and join_to == 0:
            drop, self_aboard = m, 0
            new_halt(road, last, w[want.DESTINATION], w[want.STOP_S] + w[want.ALIGHT_S], d, m)
            d[draft.LO, m], d[draft.HI, m] = w[want.DROP_FROM], w[want.DROP_UNTIL]
            d[draft.KIND, m], d[draft.ABOARD, m] = halt.DROP, others
            last, new_way = w[want.DESTINATION], True
            m += 1
        if k == end:
            break
        h = halts[k]
        d[draft.LO, m], d[draft.HI, m] = h[halt.LO], h[halt.HI]
        d[draft.SERVICE, m], d[draft.KIND, m] = h[halt.SERVICE], h[halt.KIND]
        d[draft.LEG, m], d[draft.METRES, m] = h[halt.LEG], h[halt.METRES]
        d[draft.CHARGE_M, m] = h[halt.CHARGE_M]
        if new_way and h[halt.ANYWHERE] == 1:
            d[draft.LEG, m], d[draft.METRES, m] = 0, 0
        elif new_way:
            d[draft.LEG, m] = driving(road, last, h[halt.PLACE])
            d[draft.METRES, m] = length(road, last, h[halt.PLACE])
        if not new_way or h[halt.ANYWHERE] == 0:
            last, new_way = h[halt.PLACE], False
        if k == at and join_at == 1:
            pick, self_aboard = m, 1
            d[draft.LO, m] = max(d[draft.LO, m], w[want.PICK_FROM])
            d[draft.HI, m] = min(d[draft.HI, m], w[want.PICK_UNTIL])
            d[draft.SERVICE, m] += w[want.BOARD_S]
        if k == to and join_to == 1:
            drop, self_aboard = m, 0
            d[draft.LO, m] = max(d[draft.LO, m], w[want.DROP_FROM])
            d[draft.HI, m] = min(d[draft.HI, m], w[want.DROP_UNTIL])
            d[draft.SERVICE, m] += w[want.ALIGHT_S]
            d[draft.KIND, m] = max(d[draft.KIND, m], halt.DROP)
        others = h[halt.ABOARD]
        d[draft.ABOARD, m] = others + self_aboard
        m += 1
    free_s = b[bus.FREE_S]
    if (at == first and join_at == 0) or first == end:
        free_s = b[bus.FREE_NEW_S]
    d[draft.T, 0] = free_s + d[draft.LEG, 0]
    d[draft.LO, 0] = max(d[draft.LO, 0], d[draft.T, 0])
    d[draft.LEG, m], d[draft.METRES, m] = b[bus.HOME_S], b[bus.HOME_M]
    if new_way:
        d[draft.LEG, m] = driving(road, last, b[bus.END_PLACE])
        d[draft.METRES, m] = length(road, last, b[bus.END_PLACE])
    by_s = b[bus.END_S] - d[draft.SERVICE, m - 1] - d[draft.LEG, m]
    d[draft.HI, m - 1] = min(d[draft.HI, m - 1], by_s)
    riders = b[bus.RIDERS_UNTIL] - b[bus.RIDERS_FROM]
    for r in range(riders):
        old = opened.riders[b[bus.RIDERS_FROM] + r]
        p, z = old[rider.PICK], old[rider.DROP]
        if p >= 0:
            p += int(p >= at and join_at == 0) + int(p >= to and join_to == 0) - first
        z += int(z >= at and join_at == 0) + int(z >= to and join_to == 0) - first
        q[rider.PICK, r], q[rider.DROP, r], q[rider.LIMIT, r] = p, z, old[rider.LIMIT]
        q[rider.DEPARTED, r], q[rider.DIRECT, r] = old[rider.DEPARTED], old[rider.DIRECT]
        q[rider.PERSONS, r] = old[rider.PERSONS]
    q[rider.PICK, riders], q[rider.DROP, riders] = pick, drop
    q[rider.LIMIT, riders], q[rider.DIRECT, riders] = w[want.LIMIT], w[want.DIRECT]
    q[rider.DEPARTED, riders], q[rider.PERSONS, riders] = 0, w[want.PERSONS]
    return m


@njit(cache=True, nogil=True)
def new_halt(road: Road, last: int, here: int, service_s: int, d: Ints, m: int) -> None:
    """Write what any new visit has."""
    d[draft.LEG, m], d[draft.METRES, m] = driving(road, last, here), length(road, last, here)
    d[draft.SERVICE, m], d[draft.CHARGE_M, m] = service_s, -1


@njit(cache=True, nogil=True)
def in_range(b: Ints, d: Ints, n: int) -> bool:
    """Whether the battery lasts from each charge to the next."""
    driven_m = b[bus.DRIVEN_M]
    for k in range(n):
        driven_m += d[draft.METRES, k]
        if d[draft.CHARGE_M, k] >= 0:
            if driven_m > d[draft.CHARGE_M, k]:
                return False
            driven_m = 0
    return bool(driven_m + d[draft.METRES, n] <= b[bus.LAST_M])


@njit(cache=True, nogil=True)
def price(opened: Opened, road: Road, ask: Ask, hit: Ints, d: Ints, q: Ints) -> float:
    """Schedule a candidate exactly and complete it to a hit; its cost, inf where it is infeasible."""
    w, weights, risk_slack_s = ask.want, ask.weights, ask.risk_slack_s
    b = opened.buses[hit[rows.BUS]]
    n = write_draft(opened, road, w, hit, d, q)
    new = b[bus.RIDERS_UNTIL] - b[bus.RIDERS_FROM]
    limited = b[bus.RANGE_M] < FAR and w[want.RELAXED] & _RANGE == 0
    if limited and not in_range(b, d, n):
        return np.inf
    there_s = d[draft.T, 0]
    if not settle(d, n, q, new + 1):
        return np.inf
    p, z = q[rider.PICK, new], q[rider.DROP, new]
    pickup_s, arrival_s = d[draft.T, p], d[draft.T, z]
    hit[rows.PICKUP_S], hit[rows.ARRIVAL_S] = pickup_s, arrival_s
    hit[rows.RIDE_S] = arrival_s - pickup_s - d[draft.SERVICE, p]
    hit[rows.SHARED] = 0
    for r in range(new):
        if q[rider.PICK, r] < z and q[rider.DROP, r] > p:
            hit[rows.SHARED] = 1
    cost = weights[rows.FIXED] + weights[rows.SHIFT] * b[bus.UNUSED]
    cost += hit[rows.ADDED_S] + weights[rows.METRE] * hit[rows.ADDED_M]
    cost += weights[rows.RIDE] * (excess(d, q, new + 1) - b[bus.EXCESS_S])
    off_s = arrival_s if w[want.WISH_IS_ARRIVAL] == 1 else pickup_s
    cost += weights[rows.WISH] * abs(off_s - w[want.WISH_S])
    if weights[rows.WAIT] > 0:
        cost += weights[rows.WAIT] * (waiting(d, q, new + 1, there_s) - b[bus.WAIT_S])
    if weights[rows.RISK] > 0:
        cost += weights[rows.RISK] * (risk(d, n, risk_slack_s) - b[bus.RISK_S])
    return float(cost)
