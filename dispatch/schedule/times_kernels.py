"""Compiled schedules of tours with a fixed order of visits.

The times of such a tour are a system of difference constraints, so there is a componentwise earliest
schedule (Bellman-Ford, longest paths); it exists if any schedule does. From it the canonical one is made:

1. Where somebody alights, and at pauses, the earliest time stays; where people only board, the doors
   open as late as what follows allows. The bus leaves the depot late and waits before people board.
2. Where the bus still waits with riders aboard, the visits since it was last empty move later, as far as
   windows allow and nobody's ride becomes longer than in 1; it is empty as early as in 1.

Step 2 does what the forward slacks of Cordeau & Laporte (2003, section 4.1, steps 4 to 8) do, for all the
pickups at once: the result is the latest schedule of another system of difference constraints. All steps
are built of sums, minima and maxima, so a small change of one bound changes times by little: told times
do not jump.
"""

from numba import njit

from dispatch.schedule.arrays import Ints
from dispatch.schedule.rows import draft, halt, rider


@njit(cache=True, nogil=True)
def settle(d: Ints, n: int, q: Ints, riders: int) -> bool:
    """Schedule the draft canonically; False if no schedule keeps all limits.

    Parameters
    ----------
    d, n
        Draft of n visits, rows as in ``rows.draft``.
    q, riders
        Its riders, rows as in ``rows.rider``.
    """
    now = d[draft.LO, 0]
    way = 0
    for k in range(n):
        now = d[draft.LO, k]
        if k > 0:
            gap = d[draft.SERVICE, k - 1] + d[draft.LEG, k]
            way += gap
            now = max(now, d[draft.T, k - 1] + gap)
        d[draft.WAY, k] = way
        d[draft.T, k] = now
        if now > d[draft.HI, k]:
            return False
    # A ride whose way alone is too long would push its own pickup for ever; without one, the only
    # positive cycles run through the time windows and end at a bound.
    for r in range(riders):
        p = q[rider.PICK, r]
        if p >= 0:
            ride = d[draft.WAY, q[rider.DROP, r]] - d[draft.WAY, p] - d[draft.SERVICE, p]
            if ride > q[rider.LIMIT, r]:
                return False
    moved = True
    while moved:
        moved = False
        for r in range(riders):
            p = q[rider.PICK, r]
            if p < 0:
                continue
            wanted = d[draft.T, q[rider.DROP, r]] - q[rider.LIMIT, r] - d[draft.SERVICE, p]
            if wanted > d[draft.T, p]:
                if wanted > d[draft.HI, p]:
                    return False
                d[draft.T, p] = wanted
                moved = True
        if moved:
            for k in range(1, n):
                at_least = d[draft.T, k - 1] + d[draft.SERVICE, k - 1] + d[draft.LEG, k]
                if at_least > d[draft.T, k]:
                    if at_least > d[draft.HI, k]:
                        return False
                    d[draft.T, k] = at_least
    wait_empty(d, n, q, riders)
    return True


@njit(cache=True, nogil=True)
def settle_as_is(d: Ints, n: int, q: Ints, riders: int, earliest: Ints, latest: Ints) -> None:
    """Schedule a tour that must go on whatever happened; relax limits only where they are lost.

    On return ``HI`` of the draft and ``LIMIT`` of the riders are limits this schedule keeps: the given
    ones, or what is still possible. ``earliest`` and ``latest`` (n,) receive bounds that leave ride times
    aside.
    """
    way = 0
    for k in range(n):
        now = d[draft.LO, k]
        if k > 0:
            gap = d[draft.SERVICE, k - 1] + d[draft.LEG, k]
            way += gap
            now = max(now, d[draft.T, k - 1] + gap)
        d[draft.WAY, k] = way
        d[draft.T, k] = earliest[k] = now
        d[draft.HI, k] = max(d[draft.HI, k], now)
    write_latest(d, n, latest)
    for r in range(riders):
        p = q[rider.PICK, r]
        if p >= 0:
            ride = d[draft.WAY, q[rider.DROP, r]] - d[draft.WAY, p] - d[draft.SERVICE, p]
            q[rider.LIMIT, r] = max(q[rider.LIMIT, r], ride)
    moved = True
    while moved:
        moved = False
        for r in range(riders):
            p = q[rider.PICK, r]
            if p < 0:
                continue
            wanted = d[draft.T, q[rider.DROP, r]] - q[rider.LIMIT, r] - d[draft.SERVICE, p]
            wanted = min(wanted, latest[p])
            if wanted > d[draft.T, p]:
                d[draft.T, p] = wanted
                moved = True
        if moved:
            push(d, n)
    wait_empty(d, n, q, riders)
    for r in range(riders):
        p = q[rider.PICK, r]
        if p >= 0:
            ride = d[draft.T, q[rider.DROP, r]] - d[draft.T, p] - d[draft.SERVICE, p]
            q[rider.LIMIT, r] = max(q[rider.LIMIT, r], ride)


