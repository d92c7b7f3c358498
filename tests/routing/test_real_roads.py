"""The real extracts build, and what they hold is what their README counted."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from routing.build.roads import build_roads
from routing.profile import load_profile

pytestmark = pytest.mark.data

# raw nodes, raw directed edges, largest strongly connected share, road segments without a node
COUNTED = {
    "liechtenstein-2026-03-29.osm.pbf": (32_324, 64_253, 0.987, 0),
    "north-bayreuth-2014.osm.gz": (6_099, 11_839, 0.914, 0),
    "lauf-pegnitz-2020.osm.pbf": (6_081, 12_187, 0.958, 231),
    "herrenberg-2021.osm.pbf": (2_969, 5_988, 0.967, 0),
    "boeblingen-2020.osm.pbf": (807, 1_483, 0.789, 0),
    "goeppingen-faurndau-2016.osm": (499, 1_028, 0.786, 0),
    "rhein-neckar-roads-2016.osm.pbf": (164_469, 305_950, 0.985, 0),
}


@pytest.mark.parametrize("name", COUNTED)
def test_counts(data_dir: Path, name: str) -> None:
    """Nodes are counted exactly, edges within 1 %; the connected share differs by what the bus may not use."""
    nodes, edges, share, dangling = COUNTED[name]
    graph, report = build_roads(data_dir / "osm" / name, load_profile())
    assert report.raw_nodes == nodes
    assert report.raw_edges == pytest.approx(edges, rel=0.01)
    assert report.connected_share == pytest.approx(share, abs=0.05)
    assert report.dangling_segments == dangling
    assert (report.nodes, report.edges) == (graph.nodes, graph.edges)
    assert any("clipped" in warning for warning in report.warnings) == (dangling > 0)

    # every road is reached from every other: all nodes but those of directions cut off by restrictions
    matrix = csr_array((np.ones(graph.edges), (graph.tail, graph.head)), shape=(graph.nodes,) * 2)
    _, part = connected_components(matrix, directed=True, connection="strong")
    inside = part == np.argmax(np.bincount(part))
    whole = inside[graph.tail] & inside[graph.head]
    twin_whole = (graph.twin >= 0) & whole[graph.twin]
    assert (whole | twin_whole)[graph.way_id != 0].all()
    assert (graph.time_ms[graph.way_id != 0] > 0).all()


def test_every_extract_there_is_builds(data_dir: Path) -> None:
    """Extracts that came later than this table build as well."""
    others = {path.name for path in (data_dir / "osm").glob("*.osm*")} - set(COUNTED)
    for name in others:
        graph, _ = build_roads(data_dir / "osm" / name, load_profile())
        assert graph.edges
