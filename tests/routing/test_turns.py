"""Turns against an oracle that knows nothing of lanes, copies and parts of nodes: it remembers the whole drive."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, event, example, given
from hypothesis import strategies as st

from routing.build import roads as build_steps
from routing.build.assemble import edge_times
from routing.build.read import read_roads
from routing.build.segments import make_segments
from routing.build.simplify import Edges, join_segments, largest_part
from routing.build.turns.costs import turn_costs
from routing.build.turns.expand import Lanes, make_lanes
from routing.build.turns.refused import Refused, refused_turns
from routing.build.turns.table import all_turns, keep_reachable
from routing.profile import load_profile

Walk = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """Edges as (tail, head, twin, ms) and what holds at the turns between them."""

    edges: tuple[tuple[int, int, int, int], ...]
    refused: frozenset[Walk]
    turning: frozenset[int]
    costs: dict[tuple[int, int], int]

    @cached_property
    def leaving(self) -> dict[int, list[int]]:
        """Edges by their tail."""
        lists: dict[int, list[int]] = {}
        for edge, (tail, *_) in enumerate(self.edges):
            lists.setdefault(tail, []).append(edge)
        return lists

    def exits(self, walk: Walk) -> Iterator[int]:
        """Edges that who has just driven `walk` may go on into, without turning back."""
        _, head, twin, _ = self.edges[walk[-1]]
        for edge in self.leaving.get(head, ()):
            longer = (*walk, edge)
            if edge != twin and not any(longer[i:] in self.refused for i in range(len(walk))):
                yield edge

    def onward(self, walk: Walk) -> Iterator[tuple[int, int]]:
        """Edges to go on into, and what the turn costs."""
        exits = list(self.exits(walk))
        for edge in exits:
            yield edge, self.costs.get((walk[-1], edge), 0)
        _, head, twin, _ = self.edges[walk[-1]]
        back = twin >= 0 and (walk[-1], twin) not in self.refused
        if back and (head in self.turning or not exits):
            yield twin, 0


def drive(case: Case, start: int, kept: set[int]) -> dict[int, int]:
    """Milliseconds from the end of edge `start` to the beginning of every edge (Dijkstra over whole drives)."""
    memory = max(map(len, case.refused), default=1)
    best: dict[int, int] = {}
    queue: list[tuple[int, Walk]] = [(0, (start,))]
    seen = set()
    while queue:
        ms, walk = heapq.heappop(queue)
        if walk in seen:
            continue
        seen.add(walk)
        for edge, cost in case.onward(walk):
            if edge in kept:
                best[edge] = min(best.get(edge, ms + cost), ms + cost)
                longer = (*walk, edge)[-memory:]
                heapq.heappush(queue, (ms + cost + case.edges[edge][3], longer))
    return best


def build(case: Case) -> tuple[Lanes, set[int]]:
    """Make lanes of a case; also return the edges that are kept."""
    tail, head, twin, ms = (
        np.array(column, dtype=np.int64) for column in zip(*case.edges, strict=True)
    )
    number = np.arange(len(tail))
    edges = Edges(
        tail,
        head,
        number,
        number,
        twin > number,
        np.where(twin < 0, number, np.minimum(number, twin)),
        twin,
    )
    points = int(max(tail.max(), head.max())) + 1
    refused = Refused(
        {walk for walk in case.refused if len(walk) == 2},
        {walk for walk in case.refused if len(walk) > 2},
    )
    turning = np.isin(np.arange(points), list(case.turning))
    turns, reach = keep_reachable(all_turns(edges, refused, turning), edges.road)
    for turn in np.flatnonzero(turns.ms == 0):
        pair = int(turns.edge[turns.origin[turn]]), int(turns.edge[turns.into[turn]])
        turns.ms[turn] = case.costs.get(pair, 0)
    weight = (ms << 32) + 1
    lanes = make_lanes(turns, reach, edges, weight[turns.edge], points)
    return lanes, set(lanes.edge.tolist())


def driven(case: Case, lanes: Lanes, start: int) -> dict[int, int]:
    """Return the same as `drive`, by plain Dijkstra over the parts of nodes."""
    arcs: dict[int, list[tuple[int, int]]] = {}
    for edge, tail, head in zip(lanes.edge, lanes.tail, lanes.head, strict=True):
        arcs.setdefault(int(tail), []).append((int(head), case.edges[edge][3]))
    for tail, head, cost in lanes.connectors.tolist():
        arcs.setdefault(tail, []).append((head, cost))
    first = int(lanes.head[np.flatnonzero(lanes.edge == start)[0]])
    found: dict[int, int] = {}
    queue = [(0, first)]
    while queue:
        ms, node = heapq.heappop(queue)
        if node not in found:
            found[node] = ms
            for head, more in arcs.get(node, ()):
                heapq.heappush(queue, (ms + more, head))
    best: dict[int, int] = {}
    for edge, tail in zip(lanes.edge.tolist(), lanes.tail.tolist(), strict=True):
        if tail in found:
            best[edge] = min(best.get(edge, found[tail]), found[tail])
    return best


def between(case: Case, ends: dict[int, dict[int, int]], one: int, other: int) -> float:
    """Milliseconds from the middle of one road to the middle of another, leaving and arriving either way."""
    return min(
        (
            case.edges[i][3] / 2 + ends[i][j] + case.edges[j][3] / 2
            for i in (one, case.edges[one][2])
            for j in (other, case.edges[other][2])
            if i >= 0 and j in ends[i]
        ),
        default=np.inf,
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw some roads, a few of them one-way, walks that are refused, and costs."""
    nodes = draw(st.integers(3, 7))
    point = st.integers(0, nodes - 1)
    roads = draw(
        st.lists(
            st.tuples(point, point, st.booleans(), st.integers(1, 20)), min_size=3, max_size=11
        )
    )
    edges: list[tuple[int, int, int, int]] = []
    for a, b, both, ms in roads:
        count = len(edges)
        edges.append((a, b, count + 1 if both else -1, 2 * ms))
        if both:
            edges.append((b, a, count, 2 * ms))
    choice = st.integers(0, 2**16)

    def stroll(length: int) -> Walk:
        walk = [draw(choice) % len(edges)]
        while len(walk) < length:
            _, head, twin, _ = edges[walk[-1]]
            after = [i for i, e in enumerate(edges) if e[0] == head and (length == 2 or i != twin)]
            if not after:
                break
            walk.append(after[draw(choice) % len(after)])
        return tuple(walk)

    walks = [
        stroll(length) for length in draw(st.lists(st.sampled_from((2, 2, 2, 3, 3, 4)), max_size=7))
    ]
    costs = {
        walk: draw(st.sampled_from((3, 10, 40)))
        for walk in (stroll(2) for _ in range(draw(st.integers(0, 6))))
        if len(walk) == 2 and edges[walk[0]][2] != walk[1]
    }
    turning = draw(st.frozensets(point, max_size=2))
    return Case(tuple(edges), frozenset(w for w in walks if len(w) > 1), turning, costs)