@njit(cache=True, nogil=True)
def push(d: Ints, n: int) -> None:
    """Let no visit be earlier than its predecessor allows."""
    for k in range(1, n):
        at_least = d[draft.T, k - 1] + d[draft.SERVICE, k - 1] + d[draft.LEG, k]
        d[draft.T, k] = max(d[draft.T, k], at_least)


@njit(cache=True, nogil=True)
def write_latest(d: Ints, n: int, latest: Ints) -> None:
    """Write when each visit must begin so that no later one is late, ride times aside."""
    for k in range(n - 1, -1, -1):
        by = d[draft.HI, k]
        if k < n - 1:
            by = min(by, latest[k + 1] - d[draft.LEG, k + 1] - d[draft.SERVICE, k])
        latest[k] = by


@njit(cache=True, nogil=True)
def wait_empty(d: Ints, n: int, q: Ints, riders: int) -> None:
    """Move waiting before boarding, and then as far as can be to where the bus is empty."""
    waits_aboard = False
    for k in range(n - 2, -1, -1):
        by = d[draft.T, k + 1] - d[draft.LEG, k + 1] - d[draft.SERVICE, k]
        if d[draft.KIND, k] == halt.PICKUP:
            d[draft.T, k] = max(d[draft.T, k], min(d[draft.HI, k], by))
        if d[draft.ABOARD, k] > 0 and by > d[draft.T, k]:
            waits_aboard = True
    if not waits_aboard:
        return
    for k in range(n - 1, -1, -1):
        by = d[draft.T, k]
        if k < n - 1 and d[draft.ABOARD, k] > 0 and d[draft.KIND, k] != halt.ANCHOR:
            by = d[draft.LATE, k + 1] - d[draft.LEG, k + 1] - d[draft.SERVICE, k]
            by = min(by, d[draft.HI, k])
        d[draft.LATE, k] = by
    moved = True
    while moved:
        moved = False
        for r in range(riders):
            p, z = q[rider.PICK, r], q[rider.DROP, r]
            if p >= 0 and d[draft.LATE, z] - d[draft.LATE, p] > d[draft.T, z] - d[draft.T, p]:
                d[draft.LATE, z] = d[draft.LATE, p] + d[draft.T, z] - d[draft.T, p]
                moved = True
        if moved:
            for k in range(n - 2, -1, -1):
                by = d[draft.LATE, k + 1] - d[draft.LEG, k + 1] - d[draft.SERVICE, k]
                d[draft.LATE, k] = min(d[draft.LATE, k], by)
    for k in range(n):
        d[draft.T, k] = d[draft.LATE, k]


@njit(cache=True, nogil=True)
def excess(d: Ints, q: Ints, riders: int) -> int:
    """Passenger-seconds aboard beyond the direct rides."""
    total = 0
    for r in range(riders):
        p = q[rider.PICK, r]
        left = q[rider.DEPARTED, r] if p < 0 else d[draft.T, p] + d[draft.SERVICE, p]
        beyond = d[draft.T, q[rider.DROP, r]] - left - q[rider.DIRECT, r]
        total += q[rider.PERSONS, r] * max(0, beyond)
    return total


@njit(cache=True, nogil=True)
def waiting(d: Ints, q: Ints, riders: int, there_s: int) -> int:
    """Passenger-seconds aboard while the bus waits; it can be at the first visit at ``there_s``."""
    total = 0
    for r in range(riders):
        if q[rider.PICK, r] < 0:
            total += q[rider.PERSONS, r] * (d[draft.T, 0] - there_s)
        for k in range(max(q[rider.PICK, r], 0) + 1, q[rider.DROP, r] + 1):
            wait = d[draft.T, k] - d[draft.T, k - 1] - d[draft.SERVICE, k - 1] - d[draft.LEG, k]
            total += q[rider.PERSONS, r] * wait
    return total


@njit(cache=True, nogil=True)
def risk(d: Ints, n: int, enough_s: int) -> int:
    """Seconds missing, over all visits, to a slack of ``enough_s`` behind the schedule."""
    total, by = 0, d[draft.HI, n - 1]
    for k in range(n - 1, -1, -1):
        if k < n - 1:
            by = min(d[draft.HI, k], by - d[draft.LEG, k + 1] - d[draft.SERVICE, k])
        total += max(0, enough_s - (by - d[draft.T, k]))
    return total
