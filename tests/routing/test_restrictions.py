"""Turn restrictions: written out once in full, then against an oracle that knows nothing of split nodes."""

import heapq
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from routing.build.roads import build_roads
from routing.errors import ExtractError
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
        ("- 1 B 3 restriction:bus=no_left_turn", FREE, 0),  # eight seats make no bus to the law
        ("- 1 B 3 restriction:motorcar=no_left_turn", ROUND, 1),
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
    """Unknown kinds, missing members, two nodes as via, and what holds for others or at certain times only."""
    path = draw(
        POINTS,
        STREETS,
        [
            "- 1 B 3 restriction:hgv=no_left_turn",
            "no_left_turn 1 B 3 hour_on=07:00 hour_off=09:00",
            "no_left_turn@(Mo-Fr) 1 B 3",
            "maybe 1 B 3",
        ],
    )
    member = '<member type="{}" ref="{}" role="{}"/>'
    halves = (
        [("way", 1, "from"), ("node", 2, "via")],
        [("way", 1, "from"), ("way", 3, "to")],
        [("way", 1, "from"), ("way", 3, "to"), ("node", 2, "via"), ("node", 3, "via")],
        [("way", 1, "from"), ("way", 3, "to"), ("node", 2, "via"), ("way", 2, "via")],
    )
    relations = "".join(
        f'<relation id="{number}"><tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/>'
        f"{''.join(member.format(*one) for one in members)}</relation>"
        for number, members in enumerate(halves, start=90)
    )
    path.write_text(path.read_text().replace("</osm>", f"{relations}</osm>"))
    _, report = build_roads(path, load_profile())
    assert report.restrictions == 0
    assert sorted(report.warnings) == [
        "3 turn restrictions that are time-dependent or for other vehicles, which are ignored.",
        "5 incomplete turn restrictions, which are ignored.",
    ]


def test_a_no_u_turn_at_the_end_of_a_street(town: Town) -> None:
    """At C nobody may turn: no way leads over C, but a bus that halts between B and C may leave as it came."""
    built = town(POINTS, STREETS, ["no_u_turn 2 C 2"])
    assert built.metres((50, 0), (150, 0)) == pytest.approx(100, abs=1)
    assert built.metres((150, 0), (50, 0)) == pytest.approx(100, abs=1)
    longer = [*STREETS, "B E | highway=residential"]
    for rules, metres in (([], 300), (["no_u_turn 2 C 2"], 400)):
        built = town(f"{POINTS}, E 100 -150", longer, ["no_left_turn 1 B 3", *rules])
        assert built.metres((50, 0), (100, 50)) == pytest.approx(metres, abs=1)


def test_nobody_turns_back_where_a_sign_forbids_it(town: Town) -> None:
    """Not even a bus that had to halt on one side of the road and wants to go back."""
    for rules, metres in (([], 50 + 90), (["no_u_turn 1 B 1"], 50 + 200 + 90)):
        built = town(POINTS, STREETS, rules)
        south_of_road = (float(value) / 111_195.08 for value in (50, -2))
        kerb = built.snapper.snap(*south_of_road, within_m=5, side_of_road="kerb")
        origin, destination = built.times.add_many([kerb, built.at(10, 0)])
        assert built.times.metres[origin, destination] == pytest.approx(metres, abs=1)


#   D   E   F       from 1 over 2 into 4 is forbidden, from elsewhere it is not
#   |3  |4  |7
#   A-1-B-2-C-5-G
#           |6
#           H       all ends are dead ends
STREET = "A 0 0, B 100 0, C 200 0, D 0 100, E 100 100, F 200 100, G 300 0, H 200 -100"
BRANCHES = ("A B", "B C", "A D", "B E", "C G", "C H", "C F")


