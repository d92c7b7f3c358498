"""Travel times on random graphs, against Floyd and Warshall on a graph in which every place is a node."""

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import NoRoad
from routing.geometry import lengths_m
from routing.graph import UNREACHABLE, RoadGraph
from routing.snap import Position
from routing.travel_times import TravelTimes

Road = tuple[int, int, int, int, int]
MakeGraph = Callable[..., RoadGraph]
NODES = 5
PLACES = [(9.0 + 0.01 * (i % 3), 48.0 + 0.01 * (i // 3)) for i in range(NODES)]

milliseconds = st.integers(1, 9_000)
roads_of = st.lists(
    st.tuples(
        st.integers(0, NODES - 1),
        st.integers(0, NODES - 1),
        milliseconds,
        st.one_of(st.just(-1), milliseconds),
        st.integers(1_000, 40_000),
    ),
    min_size=1,
    max_size=9,
)
fraction = st.sampled_from([0.0, 0.2, 0.25, 0.5, 0.8, 1.0])
spots_of = st.lists(st.tuples(st.integers(0, 8), fraction), min_size=1, max_size=6)


def positions_of(graph: RoadGraph, spots: Sequence[tuple[int, float]]) -> list[Position]:
    """Return distinct places on the roads of the graph."""
    roads = int(graph.way_id.max())
    distinct = dict.fromkeys((road % roads, fraction) for road, fraction in spots)
    return [position(graph, road, fraction) for road, fraction in distinct]


def position(graph: RoadGraph, road: int, fraction: float) -> Position:
    """Return the place at `fraction` along the way that was drawn as number `road`."""
    edge = int(np.flatnonzero(graph.way_id == road + 1)[0])
    lon, lat = (float(c[0] + fraction * (c[1] - c[0])) for c in graph.shape(edge))
    return Position(edge, fraction, lon, lat, 0.0)


def oracle(graph: RoadGraph, positions: Sequence[Position]) -> list[list[tuple[int, int] | None]]:
    """All pairs of places as (ms, mm) by Floyd and Warshall; None where no path leads."""
    never = (10**12, 0)
    n, k = graph.nodes, len(positions)
    cost = [[never] * (n + k) for _ in range(n + k)]
    for i in range(n + k):
        cost[i][i] = (0, 0)
    for edge in range(graph.edges):
        time, length = int(graph.time_ms[edge]), int(graph.length_mm[edge])
        on_it = []
        for i, place in enumerate(positions):
            if edge in (place.edge, graph.twin[place.edge]):
                share = place.fraction if edge == place.edge else 1 - place.fraction
                on_it.append((int(time * share + 0.5), int(length * share + 0.5), n + i))
        stops = [
            (0, 0, int(graph.tail[edge])),
            *sorted(on_it),
            (time, length, int(graph.head[edge])),
        ]
        for (t1, l1, a), (t2, l2, b) in itertools.combinations(stops, 2):
            cost[a][b] = min(cost[a][b], (t2 - t1, l2 - l1))
    for via in range(n + k):
        for a in range(n + k):
            for b in range(n + k):
                joined = (cost[a][via][0] + cost[via][b][0], cost[a][via][1] + cost[via][b][1])
                cost[a][b] = min(cost[a][b], joined)
    return [[c if c < never else None for c in row[n:]] for row in cost[n:]]


@given(roads=roads_of, spots=spots_of)
def test_tables_and_paths_equal_the_oracle(
    make_graph: MakeGraph, roads: list[Road], spots: list[tuple[int, float]]
) -> None:
    """Every entry is exact, both ways on an edge, loops and parallel roads included; so is every path."""
    graph = make_graph(PLACES, roads)
    positions = positions_of(graph, spots)
    times = TravelTimes(graph)
    index = times.add_many(positions)
    expected = oracle(graph, positions)
    for (i, a), (j, b) in itertools.product(enumerate(index), repeat=2):
        entry = expected[i][j]
        if entry is None:
            assert times.seconds[a, b] == times.metres[a, b] == UNREACHABLE
            with pytest.raises(NoRoad) as caught:
                times.path(a, b)
            assert caught.value.code == "unreachable"
            continue
        rounded = (-(-entry[0] // 1000), -(-entry[1] // 1000))
        assert (times.seconds[a, b], times.metres[a, b]) == rounded
        path = times.path(a, b)
        assert (path.seconds, path.metres) == rounded
        check_path(graph, path, positions[i], positions[j])


def check_path(graph: RoadGraph, path: Any, origin: Position, destination: Position) -> None:
    """Check that the edges join, the drawing begins and ends at the places, and the times add up."""
    for one, two in itertools.pairwise(path.edges):
        assert graph.head[one] == graph.tail[two]
    assert path.geometry[0] == pytest.approx((origin.lon, origin.lat), abs=1e-6)
    assert path.geometry[-1] == pytest.approx((destination.lon, destination.lat), abs=1e-6)
    assert path.edges[0] in (origin.edge, graph.twin[origin.edge])
    assert path.edges[-1] in (destination.edge, graph.twin[destination.edge])
    if len(path.edges) > 1:
        inner = sum(int(graph.time_ms[edge]) for edge in path.edges[1:-1])
        assert inner <= path.seconds * 1000


@given(roads=roads_of, spots=spots_of)
def test_no_detour_is_shorter(
    make_graph: MakeGraph, roads: list[Road], spots: list[tuple[int, float]]
) -> None:
    """The triangle inequality holds to the second, rounding included."""
    graph = make_graph(PLACES, roads)
    times = TravelTimes(graph)
    times.add_many(positions_of(graph, spots))
    seconds = times.seconds.astype(np.int64)
    assert (np.diag(seconds) == 0).all()
    via = (seconds[:, :, None] + seconds[None, :, :]).min(axis=1)
    assert (seconds <= via).all()


@given(roads=roads_of, spots=spots_of, order=st.randoms(use_true_random=False))
def test_the_order_of_adding_changes_nothing(
    make_graph: MakeGraph, roads: list[Road], spots: list[tuple[int, float]], order: Any
) -> None:
    graph = make_graph(PLACES, roads)
    positions = positions_of(graph, spots)
    shuffled = order.sample(range(len(positions)), len(positions))
    one, two = TravelTimes(graph), TravelTimes(graph)
    first = one.add_many(positions)
    placed = dict(zip(shuffled, two.add_many(positions[i] for i in shuffled), strict=True))
    second = [placed[i] for i in range(len(positions))]
    np.testing.assert_array_equal(
        one.seconds[np.ix_(first, first)], two.seconds[np.ix_(second, second)]
    )
    np.testing.assert_array_equal(
        one.metres[np.ix_(first, first)], two.metres[np.ix_(second, second)]
    )


def test_the_shorter_of_two_equally_fast_ways(make_graph: MakeGraph) -> None:
    graph = make_graph(
        PLACES,
        [
            (0, 1, 1000, -1, 10_000),
            (1, 3, 1000, -1, 10_000),
            (0, 2, 1000, -1, 9_000),
            (2, 3, 1000, -1, 9_000),
            (3, 0, 500, -1, 5_000),
        ],
    )
    times = TravelTimes(graph)
    a, b = times.add_many([position(graph, 4, 1.0), position(graph, 4, 0.0)])
    assert (times.seconds[a, b], times.metres[a, b]) == (2, 18)
    assert times.path(a, b).metres == 18


def ring(make_graph: MakeGraph) -> RoadGraph:
    return make_graph(PLACES, [(i, (i + 1) % NODES, 1000, 1000, 10_000) for i in range(NODES)])


def test_no_place_one_place_and_the_same_place(make_graph: MakeGraph) -> None:
    times = TravelTimes(graph := ring(make_graph))
    assert times.seconds.shape == (0, 0)
    there = position(graph, 0, 0.5)
    assert times.add(there) == 0
    assert times.add(there) == 0
    back = Position(int(graph.twin[there.edge]), 0.5, there.lon, there.lat, 3.0)
    assert times.add(back) == 0
    assert len(times) == 1
    assert times.seconds.tolist() == [[0]]
    assert times.position(0) == there
    path = times.path(0, 0)
    assert (path.seconds, path.metres) == (0, 0)
    assert len(path.geometry) == 2


def test_snapshots_are_frozen(make_graph: MakeGraph) -> None:
    times = TravelTimes(graph := ring(make_graph))
    times.add(position(graph, 0, 0.5))
    before = times.seconds
    times.add(position(graph, 1, 0.5))
    assert before.shape == (1, 1)
    assert times.seconds.shape == (2, 2)
    assert times.seconds is times.seconds
    for table in (times.seconds, times.metres):
        assert table.dtype == np.int32
        with pytest.raises(ValueError, match="read-only"):
            table[0, 0] = 1


def test_growing_beyond_the_first_capacity(make_graph: MakeGraph) -> None:
    graph = ring(make_graph)
    positions = [position(graph, i % NODES, i / 150) for i in range(150)]
    times, half = TravelTimes(graph), TravelTimes(graph)
    times.add_many(positions)
    half.add_many(positions[:50])
    assert len(times) == 150
    np.testing.assert_array_equal(times.seconds[:50, :50], half.seconds)


def test_adding_from_several_threads(make_graph: MakeGraph) -> None:
    graph = ring(make_graph)
    positions = [position(graph, i % NODES, i / 80) for i in range(80)]
    alone, together = TravelTimes(graph), TravelTimes(graph)
    expected = alone.add_many(positions)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(together.add, positions))
    assert sorted(found) == expected
    np.testing.assert_array_equal(together.seconds[np.ix_(found, found)], alone.seconds)


def test_the_drawing_is_as_long_as_the_drive(town: Callable[..., Any]) -> None:
    built = town(
        "A 0 0, B 60 80, C 200 80, D 200 0, E 300 0",
        ["A B C | highway=residential", "C D E | highway=tertiary"],
    )
    a, b = built.times.add_many([built.at(30, 40), built.at(250, 0)])
    path = built.times.path(a, b)
    lon, lat = np.array(path.geometry).T
    assert lengths_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum() == pytest.approx(320, abs=0.5)
    assert path.metres == pytest.approx(320, abs=1)
    assert path.edges[0] != path.edges[-1]


@given(roads=roads_of, spots=spots_of, known=st.integers(0, 3))
def test_a_block_of_places_equals_one_after_the_other(
    make_graph: MakeGraph, roads: list[Road], spots: list[tuple[int, float]], known: int
) -> None:
    """Many places at once come from sweeps, single ones from labels: the tables are the same."""
    graph = make_graph(PLACES, roads)
    positions = positions_of(graph, spots)
    single, block = TravelTimes(graph), TravelTimes(graph)
    for place in positions:
        single.add(place)
    block.add_many(positions[:known])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("routing.travel_times.BULK", 1)
        block.add_many(positions)
    np.testing.assert_array_equal(single.seconds, block.seconds)
    np.testing.assert_array_equal(single.metres, block.metres)


def test_a_place_for_one_side_of_the_road(make_graph: MakeGraph) -> None:
    """Whose door must be at the kerb is reached and left in that direction only: one turns at the next junction."""
    graph = ring(make_graph)
    middle = position(graph, 0, 0.5)
    kerb = Position(int(graph.twin[middle.edge]), 0.5, middle.lon, middle.lat, 0.0, kerb=True)
    times = TravelTimes(graph)
    ahead, either, behind = times.add_many([position(graph, 1, 0.5), middle, kerb])
    assert times.seconds[ahead, either] == times.seconds[ahead, behind] == 1
    assert times.seconds[either, ahead] == 1
    assert times.seconds[behind, ahead] == 2
    assert times.path(behind, ahead).metres == 20
    assert times.path(behind, ahead).edges[0] == kerb.edge
    assert times.seconds[either, behind] == 0


def test_the_copy_of_an_edge_leads_to_places_on_it(make_graph: MakeGraph) -> None:
    """A restriction via a way lets one reach a place on that way by a copy of it; the path names the original."""
    nodes = [(9.0, 48.0), (9.01, 48.0), (9.02, 48.0), (9.01, 48.01), (9.02, 48.01)]
    roads = [
        (0, 3, 1000, -1, 9_000),
        (1, 2, 2000, -1, 10_000),
        (3, 4, 2000, -1, 10_000),
        (2, 0, 1, -1, 5),
    ]
    graph = make_graph(nodes, [*roads, (4, 0, 1, -1, 5)])
    original, copy = (int(np.flatnonzero(graph.way_id == way)[0]) for way in (2, 3))
    copy_of = np.full(graph.edges, -1, dtype=np.int32)
    copy_of[copy] = original
    graph = replace(graph, copy_of=copy_of)
    times = TravelTimes(graph)
    start, goal = times.add_many([position(graph, 0, 0.0), position(graph, 1, 0.5)])
    assert times.seconds[start, goal] == 2
    assert times.path(start, goal).edges.tolist() == [
        int(np.flatnonzero(graph.way_id == 1)[0]),
        original,
    ]
