"""Schedules and insertions of the search kernels against brute force."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.improve.arrays import BIG, Data, Routes, Scratch, empty_routes, scratch
from dispatch.improve.data import data_of
from dispatch.improve.insert_kernels import best_in_route
from dispatch.improve.problem import Nodes, Problem, Requests, Vehicles
from dispatch.improve.route_kernels import write

Oracle = Callable[..., Any]


class Bench:
    """Writes routes of one vehicle and asks for insertions."""

    def __init__(self, problem: Problem, k: int) -> None:
        self.problem, self.k = problem, k
        self.data: Data = data_of(problem)
        longest = problem.nodes.place.size + 2
        self.routes: Routes = empty_routes(self.data, longest)
        self.work: Scratch = scratch(self.data, longest)

    def write(self, route: list[int]) -> bool:
        self.work.pos["node"][1 : 1 + len(route)] = route
        return bool(write(self.data, self.k, self.work, len(route) + 2, self.routes, 0))

    def best(self, r: int) -> tuple[float, int, int]:
        return best_in_route(self.data, self.k, r, BIG, self.routes, 0, self.work)

    def with_request(self, route: list[int], r: int, i: int, j: int) -> list[int]:
        p, d = int(self.problem.requests.pickup[r]), int(self.problem.requests.drop[r])
        longer = list(route)
        longer.insert(j, d)
        if p >= 0:
            longer.insert(i, p)
        return longer


def _every_way(bench: Bench, route: list[int], r: int) -> list[list[int]]:
    pair = bench.problem.requests.pickup[r] >= 0
    spots = [(i, j) for j in range(len(route) + 1) for i in (range(j + 1) if pair else [j])]
    return [bench.with_request(route, r, i, j) for i, j in spots]


def _grow(bench: Bench, oracle: Oracle, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Insert requests at random feasible places; return the route and who is not in it."""
    route: list[int] = []
    left = [r for r in rng.permutation(bench.data.requests.size) if bench.data.allowed[r, bench.k]]
    for r in left[: len(left) - 1]:
        ways = [w for w in _every_way(bench, route, r) if oracle(bench.problem, bench.k, w)]
        if ways:
            route = ways[rng.integers(len(ways))]
    on = {int(bench.data.nodes[v]["request"]) for v in route}
    return route, [r for r in left if r not in on]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_a_route_is_feasible_exactly_when_the_constraints_are(
    data: st.DataObject, seed: int, oracle: Oracle, some_problem: Any
) -> None:
    """Any order of nodes: the kernel accepts it exactly when Bellman-Ford finds times; then costs agree."""
    problem = data.draw(some_problem())
    rng = np.random.default_rng(seed)
    bench = Bench(problem, int(rng.integers(2)))
    route, _ = _grow(bench, oracle, rng)
    for _ in range(3):
        expected = oracle(problem, bench.k, route)
        assert bench.write(route) == (expected is not None)
        if expected is not None:
            assert np.isclose(bench.routes.slot[0]["cost"], expected.cost)
        rng.shuffle(route)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_the_earliest_schedule_is_bellman_fords(
    data: st.DataObject, seed: int, oracle: Oracle, some_problem: Any
) -> None:
    """Where no halts are shared, the stored earliest times are the longest paths."""
    problem = data.draw(some_problem(plain=True))
    bench = Bench(problem, 0)
    route, _ = _grow(bench, oracle, np.random.default_rng(seed))
    assert bench.write(route)
    assert bench.data.metric
    times = oracle(problem, 0, route).times
    assert np.allclose(bench.routes.pos["early"][0, 1 : 1 + len(route)], times)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_the_best_insertion_is_that_of_trying_all(
    data: st.DataObject, seed: int, oracle: Oracle, some_problem: Any
) -> None:
    """Pruned enumeration finds what exhaustive enumeration finds, and nothing where there is nothing."""
    problem = data.draw(some_problem())
    rng = np.random.default_rng(seed)
    bench = Bench(problem, int(rng.integers(2)))
    route, left = _grow(bench, oracle, rng)
    if problem.ride_weight > 0 and problem.nodes.stop is not None:
        return  # the price of shared halts to those aboard is an estimate
    assert bench.write(route)
    before = oracle(problem, bench.k, route)
    for r in left:
        tried = [oracle(problem, bench.k, way) for way in _every_way(bench, route, r)]
        added = [one.cost - before.cost for one in tried if one]
        cost, i, j = bench.best(r)
        assert (j >= 0) == bool(added)
        if added:
            assert np.isclose(cost, min(added))
            found = oracle(problem, bench.k, bench.with_request(route, r, i, j))
            assert found is not None
            assert np.isclose(found.cost - before.cost, cost)


def test_who_boards_before_at_the_same_place_takes_over_the_halt(oracle: Oracle) -> None:
    """The bus halts sooner and so leaves sooner: the new rider is in time only because of that.

    Route: one rider from place 1 (at 36 … 42) to place 0. The new one goes from 1 to 2, there by 62.
    """
    time = np.array([[0.0, 10.0, 9.0], [10.0, 0.0, 13.0], [9.0, 13.0, 0.0]])
    problem = Problem(
        time=time,
        cost=time,
        nodes=Nodes(
            place=np.array([1, 1, 0, 2]),
            lo=np.array([36.0, 0.0, 50.0, 13.0]),
            hi=np.array([42.0, 81.0, 99.0, 62.0]),
            service=np.array([3.0, 0.0, 3.0, 1.0]),
            load=np.array([[1], [1], [-1], [-1]]),
            stop=np.array([2.0, 2.0, 0.0, 1.0]),
        ),
        requests=Requests(
            pickup=np.array([0, 1]),
            drop=np.array([2, 3]),
            ride=np.full(2, 25.0),
            allowed=np.ones((2, 1), np.uint8),
        ),
        vehicles=Vehicles(
            start=np.array([0]),
            end=np.array([2]),
            earliest=np.zeros(1),
            latest=np.full(1, 140.0),
            room=np.array([[4]]),
        ),
    )
    bench = Bench(problem, 0)
    assert bench.write([0, 2])
    assert bench.best(1) == (0.0, 0, 2)
    assert oracle(problem, 0, [1, 0, 2, 3]).times == [35, 37, 50, 62]