@pytest.mark.parametrize(
    ("restriction", "barred", "counted"),
    [
        ("no_left_turn 1 2 7", {(200, 50)}, 1),
        ("only_straight_on 1 2 5", {(200, 50), (200, -50)}, 1),
        ("no_left_turn 1 2 7 except=psv", set(), 0),
        ("no_left_turn 1 2 4", set(), 0),  # 4 does not begin where 2 ends
        ("no_left_turn 1 99 7", set(), 0),  # the via was clipped away
        ("only_straight_on 1 2 99", set(), 0),
    ],
)
def test_a_restriction_via_a_way(
    town: Town, restriction: str, barred: set[tuple[int, int]], counted: int
) -> None:
    """It holds for those who come all the way, not for those who join on it; a place on the via is reached."""
    roads = [f"{points} | highway=residential" for points in BRANCHES]
    built = town(STREET, roads, [restriction])
    assert (built.report.restrictions, built.report.via_way_restrictions) == (counted, counted)
    for goal in ((200, 50), (200, -50), (250, 0)):
        # out and back into the dead end 4 forgets where one came from
        assert built.metres((0, 50), goal) == pytest.approx(500 if goal in barred else 300, abs=1)
        assert built.metres((100, 50), goal) == pytest.approx(200, abs=1)
        assert built.metres((150, 0), goal) == pytest.approx(100, abs=1)
    assert built.metres((50, 0), (150, 0)) == pytest.approx(100, abs=1)
    copies = built.graph.copy_of[built.graph.copy_of >= 0]
    assert (len(copies) > 0) == (counted > 0)
    assert (built.graph.way_id[copies] == 2).all()


def test_a_restriction_via_two_ways(town: Town) -> None:
    """Both ways are driven one after the other, in whatever order they are listed."""
    points = "A 0 0, B 100 0, C 200 0, D 300 0, E 300 100, F 200 100"
    roads = [f"{ends} | highway=residential" for ends in ("A B", "B C", "C D", "D E", "C F")]
    for vias in ("2+3", "3+2"):
        built = town(points, roads, [f"no_left_turn 1 {vias} 4"])
        assert built.report.via_way_restrictions == 1
        assert built.metres((50, 0), (200, 50)) == pytest.approx(200, abs=1)
        assert built.metres((50, 0), (300, 50)) == pytest.approx(300 + 200, abs=1)
        assert built.metres((150, 0), (300, 50)) == pytest.approx(200, abs=1)


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


SIZE = 3
CROSSROADS = [(x, y) for y in range(SIZE) for x in range(SIZE)]
BLOCKS = [
    (a, b)
    for a in range(len(CROSSROADS))
    for b in range(a + 1, len(CROSSROADS))
    if abs(CROSSROADS[a][0] - CROSSROADS[b][0]) + abs(CROSSROADS[a][1] - CROSSROADS[b][1]) == 1
]
Arc = tuple[int, int]
Rule = tuple[bool, int, int | None, int, int]


@st.composite
def rules(draw_value: st.DrawFn) -> Rule:
    """Choose a restriction: only?, from block, via block if any, via crossing (the last), to block."""
    origin = draw_value(st.integers(0, len(BLOCKS) - 1))
    via = draw_value(st.sampled_from(BLOCKS[origin]))
    over = None
    if draw_value(st.booleans()):
        beside = [i for i, block in enumerate(BLOCKS) if via in block and i != origin]
        over = draw_value(st.sampled_from(beside))
        via = sum(BLOCKS[over]) - via
    onward = [i for i, block in enumerate(BLOCKS) if via in block and i != over]
    return draw_value(st.booleans()), origin, over, via, draw_value(st.sampled_from(onward))


class Driver:
    """Knows every rule, remembers the last three blocks and turns back only where nothing else is left."""

    def __init__(self, arcs: dict[Arc, int], rules: Sequence[Rule]) -> None:
        self.arcs, self.rules = arcs, rules

    def refused(self, walk: Sequence[Arc], after: Arc) -> bool:
        """Tell whether a sign forbids to go on from the end of `walk` into `after`."""
        back = walk[-1][::-1]
        for only, origin, over, via, target in self.rules:
            came = [origin] if over is None else [origin, over]
            if walk[-1][1] != via or [self.arcs[arc] for arc in walk[-len(came) :]] != came:
                continue
            if over is not None and after == back:
                continue
            right = [arc for arc in self.arcs if arc[0] == via and self.arcs[arc] == target]
            if only and (set(right) - {back}) and after not in right:
                return True
            if not only and after in right:
                return True
        return False

    def onward(self, walk: Sequence[Arc]) -> list[Arc]:
        """Where to go on from the end of `walk`."""
        back = walk[-1][::-1]
        leaving = [arc for arc in self.arcs if arc[0] == walk[-1][1]]
        ahead = [arc for arc in leaving if arc != back and not self.refused(walk, arc)]
        if not ahead and back in leaving and not self.refused(walk, back):
            return [back]
        return ahead

    def times(self, start: Arc, ms: dict[Arc, int]) -> dict[Arc, int]:
        """Milliseconds from the end of one block to the beginning of others, over blocks in `ms` only."""
        best: dict[Arc, int] = {}
        queue: list[tuple[int, tuple[Arc, ...]]] = [(0, (start,))]
        seen = set()
        while queue:
            cost, walk = heapq.heappop(queue)
            if walk in seen:
                continue
            seen.add(walk)
            for arc in self.onward(walk):
                if arc in ms:
                    best[arc] = min(best.get(arc, cost), cost)
                    heapq.heappush(queue, (cost + ms[arc], (*walk, arc)[-2:]))
        return best


