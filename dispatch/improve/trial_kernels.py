"""One trial on the current solution: take requests out, put them in again, keep it or take it back."""

from dispatch.improve.arrays import Data
from dispatch.improve.compiled import kernel
from dispatch.improve.route_kernels import write
from dispatch.improve.state import CURRENT, FREE, OUT, VERSION, State


@kernel
def touch(st: State, k: int) -> int:
    """Give vehicle k a slot of the trial, if it has none yet; return it."""
    if st.vehicles[k].old < 0:
        st.vehicles[k].old = st.vehicles[k].slot
        st.counter[FREE] -= 1
        st.vehicles[k].slot = st.free[st.counter[FREE]]
    return int(st.vehicles[k].slot)


@kernel
def put(data: Data, st: State, k: int, size: int) -> bool:
    """Write the route in the scratch to vehicle k; False if it is not feasible."""
    s = touch(st, k)
    st.counter[VERSION] += 1
    st.routes.slot[s].version = st.counter[VERSION]
    return write(data, k, st.work, size, st.routes, s)


@kernel
def take(st: State, r: int) -> None:
    """Mark request r as taken out."""
    st.requests[r].gone = 1
    st.queue[st.counter[OUT]].request = r
    st.counter[OUT] += 1
    st.requests[r].was = st.requests[r].vehicle
    if st.requests[r].vehicle >= 0:
        st.vehicles[st.requests[r].vehicle].hit = 1
        st.requests[r].vehicle = -1


@kernel
def close_up(data: Data, st: State) -> bool:
    """Write the routes that lost requests; False if one is not feasible any more."""
    for k in range(st.vehicles.size):
        if st.vehicles[k].hit == 0:
            continue
        st.vehicles[k].hit = 0
        s = st.vehicles[k].slot
        y = 1
        for x in range(1, st.routes.slot[s].size - 1):
            v = st.routes.pos[s, x].node
            if st.requests[data.nodes[v].request].gone == 0:
                st.work.pos[y].node = v
                y += 1
        if not put(data, st, k, y + 1):
            for rest in range(k, st.vehicles.size):
                st.vehicles[rest].hit = 0
            return False
    return True


@kernel
def cost_of_trial(data: Data, st: State) -> float:
    """Return the cost of the solution with the trial's changes."""
    cost = st.number[CURRENT]
    for k in range(st.vehicles.size):
        if st.vehicles[k].old >= 0:
            cost += (
                st.routes.slot[st.vehicles[k].slot].cost - st.routes.slot[st.vehicles[k].old].cost
            )
    for x in range(st.counter[OUT]):
        r = st.queue[x].request
        if st.requests[r].vehicle < 0 and st.requests[r].was >= 0:
            cost += data.requests[r].penalty
        elif st.requests[r].vehicle >= 0 and st.requests[r].was < 0:
            cost -= data.requests[r].penalty
    return float(cost)


@kernel
def room_for(data: Data, st: State, most: float) -> float:
    """Return what the insertions may cost together so that the trial stays below ``most``."""
    for x in range(st.counter[OUT]):
        most += data.requests[st.queue[x].request].penalty
    return most - cost_of_trial(data, st)


@kernel
def keep(st: State) -> None:
    """Make the trial the current solution."""
    for k in range(st.vehicles.size):
        if st.vehicles[k].old >= 0:
            st.free[st.counter[FREE]] = st.vehicles[k].old
            st.counter[FREE] += 1
            st.vehicles[k].old = -1
    for x in range(st.counter[OUT]):
        st.requests[st.queue[x].request].gone = 0
    st.counter[OUT] = 0


@kernel
def take_back(data: Data, st: State) -> None:
    """Return to the solution before the trial."""
    for x in range(st.counter[OUT]):
        r = st.queue[x].request
        st.requests[r].gone = 0
        st.requests[r].vehicle = st.requests[r].was
    st.counter[OUT] = 0
    for k in range(st.vehicles.size):
        s = st.vehicles[k].old
        if s >= 0:
            st.free[st.counter[FREE]] = st.vehicles[k].slot
            st.counter[FREE] += 1
            st.vehicles[k].slot = s
            st.vehicles[k].old = -1
            for x in range(1, st.routes.slot[s].size - 1):
                st.requests[data.nodes[st.routes.pos[s, x].node].request].vehicle = k