RIM = Case(  # 2 can be left in one direction only by turning back at 3: nobody may, the way round or not
    (
        (0, 0, -1, 2),
        (0, 3, 2, 2),
        (3, 0, 1, 2),
        (3, 1, 4, 2),
        (1, 3, 3, 2),
        (2, 0, -1, 4),
        (2, 3, 7, 2),
        (3, 2, 6, 2),
    ),
    frozenset({(4, 2)}),
    frozenset(),
    {},
)


@given(cases())
@example(RIM)
def test_every_fastest_drive_is_the_oracles(case: Case) -> None:
    """From road to road the split graph gives what a driver needs who remembers every rule and never turns back."""
    lanes, kept = build(case)
    assume(len(kept) > 2)
    expected = {edge: drive(case, edge, kept) for edge in kept}
    found = {edge: driven(case, lanes, edge) for edge in kept}
    event(f"U-turns refused: {min(lanes.u_turns, 3)}, copies: {min(lanes.copies, 3)}")
    for one in kept:
        for other in kept - {one, case.edges[one][2]}:
            legal = between(case, expected, one, other)
            assert between(case, found, one, other) == legal
            assert legal < np.inf  # what is kept reaches each other


@given(cases())
def test_no_more_is_split_than_needed(case: Case) -> None:
    """Where nothing is refused and nothing costs, the graph is the plain one."""
    free = Case(case.edges, frozenset(), case.turning, {})
    lanes, _ = build(free)
    assert (lanes.split, lanes.copies, len(lanes.connectors)) == (0, 0, 0)


