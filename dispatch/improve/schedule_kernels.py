"""Exact schedules of routes with a fixed order: systems of difference constraints, solved componentwise.

Windows, longest rides and the longest duration ask only for differences of times, so the feasible
schedules form a lattice with an earliest one (Dechter, Meiri & Pearl 1991). It is found by one sweep from
left to right that goes back to a pickup whenever a ride becomes too long.
"""

from dispatch.improve.arrays import Data, Scratch
from dispatch.improve.compiled import kernel

EPS = 1e-9
"""Slack of comparisons; whole seconds are exact anyway."""


@kernel
def unroll(data: Data, k: int, c: Scratch, size: int) -> bool:
    """Fill the scratch for ``c.pos[1:size-1].node`` of vehicle k; False if a ride is always too long."""
    c.pos[0].node, c.pos[size - 1].node = -1, -1
    place = data.vehicles[k].start
    c.pos[0].at, c.pos[0].sv, c.pos[0].mate, c.pos[0].way = place, 0.0, -1, 0.0
    c.pos[0].lo, c.pos[0].hi = data.vehicles[k].earliest, data.vehicles[k].latest
    for x in range(1, size - 1):
        v = c.pos[x].node
        to = data.nodes[v].place
        serve = data.nodes[v].service
        if to < 0 or to == place:
            c.pos[x - 1].leg = 0.0
        else:
            c.pos[x - 1].leg = data.time[place, to]
            serve += data.nodes[v].stop
            place = to
        c.pos[x].at, c.pos[x].sv = place, serve
        c.pos[x].way = c.pos[x - 1].way + c.pos[x - 1].sv + c.pos[x - 1].leg
        c.pos[x].lo, c.pos[x].hi = data.nodes[v].lo, data.nodes[v].hi
        r = data.nodes[v].request
        p = data.requests[r].pickup
        c.pos[x].mate = -1
        if p >= 0:
            if p == v:
                c.where[v] = x
            else:
                y = c.where[p]
                if y >= x or c.pos[y].node != p:
                    return False
                c.pos[x].mate = y
                c.pos[x].limit = data.requests[r].ride + c.pos[y].sv
                if c.pos[x].way - c.pos[y].way > c.pos[x].limit + EPS:
                    return False
    z = size - 1
    c.pos[z - 1].leg = data.time[place, data.vehicles[k].end]
    c.pos[z].at, c.pos[z].sv, c.pos[z].leg = data.vehicles[k].end, 0.0, 0.0
    c.pos[z].way = c.pos[z - 1].way + c.pos[z - 1].sv + c.pos[z - 1].leg
    c.pos[z].lo, c.pos[z].hi, c.pos[z].mate = data.vehicles[k].earliest, data.vehicles[k].latest, -1
    if data.vehicles[k].duration < data.vehicles[k].latest - data.vehicles[k].earliest:
        c.pos[z].mate, c.pos[z].limit = 0, data.vehicles[k].duration
    return bool(c.pos[z].way <= data.vehicles[k].duration + EPS)


@kernel
def settle(c: Scratch, first: int, size: int, calm: int) -> bool:
    """Raise ``c.t``, a lower bound, to the earliest schedule; False if there is none.

    Positions before ``first`` are settled; those from ``calm`` on would be if nothing before moved.
    Rides whose way alone is too long are excluded by :func:`unroll`, so going back ends at a window.
    """
    x = first
    while x < size:
        if x > 0:
            t = c.pos[x - 1].t + c.pos[x - 1].sv + c.pos[x - 1].leg
            if t > c.pos[x].t:
                c.pos[x].t = t
            elif x >= calm:
                return True
        t = c.pos[x].t
        if t > c.pos[x].hi + EPS:
            return False
        y = c.pos[x].mate
        if y >= 0 and t - c.pos[x].limit > c.pos[y].t + EPS:
            c.pos[y].t = t - c.pos[x].limit
            if c.pos[y].t > c.pos[y].hi + EPS:
                return False
            x = _pass_on(c, y, x)
            if x < 0:
                return False
        else:
            x += 1
    return True


@kernel
def _pass_on(c: Scratch, y: int, x: int) -> int:
    """Pass on that position y is later now, up to x; return where to go on, -1 if that is too late."""
    for z in range(y + 1, x + 1):
        t = c.pos[z - 1].t + c.pos[z - 1].sv + c.pos[z - 1].leg
        if t <= c.pos[z].t:
            return x + 1
        if t > c.pos[z].hi + EPS:
            return -1
        c.pos[z].t = t
        w = c.pos[z].mate
        if w >= 0 and t - c.pos[z].limit > c.pos[w].t + EPS:
            return z
    return x + 1


@kernel
def latest(c: Scratch, size: int) -> None:
    """Set ``c.t`` to the latest schedule; call it only where a schedule exists."""
    c.pos[size - 1].t = c.pos[size - 1].hi
    for x in range(size - 2, -1, -1):
        c.pos[x].t = min(c.pos[x].hi, c.pos[x + 1].t - c.pos[x].leg - c.pos[x].sv)
    moved = True
    while moved:
        moved = False
        for x in range(1, size):
            y = c.pos[x].mate
            if y >= 0 and c.pos[x].t > c.pos[y].t + c.pos[x].limit + EPS:
                c.pos[x].t = c.pos[y].t + c.pos[x].limit
                moved = True
        if moved:
            for x in range(size - 2, -1, -1):
                c.pos[x].t = min(c.pos[x].t, c.pos[x + 1].t - c.pos[x].leg - c.pos[x].sv)
