"""The checker of routes: silent on what can be driven, loud about every corruption."""

import math
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.instances import UNLIMITED, Instance, Node
from benchmarks.route_check import check, cost

DAY = 100.0


def node(
    x: float, load: int = 0, earliest: float = 0, latest: float = DAY, service: float = 1
) -> Node:
    return Node(x, 0.0, service, load, earliest, latest)


def instance(
    *ends: Node,
    vehicles: int = 2,
    capacity: int = 1,
    tour: float = UNLIMITED,
    ride: float = UNLIMITED,
) -> Instance:
    depot = node(0, service=0)
    n = len(ends) // 2
    pairs = tuple((k, k + n) for k in range(1, n + 1))
    return Instance("test", vehicles, capacity, tour, ride, (depot, *ends, depot), pairs)


TWO = instance(node(1, 1), node(2, 1), node(4, -1), node(5, -1), capacity=2)


def test_a_good_plan_has_no_faults_and_its_unrounded_length() -> None:
    assert check(TWO, [[1, 2, 3, 4]]) == []
    assert check(TWO, [[1, 3], [2, 4], []]) == []
    assert cost(TWO, [[1, 3], [2, 4]]) == pytest.approx(8 + 10)
    assert cost(TWO, []) == 0


@pytest.mark.parametrize(
    ("tours", "word"),
    [
        ([[1, 3]], "visited 0 times"),
        ([[1, 3, 2, 4], [1, 3]], "visited 2 times"),
        ([[1, 3, 2, 4, 5]], "no end of a ride"),
        ([[1, 4], [2, 3]], "different vehicles"),
        ([[3, 1, 2, 4]], "before its pickup"),
    ],
)
def test_every_ride_once_and_in_order(tours: list[list[int]], word: str) -> None:
    assert any(word in fault for fault in check(TWO, tours))


def test_vehicles_and_room_are_counted() -> None:
    assert any("vehicles" in fault for fault in check(replace(TWO, vehicles=1), [[1, 3], [2, 4]]))
    assert any("room" in fault for fault in check(replace(TWO, capacity=1), [[1, 2, 3, 4]]))
    assert check(replace(TWO, capacity=1), [[1, 3, 2, 4]]) == []


def test_waiting_before_the_pickup_keeps_a_ride_short() -> None:
    """The drop-off opens at 50: only whoever boards late enough rides 5 at most."""
    late = instance(node(1, 1), node(4, -1, 50, 60), ride=5)
    assert check(late, [[1, 2]]) == []
    early = instance(node(1, 1, 0, 40), node(4, -1, 50, 60), ride=5)
    assert check(early, [[1, 2]]) == [
        "tour 0: no schedule keeps windows, ride times and tour duration"
    ]


def test_the_tour_may_not_last_longer_than_allowed() -> None:
    apart = instance(node(1, 1, 0, 10), node(2, -1, 40, 60))
    assert check(replace(apart, longest_tour=34.0), [[1, 2]]) == []
    assert check(replace(apart, longest_tour=33.0), [[1, 2]]) != []


def test_a_tolerance_forgives_whole_numbers() -> None:
    tight = instance(node(1, 1, 0, 0.995), node(2, -1))
    assert check(tight, [[1, 2]]) != []
    assert check(tight, [[1, 2]], tolerance=0.01) == []


hours, width = st.integers(0, 8), st.integers(0, 3)


@given(st.lists(st.tuples(hours, hours, width, width), min_size=2, max_size=2),
       st.integers(2, 6), st.integers(10, 18))  # fmt: skip
def test_the_schedule_question_equals_trying_all_whole_hours(
    windows: list[tuple[int, int, int, int]], ride: int, tour: int
) -> None:
    """Law: with whole distances and limits a schedule exists if and only if one in whole numbers does.

    Nothing opens after 8 and whoever waits longer than 12 could as well have started later.
    """
    picks = [node(1 + k, 1, a, a + wide) for k, (a, _, wide, _) in enumerate(windows)]
    drops = [node(3 + k, -1, b, b + wide) for k, (_, b, _, wide) in enumerate(windows)]
    one = instance(*picks, *drops, capacity=2, tour=float(tour), ride=float(ride))
    for order in permutations((1, 2, 3, 4)):
        if order.index(1) < order.index(3) and order.index(2) < order.index(4):
            assert (check(one, [order]) == []) == _some_schedule(one, order)


def _some_schedule(one: Instance, order: tuple[int, ...]) -> bool:
    """Whether a schedule in whole numbers exists: all begins of services, depth first."""
    stops = (0, *order, 5)

    def go_on(k: int, begins: dict[int, int]) -> bool:
        here, before = stops[k], stops[k - 1]
        since = begins[before] + one.nodes[before].service + one.distance(before, here)
        opens = math.ceil(max(since, one.nodes[here].earliest))
        if here == stops[-1]:
            return opens - begins[0] <= one.longest_tour
        closes = min(int(one.nodes[here].latest), opens + 12)
        if here in (3, 4):
            pick = here - 2
            closes = min(closes, int(begins[pick] + one.nodes[pick].service + one.longest_ride))
        return any(go_on(k + 1, begins | {here: at}) for at in range(opens, closes + 1))

    return any(go_on(1, {0: at}) for at in range(12))
