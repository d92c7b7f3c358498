"""Fewer vehicles: send one after the other home as long as its rides find room in the others.

Worth doing before the search proper where a used vehicle costs much more than its way: ruin and recreate
alone seldom gets over the detours that lie between n and n - 1 vehicles.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.improve.arrays import Data, Routes, Scratch, empty_routes, scratch
from dispatch.improve.columns import Combine
from dispatch.improve.data import data_of
from dispatch.improve.fleet_kernels import Bank, place_last, send_home
from dispatch.improve.params import Params
from dispatch.improve.problem import Ints, Problem, Vehicles
from dispatch.improve.rng_kernels import seeded
from dispatch.improve.route_kernels import write
from dispatch.improve.search import Result, solve
from dispatch.improve.stop import MaxSeconds

FIRST, FLEET = 0.1, 0.3
"""Shares of the time for a first plan and for sending vehicles home."""

PATIENCE = 2000
"""Rides placed before another vehicle is tried."""

SHAKES = 50
"""Random moves after each ejection."""

Tours = Sequence[Ints]
"""The nodes of each of the K vehicles; no node for who stays at home."""


def solve_lean(
    problem: Problem,
    seconds: float,
    *,
    seed: int = 0,
    params: Params | None = None,
    combine: Combine | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Result:
    """Search for the cheapest plan with as few vehicles as are found: vehicles first, then the rest.

    Parameters as for :func:`dispatch.improve.search.solve`. If the first part of the time is not enough
    to serve all requests that must be served, the rest of it goes into that.
    """
    begun, params = clock(), params or Params()
    first = solve(
        problem, MaxSeconds(FIRST * seconds, clock), seed=seed, params=params, clock=clock
    )
    tours = [np.array(route, np.int64) for route in first.routes]
    if not problem.must[list(first.unserved)].any():
        tours = fewer_vehicles(
            data_of(problem),
            tours,
            min(problem.nodes.place.size + 2, params.longest_route),
            seed=seed,
            go_on=lambda: clock() - begun < (FIRST + FLEET) * seconds,
        )
        kept = [tour.size > 0 or _free(problem, k) for k, tour in enumerate(tours)]
    else:
        kept = [True] * len(tours)
    found = solve(
        _with_vehicles(problem, np.array(kept)),
        MaxSeconds(seconds - (clock() - begun), clock),
        seed=seed,
        params=params,
        initial=tuple(tuple(tour.tolist()) for tour in compress(tours, kept)),
        combine=combine,
        clock=clock,
    )
    routes = iter(found.routes)
    whole = tuple(next(routes) if stays else () for stays in kept)
    return replace(
        found, routes=whole, cost=found.cost + _fixed(problem, whole), seconds=clock() - begun
    )


def _fixed(problem: Problem, routes: Sequence[Sequence[int]]) -> float:
    """Return what the use of the vehicles costs."""
    fixed = problem.vehicles.fixed
    return 0.0 if fixed is None else float(sum(compress(fixed.tolist(), routes)))


def _free(problem: Problem, k: int) -> bool:
    """Whether vehicle k may stay although it carries nobody: it is out already or costs nothing."""
    vehicles = problem.vehicles
    begun = vehicles.begun is not None and bool(vehicles.begun[k])
    return begun or vehicles.fixed is None or vehicles.fixed[k] <= 0


def _with_vehicles(problem: Problem, kept: npt.NDArray[np.bool_]) -> Problem:
    """Return the problem with some of its vehicles, whose use costs nothing more."""
    given = {field.name: getattr(problem.vehicles, field.name) for field in fields(Vehicles)}
    columns: dict[str, Any] = {
        name: None if values is None or name == "fixed" else values[kept]
        for name, values in given.items()
    }
    return replace(
        problem,
        vehicles=Vehicles(**columns),
        requests=replace(problem.requests, allowed=problem.requests.allowed[:, kept]),
    )


def fewer_vehicles(
    data: Data, tours: Tours, longest: int, *, seed: int, go_on: Callable[[], bool]
) -> list[Ints]:
    """Return tours that serve the same requests with as few vehicles as are found while ``go_on()``.

    Only vehicles whose use costs something are sent home, and none that is out already or has a duty of
    its own (a break, riders aboard). The tours are no cheaper otherwise: improve them afterwards.

    Parameters
    ----------
    longest
        Positions of the longest route, its two ends included.
    seed
        With an equal number of calls of ``go_on``, the result is the same.
    """
    best = [np.asarray(tour, np.int64) for tour in tours]
    routes, work = empty_routes(data, longest), scratch(data, longest)
    rng, chance = seeded(seed), np.random.default_rng(seed)
    while go_on():
        used = [k for k, tour in enumerate(best) if tour.size]
        spare = [k for k in used if data.vehicles[k]["fixed"] > 0 and not data.vehicles[k]["begun"]]
        if len(used) <= 1 or not spare:
            return best
        bank = _load(data, routes, best, work)
        if not send_home(data, routes, bank, int(chance.choice(spare)), work):
            continue
        for _ in range(PATIENCE):
            place_last(data, routes, bank, rng, SHAKES, work)
            if not bank.size[0]:
                sizes = routes.slot["size"].tolist()
                best = [routes.pos["node"][k, 1 : sizes[k] - 1].copy() for k in range(len(best))]
                break
            if not go_on():
                return best
    return best


def _load(data: Data, routes: Routes, tours: Tours, work: Scratch) -> Bank:
    """Write the tours into their slots, and return an empty bank in which used vehicles are open."""
    n = data.requests.size
    bank = Bank(
        stack=np.zeros(n + 2, np.int64),
        size=np.zeros(1, np.int64),
        weight=np.ones(n, np.int64),
        vehicle=np.full(n, -1),
        open=np.array([tour.size > 0 for tour in tours], np.uint8),
        order=np.zeros(n, np.int64),
    )
    for k, tour in enumerate(tours):
        work.pos["node"][1 : tour.size + 1] = tour
        write(data, k, work, tour.size + 2, routes, k)
        bank.vehicle[data.nodes["request"][tour]] = k
    return bank
