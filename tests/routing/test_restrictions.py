"""Turn restrictions: written out once in full, then against an oracle that knows nothing of split nodes."""

import heapq
from collections.abc import Callable, Container, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from routing.build.roads import build_roads
from routing.errors import ExtractError, NoRoad
from routing.graph import UNREACHABLE
from routing.profile import load_profile
from routing.snap import Snapper
from routing.travel_times import TravelTimes

Town = Callable[..., Any]

#       D
#       |        from A no left turn at B towards D:
#   A---B---C    the bus goes on to C and comes back
CROSSING = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
  <node id="1" lon="9.500" lat="47.100"/>  <!-- A -->
  <node id="2" lon="9.501" lat="47.100"/>  <!-- B -->
  <node id="3" lon="9.502" lat="47.100"/>  <!-- C -->
  <node id="4" lon="9.501" lat="47.101"/>  <!-- D -->
  <way id="12"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
  <way id="23"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>
  <way id="24"><nd ref="2"/><nd ref="4"/><tag k="highway" v="residential"/></way>
  <relation id="1">
    <member type="way" ref="12" role="from"/>
    <member type="node" ref="2" role="via"/>
    <member type="way" ref="24" role="to"/>
    <tag k="type" v="restriction"/>
    <tag k="restriction" v="no_left_turn"/>
  </relation>
