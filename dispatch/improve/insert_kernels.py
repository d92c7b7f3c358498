"""The cheapest feasible place for a request in one route.

Candidates are priced in constant time and pruned by precomputed bounds; only one that is cheaper than the
best so far is scheduled exactly. So the answer equals that of trying all positions.
"""

from dispatch.improve.arrays import BIG, IDLE, Data, Routes, Scratch
from dispatch.improve.compiled import kernel
from dispatch.improve.fit_kernels import fits, has_room
from dispatch.improve.schedule_kernels import EPS


@kernel
def best_in_route(
    data: Data, k: int, r: int, bound: float, routes: Routes, s: int, c: Scratch
) -> tuple[float, int, int]:
    """Return added cost and positions of the cheapest insertion of r cheaper than bound.

    If there is none, positions are -1 and the cost is a lower bound of the dearer ones. The pickup comes
    after the first position, the drop-off after the second, both counted in the route
    as it is; for a single node only the second counts.
    """
    size = routes.slot[s].size
    pair = data.requests[r].pickup >= 0
    if size + 2 > routes.pos.shape[1]:
        return BIG, -1, -1
    base = 0.0
    if size == IDLE:
        base = data.vehicles[k].fixed
        if data.vehicles[k].begun == 0:
            base += data.cost[data.vehicles[k].start, data.vehicles[k].end]
    if data.ride_weight > 0 and pair:
        base -= data.ride_weight * data.requests[r].persons * data.requests[r].direct
    if _price_node(data, data.requests[r].drop, routes, s, c) >= BIG:
        return BIG, -1, -1
    if pair:
        if _price_node(data, data.requests[r].pickup, routes, s, c) >= BIG:
            return BIG, -1, -1
        return _best_pair(data, k, r, bound, base, routes, s, c)
    return _best_single(data, k, r, bound, base, routes, s, c)


@kernel
def _price_node(data: Data, v: int, routes: Routes, s: int, c: Scratch) -> float:
    """Price node v alone after each position, BIG where it is too early or late; return the least."""
    size = routes.slot[s].size
    to = data.nodes[v].place
    lo, hi, serve = data.nodes[v].lo, data.nodes[v].hi, data.nodes[v].service
    least = BIG
    pickup = data.requests[data.nodes[v].request].pickup
    follows = pickup >= 0 and pickup != v
    for x in range(size - 1):
        here = routes.pos[s, x]
        price = BIG
        begin = here.ready if follows else here.early + here.sv
        if begin <= hi + EPS and lo + serve <= routes.pos[s, x + 1].mid + EPS:
            onward = 0.0
            if to >= 0:
                begin += data.time[here.at, to]
                onward = data.time[to, here.nxt] if data.metric else 0.0
            begin = max(begin, lo)
            if begin <= hi + EPS and begin + serve + onward <= routes.pos[s, x + 1].mid + EPS:
                price = 0.0
                if to >= 0:
                    price = (
                        data.cost[here.at, to]
                        + data.cost[to, here.nxt]
                        - data.cost[here.at, here.nxt]
                    )
                if data.ride_weight > 0:
                    price += data.ride_weight * here.aboard * _delay(data, here.at, here.nxt, v, to)
                least = min(least, price)
        if pickup == v:
            c.pos[x].pick_cost = price
        else:
            c.pos[x].drop_cost = price
    return least


@kernel
def _delay(data: Data, a: int, b: int, v: int, via: int) -> float:
    """Time that node v costs those who stay aboard between places a and b."""
    serve = float(data.nodes[v].service)
    if via < 0 or via in (a, b):  # no halt of its own
        return serve
    return serve + float(
        data.nodes[v].stop + data.time[a, via] + data.time[via, b] - data.time[a, b]
    )


@kernel
def _best_single(
    data: Data, k: int, r: int, bound: float, base: float, routes: Routes, s: int, c: Scratch
) -> tuple[float, int, int]:
    d = data.requests[r].drop
    limits = data.room.shape[1]
    best, floor = -1, BIG
    sets_down = data.requests[r].persons > 0
    own = data.ride_weight * data.requests[r].persons
    aboard = 0.0  # what the way to here costs the rider, beyond what the way to the end would
    for x in range(routes.slot[s].size - 1):
        aboard -= own * (routes.pos[s, x].sv + routes.pos[s, x].leg)
    for x in range(routes.slot[s].size - 1):
        here = routes.pos[s, x]
        staying = aboard + own * here.sv
        aboard = staying + own * here.leg
        if c.pos[x].drop_cost >= BIG:
            if sets_down and _is_break(data, routes.pos[s, x + 1].node):
                break
            continue
        ok = data.nodes[d].empty == 0 or routes.pos[s, x].riders == 0
        for m in range(limits):
            ok = ok and routes.load[s, x, m] + data.load[d, m] <= data.room[k, m]
        delta = base + c.pos[x].drop_cost
        if own > 0:
            to = data.nodes[d].place
            delta += staying + own * (
                data.time[here.at, to] - _delay(data, here.at, here.nxt, d, to)
            )
        if ok and delta >= bound:
            floor = min(floor, delta)
        elif ok and fits(data, k, r, x, x, routes, s, c):
            bound, best = delta, x
        if sets_down and _is_break(data, routes.pos[s, x + 1].node):
            break
    return bound if best >= 0 else floor, best, best


