"""Routes worth combining are remembered, the best order of each set of requests."""

import numpy as np

from dispatch.improve.arrays import IDLE, Data
from dispatch.improve.compiled import kernel
from dispatch.improve.state import POOLED, State

_WAYS = 4


@kernel
def remember(data: Data, st: State) -> None:
    """Put the routes the trial has changed into the pool."""
    pool = st.pool
    buckets = pool.entry.size // _WAYS
    for k in range(st.vehicles.size):
        if st.vehicles[k].old < 0:
            continue
        s = st.vehicles[k].slot
        size = st.routes.slot[s].size
        if size <= IDLE or size - 2 > pool.node.shape[1]:
            continue
        key = np.uint64(data.vehicles[k].kind + 1)
        for x in range(1, size - 1):
            v = st.routes.pos[s, x].node
            r = data.nodes[v].request
            if data.requests[r].drop == v:
                key += data.requests[r].hash
        bucket = int(key % np.uint64(buckets)) * _WAYS
        at = bucket
        for w in range(bucket, bucket + _WAYS):
            if pool.entry[w].key == key:
                at = w
                break
            if pool.entry[w].age < pool.entry[at].age:
                at = w
        st.counter[POOLED] += 1
        pool.entry[at].age = st.counter[POOLED]
        if pool.entry[at].key == key and pool.entry[at].cost <= st.routes.slot[s].cost:
            continue
        pool.entry[at].key, pool.entry[at].cost = key, st.routes.slot[s].cost
        pool.entry[at].size, pool.entry[at].vehicle = size - 2, k
        for x in range(1, size - 1):
            pool.node[at, x - 1] = st.routes.pos[s, x].node
