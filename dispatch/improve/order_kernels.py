"""In which order requests are put back."""

from dispatch.improve.arrays import BIG, Data
from dispatch.improve.compiled import kernel
from dispatch.improve.rng_kernels import below, uniform
from dispatch.improve.state import OUT, State

_EARLY, _LATE, _TIGHT, _LONG, _FAR, _KINDS = range(3, 9)
"""Earliest first, latest first, tightest window, longest ride, farthest from the depot; below: at random."""


@kernel
def sort_out(data: Data, st: State) -> None:
    """Order what is out by a criterion drawn anew; breaks and riders aboard come first."""
    kind = below(st.rng, _KINDS)
    count = st.counter[OUT]
    for x in range(count):
        r = st.queue[x].request
        p, d = data.requests[r].pickup, data.requests[r].drop
        key = uniform(st.rng)
        if p < 0:
            key = -BIG * (2.0 if data.requests[r].persons > 0 else 1.0)
        elif kind < _EARLY:
            pass
        elif kind == _EARLY:
            key = data.nodes[p].lo
        elif kind == _LATE:
            key = -data.nodes[p].lo
        elif kind == _TIGHT:
            key = min(data.nodes[p].hi - data.nodes[p].lo, data.nodes[d].hi - data.nodes[d].lo)
        elif kind == _LONG:
            key = -data.cost[data.nodes[p].place, data.nodes[d].place]
        else:
            key = -(
                data.cost[data.vehicles[0].start, data.nodes[p].place]
                + data.cost[data.nodes[d].place, data.vehicles[0].end]
            )
        st.queue[x].key = key
    for x in range(1, count):  # insertion sort: the lists are short
        r, key = st.queue[x].request, st.queue[x].key
        y = x
        while y > 0 and st.queue[y - 1].key > key:
            st.queue[y].request, st.queue[y].key = st.queue[y - 1].request, st.queue[y - 1].key
            y -= 1
        st.queue[y].request, st.queue[y].key = r, key
