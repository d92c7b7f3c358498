"""Put requests back: greedily in some order, or by regret; what unchanged routes answered is remembered."""

from dispatch.improve.arrays import BIG, IDLE, Data
from dispatch.improve.compiled import kernel
from dispatch.improve.fit_kernels import compose
from dispatch.improve.insert_kernels import best_in_route
from dispatch.improve.rng_kernels import uniform
from dispatch.improve.state import STAMP, State
from dispatch.improve.trial_kernels import put


@kernel
def place_greedily(data: Data, st: State, r: int, blink: float, dear: float, most: float) -> float:
    """Insert r where it is cheapest among the vehicles not overlooked (probability blink each).

    Returns
    -------
    float
        What that costs. The request is left out at its penalty if it costs ``dear`` or more; BIG if either
        costs ``most`` or more.
    """
    penalty = data.requests[r].penalty
    best, at_k, at_i, at_j = min(dear, most), -1, -1, -1
    st.counter[STAMP] += 1
    for sweep in range(2):  # first what is known already: it prunes the rest
        for k in range(st.vehicles.size):
            if data.allowed[r, k] == 0:
                continue
            w = recall(st, r, k)
            known = w >= 0 and st.cache[w, r, k].j >= 0
            if known != (sweep == 0):
                continue
            if _same_as_before(data, st, k) or (blink > 0 and uniform(st.rng) < blink):
                continue
            cost, i, j = price(data, st, r, k, best)
            if j >= 0 and cost < best:
                best, at_k, at_i, at_j = cost, k, i, j
    if at_k < 0:
        return penalty if penalty < most else BIG
    return best if insert(data, st, r, at_k, at_i, at_j) else BIG


@kernel
def place_by_regret(data: Data, st: State, count: int, most: float) -> bool:
    """Insert ``st.queue[:count]``, always what loses most by waiting (Ropke & Pisinger 2006).

    False if all together cost ``most`` or more.
    """
    left = count
    while left > 0:
        chosen, regret, at_k, at_i, at_j, cheapest = -1, -BIG, -1, -1, -1, BIG
        for x in range(left):
            r = st.queue[x].request
            penalty = data.requests[r].penalty
            best, second, k_best, i_best, j_best = penalty, penalty, -1, -1, -1
            st.counter[STAMP] += 1
            for k in range(st.vehicles.size):
                if data.allowed[r, k] == 0 or _same_as_before(data, st, k):
                    continue
                cost, i, j = price(data, st, r, k, second)
                if j >= 0 and cost < best:
                    second = best
                    best, k_best, i_best, j_best = cost, k, i, j
                elif j >= 0 and cost < second:
                    second = cost
            if k_best < 0 and penalty >= most:
                return False
            if second - best > regret and k_best >= 0:
                chosen, regret, at_k, at_i, at_j, cheapest = (
                    x,
                    second - best,
                    k_best,
                    i_best,
                    j_best,
                    best,
                )
        if chosen < 0:
            return True
        most -= cheapest
        if most <= 0:
            return False
        r = st.queue[chosen].request
        st.queue[chosen].request, st.queue[left - 1].request = st.queue[left - 1].request, r
        left -= 1
        if not insert(data, st, r, at_k, at_i, at_j):
            return False
    return True


@kernel
def price(data: Data, st: State, r: int, k: int, bound: float) -> tuple[float, int, int]:
    """Return the cheapest insertion of r into vehicle k below bound, from the cache where possible."""
    w = recall(st, r, k)
    if w >= 0:
        answer = st.cache[w, r, k]
        if answer.j >= 0 or answer.cost >= bound:
            return answer.cost, answer.i, answer.j
    s = st.vehicles[k].slot
    cost, i, j = best_in_route(data, k, r, bound, st.routes, s, st.work)
    answer = st.cache[1 if st.vehicles[k].old >= 0 else 0, r, k]
    answer.version, answer.cost, answer.i, answer.j = st.routes.slot[s].version, cost, i, j
    return cost, i, j


@kernel
def recall(st: State, r: int, k: int) -> int:
    """Return which answer of the cache holds for inserting r into vehicle k; -1: none."""
    version = st.routes.slot[st.vehicles[k].slot].version
    if st.cache[0, r, k].version == version:
        return 0
    return 1 if st.cache[1, r, k].version == version else -1


@kernel
def insert(data: Data, st: State, r: int, k: int, i: int, j: int) -> bool:
    """Insert r into vehicle k."""
    size = compose(data, r, i, j, st.routes, st.vehicles[k].slot, st.work)
    st.requests[r].vehicle = k
    st.requests[r].gone = 0
    return put(data, st, k, size)


@kernel
def _same_as_before(data: Data, st: State, k: int) -> bool:
    """Return whether k is an idle vehicle of a kind already asked since the last stamp; note its kind."""
    if st.routes.slot[st.vehicles[k].slot].size > IDLE:
        return False
    kind = data.vehicles[k].kind
    if st.vehicles[kind].seen == st.counter[STAMP]:
        return True
    st.vehicles[kind].seen = st.counter[STAMP]
    return False
