"""Compiled schedules of tours with a fixed order of visits.

The times of such a tour are a system of difference constraints, so there is a componentwise earliest
schedule (Bellman-Ford, longest paths). From it, drop-offs keep their earliest times and pure pickups
are moved as late as those allow: waiting happens before boarding, not aboard.
"""

import math

import numpy as np
from numba import njit

from dispatch.schedule.arrays import FAR, Base, Case, Draft, Ints, Places, Road, Tours, Want

_UNREACHABLE = 2**30
_NEW_PICKUP, _NEW_DROP, _OLD = 0, 1, 2


@njit(cache=True, nogil=True)
def driving(road: Road, a: int, b: int) -> int:
    """Planned driving seconds, equal to ``Policy.driving_s`` wherever there is a way."""
    seconds = int(road.seconds[a, b])
    if seconds == 0:
        return 0
    if seconds >= _UNREACHABLE:
        return FAR
    return math.ceil(seconds * road.factor) + road.buffer_s


@njit(cache=True, nogil=True)
def make_draft(visits: int, riders: int) -> Draft:
    """Empty scratch."""
    v = np.zeros((7, visits), np.int64)
    r = np.zeros((6, riders), np.int64)
    return Draft(v[0], v[1], v[2], v[3], v[4], v[5], v[6], r[0], r[1], r[2], r[3], r[4], r[5])


@njit(cache=True, nogil=True)
def settle(d: Draft, n: int, riders: int) -> bool:
    """Schedule the draft: earliest, then pickups late; False if no schedule keeps all limits."""
    for k in range(n):
        d.t[k] = d.lo[k]
        if k > 0:
            d.t[k] = max(d.t[k], d.t[k - 1] + d.service[k - 1] + d.leg[k])
        if d.t[k] > d.hi[k]:
            return False
    # A ride whose way alone is too long would push its own pickup for ever; without one, the only
    # positive cycles run through the time windows and end at a bound.
    for r in range(riders):
        if d.pick[r] >= 0 and way(d, d.pick[r], d.drop[r]) > d.limit[r]:
            return False
    moved = True
    while moved:
        moved = False
        for r in range(riders):
            p = d.pick[r]
            if p < 0:
                continue
            wanted = d.t[d.drop[r]] - d.limit[r] - d.service[p]
            if wanted > d.t[p]:
                if wanted > d.hi[p]:
                    return False
                d.t[p] = wanted
                moved = True
        if moved and not push(d, n):
            return False
    board_late(d, n)
    return True


@njit(cache=True, nogil=True)
def way(d: Draft, p: int, q: int) -> int:
    """Seconds from leaving visit p to reaching visit q when the bus never waits."""
    total = int(d.leg[q])
    for k in range(p + 1, q):
        total += d.leg[k] + d.service[k]
    return total


@njit(cache=True, nogil=True)
def push(d: Draft, n: int) -> bool:
    """Let no visit be earlier than its predecessor allows; False if one is too late by that."""
    for k in range(1, n):
        d.t[k] = max(d.t[k], d.t[k - 1] + d.service[k - 1] + d.leg[k])
        if d.t[k] > d.hi[k]:
            return False
    return True


@njit(cache=True, nogil=True)
def board_late(d: Draft, n: int) -> None:
    """Move visits where nobody alights as late as the others allow."""
    for k in range(n - 2, -1, -1):
        if d.alights[k] == 0:
            d.t[k] = max(d.t[k], min(d.hi[k], d.t[k + 1] - d.leg[k + 1] - d.service[k]))


@njit(cache=True, nogil=True)
def excess(d: Draft, riders: int) -> int:
    """Passenger-seconds aboard beyond the direct rides."""
    total = 0
    for r in range(riders):
        p = d.pick[r]
        left = d.departed[r] if p < 0 else d.t[p] + d.service[p]
        total += d.persons[r] * max(0, d.t[d.drop[r]] - left - d.direct[r])
    return total


@njit(cache=True, nogil=True)
def settle_as_is(d: Draft, n: int, riders: int, earliest: Ints, latest: Ints) -> None:
    """Schedule a tour that must go on whatever happened; relax limits only where they are lost.

    On return ``d.hi`` and ``d.limit`` are limits this schedule keeps: the given ones, or what is still
    possible. ``earliest`` and ``latest`` receive bounds that leave ride times aside.
    """
    for k in range(n):
        d.t[k] = d.lo[k]
        if k > 0:
            d.t[k] = max(d.t[k], d.t[k - 1] + d.service[k - 1] + d.leg[k])
        earliest[k] = d.t[k]
        d.hi[k] = max(d.hi[k], d.t[k])
    for k in range(n - 1, -1, -1):
        latest[k] = d.hi[k]
        if k < n - 1:
            latest[k] = min(latest[k], latest[k + 1] - d.leg[k + 1] - d.service[k])
    for r in range(riders):
        if d.pick[r] >= 0:
            d.limit[r] = max(d.limit[r], way(d, d.pick[r], d.drop[r]))
    moved = True
    while moved:
        moved = False
        for r in range(riders):
            p = d.pick[r]
            if p < 0:
                continue
            wanted = min(d.t[d.drop[r]] - d.limit[r] - d.service[p], latest[p])
            if wanted > d.t[p]:
                d.t[p] = wanted
                moved = True
        for k in range(1, n):
            d.t[k] = max(d.t[k], d.t[k - 1] + d.service[k - 1] + d.leg[k])
    board_late(d, n)
    for r in range(riders):
        p = d.pick[r]
        if p >= 0:
            d.limit[r] = max(d.limit[r], d.t[d.drop[r]] - d.t[p] - d.service[p])


