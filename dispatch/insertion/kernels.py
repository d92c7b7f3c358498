"""Compiled search for the best insertion of a ride: all positions, each scheduled exactly."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from dispatch.schedule.arrays import Case, Draft, Ints, Places
from dispatch.schedule.kernels import assemble, driving, excess, make_draft, settle

Floats = npt.NDArray[np.float64]

_TIE = 1e-6


class Weights(NamedTuple):
    """What the policy holds dear, in seconds of driving."""

    ride: float
    metre: float
    shift: float
    wish: float


class Best(NamedTuple):
    """Best insertion into each tour, all (S,); ``cost`` is inf where there is none."""

    cost: Floats
    at: Ints  # this and the next three as in Places
    join_at: Ints
    to: Ints
    join_to: Ints
    pickup_s: Ints
    arrival_s: Ints
    ride_s: Ints
    added_s: Ints
    added_m: Ints


@njit(cache=True, nogil=True)
def best_insertions(case: Case, weights: Weights) -> Best:
    """Find the cheapest place for the wanted ride in every tour: all positions, exact schedules."""
    tours, size = case.tours, case.tours.origin.size
    i = np.zeros((9, size), np.int64)
    best = Best(np.full(size, np.inf), i[0], i[1], i[2], i[3], i[4], i[5], i[6], i[7], i[8])
    for s in range(size):
        n = tours.first[s + 1] - tours.first[s]
        d = make_draft(n + 2, tours.rider_first[s + 1] - tours.rider_first[s] + 1)
        for at in range(n + 1):
            if at > 0 and free_before(case, s, at) > case.want.pick_until:
                break
            if at < n and tours.place[tours.first[s] + at] == case.want.origin:
                board_at(case, weights, s, at, 1, d, best)
            board_at(case, weights, s, at, 0, d, best)
    return best


@njit(cache=True, nogil=True)
def free_before(case: Case, s: int, at: int) -> int:
    """Time before which the bus cannot leave for a new visit before visit ``at``."""
    if at == 0:
        return int(case.tours.free_new_s[s])
    before = case.tours.first[s] + at - 1
    return int(case.base.earliest[before] + case.tours.service[before])


@njit(cache=True, nogil=True)
def has_room(case: Case, s: int, used: Ints) -> bool:
    """Whether all limits hold with the wanted ride aboard too."""
    for limit in range(used.size):
        if used[limit] + case.want.need[s, limit] > case.tours.room[s, limit]:
            return False
    return True


@njit(cache=True, nogil=True)
def board_at(
    case: Case, weights: Weights, s: int, at: int, join: int, d: Draft, best: Best
) -> None:
    """Try every place to alight for a ride that boards at ``at``; stop where no later one can work.

    Only necessary conditions prune (times without ride limits, room, the way already ridden), so the
    result is that of trying all.
    """
    tours, base, road, want = case.tours, case.base, case.road, case.want
    a, n = tours.first[s], tours.first[s + 1] - tours.first[s]
    if join == 1:
        ready = max(base.earliest[a + at], want.pick_from)
        if ready > min(base.latest[a + at], want.pick_until):
            return
        used, to = tours.use[a + at], at + 1
        left = ready + tours.service[a + at] + want.handling
    else:
        last = tours.origin[s] if at == 0 else tours.place[a + at - 1]
        free_s = free_before(case, s, at)
        ready = max(want.pick_from, free_s + driving(road, last, want.origin))
        if ready > want.pick_until:
            return
        used, to = tours.aboard[s] if at == 0 else tours.use[a + at - 1], at
        left = ready + want.stop_s + want.handling
    if not has_room(case, s, used):
        return
    last, ridden = want.origin, 0
    while left <= want.drop_until:
        k = a + to
        leg = driving(road, last, want.destination)
        arrive = max(left + leg, want.drop_from)
        if arrive <= want.drop_until and ridden + leg <= want.limit:
            if to < n and tours.place[k] == want.destination and arrive <= base.latest[k]:
                price(case, weights, s, Places(at, join, to, 1), d, best)
            ahead = tours.place[k] if to < n else tours.end_place[s]
            by_s = base.latest[k] if to < n else base.end_s[s]
            if (
                arrive + want.stop_s + want.handling + driving(road, want.destination, ahead)
                <= by_s
            ):
                price(case, weights, s, Places(at, join, to, 0), d, best)
        if to == n:
            return
        leg = driving(road, last, tours.place[k])
        arrive = max(left + leg, base.earliest[k])
        ridden += leg + tours.service[k]
        if arrive > base.latest[k] or ridden > want.limit or not has_room(case, s, tours.use[k]):
            return
        left, last, to = arrive + tours.service[k], tours.place[k], to + 1


@njit(cache=True, nogil=True)
def price(case: Case, weights: Weights, s: int, where: Places, d: Draft, best: Best) -> None:
    """Schedule one insertion exactly and keep it if it is the cheapest so far."""
    tours, base, want = case.tours, case.base, case.want
    drive_s, metres = assemble(case, s, where, d)
    added_s, added_m = drive_s - base.drive_s[s], metres - base.metres[s]
    cost = added_s + weights.metre * added_m + weights.shift * tours.unused[s]
    if cost - weights.ride * base.excess_s[s] >= best.cost[s]:
        return  # not even with every ride direct
    n = tours.first[s + 1] - tours.first[s] + 2 - where.join_at - where.join_to
    riders = tours.rider_first[s + 1] - tours.rider_first[s] + 1
    if not settle(d, n, riders):
        return
    p, q = d.pick[riders - 1], d.drop[riders - 1]
    off = want.wish_s - d.t[q] if want.wish_is_arrival == 1 else d.t[p] - want.wish_s
    cost += weights.ride * (excess(d, riders) - base.excess_s[s]) + weights.wish * abs(off)
    if cost >= best.cost[s] - _TIE:
        return
    best.cost[s] = cost
    best.at[s], best.join_at[s] = where.at, where.join_at
    best.to[s], best.join_to[s] = where.to, where.join_to
    best.pickup_s[s], best.arrival_s[s] = d.t[p], d.t[q]
    best.ride_s[s] = d.t[q] - d.t[p] - d.service[p]
    best.added_s[s], best.added_m[s] = added_s, added_m