def drawn_town(one_way: Sequence[str], rules: Sequence[Rule]) -> tuple[str, list[str], list[str]]:
    """Spell a grid of streets for `draw`; no two blocks take the same time."""
    points = ", ".join(f"P{i} {100 * x} {100 * y}" for i, (x, y) in enumerate(CROSSROADS))
    ways = [
        f"P{a} P{b} | highway=residential maxspeed={20 + i} {tags}"
        for i, ((a, b), tags) in enumerate(zip(BLOCKS, one_way, strict=True))
    ]
    restrictions = [
        f"{'only_x' if only else 'no_x'} {origin + 1} {f'P{via}' if over is None else over + 1} {target + 1}"
        for only, origin, over, via, target in rules
    ]
    return points, ways, restrictions


def connected_arcs(one_way: Sequence[str]) -> dict[Arc, int]:
    """Blocks of the grid that one may drive along, by their ends, without what nothing leads back from."""
    arcs: dict[Arc, int] = {}
    for block, ((a, b), tags) in enumerate(zip(BLOCKS, one_way, strict=True)):
        arcs |= {
            arc: block
            for arc in ((a, b), (b, a))
            if tags != ("oneway=-1" if arc[0] == a else "oneway=yes")
        }
    size = len(CROSSROADS)
    joined = np.zeros((size, size))
    joined[tuple(zip(*arcs, strict=True))] = 1
    _, part = connected_components(csr_array(joined), connection="strong")
    inside = part == np.argmax(np.bincount(part))
    return {arc: block for arc, block in arcs.items() if inside[list(arc)].all()}


@given(
    one_way=st.lists(
        st.sampled_from(["", "", "", "oneway=yes", "oneway=-1"]), min_size=12, max_size=12
    ),
    restrictions=st.lists(rules(), max_size=6),
)
def test_tables_obey_every_restriction(
    draw: Callable[..., Path], one_way: list[str], restrictions: list[Rule]
) -> None:
    """Tables on a grid of streets equal a search that remembers where it came from and never turns back."""
    try:
        graph, _ = build_roads(draw(*drawn_town(one_way, restrictions)), load_profile())
    except ExtractError:  # all one-way and no way around: nothing is connected
        reject()
    ms: dict[Arc, int] = {}
    for edge in np.flatnonzero((graph.way_id > 0) & (graph.copy_of < 0)):
        a, b = BLOCKS[int(graph.way_id[edge]) - 1]
        lon, lat = graph.shape(int(edge))
        forth = (lon[-1] + lat[-1]) > (lon[0] + lat[0])
        ms[(a, b) if forth else (b, a)] = int(graph.time_ms[edge])
    driver = Driver(connected_arcs(one_way), restrictions)
    assert set(ms) <= set(driver.arcs)
    after = {arc: driver.times(arc, ms) for arc in ms}
    snapper, times = Snapper(graph), TravelTimes(graph)
    blocks = sorted({driver.arcs[arc] for arc in ms})
    for block in blocks:
        (ax, ay), (bx, by) = (CROSSROADS[end] for end in BLOCKS[block])
        east, north = ((p + q) / 2 * 100 / 111_195.08 for p, q in ((ax, bx), (ay, by)))
        times.add(snapper.snap(east, north, within_m=2))
    for row, origin in enumerate(blocks):
        for column, goal in enumerate(blocks):
            expected = min(
                (
                    ms[i] / 2 + after[i][j] + ms[j] / 2
                    for i in ms
                    for j in after[i]
                    if (driver.arcs[i], driver.arcs[j]) == (origin, goal)
                ),
                default=np.inf,
            )
            if origin != goal:
                assert times.seconds[row, column] == pytest.approx(expected / 1000, abs=1.01)
