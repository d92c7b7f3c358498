"""Small problems of every kind, and an oracle in plain Python: difference constraints by Bellman-Ford."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from dispatch.improve.problem import Nodes, Problem, Requests, Vehicles


@dataclass(frozen=True)
class Tried:
    """What the oracle says of a route: the earliest schedule of its nodes, and its cost."""

    times: list[float]
    cost: float


def try_route(problem: Problem, k: int, route: Sequence[int]) -> Tried | None:
    """Schedule and price a route by the definition; None if a rule is broken."""
    nodes, requests, vehicles = problem.nodes, problem.requests, problem.vehicles
    ends = _ends(problem, route)
    if ends is None or not _room(problem, k, route):
        return None
    at, halts = int(vehicles.start[k]), []
    places = [at]
    for v in route:
        to = int(nodes.place[v])
        moved = to >= 0 and to != at
        at = to if moved else at
        places.append(at)
        halts.append(nodes.service[v] + (nodes.stop[v] if moved and nodes.stop is not None else 0))
    places.append(int(vehicles.end[k]))
    halts = [0.0, *halts, 0.0]
    legs = [float(problem.time[a, b]) for a, b in pairwise(places)]
    last = len(places) - 1
    lo = [vehicles.earliest[k], *(nodes.lo[v] for v in route), vehicles.earliest[k]]
    hi = [vehicles.latest[k], *(nodes.hi[v] for v in route), vehicles.latest[k]]
    arcs = [(x, x + 1, halts[x] + leg) for x, leg in enumerate(legs)]
    if vehicles.duration is not None:
        arcs.append((last, 0, -float(vehicles.duration[k])))
    arcs += [(d, p, -float(requests.ride[r]) - halts[p]) for r, p, d in ends]
    times = _longest_paths([float(t) for t in lo], arcs)
    if times is None or any(t > h + 1e-6 for t, h in zip(times, hi, strict=True)):
        return None
    if vehicles.driving is not None and sum(legs) > vehicles.driving[k]:
        return None
    begun = vehicles.begun is not None and vehicles.begun[k]
    cost = sum(float(problem.cost[a, b]) for a, b in pairwise(places)) if route or begun else 0.0
    cost += 0 if vehicles.fixed is None or not route else float(vehicles.fixed[k])
    for r, p, d in ends:
        aboard = sum(legs[p:d]) + sum(halts[p + 1 : d])
        direct = 0 if requests.direct is None else requests.direct[r]
        persons = 1 if requests.persons is None else requests.persons[r]
        cost += problem.ride_weight * persons * float(aboard - direct)
    for r in np.flatnonzero(
        (requests.pickup < 0) & (requests.allowed[:, k] == 1)
    ):  # aboard at the start
        d = route.index(requests.drop[r]) + 1 if requests.drop[r] in route else last
        persons = 0 if requests.persons is None else requests.persons[r]
        cost += problem.ride_weight * persons * float(sum(legs[:d]) + sum(halts[1:d]))
    return Tried(times[1:-1], cost)


def _ends(problem: Problem, route: Sequence[int]) -> list[tuple[int, int, int]] | None:
    """Return requests on the route with the positions of their ends; None if one is torn apart."""
    where = {v: x + 1 for x, v in enumerate(route)}
    found = []
    for r, (p, d) in enumerate(zip(problem.requests.pickup, problem.requests.drop, strict=True)):
        if p < 0:
            continue
        if (p in where) != (d in where) or (p in where and where[p] > where[d]):
            return None
        if p in where:
            found.append((r, where[int(p)], where[int(d)]))
    return found


def _room(problem: Problem, k: int, route: Sequence[int]) -> bool:
    """Count loads, and who is aboard at a break."""
    nodes, requests, vehicles = problem.nodes, problem.requests, problem.vehicles
    load = (
        np.zeros_like(vehicles.room[k]) if vehicles.initial is None else vehicles.initial[k].copy()
    )
    pickups, drops = set(requests.pickup.tolist()), set(requests.drop.tolist())
    of = {int(d): r for r, d in enumerate(requests.drop)}
    singles = [
        r for r in range(len(requests.drop)) if requests.pickup[r] < 0 and requests.allowed[r, k]
    ]
    aboard = sum(1 for r in singles if requests.persons is not None and requests.persons[r] > 0)
    for v in route:
        load = load + nodes.load[v]
        if (load > vehicles.room[k]).any():
            return False
        if v in pickups:
            aboard += 1
        elif v in drops and (
            requests.pickup[of[v]] >= 0
            or (requests.persons is not None and requests.persons[of[v]] > 0)
        ):
            aboard -= 1
        if nodes.empty is not None and nodes.empty[v] and aboard:
            return False
    return True


def _longest_paths(times: list[float], arcs: list[tuple[int, int, float]]) -> list[float] | None:
    for _ in range(len(times) + 2):
        moved = False
        for a, b, length in arcs:
            if times[a] + length > times[b] + 1e-9:
                times[b] = times[a] + length
                moved = True
        if not moved:
            return times
    return None


@st.composite
def problems(draw: st.DrawFn, *, most: int = 4, vehicles: int = 2, plain: bool = False) -> Problem:
    """Draw a problem in whole minutes: tight and wide windows, shared places, breaks, riders aboard, limits."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(1, most))
    size = draw(st.integers(2, 2 * n + 2))
    points = rng.integers(0, 12, (size, 2))
    time = np.abs(points[:, None] - points[None]).sum(axis=2).astype(float)
    pickup, drop = np.arange(n), np.arange(n, 2 * n)
    place = rng.integers(0, size, 2 * n)
    lo = rng.integers(0, 60, 2 * n).astype(float)
    hi = lo + rng.integers(0, draw(st.sampled_from([10, 40, 90])), 2 * n)
    service = rng.integers(0, 4, 2 * n).astype(float)
    load = rng.integers(1, 3, n)
    loads = np.concatenate([load, -load])[:, None]
    persons = load.copy()
    empty = np.zeros(2 * n, np.uint8)
    allowed = np.ones((n, vehicles), np.uint8)
    initial = np.zeros((vehicles, 1), np.int64)
    if not plain and draw(
        st.booleans()
    ):  # a break for vehicle 0, and a rider aboard of the last one
        pickup, drop = np.append(pickup, [-1, -1]), np.append(drop, [2 * n, 2 * n + 1])
        place = np.append(place, [draw(st.sampled_from([-1, 0])), 0])
        lo, hi = np.append(lo, [20, 0]), np.append(hi, [70, 60])
        service = np.append(service, [10, 1])
        loads = np.append(loads, [[0], [-1]], axis=0)
        persons, empty = np.append(persons, [0, 1]), np.append(empty, [1, 0]).astype(np.uint8)
        own = np.zeros((2, vehicles), np.uint8)
        own[0, 0] = own[1, -1] = 1
        allowed = np.append(allowed, own, axis=0)
        initial[-1] = 1
    stop = None if plain or draw(st.booleans()) else rng.integers(0, 3, place.size).astype(float)
    some = draw(st.booleans())
    return Problem(
        time=time,
        cost=time * (1 if some else 2)
        + (0 if some else rng.integers(0, 5, time.shape) * (time > 0)),
        nodes=Nodes(place, lo, hi, service, loads.astype(np.int64), stop, empty),
        requests=Requests(
            pickup,
            drop,
            ride=np.full(pickup.size, float(draw(st.integers(5, 60)))),
            allowed=allowed,
            penalty=None if draw(st.booleans()) else np.where(pickup < 0, np.inf, 50.0),
            persons=persons,
            direct=np.zeros(pickup.size),
        ),
        vehicles=Vehicles(
            start=np.zeros(vehicles, np.int64),
            end=np.full(vehicles, size - 1),
            earliest=np.zeros(vehicles),
            latest=np.full(vehicles, 140.0),
            room=np.full((vehicles, 1), 4),
            duration=None if draw(st.booleans()) else np.full(vehicles, 90.0),
            driving=None if draw(st.booleans()) else np.full(vehicles, 60.0),
            fixed=None if draw(st.booleans()) else np.full(vehicles, 30.0),
            initial=initial,
        ),
        ride_weight=0.0 if plain else draw(st.sampled_from([0.0, 0.0, 0.5])),
    )


@pytest.fixture(scope="session")
def oracle() -> Callable[..., Tried | None]:
    return try_route


@pytest.fixture(scope="session")
def some_problem() -> Any:
    return problems
