"""Small towns: what becomes of their roads."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from routing.build.roads import build_roads
from routing.errors import ExtractError, NoRoad
from routing.geometry import lengths_m
from routing.profile import load_profile

Town = Callable[..., Any]
SQUARE = "A 0 0, B 100 0, C 100 100, D 0 100"


def test_points_of_degree_two_become_shape(town: Town) -> None:
    built = town("A 0 0, B 50 10, C 100 0, D 150 0", ["A B C D | highway=residential"])
    assert (built.graph.nodes, built.graph.edges) == (2, 2)
    assert built.route((0, 0), (150, 0)) == [(0, 0), (50, 10), (100, 0), (150, 0)]
    assert built.route((150, 0), (0, 0)) == [(150, 0), (100, 0), (50, 10), (0, 0)]
    assert built.graph.twin.tolist() == [1, 0]


def test_an_edge_belongs_to_one_way(town: Town) -> None:
    built = town(
        "A 0 0, B 100 0, C 200 0",
        ["A B | highway=residential name=Kirchstraße", "B C | highway=primary ref=B_27"],
    )
    names = {built.graph.names[i] for i in built.graph.name}
    assert names == {"Kirchstraße", "B_27"}
    assert set(built.graph.way_id.tolist()) == {1, 2}


def test_lengths_and_times_are_exact_sums_of_their_segments(town: Town) -> None:
    built = town("A 0 0, B 33 7, C 71 3, D 99 41", ["A B C D | highway=residential maxspeed=20"])
    lon, lat = built.graph.shape(0)
    metres = lengths_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    share = load_profile().share_of_limit.outside
    assert built.graph.length_mm.tolist() == [np.rint(metres * 1000).sum()] * 2
    assert built.graph.time_ms.tolist() == [np.rint(metres * 3600 / (20 * share)).sum()] * 2


@pytest.mark.parametrize(
    ("tags", "there", "back"),
    [
        ("oneway=yes", 100, 300),
        ("oneway=-1", 300, 100),
        ("oneway=no", 100, 100),
        ("junction=roundabout", 100, 300),
        ("oneway=yes oneway:bus=no", 100, 100),
        ("oneway=yes busway=opposite_lane", 100, 100),
        ("oneway=yes oneway:bicycle=no", 100, 300),
        ("vehicle:backward=no", 100, 300),
    ],
)
def test_one_way_streets(town: Town, tags: str, there: int, back: int) -> None:
    built = town(SQUARE, [f"A B | highway=residential {tags}", "B C D A | highway=residential"])
    assert built.metres((0, 0), (100, 0)) == pytest.approx(there, abs=1)
    assert built.metres((100, 0), (0, 0)) == pytest.approx(back, abs=1)


def test_two_places_on_a_one_way_ring(town: Town) -> None:
    """Who has passed a place on a one-way street drives all the way round."""
    built = town(SQUARE, ["A B C D A | highway=residential oneway=yes"])
    assert built.metres((20, 0), (80, 0)) == pytest.approx(60, abs=1)
    assert built.metres((80, 0), (20, 0)) == pytest.approx(340, abs=1)


@pytest.mark.parametrize(
    ("tags", "metres"),
    [
        ("barrier=bollard", 300),
        ("barrier=gate", 100),
        ("barrier=gate access=private", 300),
        ("barrier=lift_gate locked=yes", 300),
        ("barrier=bollard bus=yes", 100),
        ("barrier=cycle_barrier", 300),
        ("barrier=kerb", 100),
    ],
)
def test_barriers_on_a_point(town: Town, tags: str, metres: int) -> None:
    built = town(
        f"A 0 0, X 50 0 {tags}, B 100 0, C 100 100, D 0 100",
        ["A X B | highway=residential", "B C D A | highway=residential"],
    )
    assert built.metres((0, 0), (100, 0)) == pytest.approx(metres, abs=1)
    assert built.report.barriers == (metres > 100)
    assert built.at(49, 0).distance_m < 1  # both sides of the barrier stay reachable


def test_a_missing_point_leaves_a_gap(draw: Callable[..., Any]) -> None:
    path = draw(
        "A 0 0, B 50 0, X 100 0, C 150 0, D 200 0, E 250 0",
        ["A B X C D E | highway=residential"],
        absent="X",
    )
    graph, report = build_roads(path, load_profile())
    assert report.dangling_segments == 2
    assert any("clipped" in warning for warning in report.warnings)
    assert (report.raw_nodes, report.raw_edges) == (5, 6)
    assert report.islands == 1
    assert graph.nodes == 2
    assert graph.length_mm[0] == pytest.approx(100_000, abs=20)  # the longer piece: C D E


def test_only_the_largest_connected_part_stays(town: Town) -> None:
    built = town(
        "A 0 0, B 100 0, C 200 0, D 300 0, E 400 0, F 500 0",
        [
            "A B C | highway=residential",
            "C D | highway=residential oneway=yes",
            "E F | highway=residential",
        ],
    )
    assert built.at(100, 0).distance_m < 1
    for lost in (290, 450):
        with pytest.raises(NoRoad):
            built.at(lost, 0)
    assert built.report.islands == 1
    assert built.report.connected_share == pytest.approx(3 / 6)
    assert any("50%" in warning for warning in built.report.warnings)


def test_a_file_with_points_behind_ways_and_negative_ids(tmp_path: Any) -> None:
    path = tmp_path / "drawn_by_hand.osm"
    path.write_text(
        """<osm version="0.6">
          <way id="-7"><nd ref="-1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
          <node id="-1" lon="9.1" lat="48.1"/>
          <node id="2" lon="9.1" lat="48.101"/>
        </osm>"""
    )
    graph, report = build_roads(path, load_profile())
    assert report.dangling_segments == 0
    assert graph.length_mm[0] == pytest.approx(111_195, abs=5)


def test_no_usable_road(draw: Callable[..., Any]) -> None:
    path = draw("A 0 0, B 100 0", ["A B | highway=footway"])
    with pytest.raises(ExtractError) as caught:
        build_roads(path, load_profile())
    assert caught.value.code == "extract-no-usable-road"


def test_a_way_that_names_a_point_twice_in_a_row(town: Town) -> None:
    built = town("A 0 0, B 100 0", ["A A B B | highway=residential"])
    assert built.report.usable_edges == 2


def test_progress_is_told(draw: Callable[..., Any]) -> None:
    told: list[str] = []
    path = draw("A 0 0, B 100 0", ["A B | highway=residential"])
    build_roads(path, load_profile(), told.append)
    assert told[0] == "checking the extract"
    assert told[-1] == "applying turn restrictions"
    assert len(set(told)) == len(told)


def test_roads_from_which_no_way_leads_back(draw: Callable[..., Any]) -> None:
    path = draw("A 0 0, B 100 0", ["A B | highway=residential oneway=yes"])
    with pytest.raises(ExtractError) as caught:
        build_roads(path, load_profile())
    assert caught.value.code == "extract-no-connected-road"


def test_winter_changes_times_and_nothing_else(draw: Callable[..., Any]) -> None:
    path = draw(SQUARE, ["A B | highway=primary", "B C D A | highway=unclassified surface=gravel"])
    summer, report = build_roads(path, load_profile())
    winter, again = build_roads(path, load_profile(winter=True))
    assert report == again
    assert winter.length_mm.tolist() == summer.length_mm.tolist()
    share = summer.time_ms / winter.time_ms
    assert share == pytest.approx(np.where(summer.way_id == 1, 0.93, 0.7), rel=1e-3)
