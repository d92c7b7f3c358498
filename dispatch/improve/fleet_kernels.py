"""Guided ejection: find room for the rides of a vehicle that stays at home.

Rides that find no place go to the bank. The one that came last pushes out the rides of a route that have
so far been easiest to place, as counted by how often each could not be (Nagata & Bräysy 2009 for time
windows; Nagata & Kobayashi 2010, Curtois et al. 2018 for pickup and delivery), and the routes are shaken.
"""

from typing import NamedTuple

from dispatch.improve.arrays import BIG, Data, Routes, Scratch
from dispatch.improve.compiled import kernel
from dispatch.improve.fit_kernels import compose
from dispatch.improve.insert_kernels import best_in_route
from dispatch.improve.problem import Flags, Ints
from dispatch.improve.rng_kernels import Words, below, uniform
from dispatch.improve.route_kernels import write

_PAIRS = 400
"""Pairs of a route that are tried, so that a ride is placed within milliseconds."""


class Bank(NamedTuple):
    """Who has no place, and how often it was hard to find one; route k lies in slot k."""

    stack: Ints  # (n + 2,) requests without a place, the last one on top
    size: Ints  # (1,) of the stack
    weight: Ints  # (n,) how often no place was free, plus one
    vehicle: Ints  # (n,) -1: in the bank
    open: Flags  # (K,) 1 where the vehicle may be used
    order: Ints  # (n,) working space


@kernel
def place_last(data: Data, routes: Routes, bank: Bank, rng: Words, shakes: int, c: Scratch) -> None:
    """Place the ride that came last into the bank; where all are full, in the place of others, and shake."""
    r = bank.stack[bank.size[0] - 1]
    k, first, second = _any_room(data, routes, bank, rng, r, c), -1, -1
    crowded = k < 0
    if crowded:
        bank.weight[r] += 1
        k, first, second = _cheapest_ejection(data, routes, bank, rng, r, c)
    if k >= 0:
        bank.size[0] -= 1
        _exchange(data, routes, bank, k, r, first, second, c)
    if crowded:
        for _ in range(shakes):
            _shake(data, routes, bank, rng, c)


@kernel
def send_home(data: Data, routes: Routes, bank: Bank, k: int, c: Scratch) -> bool:
    """Put the rides of vehicle k into the bank and close it; False if it must go out."""
    for x in range(1, routes.slot[k].size - 1):
        if data.requests[data.nodes[routes.pos[k, x].node].request].pickup < 0:
            return False
    for x in range(1, routes.slot[k].size - 1):
        v = routes.pos[k, x].node
        r = data.nodes[v].request
        if data.requests[r].drop == v:
            _put(bank, r)
    bank.open[k] = 0
    return write(data, k, c, 2, routes, k)


@kernel
def _put(bank: Bank, r: int) -> None:
    bank.stack[bank.size[0]] = r
    bank.size[0] += 1
    bank.vehicle[r] = -1


@kernel
def _any_room(data: Data, routes: Routes, bank: Bank, rng: Words, r: int, c: Scratch) -> int:
    """Return a random open vehicle that can take r; -1 if there is none."""
    count = bank.open.size
    k = below(rng, count)
    for _ in range(count):
        if bank.open[k] == 1 and data.allowed[r, k] == 1:
            _, _, j = best_in_route(data, k, r, BIG, routes, k, c)
            if j >= 0:
                return k
        k = (k + 1) % count
    return -1


@kernel
def _without(
    data: Data, routes: Routes, k: int, first: int, second: int, spare: int, c: Scratch
) -> bool:
    """Write the route of vehicle k without two requests (or one: -1) into slot ``spare``."""
    y = 1
    for x in range(1, routes.slot[k].size - 1):
        r = data.nodes[routes.pos[k, x].node].request
        if r not in (first, second):
            c.pos[y].node = routes.pos[k, x].node
            y += 1
    return write(data, k, c, y + 1, routes, spare)


