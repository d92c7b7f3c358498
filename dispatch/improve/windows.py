"""Windows tightened by what no schedule can do otherwise (Cordeau 2006, section 5.1.1, generalised)."""

import numpy as np

from dispatch.improve.problem import Floats, Ints, Problem

_ROUNDS = 3


def tightened(problem: Problem) -> tuple[Floats, Floats]:
    """Return earliest and latest begin (N,) of each service, from rides, depots and the windows given.

    Every feasible schedule keeps them, so nothing is lost; driving times are taken for shortest.
    """
    nodes, requests = problem.nodes, problem.requests
    lo, hi = nodes.lo.astype(np.float64), nodes.hi.astype(np.float64)
    halt = nodes.service if nodes.stop is None else nodes.service + nodes.stop
    _depots(problem, lo, hi)
    pairs = requests.pickup >= 0
    p, d, ride = requests.pickup[pairs], requests.drop[pairs], requests.ride[pairs]
    direct = _shortest(problem, p, d)
    for _ in range(_ROUNDS):
        lo[d] = np.maximum(lo[d], lo[p] + nodes.service[p] + direct)
        hi[d] = np.minimum(hi[d], hi[p] + halt[p] + ride)
        lo[p] = np.maximum(lo[p], lo[d] - ride - halt[p])
        hi[p] = np.minimum(hi[p], hi[d] - direct - nodes.service[p])
    return lo, hi


def _shortest(problem: Problem, a: Ints, b: Ints) -> Floats:
    """Return driving time between the places of nodes; 0 where one has none."""
    place = problem.nodes.place
    times = problem.time[np.maximum(place[a], 0), np.maximum(place[b], 0)]
    return np.where((place[a] >= 0) & (place[b] >= 0), times, 0.0)


def _depots(problem: Problem, lo: Floats, hi: Floats) -> None:
    """Tighten by the earliest arrival from, and the latest departure to, the ends of any allowed vehicle."""
    nodes, requests, vehicles = problem.nodes, problem.requests, problem.vehicles
    placed = nodes.place >= 0
    allowed = np.zeros((nodes.place.size, vehicles.start.size), bool)
    allowed[requests.drop] = requests.allowed
    pairs = requests.pickup >= 0
    allowed[requests.pickup[pairs]] = requests.allowed[pairs]
    at = np.maximum(nodes.place, 0)
    out = np.where(placed[:, None], problem.time[np.ix_(vehicles.start, at)].T, 0.0)
    back = np.where(placed[:, None], problem.time[np.ix_(at, vehicles.end)], 0.0)
    first = np.where(allowed, vehicles.earliest + out, np.inf).min(axis=1, initial=np.inf)
    last = np.where(allowed, vehicles.latest - back, -np.inf).max(axis=1, initial=-np.inf)
    some = allowed.any(axis=1)
    lo[some] = np.maximum(lo, first)[some]
    hi[some] = np.minimum(hi, last - nodes.service)[some]