@kernel
def _is_break(data: Data, v: int) -> bool:
    return v >= 0 and data.nodes[v].empty == 1


@kernel
def _best_pair(
    data: Data, k: int, r: int, bound: float, base: float, routes: Routes, s: int, c: Scratch
) -> tuple[float, int, int]:
    size = routes.slot[s].size
    p, d = data.requests[r].pickup, data.requests[r].drop
    pp, pd = data.nodes[p].place, data.nodes[d].place
    straight, straight_cost = data.time[pp, pd], data.cost[pp, pd]
    own = data.ride_weight * data.requests[r].persons
    least_drop = BIG
    for x in range(size - 1, -1, -1):
        if x < size - 1:
            least_drop = min(least_drop, c.pos[x].drop_cost)
        c.pos[x].drop_least = least_drop
    best_i, best_j, floor = -1, -1, BIG
    for i in range(size - 1):
        if c.pos[i].pick_cost >= BIG:
            continue
        a, b = routes.pos[s, i].at, routes.pos[s, i].nxt
        least = base + c.pos[i].pick_cost + c.pos[i + 1].drop_least
        together = base + data.cost[a, pp] + straight_cost + data.cost[pd, b] - data.cost[a, b]
        if own > 0:
            together += own * straight + data.ride_weight * routes.pos[s, i].aboard * (
                data.time[a, pp] + straight + data.time[pd, b] - data.time[a, b]
                + data.nodes[p].service + data.nodes[p].stop * (pp != a)
                + data.nodes[d].service + data.nodes[d].stop * (pd != pp)
            )  # fmt: skip
        if least >= bound and together >= bound:
            floor = min(floor, least, together)
            continue
        if not has_room(data, k, p, routes, s, i):
            continue
        halt = data.nodes[p].service + data.nodes[p].stop * (pp != a)
        begin = max(
            data.nodes[p].lo, routes.pos[s, i].early + routes.pos[s, i].sv + data.time[a, pp]
        )
        if begin > data.nodes[p].hi + EPS:
            continue
        leave = begin + halt
        if together < bound and fits(data, k, r, i, i, routes, s, c):
            bound, best_i, best_j = together, i, i
        elif together >= bound:
            floor = min(floor, together)
        if least >= bound:
            floor = min(floor, least)
            continue
        at, way = pp, 0.0
        for j in range(i + 1, size - 1):
            v = routes.pos[s, j].node
            to = data.nodes[v].place
            serve = data.nodes[v].service
            if to >= 0 and to != at:
                leave += data.time[at, to]
                way += data.time[at, to]
                serve += data.nodes[v].stop
                at = to
            if data.nodes[v].empty == 1 or not has_room(data, k, p, routes, s, j):
                break
            begin = max(data.nodes[v].lo, leave)
            if begin > routes.pos[s, j].mid + EPS or way > data.requests[r].ride + EPS:
                break
            leave = begin + serve
            way += serve
            delta = base + c.pos[i].pick_cost + c.pos[j].drop_cost
            if own > 0:
                delta += own * (way + data.time[at, pd])
            if delta >= bound:
                floor = min(floor, delta)
                continue
            if way + data.time[at, pd] > data.requests[r].ride + EPS:
                continue
            there = max(data.nodes[d].lo, leave + data.time[at, pd])
            if there > data.nodes[d].hi + EPS:
                continue
            there += data.nodes[d].service
            u = routes.pos[s, j + 1].node
            onward = routes.pos[s, j + 1].at if u < 0 else data.nodes[u].place
            if onward >= 0:
                there += data.time[pd, onward]
            if there > routes.pos[s, j + 1].late + EPS:
                continue
            if fits(data, k, r, i, j, routes, s, c):
                bound, best_i, best_j = delta, i, j
    return bound if best_j >= 0 else floor, best_i, best_j
