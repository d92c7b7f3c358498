"""What a trial takes out: strings of adjacent visits, related requests, random ones, whole routes."""

from dispatch.improve.arrays import IDLE, Data
from dispatch.improve.compiled import kernel
from dispatch.improve.rng_kernels import below, uniform
from dispatch.improve.state import OUT, State
from dispatch.improve.trial_kernels import take

_EVEN = 0.5
_LAST = 0.01
"""Probability to spare no more; as published."""
_SPREAD = 4.0
"""Power of a uniform number: the higher, the nearer are related requests."""


@kernel
def some_request(data: Data, st: State) -> int:
    """Draw a request."""
    return below(st.rng, data.requests.size)


@kernel
def some_end(data: Data, st: State, r: int) -> int:
    """Draw one of the nodes of request r."""
    if data.requests[r].pickup >= 0 and uniform(st.rng) < _EVEN:
        return int(data.requests[r].pickup)
    return int(data.requests[r].drop)


@kernel
def ruin_strings(data: Data, st: State, mean: float, longest: float) -> None:
    """Take out strings of visits near each other in neighbouring routes.

    After Christiaens & Vanden Berghe 2020, section 5.1; here a string is counted in requests.
    """
    n = data.requests.size
    used = 0
    for k in range(st.vehicles.size):
        used += st.routes.slot[st.vehicles[k].slot].size > IDLE
    average = (n - st.counter[OUT]) / max(used, 1)
    longest = min(longest, average)
    strings = int(uniform(st.rng) * (4.0 * mean / (1.0 + longest) - 1.0) + 1.0)
    seed = some_request(data, st)
    v = some_end(data, st, seed)
    ruined = 0
    for x in range(data.near.shape[1]):
        if ruined >= strings:
            break
        r = data.near[v, x]
        k = st.requests[r].vehicle
        if k < 0 or st.vehicles[k].hit == 1:
            continue
        s = st.vehicles[k].slot
        inside = (st.routes.slot[s].size - IDLE + 1) // 2
        most = min(float(inside), longest)
        length = int(uniform(st.rng) * most + 1.0)
        _take_string(data, st, s, some_end(data, st, r), length)
        ruined += 1


@kernel
def _take_string(data: Data, st: State, s: int, v: int, length: int) -> None:
    """Take out ``length`` requests in a row in slot s around node v, perhaps sparing some between."""
    size = st.routes.slot[s].size
    at = 1
    while st.routes.pos[s, at].node != v:
        at += 1
    spare = 0
    if length > 1 and uniform(st.rng) < _EVEN:
        spare = 1
        while uniform(st.rng) > _LAST and spare < size - IDLE - 2 * length:
            spare += 1
            if uniform(st.rng) < _EVEN:
                break
    x = max(1, at - below(st.rng, length + spare))
    taken = 0
    gap = below(st.rng, length)
    while x < size - 1 and taken < length:
        if spare > 0 and taken > gap:
            spare -= 1
            x += 1
            continue
        r = data.nodes[st.routes.pos[s, x].node].request
        if st.requests[r].gone == 0:
            take(st, r)
            taken += 1
        x += 1


@kernel
def ruin_random(data: Data, st: State, count: int) -> None:
    """Take out any requests."""
    for _ in range(count):
        r = some_request(data, st)
        if st.requests[r].gone == 0:
            take(st, r)


@kernel
def ruin_related(data: Data, st: State, count: int) -> None:
    """Take out requests with an end near one that is out already (Shaw 1998)."""
    first = some_request(data, st)
    if st.requests[first].gone == 0:
        take(st, first)
    width = data.near.shape[1]
    goal = min(st.counter[OUT] + count - 1, data.requests.size)
    for _ in range(4 * count):
        if st.counter[OUT] >= goal:
            break
        v = some_end(data, st, st.queue[below(st.rng, st.counter[OUT])].request)
        x = int(uniform(st.rng) ** _SPREAD * width)
        while x < width and st.requests[data.near[v, x]].gone == 1:
            x += 1
        if x < width:
            take(st, data.near[v, x])
