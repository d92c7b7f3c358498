"""Sending vehicles home: everybody is still served, and on small days nobody could do with fewer."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from benchmarks.instances import UNLIMITED, Instance, Node
from benchmarks.route_check import check, cost
from benchmarks.solver import problem_of
from dispatch.improve.data import data_of
from dispatch.improve.fleet import fewer_vehicles, solve_lean
from dispatch.improve.problem import Nodes, Requests

DAY = 60


def small_day(seed: int, rides: int, ride: float = UNLIMITED, tour: float = UNLIMITED) -> Instance:
    """Rides between random places, each feasible with a vehicle of its own."""
    chance = random.Random(seed)
    depot = Node(5, 5, 0, 0, 0, DAY)
    spots = [(chance.randint(0, 10), chance.randint(0, 10)) for _ in range(2 * rides)]
    opens = [chance.randint(8, 25) for _ in range(rides)]
    picks = [Node(*spots[k], 1, 1, opens[k], opens[k] + 6) for k in range(rides)]
    drops = [Node(*spots[k + rides], 1, -1, 0, DAY - 8) for k in range(rides)]
    pairs = tuple((k, k + rides) for k in range(1, rides + 1))
    return Instance("day", rides, 2, tour, ride, (depot, *picks, *drops, depot), pairs)


def one_each(one: Instance) -> list[np.ndarray]:
    return [np.array([pick - 1, drop - 1]) for pick, drop in one.rides]


def calls(count: int) -> Callable[[], bool]:
    """Return what says yes ``count`` times."""
    left = iter(range(count))
    return lambda: next(left, None) is not None


def nodes_of(tours: list[np.ndarray]) -> list[list[int]]:
    return [(tour + 1).tolist() for tour in tours]


def least_vehicles(one: Instance) -> int:
    """Fewest vehicles, by trying all partitions of the rides and all orders of a tour."""
    rides = list(range(len(one.rides)))

    def can(group: list[int]) -> bool:
        ends = [node for ride in group for node in one.rides[ride]]
        alone = Instance("group", 1, one.capacity, one.longest_tour, one.longest_ride, one.nodes,
                         tuple(one.rides[ride] for ride in group))  # fmt: skip
        return any(
            all(order.index(a) < order.index(b) for a, b in alone.rides)
            and not check(alone, [order])
            for order in permutations(ends)
        )

    def best(left: list[int]) -> int:
        if not left:
            return 0
        first, others = left[0], left[1:]
        groups = [
            [first, *(o for k, o in enumerate(others) if bits >> k & 1)]
            for bits in range(1 << len(others))
        ]
        return min(1 + best([r for r in others if r not in g]) for g in groups if can(g))

    return best(rides)


@pytest.mark.parametrize("seed", range(6))
def test_small_days_need_no_fewer_vehicles(seed: int) -> None:
    one = small_day(seed, 4, ride=14.0 if seed % 2 else UNLIMITED)
    tours = fewer_vehicles(
        data_of(problem_of(one, 100.0)), one_each(one), 12, seed=1, go_on=calls(1500)
    )
    assert check(one, nodes_of(tours)) == []
    assert sum(tour.size > 0 for tour in tours) == least_vehicles(one)


@given(st.integers(0, 10_000), st.integers(2, 9), st.sampled_from([12.0, 20.0, UNLIMITED]),
       st.sampled_from([25.0, UNLIMITED]), st.integers(0, 60))  # fmt: skip
def test_everybody_is_served_whenever_it_is_stopped(
    seed: int, rides: int, ride: float, tour: float, slices: int
) -> None:
    """Law: the tours are feasible for the independent checker and use no more vehicles than before."""
    one = small_day(seed, rides, ride, tour)
    start = one_each(one)
    assume(not check(one, nodes_of(start)))
    tours = fewer_vehicles(
        data_of(problem_of(one, 100.0)), start, 40, seed=seed, go_on=calls(slices)
    )
    assert check(one, nodes_of(tours)) == []
    assert sum(tour.size > 0 for tour in tours) <= rides


def test_the_same_seed_sends_the_same_vehicles_home() -> None:
    one = small_day(3, 9)
    data = data_of(problem_of(one, 100.0))
    runs = [fewer_vehicles(data, one_each(one), 40, seed=5, go_on=calls(40)) for _ in range(2)]
    assert nodes_of(runs[0]) == nodes_of(runs[1])


def test_vehicles_that_cost_nothing_are_left_alone() -> None:
    one = small_day(3, 5)
    tours = fewer_vehicles(data_of(problem_of(one)), one_each(one), 40, seed=1, go_on=calls(50))
    assert nodes_of(tours) == nodes_of(one_each(one))


def test_a_vehicle_with_a_break_of_its_own_goes_out() -> None:
    """Two rides far apart in time fit on one bus; the one that stays at home is not that with the break."""
    one = small_day(4, 2)
    plain = problem_of(one, 100.0)
    break_node, of_first = len(plain.nodes.place), np.array([[1, 0]], np.uint8)
    problem = replace(
        plain,
        nodes=Nodes(
            place=np.append(plain.nodes.place, 0),
            lo=np.append(plain.nodes.lo, 0.0),
            hi=np.append(plain.nodes.hi, float(DAY)),
            service=np.append(plain.nodes.service, 1.0),
            load=np.vstack([plain.nodes.load, [[0]]]),
        ),
        requests=Requests(
            pickup=np.append(plain.requests.pickup, -1),
            drop=np.append(plain.requests.drop, break_node),
            ride=np.append(plain.requests.ride, np.inf),
            allowed=np.vstack([plain.requests.allowed, of_first]),
        ),
    )
    with_break = [np.append(one_each(one)[0], break_node), one_each(one)[1]]
    for seed in range(4):
        tours = fewer_vehicles(data_of(problem), with_break, 12, seed=seed, go_on=calls(1000))
        assert break_node in tours[0]
        assert tours[1].size == 0


def test_the_cost_counts_vehicles_and_way() -> None:
    one = small_day(3, 9)
    solve_lean(problem_of(small_day(1, 2), 100.0), 0.1)  # compiles, which takes time from a search
    found = solve_lean(problem_of(one, 100.0), 0.5, seed=1, clock=time.process_time)
    tours = [[node + 1 for node in route] for route in found.routes if route]
    assert check(one, tours) == []
    assert len(found.routes) == one.vehicles
    assert found.cost == pytest.approx(100 * len(tours) + cost(one, tours))
