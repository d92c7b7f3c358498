"""What the search carries from one call of the compiled loop to the next."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.improve.arrays import Data, Records, Routes, Scratch, empty_routes, scratch
from dispatch.improve.problem import Floats, Ints
from dispatch.improve.rng_kernels import Words, seeded

FREE, VERSION, OUT, STAMP, POOLED = range(5)
"""Counters: free slots, last version, requests taken out, stamp of kinds seen, pool entries written."""
CURRENT, BEST = range(2)
"""Numbers: cost of the current and the best solution."""


STATE_OF_VEHICLE = np.dtype(
    [
        ("slot", np.int64),  # where its route lies
        ("old", np.int64),  # the slot before the trial, -1 where the trial has not touched it
        ("hit", np.int64),  # 1 where the ruin took something
        ("seen", np.int64),  # stamp of the last question, by kind of vehicle
        ("best_size", np.int64),  # positions in the best solution
    ],
    align=True,
)
STATE_OF_REQUEST = np.dtype(
    [
        ("vehicle", np.int64),  # -1: left out
        ("was", np.int64),  # before the trial
        ("gone", np.int64),  # 1: taken out by the trial
    ],
    align=True,
)
QUEUED = np.dtype([("request", np.int64), ("key", np.float64)], align=True)
"""A request taken out by the trial, and its sort key."""
ANSWER = np.dtype(
    [("version", np.int64), ("cost", np.float64), ("i", np.int64), ("j", np.int64)], align=True
)
"""The cheapest insertion into the route of that version; j = -1: there is none below that cost."""
ENTRY = np.dtype(
    [
        ("key", np.uint64),  # hash of the requests and the kind of vehicle; 0: free
        ("cost", np.float64),
        ("size", np.int64),
        ("vehicle", np.int64),
        ("age", np.int64),  # when it was last seen
    ],
    align=True,
)


class Dials(NamedTuple):
    """What the loop is told to do; the temperature in units of cost, see ``dispatch.improve.params``."""

    heat: float  # temperature
    mean: float  # requests taken out
    longest: float  # string taken out
    blink: float
    regret: float
    pool_margin: float
    crossings: float  # share of trials that exchange parts of two routes
    segments: float  # share of those that exchange a segment; the others: tails
    strings: float  # share of trials that take out strings
    related: float  # share that take out related requests; the rest: any


class Pool(NamedTuple):
    """Routes worth combining: the cheapest known order of each set of requests, in buckets by hash."""

    entry: Records  # (B,) ENTRY
    node: npt.NDArray[np.int16]  # (B, W)


class State(NamedTuple):
    """Current and best solution, caches, random numbers; updated in place."""

    routes: Routes
    vehicles: Records  # (K,) STATE_OF_VEHICLE
    requests: Records  # (n,) STATE_OF_REQUEST
    queue: Records  # (n,) QUEUED
    free: Ints  # (S,) stack of free slots
    counter: Ints
    number: Floats
    cache: Records  # (2, n, K) ANSWER; 0: the route before the trial, 1: the route on trial
    best_node: npt.NDArray[np.int32]  # (K, M)
    pool: Pool
    rng: Words
    work: Scratch


def fresh(data: Data, longest: int, pool: int, seed: int) -> State:
    """Return a state without any solution."""
    k, n = data.vehicles.size, data.requests.size
    routes = empty_routes(data, longest)
    slots = routes.slot.size
    vehicles, requests = np.zeros(k, STATE_OF_VEHICLE), np.zeros(n, STATE_OF_REQUEST)
    vehicles["slot"], vehicles["old"], vehicles["best_size"] = np.arange(k), -1, 2
    requests["vehicle"] = -1
    cache = np.zeros((2, n, k), ANSWER)
    cache["version"] = -1
    return State(
        routes=routes,
        vehicles=vehicles,
        requests=requests,
        queue=np.zeros(n, QUEUED),
        free=np.concatenate([np.arange(k, slots), np.zeros(k, np.int64)]),
        counter=np.array([slots - k, 0, 0, 0, 0]),
        number=np.zeros(2),
        cache=cache,
        best_node=np.zeros((k, longest), np.int32),
        pool=Pool(np.zeros(pool, ENTRY), np.zeros((pool, min(longest, 128)), np.int16)),
        rng=seeded(seed),
        work=scratch(data, longest),
    )
