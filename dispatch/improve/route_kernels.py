"""A route written into a slot, with everything the pricing of insertions asks for."""

from dispatch.improve.arrays import BIG, IDLE, Data, Routes, Scratch
from dispatch.improve.compiled import kernel
from dispatch.improve.schedule_kernels import EPS, latest, settle, unroll


@kernel
def write(data: Data, k: int, c: Scratch, size: int, routes: Routes, s: int) -> bool:
    """Write the route ``c.pos[1:size-1].node`` of vehicle k into slot s; False if it is not feasible."""
    if not unroll(data, k, c, size):
        return False
    for x in range(size):
        c.pos[x].t = c.pos[x].lo
    if not settle(c, 0, size, size):
        return False
    routes.slot[s].size = size
    limits = data.room.shape[1]
    for m in range(limits):
        routes.load[s, 0, m] = data.initial[k, m]
    routes.pos[s, 0].riders, routes.pos[s, 0].aboard = (
        data.vehicles[k].riders,
        data.vehicles[k].aboard,
    )
    for x in range(size):
        routes.pos[s, x].node, routes.pos[s, x].at = c.pos[x].node, c.pos[x].at
        routes.pos[s, x].sv, routes.pos[s, x].leg = c.pos[x].sv, c.pos[x].leg
        routes.pos[s, x].early = c.pos[x].t
        if 0 < x < size - 1 and not _board(data, k, c.pos[x].node, routes, s, x):
            return False
    _bounds(data, c, size, routes, s)
    return _price(data, k, c, size, routes, s)


@kernel
def _board(data: Data, k: int, v: int, routes: Routes, s: int, x: int) -> bool:
    """Count who is aboard after node v at position x; False if that is too many."""
    for m in range(data.room.shape[1]):
        routes.load[s, x, m] = routes.load[s, x - 1, m] + data.load[v, m]
        if routes.load[s, x, m] > data.room[k, m]:
            return False
    r = data.nodes[v].request
    riders, persons = 0, 0
    if data.requests[r].pickup == v:
        riders, persons = 1, data.requests[r].persons
    elif data.requests[r].pickup >= 0 or data.requests[r].persons > 0:
        riders, persons = -1, -data.requests[r].persons
    routes.pos[s, x].riders = routes.pos[s, x - 1].riders + riders
    routes.pos[s, x].aboard = routes.pos[s, x - 1].aboard + persons
    return bool(data.nodes[v].empty == 0 or routes.pos[s, x].riders == 0)


@kernel
def _bounds(data: Data, c: Scratch, size: int, routes: Routes, s: int) -> None:
    """Fill the bounds by which insertions are pruned, and the next places."""
    z = size - 1
    routes.pos[s, z].nxt = c.pos[z].at
    for x in range(z - 1, -1, -1):
        moves = x + 1 == z or data.nodes[c.pos[x + 1].node].place >= 0
        routes.pos[s, x].nxt = c.pos[x + 1].at if moves else routes.pos[s, x + 1].nxt
    if data.metric:
        latest(c, size)
        for x in range(size):
            routes.pos[s, x].ready = routes.pos[s, x].early + c.pos[x].sv
            routes.pos[s, x].late = c.pos[x].t
            routes.pos[s, x].mid = c.pos[x].t
        return
    # Detours may save time and halts may move: only bounds that the rest of the route sets stay valid.
    early, ready, leave = c.pos[0].lo, c.pos[0].lo, c.pos[z].hi
    routes.pos[s, z].late = c.pos[z].hi
    for x in range(size):
        if x > 0:
            early = max(c.pos[x].lo, early + c.pos[x - 1].sv + c.pos[x - 1].leg)
            ready = max(c.pos[x].lo, ready + c.pos[x - 1].leg) + c.pos[x].sv
            if x < z:  # somebody who boards here before takes over the halt
                ready = min(ready, early + data.nodes[c.pos[x].node].service)
        routes.pos[s, x].early = early
        routes.pos[s, x].ready = ready
        routes.pos[s, x].mid = c.pos[x].hi
    begin = c.pos[z].hi
    for x in range(z - 1, 0, -1):
        leave = begin - c.pos[x].leg
        begin = min(c.pos[x].hi, leave - c.pos[x].sv)
        v = c.pos[x].node
        placed = data.nodes[v].place >= 0
        routes.pos[s, x].late = (
            min(c.pos[x].hi, leave - data.nodes[v].service) if placed else c.pos[x].hi
        )
    routes.pos[s, 0].late = c.pos[0].hi


@kernel
def _price(data: Data, k: int, c: Scratch, size: int, routes: Routes, s: int) -> bool:
    """Sum up cost, driving and metres; False if the vehicle may not drive that long or far."""
    cost, drive, metres = 0.0, 0.0, 0.0
    aboard = 0.0
    for x in range(size - 1):
        cost += data.cost[c.pos[x].at, c.pos[x + 1].at]
        drive += c.pos[x].leg
        if data.vehicles[k].reach < BIG:
            metres += data.metres[c.pos[x].at, c.pos[x + 1].at]
        if data.ride_weight > 0:
            serve = c.pos[x + 1].sv if x + 1 < size - 1 else 0.0
            stays = min(routes.pos[s, x].aboard, routes.pos[s, x + 1].aboard)
            aboard += c.pos[x].leg * routes.pos[s, x].aboard + serve * stays
            v = c.pos[x + 1].node
            if v >= 0 and data.requests[data.nodes[v].request].pickup == v:
                aboard -= (
                    data.requests[data.nodes[v].request].direct
                    * data.requests[data.nodes[v].request].persons
                )
    if size == IDLE:
        cost = cost if data.vehicles[k].begun == 1 else 0.0
    else:
        cost += data.vehicles[k].fixed
    routes.slot[s].cost = cost + data.ride_weight * aboard
    return bool(drive <= data.vehicles[k].driving + EPS and metres <= data.vehicles[k].reach + EPS)
