"""Real extracts build, and their counts are those of the data's own description."""

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

from routing.build.report import BuildReport
from routing.build.roads import build_roads
from routing.graph import CLOSED_MS, RoadGraph
from routing.hierarchy.tables import times_ms
from routing.profile import load_profile
from routing.search import Search
from routing.snap import Snapper
from routing.travel_times import TravelTimes

pytestmark = pytest.mark.data

# points and directed pairs, simplified nodes and edges, connected share, clipped segments, restrictions at least
EXTRACTS = {
    "boeblingen-2020.osm.pbf": (807, 1_483, 253, 556, 0.789, 0, 14),
    "goeppingen-faurndau-2016.osm": (499, 1_028, 159, 368, 0.786, 0, 4),
    "herrenberg-2021.osm.pbf": (2_969, 5_988, 990, 2_261, 0.967, 0, 30),
    "lauf-pegnitz-2020.osm.pbf": (6_081, 12_187, 1_882, 4_305, 0.958, 231, 30),
    "liechtenstein-2026-03-29.osm.pbf": (32_324, 64_253, 7_789, 16_688, 0.987, 0, 60),
    "north-bayreuth-2014.osm.gz": (6_099, 11_839, 906, 2_049, 0.914, 0, 30),
    "rhein-neckar-roads-2016.osm.pbf": (164_469, 305_950, 32_525, 79_834, 0.985, 0, 0),
}

Built = tuple[RoadGraph, BuildReport]


@pytest.fixture(scope="module", params=EXTRACTS)
def built(request: pytest.FixtureRequest, data_dir: Path) -> tuple[str, RoadGraph, BuildReport]:
    graph, report = build_roads(data_dir / "osm" / request.param, load_profile())
    return request.param, graph, report


def test_counts(built: tuple[str, RoadGraph, BuildReport]) -> None:
    """Raw counts are exact but for motorways tagged two-way; ours keeps edges within one way, so has more."""
    name, graph, report = built
    points, pairs, nodes, edges, share, clipped, restrictions = EXTRACTS[name]
    assert report.raw_nodes == points
    assert report.raw_edges == pytest.approx(pairs, rel=0.0025)
    assert report.usable_nodes == pytest.approx(points, rel=0.07)
    assert report.dangling_segments == clipped
    assert any("clipped" in warning for warning in report.warnings) == (clipped > 0)
    assert report.connected_share == pytest.approx(share, abs=0.04)
    junctions = len(np.unique(np.stack([graph.node_lon, graph.node_lat]), axis=1).T)
    roads = np.count_nonzero((graph.way_id > 0) & (graph.copy_of < 0))
    assert 0.85 * nodes < junctions < 1.35 * nodes
    assert 0.85 * edges < roads < 1.25 * edges
    assert graph.nodes < 1.5 * junctions  # the most where a small extract is all town
    assert graph.edges < 1.3 * roads
    assert (report.nodes, report.edges) == (graph.nodes, graph.edges)
    assert report.restrictions >= restrictions


def test_the_graph_keeps_its_promises(built: tuple[str, RoadGraph, BuildReport]) -> None:
    _, graph, _ = built
    edge = np.arange(graph.edges)
    assert (np.diff(graph.tail) >= 0).all()
    np.testing.assert_array_equal(
        graph.tail, np.repeat(np.arange(graph.nodes), np.diff(graph.first_out))
    )
    two_way = graph.twin >= 0
    np.testing.assert_array_equal(graph.twin[graph.twin[two_way]], edge[two_way])
    np.testing.assert_array_equal(graph.length_mm[graph.twin[two_way]], graph.length_mm[two_way])
    connector = graph.way_id == 0
    assert (graph.length_mm[connector] == 0).all()
    assert graph.time_ms[connector].max(initial=0) <= 1000 * sum(astuple(load_profile().turns)[1:])
    assert (graph.time_ms[~connector] > 0).all()
    for coordinates, shape in (
        (graph.node_lon, graph.shape_lon),
        (graph.node_lat, graph.shape_lat),
    ):
        np.testing.assert_array_equal(shape[graph.shape_first[:-1]], coordinates[graph.tail])
        np.testing.assert_array_equal(shape[graph.shape_first[1:] - 1], coordinates[graph.head])
    copy = graph.copy_of >= 0
    assert not (two_way & copy).any()
    for column in (
        graph.time_ms,
        graph.length_mm,
        graph.way_id,
        graph.name,
        np.diff(graph.shape_first),
    ):
        np.testing.assert_array_equal(column[copy], column[graph.copy_of[copy]])
    ends = graph.tail, graph.head
    matrix = coo_array((np.ones(graph.edges), ends), shape=(graph.nodes,) * 2).tocsr()
    _, part = connected_components(matrix, connection="strong")
    assert np.bincount(part).max() >= 0.99 * graph.nodes
    # restrictions may cut off one direction of a road, but each road is reached and left again
    core = int(np.argmax(part == np.argmax(np.bincount(part))))
    reached, leading = (np.isfinite(dijkstra(way, indices=[core])[0]) for way in (matrix, matrix.T))
    comes, goes = reached[graph.tail], leading[graph.head]
    comes[graph.copy_of[copy]] |= comes[copy]
    for passed in (comes, goes):
        assert (passed | (two_way & passed[graph.twin]))[~connector & ~copy].all()
    speed = graph.length_mm[~connector].astype(float) / graph.time_ms[~connector] * 3.6
    assert np.median(speed) < 60
    assert (speed < 105).mean() > 0.99  # rounding to 1 ms makes tiny edges look slow or fast


def test_searches_equal_scipy(built: tuple[str, RoadGraph, BuildReport]) -> None:
    """Times from some places to all nodes are those of scipy's Dijkstra; tables agree with both directions."""
    _, graph, _ = built
    rng = np.random.default_rng(3)
    search, snapper, times = Search(graph), Snapper(graph), TravelTimes(graph)
    key = graph.tail.astype(np.int64) * graph.nodes + graph.head
    order = np.lexsort((graph.time_ms, key))
    least = order[np.concatenate([[True], np.diff(key[order]) > 0])]
    # scipy takes a stored 0 for no edge: connectors weigh a hundredth of a millisecond here
    weight = np.maximum(graph.time_ms[least], 0.01)
    matrix = coo_array(
        (weight, (graph.tail[least], graph.head[least])), shape=(graph.nodes,) * 2
    ).tocsr()
    sources = rng.choice(graph.nodes, 6).astype(np.int32)
    found = times_ms(search.hierarchy, sources, np.arange(graph.nodes, dtype=np.int32))
    expected = dijkstra(matrix, indices=sources)
    reached = np.isfinite(expected)
    np.testing.assert_allclose(found[reached], expected[reached], atol=2)
    assert (found[~reached] == CLOSED_MS).all()
    for edge in rng.choice(np.flatnonzero((graph.way_id != 0) & (graph.copy_of < 0)), 6):
        lon, lat = graph.shape(int(edge))
        times.add(snapper.snap(float(lon[1]), float(lat[1]), within_m=10))
    assert times.seconds.max() < 3 * 3600
    for i, j in ((0, 1), (1, 0), (len(times) - 1, 0)):
        path = times.path(i, j)
        assert (path.seconds, path.metres) == (times.seconds[i, j], times.metres[i, j])
