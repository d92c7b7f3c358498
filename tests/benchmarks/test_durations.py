"""Comparing driving times with other engines."""

import re
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.durations import OUTLIERS, _strangest, run
from benchmarks.peers.environment import NOT_INSTALLED
from benchmarks.pictures import growth, scatter
from benchmarks.roads import spot_on
from benchmarks.trips import APART_M, random_trips
from regions.region import open_region
from routing.spot import metres_apart


def test_trips_are_long_enough_and_the_same_for_a_seed(sample_region: Path) -> None:
    graph = open_region(sample_region).graph
    trips = random_trips(graph, 40, seed=3)
    assert trips.shape == (40, 4)
    assert all(metres_apart((row[0], row[1]), (row[2], row[3])) >= APART_M for row in trips)
    np.testing.assert_array_equal(trips, random_trips(graph, 40, seed=3))
    assert not np.array_equal(trips, random_trips(graph, 40, seed=4))


def test_a_spot_goes_from_one_end_of_an_edge_to_the_other(sample_region: Path) -> None:
    graph = open_region(sample_region).graph
    edge = int(np.flatnonzero(graph.way_id != 0)[0])
    lon, lat = graph.shape(edge)
    assert spot_on(graph, edge, 0.0) == pytest.approx((lon[0], lat[0]))
    assert spot_on(graph, edge, 1.0) == pytest.approx((lon[-1], lat[-1]))


def test_outliers_are_judged_against_what_is_usual_in_both_directions() -> None:
    ratios = np.array([0.9, np.nan, 1.8, 0.9, 0.3, 0.91])
    assert _strangest(ratios)[:2] == [4, 2]
    assert 1 not in _strangest(ratios)
    assert len(_strangest(np.linspace(0.5, 2, 50))) == OUTLIERS
    assert _strangest(np.array([np.nan])) == []


def test_pictures_are_drawn(tmp_path: Path) -> None:
    ours = np.array([1.0, 2.0, 3.0])
    scatter(tmp_path / "a.svg", ours, {"a & b": np.array([1.0, np.nan, 2.0])}, "min")
    assert "ours, min" in re.sub(r"<!--|-->", "", (tmp_path / "a.svg").read_text(encoding="utf-8"))
    scatter(tmp_path / "none.svg", ours, {}, "min")
    growth(tmp_path / "b.png", [10, 100], {"table": [1.0, 5.0]})
    assert (tmp_path / "b.png").read_bytes().startswith(b"\x89PNG")


def test_without_peers_the_benchmark_says_so_and_has_no_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUERGERBUS_PEERS", str(tmp_path))
    record = run(Namespace(osm=None, pairs=5, quick=True, json=True, picture=None))
    assert record.figures == {}
    assert record.peers == {"osrm": NOT_INSTALLED, "valhalla": NOT_INSTALLED}