#     1           From 0 to 2 it is forbidden to turn left into 1-3; 2 is a dead end.
#     |           One junction, one rule: two parts and one connector.
# 0---3---2
def test_one_refused_turn_costs_one_part_and_one_connector() -> None:
    edges = (
        (0, 3, 1, 10),
        (3, 0, 0, 10),
        (1, 3, 3, 10),
        (3, 1, 2, 10),
        (2, 3, 5, 10),
        (3, 2, 4, 10),
    )
    lanes, _ = build(Case(edges, frozenset({(0, 3)}), frozenset(), {}))
    assert (lanes.split, len(lanes.point) - 4, len(lanes.connectors)) == (1, 1, 1)
    costly, _ = build(Case(edges, frozenset(), frozenset(), {(0, 3): 7, (2, 1): 7}))
    assert (costly.split, costly.costly) == (1, 2)
    assert len(costly.connectors) <= 3


@pytest.mark.parametrize(("turning", "refused"), [((), 1), ((2,), 0)])
def test_turning_back_is_refused_unless_the_road_is_made_for_it(
    turning: tuple[int, ...], refused: int
) -> None:
    """Straight on and back is no way round a refused left turn where the road goes on."""
    #     1
    #     |
    # 0---3---2---4---5 (dead end)
    roads = ((0, 3), (1, 3), (3, 2), (2, 4), (4, 5))
    edges = tuple(
        edge
        for i, (a, b) in enumerate(roads)
        for edge in ((a, b, 2 * i + 1, 10), (b, a, 2 * i, 10))
    )
    case = Case(edges, frozenset({(0, 3)}), frozenset(turning), {})
    lanes, kept = build(case)
    ms = driven(case, lanes, 0)[3]
    assert ms == drive(case, 0, kept)[3] == (20 if turning else 60)
    assert lanes.u_turns == (0 if turning else 2) == 2 * refused


@pytest.mark.data
@pytest.mark.parametrize(
    "name",
    ["herrenberg-2021.osm.pbf", "lauf-pegnitz-2020.osm.pbf", "liechtenstein-2026-03-29.osm.pbf"],
)
def test_real_roads_against_the_same_oracle(name: str, data_dir: Path) -> None:
    """On real restrictions, via ways among them, and with real costs of turning."""
    profile = load_profile()
    roads = read_roads(data_dir / "osm" / name, profile)
    segments = make_segments(roads, profile.delays)
    inside = largest_part(segments).inside
    edges = join_segments(segments, inside, build_steps._junctions(roads, segments))
    way_id = roads.way_id[segments.way[edges.first]]
    refused = refused_turns(roads.restrictions, edges, way_id, segments.node_id)
    lanes = build_steps._lanes(roads, segments, edges, refused, profile)
    turns = all_turns(edges, Refused(), np.zeros(len(segments.lon), dtype=np.bool_))
    ms = turn_costs(turns, edges, segments, roads, profile.turns)
    costs = {(int(turns.origin[i]), int(turns.into[i])): int(ms[i]) for i in np.flatnonzero(ms)}
    turning = np.flatnonzero(np.isin(segments.node_id, roads.turning))
    columns = (edges.tail, edges.head, edges.twin, edge_times(segments, edges))
    case = Case(
        tuple(zip(*(column.tolist() for column in columns), strict=True)),
        frozenset(refused.pairs | refused.sequences),
        frozenset(turning.tolist()),
        costs,
    )
    kept = set(lanes.edge.tolist())
    assert lanes.u_turns > 0
    for one in np.random.default_rng(7).choice(sorted(kept), 6).tolist():
        both = [edge for edge in (one, case.edges[one][2]) if edge >= 0]
        expected = {edge: drive(case, edge, kept) for edge in both}
        found = {edge: driven(case, lanes, edge) for edge in both}
        for other in kept - set(both):
            legal = between(case, expected, one, other)
            assert between(case, found, one, other) == legal < np.inf
