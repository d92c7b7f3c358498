"""Every real extract becomes a region; its counts are those counted independently with pyosmium."""

from pathlib import Path

import numpy as np
import pytest

from regions.build import Sources, build_region

# file: raw nodes, raw directed edges, addresses (see the README of the data folder)
COUNTS = {
    "liechtenstein-2026-03-29.osm.pbf": (32_324, 64_253, 12_559),
    "north-bayreuth-2014.osm.gz": (6_099, 11_839, 800),
    "lauf-pegnitz-2020.osm.pbf": (6_081, 12_187, 5_425),
    "herrenberg-2021.osm.pbf": (2_969, 5_988, 1),
    "boeblingen-2020.osm.pbf": (807, 1_483, 2),
    "goeppingen-faurndau-2016.osm": (499, 1_028, 1_005),
    "rhein-neckar-roads-2016.osm.pbf": (164_469, 305_950, 4),
}


@pytest.mark.data
@pytest.mark.parametrize("name", COUNTS)
def test_extract_becomes_a_region(name: str, data_dir: Path, tmp_path: Path) -> None:
    region = build_region(Sources(data_dir / "osm" / name), tmp_path / "region")
    roads = region.manifest.counts["roads"]
    nodes, edges, addresses = COUNTS[name]
    assert roads["raw_nodes"] == pytest.approx(nodes, rel=0.01)
    assert roads["raw_edges"] == pytest.approx(edges, rel=0.01)
    assert region.manifest.counts["addresses"]["addresses"] == pytest.approx(
        addresses, rel=0.02, abs=2
    )
    assert roads["connected_share"] > 0.74
    assert region.tiles.stat().st_size > 1_000
    west, south, east, north = region.manifest.bbox
    assert west < east
    assert south < north


@pytest.mark.data
def test_a_region_for_winter_says_so(data_dir: Path, tmp_path: Path) -> None:
    osm = data_dir / "osm" / "boeblingen-2020.osm.pbf"
    summer = build_region(Sources(osm), tmp_path / "summer")
    winter = build_region(Sources(osm, winter=True), tmp_path / "winter")
    cold, warm = (
        np.bincount(np.unique(graph.way_id, return_inverse=True)[1], graph.time_ms)[1:]  # by way
        for graph in (winter.graph, summer.graph)
    )
    assert (cold >= warm).all()
    assert cold.sum() > 1.1 * warm.sum()
    said = "Driving times are those of winter roads."
    assert said in winter.manifest.warnings
    assert said not in summer.manifest.warnings
