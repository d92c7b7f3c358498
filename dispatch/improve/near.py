"""Which requests are near a node, in space and time."""

import numpy as np
import numpy.typing as npt

from dispatch.improve.arrays import Data, Records
from dispatch.improve.problem import Floats, Ints

_NEIGHBOURS = 300


def nearest(data: Data) -> npt.NDArray[np.int32]:
    """Sort the requests by how close in space and time their nearer end is to each node.

    Closeness of two nodes as in PyVRP's neighbourhoods (Vidal et al. 2013): driving time plus a fifth of
    the least waiting plus the least lateness, in the better of both directions.
    """
    n = data.requests.size
    width = min(n, _NEIGHBOURS)
    near = np.zeros((data.nodes.size, width), np.int32)
    drop = data.requests["drop"]
    pickup = np.where(data.requests["pickup"] >= 0, data.requests["pickup"], drop)
    for v in range(data.nodes.size):
        apart = np.minimum(_apart(data, v, drop), _apart(data, v, pickup))
        near[v] = np.argsort(apart, kind="stable")[:width]
    return near


def _apart(data: Data, v: int, others: Ints) -> Floats:
    one, many = data.nodes[v : v + 1], data.nodes[others]
    a, b = np.maximum(one["place"], 0), np.maximum(many["place"], 0)
    out = one["service"] + data.time[a, b]
    back = many["service"] + data.time[b, a]
    there = data.time[a, b] + _misfit(one, many, out)
    return np.asarray(np.minimum(there, data.time[b, a] + _misfit(many, one, back)))


def _misfit(first: Records, second: Records, ready: Floats) -> Floats:
    """Return a fifth of the least waiting plus the least lateness from one node to another."""
    wait = np.maximum(second["lo"] - first["hi"] - ready, 0)
    late = np.maximum(first["lo"] + ready - second["hi"], 0)
    return np.asarray(0.2 * wait + late)
