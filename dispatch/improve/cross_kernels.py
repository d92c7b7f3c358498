"""Two routes exchange their tails: everything after some time; who is aboard at that time is put back anew.

The exchange of tails (2-opt*, Potvin & Rousseau 1995) at or near the moments when a bus is empty moves whole
parts of a day at once (natural sequences, Parragh et al. 2010), which no small ruin does.
"""

from dispatch.improve.arrays import IDLE, Data
from dispatch.improve.compiled import kernel
from dispatch.improve.rng_kernels import below
from dispatch.improve.ruin_kernels import some_end, some_request
from dispatch.improve.state import State
from dispatch.improve.trial_kernels import put, take, touch

_GIVE_WAY = 3
"""Requests next to the cut that may be taken out, on either side, so that the tails fit."""


@kernel
def cross_tails(data: Data, st: State) -> bool:
    """Exchange the tails of two neighbouring routes; False if they do not fit."""
    r = some_request(data, st)
    one = st.requests[r].vehicle
    if one < 0:
        return True
    v = some_end(data, st, r)
    other = _neighbour(data, st, v, one)
    if other < 0:
        return True
    x = 0
    while st.routes.pos[st.vehicles[one].slot, x].node != v:
        x += 1
    at = st.routes.pos[st.vehicles[one].slot, x].early
    s = st.vehicles[other].slot
    y = 0
    while y < st.routes.slot[s].size - IDLE and st.routes.pos[s, y + 1].early <= at:
        y += 1
    a, b = st.vehicles[one].slot, s
    touch(st, one)
    touch(st, other)
    _part(data, st, one, other, a, x)
    _part(data, st, other, one, b, y)
    return _join(data, st, one, a, x, b, y) and _join(data, st, other, b, y, a, x)


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
def _part(data: Data, st: State, one: int, other: int, s: int, x: int) -> None:
    """Take out who is aboard after position x of slot s, and who may not change to the other vehicle."""
    for z in range(x + 1, st.routes.slot[s].size - 1):
        v = st.routes.pos[s, z].node
        r = data.nodes[v].request
        if st.requests[r].gone == 1:
            continue
        p = data.requests[r].pickup
        spans = p >= 0 and p != v
        if spans:  # the pickup may be in the tail, too
            for w in range(x + 1, z):
                if st.routes.pos[s, w].node == p:
                    spans = False
        if spans or data.allowed[r, other] == 0:
            take(st, r)
            st.vehicles[one].hit = 0


@kernel
def _join(data: Data, st: State, k: int, a: int, x: int, b: int, y: int) -> bool:
    """Give vehicle k the head of slot a up to x and the tail of slot b after y, shortened to fit."""
    for _ in range(_GIVE_WAY + 1):
        joint = _copy(data, st, a, 1, x + 1, 1)
        size = _copy(data, st, b, y + 1, st.routes.slot[b].size - 1, joint)
        if size + 1 > st.routes.pos.shape[1]:
            return False
        for z in range(joint, size):
            st.requests[data.nodes[st.work.pos[z].node].request].vehicle = k
        if put(data, st, k, size + 1):
            return True
        if joint in (1, size):
            return False
        give = st.work.pos[joint - below(st.rng, 2)].node
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