</osm>
"""


def test_no_left_turn(tmp_path: Path) -> None:
    path = tmp_path / "crossing.osm"
    path.write_text(CROSSING, encoding="utf-8")
    graph, report = build_roads(path, load_profile())
    snapper, times = Snapper(graph), TravelTimes(graph)
    a, c, d = (
        times.add(snapper.snap(*place, within_m=1))
        for place in ((9.5, 47.1), (9.502, 47.1), (9.501, 47.101))
    )
    assert report.restrictions == 1
    assert times.path(a, c).geometry == ((9.5, 47.1), (9.501, 47.1), (9.502, 47.1))
    assert times.path(d, a).geometry == ((9.501, 47.101), (9.501, 47.1), (9.5, 47.1))
    assert times.path(a, d).geometry == (
        (9.5, 47.1),
        (9.501, 47.1),
        (9.502, 47.1),
        (9.501, 47.1),
        (9.501, 47.101),
    )
    assert times.seconds[a, d] > times.seconds[d, a]


STREETS = ("A B | highway=residential", "B C | highway=residential", "B D | highway=residential")
POINTS = "A 0 0, B 100 0, C 200 0, D 100 100"
FREE, ROUND = 200, 400


@pytest.mark.parametrize(
    ("restriction", "metres", "honoured"),
    [
        ("no_left_turn 1 B 3", ROUND, 1),
        ("only_straight_on 1 B 2", ROUND, 1),
        ("only_left_turn 1 B 3", FREE, 1),
        ("no_left_turn 1 B 3 except=bus", FREE, 0),
        ("no_left_turn 1 B 3 except=bicycle;psv", FREE, 0),
        ("no_left_turn 1 B 3 except=bicycle", ROUND, 1),
        ("- 1 B 3 restriction:hgv=no_left_turn", FREE, 0),
        ("- 1 B 3 restriction:bus=no_left_turn", ROUND, 1),
        ("- 1 B 3 restriction:conditional=no_left_turn", FREE, 0),
        ("no_u_turn 1 B 1", FREE, 1),
        ("no_left_turn 1 C 3", FREE, 0),  # nothing turns there
        ("no_left_turn 99 B 3", FREE, 0),  # a way the extract does not hold
        ("only_straight_on 1 B 99", FREE, 0),
    ],
)
def test_what_a_restriction_forbids(
    town: Town, restriction: str, metres: int, honoured: int
) -> None:
    built = town(POINTS, STREETS, [restriction])
    assert built.metres((0, 0), (100, 100)) == pytest.approx(metres, abs=1)
    assert built.report.restrictions == honoured


def test_what_is_left_out_is_counted(draw: Callable[..., Path]) -> None:
    path = draw(POINTS, STREETS, ["- 1 B 3 restriction:hgv=no_left_turn", "maybe 1 B 3"])
    text = path.read_text().replace("</osm>", "")
    text += (
        '<relation id="9"><member type="way" ref="1" role="from"/><member type="way" ref="2" role="via"/>'
        '<member type="way" ref="3" role="to"/><tag k="type" v="restriction"/>'
        '<tag k="restriction" v="no_left_turn"/></relation></osm>'
    )
    path.write_text(text)
    _, report = build_roads(path, load_profile())
    assert sorted(report.warnings) == [
        "1 incomplete turn restrictions, which are ignored.",
        "1 turn restrictions that are time-dependent or for other vehicles, which are ignored.",
        "1 turn restrictions via a way instead of a node, which are ignored.",
    ]


def test_a_no_u_turn_at_the_end_of_a_street(town: Town) -> None:
    """Between B and C the bus may not turn at C; with nowhere else to go the end is cut off."""
    built = town(POINTS, STREETS, ["no_u_turn 2 C 2"])
    with pytest.raises(NoRoad):
        built.at(150, 0)


def test_places_beside_a_restricted_crossing_share_one_road(town: Town) -> None:
    """Splitting a node must not double a road: a place on it is reached from every allowed side."""
    built = town(POINTS, STREETS, ["no_left_turn 1 B 3", "no_right_turn 3 B 1"])
    assert built.metres((100, 50), (100, 60)) == pytest.approx(10, abs=1)
    assert built.metres((100, 60), (100, 50)) == pytest.approx(10, abs=1)
    assert built.metres((100, 50), (0, 0)) == pytest.approx(350, abs=1)
    assert not built.graph.way_id[built.graph.time_ms == 0].any()


# A-B with two side roads at A and two at B, joined by ways around:
#   E-------D
#   |       |
#   A---1---B---2---C
#   |               |
#   F---------------G
LADDER = "A 0 0, B 100 0, C 200 0, D 100 100, E 0 100, F 0 -100, G 200 -100"
RUNGS = ("A B", "B C", "B D", "A E", "A F", "D E", "F G C")


@pytest.mark.parametrize(
    ("restrictions", "origin", "destination"),
    [
        # nobody may enter road 1 at B; who halts on it leaves at A and may turn into 5, not into 4
        (["no_x 2 B 1", "no_x 3 B 1", "no_u_turn 1 B 1", "no_x 1 A 4"], (50, 0), (0, -50)),
        # road 1 ends at A for who comes from B; a place on it is still reached from there
        (["no_x 1 A 4", "no_x 1 A 5", "no_u_turn 1 A 1", "no_x 3 B 1"], (150, 0), (50, 0)),
    ],
)
def test_a_direction_cut_off_at_one_end_serves_the_places_on_it(
    town: Town, restrictions: list[str], origin: tuple[int, int], destination: tuple[int, int]
) -> None:
    built = town(LADDER, [f"{points} | highway=residential" for points in RUNGS], restrictions)
    assert built.metres(origin, destination) == pytest.approx(100, abs=1)


SIZE, BLOCK_M = 3, 100
CROSSROADS = [(x, y) for y in range(SIZE) for x in range(SIZE)]
BLOCKS = [
    (a, b)
    for a in range(len(CROSSROADS))
    for b in range(a + 1, len(CROSSROADS))
    if abs(CROSSROADS[a][0] - CROSSROADS[b][0]) + abs(CROSSROADS[a][1] - CROSSROADS[b][1]) == 1
]


@st.composite
def turns(draw_value: st.DrawFn) -> tuple[bool, int, int, int]:
    """Choose a restriction: only?, from block, via crossing, to block."""
    origin = draw_value(st.integers(0, len(BLOCKS) - 1))
    via = draw_value(st.sampled_from(BLOCKS[origin]))
    target = draw_value(st.sampled_from([i for i, block in enumerate(BLOCKS) if via in block]))
    return draw_value(st.booleans()), origin, via, target


def _oracle(
    lengths: dict[tuple[int, int], int],
    restrictions: Sequence[tuple[bool, int, int, int]],
    block_of: dict[tuple[int, int], int],
    start: int,
    inside: Container[int],
) -> dict[int, float]:
    """Dijkstra over arcs: how far it is from the middle of block `start` to the middle of every block.

    Only blocks `inside` are driven on; outside is what can be reached but not left, or left but not reached.
    """

    def allowed(one: tuple[int, int], two: tuple[int, int]) -> bool:
        for only, origin, via, target in restrictions:
            if via != one[1] or origin != block_of[one]:
                continue
            leaving = [arc for arc in lengths if arc[0] == via]
            if not any(block_of[arc] == target for arc in leaving):
                continue
            if only != (block_of[two] == target):
                return False
        return True

    best: dict[int, float] = {start: 0.0}
    queue = [(length / 2, arc) for arc, length in lengths.items() if block_of[arc] == start]
    heapq.heapify(queue)
    seen = set()
    while queue:
        cost, arc = heapq.heappop(queue)
        if arc in seen:
            continue
        seen.add(arc)
        for after, length in lengths.items():
            if after[0] == arc[1] and block_of[after] in inside and allowed(arc, after):
                middle = cost + length / 2
                best[block_of[after]] = min(best.get(block_of[after], middle), middle)
                heapq.heappush(queue, (cost + length, after))
    return best


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    one_way=st.lists(
        st.sampled_from(["", "", "", "oneway=yes", "oneway=-1"]), min_size=12, max_size=12
    ),
    restrictions=st.lists(turns(), max_size=6),
)
def test_tables_obey_every_restriction(
    draw: Callable[..., Path],
    one_way: list[str],
    restrictions: list[tuple[bool, int, int, int]],
) -> None:
    """Tables on a grid of streets equal a search that remembers where it came from.

    Where only a part of the streets is connected, they break no restriction and miss no place.
    """
    points = ", ".join(f"P{i} {x * BLOCK_M} {y * BLOCK_M}" for i, (x, y) in enumerate(CROSSROADS))
    ways = [
        f"P{a} P{b} | highway=residential {tags}"
        for (a, b), tags in zip(BLOCKS, one_way, strict=True)
    ]
    rules = [
        f"{'only_x' if only else 'no_x'} {origin + 1} P{via} {target + 1}"
        for only, origin, via, target in restrictions
    ]
    try:
        graph, _ = build_roads(draw(points, ways, rules), load_profile())
    except ExtractError:  # all one-way and no way around: nothing is connected
        reject()
    lengths: dict[tuple[int, int], int] = {}
    block_of = {}
    for block, ((a, b), tags) in enumerate(zip(BLOCKS, one_way, strict=True)):
        for arc, closed in (((a, b), "oneway=-1"), ((b, a), "oneway=yes")):
            if tags != closed:
                lengths[arc], block_of[arc] = BLOCK_M, block

    whole = np.count_nonzero(graph.way_id) == len(lengths)
    snapper, times = Snapper(graph), TravelTimes(graph)
    places = {}
    for block, (a, b) in enumerate(BLOCKS):
        (ax, ay), (bx, by) = CROSSROADS[a], CROSSROADS[b]
        lon, lat = ((p + q) / 2 * BLOCK_M / 111_195.08 for p, q in ((ax, bx), (ay, by)))
        try:
            places[block] = times.add(snapper.snap(lon, lat, within_m=2))
        except NoRoad:  # outside the connected part
            continue
    for origin, row in places.items():
        expected = _oracle(lengths, restrictions, block_of, origin, places)
        for block, column in places.items():
            if whole:
                assert times.metres[row, column] == pytest.approx(expected[block], abs=1.1)
            else:  # what no way leads back from is not there to be driven through
                assert expected[block] - 1.1 < times.metres[row, column] < UNREACHABLE
