"""Whether a route stays feasible with a request inserted: the exact answer."""

from dispatch.improve.arrays import BIG, Data, Routes, Scratch
from dispatch.improve.compiled import kernel
from dispatch.improve.schedule_kernels import EPS, settle, unroll


@kernel
def fits(data: Data, k: int, r: int, i: int, j: int, routes: Routes, s: int, c: Scratch) -> bool:
    """Return whether a schedule exists with the pickup of r after position i and its drop-off after j."""
    size = compose(data, r, i, j, routes, s, c)
    if not unroll(data, k, c, size):
        return False
    if data.vehicles[k].driving < BIG or data.vehicles[k].reach < BIG:
        drive, metres = 0.0, 0.0
        for x in range(size - 1):
            drive += c.pos[x].leg
            if data.vehicles[k].reach < BIG:
                metres += data.metres[c.pos[x].at, c.pos[x + 1].at]
        if drive > data.vehicles[k].driving + EPS or metres > data.vehicles[k].reach + EPS:
            return False
    if not data.metric:
        for x in range(size):
            c.pos[x].t = c.pos[x].lo
        return settle(c, 0, size, size)
    pair = 1 if data.requests[r].pickup >= 0 else 0
    for x in range(i + 1):
        c.pos[x].t = routes.pos[s, x].early
    if pair == 1:
        c.pos[i + 1].t = c.pos[i + 1].lo
        for x in range(i + 1, j + 1):
            c.pos[x + 1].t = routes.pos[s, x].early
    c.pos[j + 1 + pair].t = c.pos[j + 1 + pair].lo
    for x in range(j + 1, routes.slot[s].size):
        c.pos[x + 1 + pair].t = routes.pos[s, x].early
    return settle(c, i + 1, size, j + 2 + pair)


@kernel
def compose(data: Data, r: int, i: int, j: int, routes: Routes, s: int, c: Scratch) -> int:
    """Write the nodes of slot s with request r inserted into the scratch; return the new size."""
    y = 0
    p = data.requests[r].pickup
    for x in range(routes.slot[s].size):
        c.pos[y].node = routes.pos[s, x].node
        y += 1
        if x == i and p >= 0:
            c.pos[y].node = p
            y += 1
        if x == j:
            c.pos[y].node = data.requests[r].drop
            y += 1
    return y


@kernel
def has_room(data: Data, k: int, p: int, routes: Routes, s: int, x: int) -> bool:
    """Return whether the load of node p has room from position x on."""
    for m in range(data.room.shape[1]):
        if routes.load[s, x, m] + data.load[p, m] > data.room[k, m]:
            return False
    return True