@kernel
def _takes(data: Data, routes: Routes, k: int, r: int, first: int, second: int, c: Scratch) -> bool:
    """Whether vehicle k has room for r without two of its requests."""
    spare = routes.slot.size - 1
    if not _without(data, routes, k, first, second, spare, c):
        return False
    _, _, j = best_in_route(data, k, r, BIG, routes, spare, c)
    return j >= 0


@kernel
def _cheapest_ejection(
    data: Data, routes: Routes, bank: Bank, rng: Words, r: int, c: Scratch
) -> tuple[int, int, int]:
    """Return vehicle and the one or two requests of least weight whose place r can take; -1 if none.

    Equal weights are drawn with equal chance. Of the pairs of a long route only some are tried.
    """
    least, ties = BIG, 0
    best_k, best_first, best_second = -1, -1, -1
    riders = bank.order
    for k in range(bank.open.size):
        if bank.open[k] == 0 or data.allowed[r, k] == 0:
            continue
        size = 0
        for x in range(1, routes.slot[k].size - 1):
            v = routes.pos[k, x].node
            q = data.nodes[v].request
            if data.requests[q].pickup >= 0 and data.requests[q].drop == v:
                riders[size] = q
                size += 1
        share = _PAIRS / max(size * (size - 1) // 2, 1)
        for a in range(size):
            first = riders[a]
            for b in range(-1, a):
                if b >= 0 and uniform(rng) >= share:
                    continue
                second = -1 if b < 0 else riders[b]
                weight = float(bank.weight[first])
                if second >= 0:
                    weight += bank.weight[second]
                if weight > least:
                    continue
                if not _takes(data, routes, k, r, first, second, c):
                    continue
                ties = ties + 1 if weight == least else 1
                least = weight
                if below(rng, ties) == 0:
                    best_k, best_first, best_second = k, first, second
    return best_k, best_first, best_second


@kernel
def _exchange(
    data: Data, routes: Routes, bank: Bank, k: int, r: int, first: int, second: int, c: Scratch
) -> None:
    """Let vehicle k take r at its best place instead of two requests (-1: none), which go to the bank."""
    _without(data, routes, k, first, second, k, c)
    _, i, j = best_in_route(data, k, r, BIG, routes, k, c)
    size = compose(data, r, i, j, routes, k, c)
    write(data, k, c, size, routes, k)
    bank.vehicle[r] = k
    for q in (first, second):
        if q >= 0:
            _put(bank, q)


@kernel
def _shake(data: Data, routes: Routes, bank: Bank, rng: Words, c: Scratch) -> None:
    """Move a random request to another vehicle, or swap two, if that is feasible."""
    n = bank.vehicle.size
    a, b = below(rng, n), below(rng, n)
    k = bank.vehicle[a]
    if k < 0 or data.requests[a].pickup < 0:
        return
    spare = routes.slot.size - 1
    if below(rng, 2) == 0:
        to = below(rng, bank.open.size)
        if to == k or bank.open[to] == 0 or data.allowed[a, to] == 0:
            return
        _, _, j = best_in_route(data, to, a, BIG, routes, to, c)
        if j >= 0 and _without(data, routes, k, a, -1, spare, c):
            _without(data, routes, k, a, -1, k, c)
            _exchange(data, routes, bank, to, a, -1, -1, c)
        return
    to = bank.vehicle[b]
    if to < 0 or to == k or data.requests[b].pickup < 0:
        return
    if data.allowed[a, to] == 0 or data.allowed[b, k] == 0:
        return
    if not _takes(data, routes, k, b, a, -1, c) or not _takes(data, routes, to, a, b, -1, c):
        return
    _exchange(data, routes, bank, k, b, a, -1, c)
    bank.size[0] -= 1
    _exchange(data, routes, bank, to, a, b, -1, c)
    bank.size[0] -= 1
    bank.vehicle[b] = k
