"""The search keeps every rule, finds small optima, and repeats itself."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.improve.params import Params
from dispatch.improve.problem import Nodes, Problem, Requests, UnusableProblem, Vehicles
from dispatch.improve.search import Result, solve
from dispatch.improve.stop import FirstOf, MaxIterations, MaxSeconds, NoImprovement, Target

Oracle = Callable[..., Any]


def _line(
    rides: list[tuple[int, int]], *, vehicles: int = 1, room: int = 4, **more: Any
) -> Problem:
    """Places 0 to 9 on a line, a minute apart; rides between them, all day long, from and to place 0."""
    n = len(rides)
    time = np.abs(np.subtract.outer(np.arange(10), np.arange(10))).astype(float)
    return Problem(
        time,
        time,
        Nodes(
            place=np.array([a for a, _ in rides] + [b for _, b in rides]),
            lo=np.zeros(2 * n),
            hi=np.full(2 * n, 1000.0),
            service=np.zeros(2 * n),
            load=np.repeat([[1], [-1]], n, axis=0),
        ),
        Requests(
            pickup=np.arange(n),
            drop=np.arange(n, 2 * n),
            ride=np.full(n, np.inf),
            allowed=np.ones((n, vehicles), np.uint8),
            **more,
        ),
        Vehicles(
            start=np.zeros(vehicles, np.int64),
            end=np.zeros(vehicles, np.int64),
            earliest=np.zeros(vehicles),
            latest=np.full(vehicles, 1000.0),
            room=np.full((vehicles, 1), room),
        ),
    )


def _price(problem: Problem, result: Result, oracle: Oracle) -> float:
    """Sum of the oracle's costs; fails if a route breaks a rule."""
    tried = [oracle(problem, k, list(route)) for k, route in enumerate(result.routes)]
    assert all(tried)
    return float(sum(one.cost for one in tried))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), seed=st.integers(0, 100))
def test_every_plan_keeps_the_rules_and_adds_up(
    data: st.DataObject, seed: int, oracle: Oracle, some_problem: Any
) -> None:
    """Routes are feasible for the oracle, carry each request once or name it unserved, and cost what is said."""
    problem = data.draw(some_problem(most=6))
    result = solve(problem, MaxIterations(300), seed=seed)
    served = [v for route in result.routes for v in route]
    out = [
        v for r in result.unserved for v in (problem.requests.pickup[r], problem.requests.drop[r])
    ]
    assert sorted([*served, *(v for v in out if v >= 0)]) == list(range(problem.nodes.place.size))
    if not any(problem.must[r] and problem.requests.pickup[r] < 0 for r in result.unserved):
        assert np.isclose(result.cost, _price(problem, result, oracle))


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_small_problems_are_solved_to_optimality(
    data: st.DataObject, oracle: Oracle, some_problem: Any
) -> None:
    """Three requests and two vehicles: no plan at all is cheaper, requests left out at their penalty."""
    problem = data.draw(some_problem(most=3, plain=True))
    penalty = problem.requests.penalty
    price = np.full(problem.must.size, 1e6) if penalty is None else penalty
    result = solve(problem, MaxIterations(1500), seed=1)
    found = result.cost + sum(price[r] for r in result.unserved)
    assert np.isclose(found, _optimum(problem, price, oracle))


def _optimum(problem: Problem, penalty: Any, oracle: Oracle) -> float:
    """Try every assignment of requests to vehicles (or to nobody) and every order."""
    n, pairs = (
        problem.must.size,
        list(zip(problem.requests.pickup, problem.requests.drop, strict=True)),
    )
    best: dict[tuple[int, tuple[int, ...]], float] = {}
    for k in range(2):
        for chosen in product((False, True), repeat=n):
            mine = tuple(r for r in range(n) if chosen[r])
            orders = permutations([int(v) for r in mine for v in pairs[r]])
            costs = [tried.cost for order in orders if (tried := oracle(problem, k, list(order)))]
            best[k, mine] = min(costs, default=np.inf)
    return min(
        best[0, tuple(r for r in range(n) if who[r] == 0)]
        + best[1, tuple(r for r in range(n) if who[r] == 1)]
        + sum(penalty[r] for r in range(n) if who[r] == 2)
        for who in product(range(3), repeat=n)
    )


def test_the_same_seed_gives_the_same_plan() -> None:
    """Iterations and seed decide everything; the history is the same but for the clock."""
    rides = [(1 + k % 9, (5 + 4 * k) % 10) for k in range(12)]
    one, other = (solve(_line(rides, vehicles=3), MaxIterations(700), seed=5) for _ in range(2))
    assert one.routes == other.routes
    assert one.iterations == other.iterations == 700
    assert [cost for _, cost in one.history] == [cost for _, cost in other.history]


