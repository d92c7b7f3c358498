"""Snapping, against a search through every road with shapely."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.errors import NoRoad, RoutingError
from routing.graph import RoadGraph
from routing.snap import Snapper

METRE = 1 / 111_195.08
coordinate = st.integers(-40, 40).map(lambda step: step * 13 * METRE)
place = st.tuples(coordinate, coordinate)


@given(
    nodes=st.lists(place, min_size=2, max_size=6, unique=True),
    ends=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=9),
    asked=st.lists(place, min_size=1, max_size=6),
    within=st.sampled_from([20.0, 150.0, 900.0]),
)
def test_the_nearest_road_is_found(
    make_graph: Callable[..., RoadGraph],
    nodes: list[tuple[float, float]],
    ends: list[tuple[int, int]],
    asked: list[tuple[float, float]],
    within: float,
) -> None:
    """Distance and position equal those of a search through all roads; beyond the limit there is none."""
    n = len(nodes)
    roads = [(a % n, b % n, 1000, 1000, 1000) for a, b in ends]
    graph = make_graph(nodes, roads)
    snapper = Snapper(graph)
    lines = [shapely.LineString(np.array([nodes[a], nodes[b]]) / METRE) for a, b, *_ in roads]
    for lon, lat in asked:
        point = shapely.Point(lon / METRE, lat / METRE)
        expected = min(line.distance(point) for line in lines)
        if expected > within:
            with pytest.raises(NoRoad):
                snapper.snap(lon, lat, within)
            continue
        found = snapper.snap(lon, lat, within)
        assert found.distance_m == pytest.approx(expected, abs=0.01)
        shape_lon, shape_lat = graph.shape(found.edge)
        assert found.lon == pytest.approx(
            shape_lon[0] + found.fraction * (shape_lon[1] - shape_lon[0]), abs=1e-9
        )
        assert found.lat == pytest.approx(
            shape_lat[0] + found.fraction * (shape_lat[1] - shape_lat[0]), abs=1e-9
        )


def test_a_place_between_bends(town: Callable[..., Any]) -> None:
    built = town("A 0 0, B 100 0, C 100 300", ["A B C | highway=residential"])
    found = built.at(110, 100, within_m=20)
    assert found.distance_m == pytest.approx(10, abs=0.01)
    assert found.fraction == pytest.approx(0.5, abs=1e-4)
    assert (found.lon / METRE, found.lat / METRE) == pytest.approx((100, 100), abs=0.02)


def test_the_lower_of_two_directions_stands_for_both(town: Callable[..., Any]) -> None:
    built = town("A 0 0, B 100 0", ["A B | highway=residential"])
    edge = built.at(50, 1).edge
    assert edge < built.graph.twin[edge]


def test_no_place_lies_on_a_connector(town: Callable[..., Any]) -> None:
    """At a split crossing many connectors lie on the very spot; a place there lies on a road."""
    streets = [f"{points} | highway=residential" for points in ("A B", "B C", "B D")]
    built = town("A 0 0, B 100 0, C 200 0, D 100 100", streets, ["no_left_turn 1 B 3"])
    assert (built.graph.way_id == 0).any()
    assert built.graph.way_id[built.at(100, 0, within_m=1).edge] != 0


def test_a_place_on_the_border_with_no_limit_to_spare(village: Snapper) -> None:
    """The outermost point of all roads lies in the last cell of the grid."""
    assert village.snap(9.53, 47.11, within_m=0).fraction == 1.0
    assert village.snap(9.52, 47.1, within_m=0).fraction == 0.0


@pytest.fixture
def village(make_graph: Callable[..., RoadGraph]) -> Snapper:
    """Build a single road near Triesen."""
    return Snapper(make_graph([(9.52, 47.1), (9.53, 47.11)], [(0, 1, 1000, 1000, 1000)]))


@pytest.mark.parametrize(
    ("lon", "lat", "code", "words"),
    [
        (9.5215, 47.109, "no-road", "250 m"),
        (47.105, 9.525, "coordinates-swapped", "longitude first"),
        (9.1, 47.1, "outside-roads", "outside the roads"),
        (9.525, 89.99, "outside-roads", "outside the roads"),
    ],
)
def test_places_without_a_road(
    village: Snapper, lon: float, lat: float, code: str, words: str
) -> None:
    with pytest.raises(NoRoad) as caught:
        village.snap(lon, lat, within_m=250)
    assert caught.value.code == code
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(math.nan, 47.1), (9.5, math.nan), (math.inf, 47.1), (9.5, 91.0), (181.0, 47.1)],
)
def test_what_is_no_coordinate(village: Snapper, lon: float, lat: float) -> None:
    with pytest.raises(RoutingError) as caught:
        village.snap(lon, lat, within_m=250)
    assert caught.value.code == "not-a-coordinate"


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1))
def test_a_place_on_the_road_stays_where_it_is(village: Snapper, share: float) -> None:
    found = village.snap(9.52 + share * 0.01, 47.1 + share * 0.01, within_m=1)
    assert found.distance_m < 0.001
    assert found.fraction == pytest.approx(share, abs=1e-6)


def test_the_kerb_decides_the_direction(make_graph: Callable[..., RoadGraph]) -> None:
    """North of a road that runs east the door is on the right only when driving west; on the road either will do."""
    graph = make_graph([(0.0, 0.0), (400 * METRE, 0.0)], [(0, 1, 1000, 1000, 400_000)])
    snapper = Snapper(graph)
    east, west = (int(np.flatnonzero(graph.tail == node)[0]) for node in (0, 1))
    south = snapper.snap(100 * METRE, -10 * METRE, 50, side_of_road="kerb")
    assert (south.edge, south.fraction, south.kerb) == (east, pytest.approx(0.25), True)
    north = snapper.snap(100 * METRE, 10 * METRE, 50, side_of_road="kerb")
    assert (north.edge, north.fraction, north.kerb) == (west, pytest.approx(0.75), True)
    assert snapper.snap(100 * METRE, 0.0, 50, side_of_road="kerb").edge == east
    assert not snapper.snap(100 * METRE, 10 * METRE, 50).kerb


@pytest.mark.parametrize("north", [5.0, -10.0])
def test_the_kerb_at_a_hairpin(town: Callable[..., Any], north: float) -> None:
    """Beyond the tip all lies on the outer side, where one passes with the door outside."""
    built = town("A 0 0, B 100 0, C 0 -20", ["A B C | highway=residential"])
    outside = built.snapper.snap(110 * METRE, north * METRE, 50, side_of_road="kerb")
    lon, _ = built.graph.shape(outside.edge)
    first, _, last = (built.graph.shape(outside.edge)[1] / METRE).round().tolist()
    assert len(lon) == 3
    assert (first, last) == (-20, 0)  # from C round the tip to A: the tip bends to the left


def test_a_one_way_street_has_one_kerb(make_graph: Callable[..., RoadGraph]) -> None:
    """From the left of a one-way street a road further away is taken, or none."""
    nodes = [(0.0, 0.0), (400 * METRE, 0.0), (0.0, 100 * METRE), (400 * METRE, 100 * METRE)]
    graph = make_graph(nodes, [(0, 1, 1000, -1, 400_000), (2, 3, 1000, 1000, 400_000)])
    snapper = Snapper(graph)
    assert snapper.snap(100 * METRE, 20 * METRE, 250).distance_m == pytest.approx(20, abs=0.1)
    kerb = snapper.snap(100 * METRE, 20 * METRE, 250, side_of_road="kerb")
    assert kerb.distance_m == pytest.approx(80, abs=0.1)
    with pytest.raises(NoRoad):
        snapper.snap(100 * METRE, 20 * METRE, 50, side_of_road="kerb")
    assert snapper.snap(
        100 * METRE, -20 * METRE, 50, side_of_road="kerb"
    ).fraction == pytest.approx(0.25)
