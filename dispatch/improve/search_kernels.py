"""The compiled loop: ruin, recreate, accept; it runs for a slice of iterations and comes back."""

import math

from dispatch.improve.arrays import BIG, Data
from dispatch.improve.compiled import kernel
from dispatch.improve.cross_kernels import cross
from dispatch.improve.order_kernels import sort_out
from dispatch.improve.place_kernels import place_by_regret, place_greedily
from dispatch.improve.plan_kernels import keep_best, recount
from dispatch.improve.pool_kernels import remember
from dispatch.improve.rng_kernels import below, uniform
from dispatch.improve.ruin_kernels import ruin_random, ruin_related, ruin_strings
from dispatch.improve.schedule_kernels import EPS
from dispatch.improve.state import BEST, CURRENT, OUT, Dials, State
from dispatch.improve.trial_kernels import close_up, cost_of_trial, keep, room_for, take, take_back

_EAGER = 0.1
_LEAST = 1e-300
"""A logarithm of nothing is none."""


@kernel
def run(data: Data, st: State, iterations: int, dials: Dials) -> int:
    """Run iterations at one temperature; return how many found a new best solution."""
    recount(data, st)
    improved = 0
    for _ in range(iterations):
        most = st.number[CURRENT] - dials.heat * math.log(max(uniform(st.rng), _LEAST))
        if not (ruin(data, st, dials) and recreate(data, st, dials, most)):
            take_back(data, st)
            continue
        cost = cost_of_trial(data, st)
        if cost < st.number[BEST] * dials.pool_margin:
            remember(data, st)
        if cost >= most:
            take_back(data, st)
            continue
        keep(st)
        st.number[CURRENT] = cost
        if cost < st.number[BEST] - EPS:
            keep_best(st)
            improved += 1
    return improved


@kernel
def ruin(data: Data, st: State, dials: Dials) -> bool:
    """Take out what is left out already, and something drawn; False if that cannot be."""
    for r in range(st.requests.size):
        if st.requests[r].vehicle < 0:
            take(st, r)
    u = uniform(st.rng)
    if u < dials.crossings:
        return cross(data, st, dials.segments)
    u -= dials.crossings
    count = 1 + below(st.rng, int(2 * dials.mean))
    if u < dials.strings:
        ruin_strings(data, st, dials.mean, dials.longest)
    elif u < dials.strings + dials.related:
        ruin_related(data, st, count)
    else:
        ruin_random(data, st, count)
    return close_up(data, st)


@kernel
def recreate(data: Data, st: State, dials: Dials, most: float) -> bool:
    """Put back what is out; False, and given up at once, if the solution would cost ``most`` or more."""
    room = room_for(data, st, most)
    if uniform(st.rng) < dials.regret:
        return place_by_regret(data, st, st.counter[OUT], room)
    sort_out(data, st)
    # An idle vehicle may pay only with several requests: now and then serve at any price.
    eager = uniform(st.rng) < _EAGER
    for x in range(st.counter[OUT]):
        r = st.queue[x].request
        dear = BIG if eager else data.requests[r].penalty
        spent = place_greedily(data, st, r, dials.blink, dear, room)
        if spent >= BIG:
            return False
        room -= spent
    return True