def test_plans_only_get_better() -> None:
    """Each plan told is cheaper than the one before, and the last one is the result."""
    rides = [(1 + k % 9, (5 + 4 * k) % 10) for k in range(12)]
    told: list[Result] = []
    result = solve(_line(rides, vehicles=3), MaxIterations(3000), on_improvement=told.append)
    costs = [one.cost for one in told]
    assert costs == sorted(costs, reverse=True)
    assert (told[-1].routes, told[-1].cost) == (result.routes, result.cost)


def test_a_plan_given_is_never_made_worse() -> None:
    """With no time left, the initial plan comes back; requests it lacks are unserved."""
    problem = _line([(1, 2), (3, 4)])
    result = solve(problem, MaxIterations(0), initial=((0, 2),))
    assert result.routes == ((0, 2),)
    assert result.unserved == (1,)
    assert result.cost == 4


@pytest.mark.parametrize(
    "initial", [((2, 0),), ((0,),), ((0, 0, 2, 2),)], ids=["order", "half", "twice"]
)
def test_an_impossible_plan_is_refused(initial: tuple[tuple[int, ...], ...]) -> None:
    """A route out of order, with half a request or with one twice is an error, not a start."""
    with pytest.raises(UnusableProblem, match="Route 0"):
        solve(_line([(1, 2), (3, 4)]), MaxIterations(1), initial=initial)


def test_what_costs_more_than_its_penalty_stays_out() -> None:
    """A ride to place 9 adds 16; for a penalty of 15 it is left out, for 17 it is driven."""
    for penalty, unserved in ((15.0, (1,)), (17.0, ())):
        problem = _line([(0, 1), (0, 9)], penalty=np.array([np.inf, penalty]))
        assert solve(problem, MaxIterations(200)).unserved == unserved


def test_riders_waiting_aboard_have_a_price() -> None:
    """Two rides on one way: sharing is shorter, but with a high price of detours each rides alone."""
    time = np.array([[0, 5, 5, 5], [5, 0, 9, 9], [5, 9, 0, 1], [5, 9, 1, 0]], float)
    base = _line([(1, 2), (1, 3)])
    shared = replace(
        base, time=time, cost=time, requests=replace(base.requests, direct=np.array([9.0, 9.0]))
    )
    assert solve(shared, MaxIterations(300)).cost == 20
    priced = solve(replace(shared, ride_weight=100.0), MaxIterations(300))
    assert priced.cost == 37


def test_criteria_stop_as_they_say() -> None:
    """Target, patience, clock and their first: each ends the search for its own reason."""
    problem = _line([(1, 2), (3, 4)])
    ticks = iter(range(1000))
    assert solve(problem, Target(8.0)).cost == 8
    assert solve(problem, NoImprovement(200)).iterations >= 200
    assert solve(problem, MaxSeconds(3, lambda: float(next(ticks)))).iterations > 0
    assert solve(problem, FirstOf(MaxIterations(10**9), MaxIterations(40))).iterations == 40


def test_pieces_that_do_not_fit_are_named() -> None:
    """Arrays of the wrong shape, unknown places and nodes of two requests are refused."""
    good = _line([(1, 2)])
    with pytest.raises(UnusableProblem, match="time"):
        replace(good, time=np.zeros((3, 2)))
    with pytest.raises(UnusableProblem, match="place"):
        replace(good, nodes=replace(good.nodes, place=np.array([1, 10])))
    with pytest.raises(UnusableProblem, match="one request"):
        replace(good, requests=replace(good.requests, drop=np.array([0])))
    with pytest.raises(UnusableProblem, match="metres"):
        replace(good, vehicles=replace(good.vehicles, range_m=np.array([100.0])))


def test_a_range_and_a_room_bind() -> None:
    """The bus turns back before its range ends, and two do not fit where there is one seat."""
    far = _line([(0, 1), (0, 9)], penalty=np.array([50.0, 50.0]))
    short = replace(
        far, metres=far.time * 1000, vehicles=replace(far.vehicles, range_m=np.array([17_000.0]))
    )
    assert solve(short, MaxIterations(200)).unserved == (1,)
    assert solve(_line([(0, 1), (0, 2)], room=1), MaxIterations(200)).cost == 6
    assert solve(_line([(0, 1), (0, 2)], room=2), MaxIterations(200)).cost == 4


def test_without_blinks_and_regret_it_works_as_well() -> None:
    """Every dial at its end still gives a plan."""
    dials = Params(blink=0.0, regret=1.0, crossings=0.0, strings=0.0, related=0.0)
    assert solve(_line([(1, 2), (3, 4)]), MaxIterations(100), params=dials).cost == 8


@pytest.mark.parametrize("segments", [0.0, 1.0])
def test_exchanges_alone_keep_every_ride(segments: float) -> None:
    """Trials that only exchange tails or segments of routes lose nothing and break nothing."""
    rides = [(a, b) for a in range(1, 5) for b in range(5, 9)]
    dials = Params(crossings=1.0, segments=segments)
    result = solve(_line(rides, vehicles=3, room=4), MaxIterations(2000), seed=1, params=dials)
    assert sorted(v for route in result.routes for v in route) == list(range(2 * len(rides)))
