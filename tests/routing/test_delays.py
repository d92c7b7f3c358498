"""Seconds lost at points and junctions, each read off a small town."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from routing.build.delays import shared_by_lights
from routing.profile import load_profile

Town = Callable[..., Any]
KMH = 50 * load_profile().share_of_limit.outside
ROAD = "highway=tertiary maxspeed=50"

#   A---P---B----------C     one road; P stands 20 m before the junction B, where D branches off
POINTS = "A 0 0, P 80 0 {}, B 100 0, C 300 0, D 100 100"
WAYS = (f"A P B C | {ROAD}", "B D | highway=service maxspeed=50")


def lost(built: Any, *places: tuple[float, float]) -> float:
    """Return the seconds beyond driving at the posted speed, in full ones of the path's edges."""
    pair = built.times.add_many([built.at(*place) for place in places])
    edges = built.times.path(*pair).edges
    graph = built.graph
    seconds = sum(graph.time_ms[edge] - graph.length_mm[edge] * 3.6 / KMH for edge in edges) / 1000
    return round(float(seconds), 1)


@pytest.mark.parametrize(
    ("tags", "there", "back"),
    [
        ("highway=traffic_signals", 12, 12),
        ("highway=traffic_signals direction=forward", 12, 0),
        ("highway=traffic_signals traffic_signals:direction=backward", 0, 12),
        ("highway=traffic_signals traffic_signals:direction=both", 12, 12),
        ("highway=stop", 8, 0),  # for those who come to the junction, not for those who leave it
        ("highway=give_way", 5, 0),
        ("highway=stop direction=backward", 0, 8),
        ("highway=stop direction=both", 8, 8),
        ("highway=stop direction=45", 8, 0),
        ("highway=crossing crossing=uncontrolled", 1.5, 1.5),
        ("highway=crossing crossing=traffic_signals", 4, 4),
        ("highway=crossing crossing=unmarked", 0, 0),
        ("railway=level_crossing", 8, 8),
        ("highway=mini_roundabout", 4, 4),
        ("traffic_calming=bump", 4, 4),
        ("highway=crossing crossing=zebra traffic_calming=table", 3, 3),  # the longest counts
        ("barrier=lift_gate", 10, 10),
        ("highway=bus_stop", 0, 0),
    ],
)
def test_a_point_costs_once_in_its_direction(
    town: Town, tags: str, there: float, back: float
) -> None:
    built = town(POINTS.format(tags), WAYS)
    assert lost(built, (10, 0), (290, 0)) == there
    assert lost(built, (290, 0), (10, 0)) == back


def test_a_sign_nearer_to_the_other_junction_is_for_the_other_direction(town: Town) -> None:
    built = town(
        "E 0 100, A 0 0, P 20 0 highway=stop, B 100 0, C 300 0, D 100 100",
        (*WAYS, "A E | highway=service"),
    )
    assert lost(built, (290, 0), (10, 0)) == 8
    assert lost(built, (10, 0), (290, 0)) == 0


def test_a_sign_on_a_junction_is_for_those_who_must_give_way(town: Town) -> None:
    built = town(
        "A 0 0, B 100 0 highway=stop, C 300 0, D 100 100",
        (f"A B C | {ROAD}", "B D | highway=service maxspeed=50"),
    )
    assert lost(built, (10, 0), (290, 0)) == 0
    slower = 100 * 3.6 * (1 / 25 - 1 / KMH)
    assert lost(built, (100, 90), (290, 0)) == pytest.approx(8 + slower, abs=0.1)


# A---B---C through, D comes from the side
SIDE = "A 0 0, B 100 0 {}, C 300 0, D 100 100"


@pytest.mark.parametrize(
    ("through", "side", "tags", "seconds"),
    [
        ("tertiary", "residential", "", 5),
        ("tertiary", "tertiary", "", 0),
        ("residential", "residential", "", 2),
        ("residential", "unclassified", "", 2),
        ("residential", "service", "", 5),
        ("residential", "living_street", "", 5),
        ("motorway", "motorway_link", "", 0),  # one merges
        ("trunk", "trunk_link", "", 0),
        ("secondary", "secondary_link", "", 5),
        (
            "residential",
            "tertiary",
            "",
            0,
        ),  # it comes from the busier one, which does not go through
        ("tertiary", "residential", "highway=traffic_signals", 12),
    ],
)
def test_who_comes_from_a_minor_road_waits(
    town: Town, through: str, side: str, tags: str, seconds: float
) -> None:
    own = "maxspeed=50 oneway=no zone:traffic=DE:rural"
    built = town(
        SIDE.format(tags), [f"A B C | highway={through} {own}", f"B D | highway={side} {own}"]
    )
    graph = built.graph
    from_side = np.flatnonzero((graph.way_id == 2) & (np.round(graph.node_lat[graph.head], 4) == 0))
    kmh = graph.length_mm[from_side] * 3.6 / graph.time_ms[from_side]
    driven = 100 * 3.6 / kmh - 100 * 3.6 / min(KMH, load_profile().roads[side].at_most)
    assert driven == pytest.approx(seconds, abs=0.05)


def test_a_road_that_only_changes_its_class_costs_nothing(town: Town) -> None:
    built = town("A 0 0, B 100 0, C 300 0", [f"A B | {ROAD}", "B C | highway=primary maxspeed=50"])
    assert lost(built, (10, 0), (290, 0)) == 0


def test_who_enters_a_roundabout_waits_and_who_leaves_does_not(town: Town) -> None:
    ring = "P 90 0, Q 100 -10, R 110 0, S 100 10"
    built = town(
        f"A 0 0, {ring}, B 300 0",
        [f"P Q R S P | {ROAD} junction=roundabout", f"A P | {ROAD}", f"R B | {ROAD}"],
    )
    assert lost(built, (10, 0), (290, 0)) == 4
    assert lost(built, (290, 0), (10, 0)) == 4


def test_around_lights_nobody_waits_for_the_busier_road(town: Town) -> None:
    built = town(
        "A 0 0, P 80 0 highway=traffic_signals, B 100 0, C 300 0, D 100 100",
        [f"A P B C | {ROAD}", "B D | highway=unclassified maxspeed=50"],
    )
    assert lost(built, (100, 90), (290, 0)) == 0


def test_lights_of_one_junction_work_together() -> None:
    """Four lights at the corners of a crossing cost as much as two; one far away costs its own."""
    lon, lat = np.array([0, 0.0002, 0, 0.0002, 0.1]), np.array([48, 48, 48.0002, 48.0002, 48])
    seconds = shared_by_lights(np.full(5, 12.0), lon, lat, within_m=40)
    assert seconds == pytest.approx([6, 6, 6, 6, 12])
    assert not len(shared_by_lights(np.zeros(0), np.zeros(0), np.zeros(0), 40))
