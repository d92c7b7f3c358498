"""Two routes exchange a part of the day, or all that is left of it; who is aboard at a cut is put back anew.

The exchange of tails (2-opt*, Potvin & Rousseau 1995) and of segments between two cuts moves whole parts of a
day at once (compare the natural sequences of Parragh et al. 2010), which no small ruin does.
"""

from typing import NamedTuple

from dispatch.improve.arrays import IDLE, Data
from dispatch.improve.compiled import kernel
from dispatch.improve.rng_kernels import below, uniform
from dispatch.improve.ruin_kernels import some_end, some_request
from dispatch.improve.state import State
from dispatch.improve.trial_kernels import put, take, touch

_LONGEST = 16
"""Positions of a segment, at most."""
_GIVE_WAY = 3
"""Requests next to the cut that may be taken out, on either side, so that the tails fit."""


class Part(NamedTuple):
    """Positions begin to end - 1 of a route."""

    slot: int
    begin: int
    end: int


@kernel
def cross(data: Data, st: State, segments: float) -> bool:
    """Exchange tails, or with probability ``segments`` a segment, of two neighbouring routes.

    False if they do not fit.
    """
    r = some_request(data, st)
    one = st.requests[r].vehicle
    if one < 0:
        return True
    v = some_end(data, st, r)
    other = _neighbour(data, st, v, one)
    if other < 0:
        return True
    a, b = st.vehicles[one].slot, st.vehicles[other].slot
    x = 0
    while st.routes.pos[a, x].node != v:
        x += 1
    y = _until(st, b, st.routes.pos[a, x].early)
    x2, y2 = st.routes.slot[a].size - IDLE, st.routes.slot[b].size - IDLE
    if uniform(st.rng) < segments and x < x2:
        x2 = min(x2, x + 1 + below(st.rng, _LONGEST))
        y2 = max(_until(st, b, st.routes.pos[a, x2].early), y)
    touch(st, one)
    touch(st, other)
    mine, theirs = Part(a, x + 1, x2 + 1), Part(b, y + 1, y2 + 1)
    _part(data, st, one, other, mine)
    _part(data, st, other, one, theirs)
    return _join(data, st, one, mine, theirs) and _join(data, st, other, theirs, mine)


@kernel
def _until(st: State, s: int, at: float) -> int:
    """Return the last position of slot s whose service may begin by then."""
    y = 0
    while y < st.routes.slot[s].size - IDLE and st.routes.pos[s, y + 1].early <= at:
        y += 1
    return y


@kernel
def _neighbour(data: Data, st: State, v: int, one: int) -> int:
    """Return a vehicle other than ``one`` that serves a request near node v, or -1."""
    first = below(st.rng, min(data.near.shape[1], 20))
    for z in range(first, data.near.shape[1]):
        k = st.requests[data.near[v, z]].vehicle
        if k >= 0 and k != one:
            return int(k)
    return -1


@kernel
def _part(data: Data, st: State, one: int, other: int, part: Part) -> None:
    """Take out who is aboard at a cut, and who may not change to the other vehicle."""
    s = part.slot
    for z in range(1, st.routes.slot[s].size - 1):
        st.work.where[st.routes.pos[s, z].node] = z
    for z in range(1, st.routes.slot[s].size - 1):
        v = st.routes.pos[s, z].node
        r = data.nodes[v].request
        if data.requests[r].drop != v or st.requests[r].gone == 1:
            continue
        p = data.requests[r].pickup
        inside = part.begin <= z < part.end
        w = st.work.where[p] if p >= 0 else z
        if (part.begin <= w < part.end) != inside or (inside and data.allowed[r, other] == 0):
            take(st, r)
            st.vehicles[one].hit = 0


@kernel
def _join(data: Data, st: State, k: int, own: Part, other: Part) -> bool:
    """Give vehicle k its own route with its part replaced by the other's, shortened to fit."""
    for _ in range(_GIVE_WAY + 1):
        joint = _copy(data, st, own.slot, 1, own.begin, 1)
        second = _copy(data, st, other.slot, other.begin, other.end, joint)
        size = _copy(data, st, own.slot, own.end, st.routes.slot[own.slot].size - 1, second)
        if size + 1 > st.routes.pos.shape[1]:
            return False
        for z in range(joint, second):
            st.requests[data.nodes[st.work.pos[z].node].request].vehicle = k
        if put(data, st, k, size + 1):
            return True
        cut = joint if second == size or below(st.rng, 2) == 0 else second
        if cut in (1, size):
            return False
        give = st.work.pos[cut - below(st.rng, 2)].node
        take(st, data.nodes[give].request)
        st.vehicles[k].hit = 0
    return False


@kernel
def _copy(data: Data, st: State, s: int, begin: int, end: int, size: int) -> int:
    """Append positions begin to end - 1 of slot s to the scratch, without who is out; return the new size."""
    for z in range(begin, end):
        v = st.routes.pos[s, z].node
        if st.requests[data.nodes[v].request].gone == 0 and size < st.routes.pos.shape[1]:
            st.work.pos[size].node = v
            size += 1
    return size
