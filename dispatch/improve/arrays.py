"""The arrays the search kernels work on.

K vehicles, n requests, N nodes, P places, L limits of room, S = 2K slots of M positions. A slot holds one
route: position 0 is the start, the last the end. A trial writes into free slots, so undoing it is a
matter of pointing back.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.improve.problem import Flags, Floats, Ints

BIG = 1e15
"""Later, longer and dearer than everything."""

IDLE = 2
"""Positions of a route without visits: start and end."""

Records = npt.NDArray[np.void]
"""An array of records; kernels write ``array[i].field``. One array instead of ten keeps calls cheap."""

NODE = np.dtype(
    [
        ("place", np.int64),
        ("lo", np.float64),
        ("hi", np.float64),
        ("service", np.float64),
        ("stop", np.float64),
        ("request", np.int64),
        ("empty", np.int64),
    ],
    align=True,
)
"""A node, see :class:`dispatch.improve.problem.Nodes`; windows are tightened."""

REQUEST = np.dtype(
    [
        ("pickup", np.int64),
        ("drop", np.int64),
        ("ride", np.float64),
        ("penalty", np.float64),
        ("direct", np.float64),
        ("persons", np.int64),
        ("must", np.int64),
        ("hash", np.uint64),  # a set of requests is the sum of their words
    ],
    align=True,
)
"""A request, see :class:`dispatch.improve.problem.Requests`; the penalty is finite."""

VEHICLE = np.dtype(
    [
        ("start", np.int64),
        ("end", np.int64),
        ("earliest", np.float64),
        ("latest", np.float64),
        ("duration", np.float64),
        ("driving", np.float64),
        ("reach", np.float64),  # metres
        ("fixed", np.float64),
        ("begun", np.int64),
        ("riders", np.int64),  # requests aboard at the start
        ("aboard", np.int64),  # persons aboard at the start
        ("kind", np.int64),  # vehicles of one kind are interchangeable
    ],
    align=True,
)
"""A vehicle, see :class:`dispatch.improve.problem.Vehicles`."""

POSITION = np.dtype(
    [
        ("node", np.int64),
        ("at", np.int64),  # place where the bus is
        ("nxt", np.int64),  # place of the next node that has one
        ("sv", np.float64),  # service with halting
        ("leg", np.float64),  # driving time to the next position
        ("early", np.float64),  # service begins not before
        ("ready", np.float64),  # leaves not before, wherever before a pickup is inserted
        ("late", np.float64),  # arrival not after, if the position before changes
        ("mid", np.float64),  # service begins not after, if something is inserted before and after
        ("riders", np.int64),  # requests aboard when leaving
        ("aboard", np.int64),  # persons aboard when leaving
    ],
    align=True,
)
"""A position of a route, with what an insertion asks for in constant time."""

SLOT = np.dtype([("size", np.int64), ("version", np.int64), ("cost", np.float64)], align=True)
"""A slot: positions, a number that changes with the content, cost."""

DRAFT = np.dtype(
    [
        ("node", np.int64),
        ("at", np.int64),
        ("mate", np.int64),  # position of the pickup whose ride ends here, -1
        ("sv", np.float64),
        ("leg", np.float64),
        ("t", np.float64),  # the schedule
        ("lo", np.float64),
        ("hi", np.float64),
        ("way", np.float64),  # time from the start without waiting
        ("limit", np.float64),  # longest time from begin to begin, where there is a mate
        ("pick_cost", np.float64),
        ("drop_cost", np.float64),
        ("drop_least", np.float64),  # least drop_cost from here on
    ],
    align=True,
)
"""A position of the route on trial, and working space of an insertion."""


class Data(NamedTuple):
    """A problem as the kernels see it."""

    time: Floats  # (P, P)
    cost: Floats  # (P, P)
    metres: Floats  # (P, P), or (1, 1) without ranges
    nodes: Records  # (N,) NODE
    load: Ints  # (N, L)
    requests: Records  # (n,) REQUEST
    vehicles: Records  # (K,) VEHICLE
    allowed: Flags  # (n, K)
    room: Ints  # (K, L)
    initial: Ints  # (K, L)
    near: npt.NDArray[np.int32]  # (N, W) requests, nearest to the node first
    metric: bool  # detours never save time and no halts are shared: bounds stay valid
    ride_weight: float


class Routes(NamedTuple):
    """S slots of M positions."""

    pos: Records  # (S, M) POSITION
    load: Ints  # (S, M, L) when leaving
    slot: Records  # (S,) SLOT


class Scratch(NamedTuple):
    """One route on trial."""

    pos: Records  # (M,) DRAFT
    where: Ints  # (N,) position of a node


def scratch(data: Data, longest: int) -> Scratch:
    """Fresh working space for routes of ``longest`` positions."""
    return Scratch(np.zeros(longest + 4, DRAFT), np.zeros(data.nodes.size, np.int64))


def empty_routes(data: Data, longest: int) -> Routes:
    """Slots without content; the search fills them."""
    slots = 2 * data.vehicles.size + 2
    load = np.zeros((slots, longest, data.load.shape[1]), np.int64)
    return Routes(np.zeros((slots, longest), POSITION), load, np.zeros(slots, SLOT))
