"""The current and the best solution as a whole: begun, loaded, counted, kept."""

from dispatch.improve.arrays import BIG, Data
from dispatch.improve.compiled import kernel
from dispatch.improve.problem import Ints
from dispatch.improve.state import BEST, CURRENT, State
from dispatch.improve.trial_kernels import keep, put, take_back


@kernel
def start(data: Data, st: State) -> None:
    """Begin with empty routes and everything left out."""
    cost = 0.0
    for k in range(st.vehicles.size):
        put(data, st, k, 2)
        cost += st.routes.slot[st.vehicles[k].slot].cost
    keep(st)
    st.number[CURRENT] = cost + _all_penalties(data)
    st.number[BEST] = BIG * 10


@kernel
def unload(data: Data, st: State) -> None:
    """Leave everything out."""
    for k in range(st.vehicles.size):
        put(data, st, k, 2)
    keep(st)
    cost = _all_penalties(data)
    for k in range(st.vehicles.size):
        cost += st.routes.slot[st.vehicles[k].slot].cost
    for r in range(st.requests.size):
        st.requests[r].vehicle = -1
    st.number[CURRENT] = cost


@kernel
def load(data: Data, st: State, k: int, nodes: Ints) -> bool:
    """Replace the route of vehicle k; False if it is not feasible. The requests must be left out before."""
    for x in range(nodes.size):
        st.work.pos[x + 1].node = nodes[x]
    before = st.routes.slot[st.vehicles[k].slot].cost
    ok = put(data, st, k, nodes.size + 2)
    if ok:
        for x in range(nodes.size):
            r = data.nodes[nodes[x]].request
            if st.requests[r].vehicle < 0:
                st.requests[r].vehicle = k
                st.number[CURRENT] -= data.requests[r].penalty
        st.number[CURRENT] += st.routes.slot[st.vehicles[k].slot].cost - before
    if ok:
        keep(st)
    else:
        take_back(data, st)
    return ok


@kernel
def recount(data: Data, st: State) -> None:
    """Sum the current cost up anew, against drift."""
    cost = 0.0
    for k in range(st.vehicles.size):
        cost += st.routes.slot[st.vehicles[k].slot].cost
    for r in range(st.requests.size):
        if st.requests[r].vehicle < 0:
            cost += data.requests[r].penalty
    st.number[CURRENT] = cost


@kernel
def keep_best(st: State) -> None:
    """Copy the current solution as the best."""
    st.number[BEST] = st.number[CURRENT]
    for k in range(st.vehicles.size):
        s = st.vehicles[k].slot
        st.vehicles[k].best_size = st.routes.slot[s].size
        for x in range(st.routes.slot[s].size):
            st.best_node[k, x] = st.routes.pos[s, x].node


@kernel
def _all_penalties(data: Data) -> float:
    total = 0.0
    for r in range(data.requests.size):
        total += data.requests[r].penalty
    return total