@njit(cache=True, nogil=True)
def base_of(tours: Tours, road: Road) -> Base:
    """Schedule every tour as it stands and price it."""
    size = tours.origin.size
    hi, limit, end_s = tours.hi.copy(), tours.limit.copy(), tours.end_s.copy()
    planned, earliest, latest = np.zeros_like(hi), np.zeros_like(hi), np.zeros_like(hi)
    cost = np.zeros((3, size), np.int64)
    base = Base(planned, earliest, latest, hi, limit, end_s, cost[0], cost[1], cost[2])
    nothing = Want(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, np.zeros_like(tours.room))
    case, nowhere = Case(tours, base, road, nothing), Places(-1, 0, -1, 0)
    for s in range(size):
        a, z = tours.first[s], tours.first[s + 1]
        b, y = tours.rider_first[s], tours.rider_first[s + 1]
        d = make_draft(z - a, y - b)
        base.drive_s[s], base.metres[s] = assemble(case, s, nowhere, d)
        if z == a:
            continue
        settle_as_is(d, z - a, y - b, earliest[a:z], latest[a:z])
        planned[a:z] = d.t
        hi[a:z] = np.maximum(hi[a:z], earliest[a:z])
        limit[b:y] = d.limit
        home = driving(road, tours.place[z - 1], tours.end_place[s])
        end_s[s] = max(end_s[s], d.t[z - a - 1] + d.service[z - a - 1] + home)
        base.excess_s[s] = excess(d, y - b)
    return base


@njit(cache=True, nogil=True)
def assemble(case: Case, s: int, where: Places, d: Draft) -> tuple[int, int]:
    """Write tour s with the wanted ride at ``where`` into the draft; return its driving s and m."""
    tours, base, road, want = case.tours, case.base, case.road, case.want
    a, n = tours.first[s], tours.first[s + 1] - tours.first[s]
    m, pick, drop, drive_s, metres = 0, -1, -1, 0, 0
    last = tours.origin[s]
    for k in range(n + 1):
        for kind in range(3):  # what stands here: the new pickup, the new drop-off, then visit k
            if kind == _NEW_PICKUP:
                if k != where.at or where.join_at == 1:
                    continue
                pick, here = m, want.origin
                d.lo[m], d.hi[m] = want.pick_from, want.pick_until
                d.service[m] = want.stop_s + want.handling
            elif kind == _NEW_DROP:
                if k != where.to or where.join_to == 1:
                    continue
                drop, here = m, want.destination
                d.lo[m], d.hi[m] = want.drop_from, want.drop_until
                d.service[m] = want.stop_s + want.handling
            else:
                if k == n:
                    continue
                here = tours.place[a + k]
                d.lo[m], d.hi[m] = tours.lo[a + k], base.hi[a + k]
                d.service[m] = tours.service[a + k]
                if k == where.at and where.join_at == 1:
                    pick = m
                    d.lo[m], d.hi[m] = max(d.lo[m], want.pick_from), min(d.hi[m], want.pick_until)
                    d.service[m] += want.handling
                if k == where.to and where.join_to == 1:
                    drop = m
                    d.lo[m], d.hi[m] = max(d.lo[m], want.drop_from), min(d.hi[m], want.drop_until)
                    d.service[m] += want.handling
            d.leg[m] = driving(road, last, here)
            if m == 0:
                free_s = tours.free_s[s] if kind == _OLD else tours.free_new_s[s]
                d.lo[0] = max(d.lo[0], free_s + d.leg[0])
            if d.leg[m] < FAR:
                drive_s += d.leg[m]
                metres += road.metres[last, here]
            last = here
            m += 1
    home = driving(road, last, tours.end_place[s])
    if home < FAR:
        drive_s += home
        metres += road.metres[last, tours.end_place[s]]
    if m > 0:
        d.hi[m - 1] = min(d.hi[m - 1], base.end_s[s] - d.service[m - 1] - home)
    d.alights[:] = 0
    r = seat_riders(case, s, where, d)
    if where.at >= 0:
        d.pick[r], d.drop[r], d.limit[r], d.departed[r] = pick, drop, want.limit, 0
        d.direct[r], d.persons[r] = want.direct, want.persons
        d.alights[drop] = 1
    return drive_s, metres


@njit(cache=True, nogil=True)
def seat_riders(case: Case, s: int, where: Places, d: Draft) -> int:
    """Copy the riders of tour s into the draft, their visits moved up by the new ones; count them."""
    tours, b = case.tours, case.tours.rider_first[s]
    riders = int(tours.rider_first[s + 1] - b)
    for r in range(riders):
        p, q = tours.pick[b + r], tours.drop[b + r]
        d.pick[r] = p + moved_up(p, where) if p >= 0 else -1
        d.drop[r] = q + moved_up(q, where)
        d.limit[r], d.departed[r] = case.base.limit[b + r], tours.departed[b + r]
        d.direct[r], d.persons[r] = tours.direct[b + r], tours.persons[b + r]
        d.alights[d.drop[r]] = 1
    return riders


@njit(cache=True, nogil=True)
def moved_up(visit: int, where: Places) -> int:
    """How many new visits stand before an old one."""
    if where.at < 0:
        return 0
    moved = 0
    if visit >= where.at and where.join_at == 0:
        moved += 1
    if visit >= where.to and where.join_to == 0:
        moved += 1
    return moved


@njit(cache=True, nogil=True)
def times_with(case: Case, s: int, where: Places) -> tuple[bool, Ints, Ints]:
    """Feasibility, arrival and service of every open visit of tour s with the wanted ride in it."""
    tours = case.tours
    n = tours.first[s + 1] - tours.first[s] + 2 - where.join_at - where.join_to
    riders = tours.rider_first[s + 1] - tours.rider_first[s] + 1
    d = make_draft(n, riders)
    assemble(case, s, where, d)
    return settle(d, n, riders), d.t, d.service
