"""Each benchmark gives the figures it promises, checks its work and says which peers it lacks."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.peers.environment import NOT_INSTALLED
from benchmarks.record import Record

FIGURES = {
    "tables": {"exact", "ms", "build_s", "ratio_scipy", "nodes", "edges"},
    "paths": {"exact", "median_us", "add_place_median_ms"},
    "closures": {"exact", "live_s"},
    "growth": {"exponent_build", "exponent_table"},
    "timetable": {"exact", "build_s", "earliest_median_ms", "range_median_ms"},
    "journeys": {"median_ms", "p95_ms", "violations"},
    "bookings": {"p50_ms", "p99_ms", "errors", "overbooked", "saturation_per_s"},
    "crash": {"kills", "acknowledged", "lost", "doubled", "broken", "ready_s"},
    "region": {"build_s", "peak_mb", "open_ms"},
}
PEERS = {"tables": {"pyroutingkit", "osrm"}, "paths": {"pyroutingkit"}}


@pytest.mark.parametrize("name", FIGURES)
def test_one_object_with_the_promised_figures(
    name: str,
    sample_region: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("BUERGERBUS_PEERS", str(tmp_path))
    osm = sample_region / "sources" / "sample.osm.pbf"
    arguments = [name, "--osm", str(osm), "--quick", "--json", "--size", "50"]
    with ThreadPoolExecutor(1) as apart:  # a browser test before may have left a loop running here
        assert apart.submit(main, arguments).result() == 0
    record = json.loads(capsys.readouterr().out)
    assert record["benchmark"] == name
    assert set(record["figures"]) >= FIGURES[name]
    assert record["figures"].get("exact", 1) == 1
    for peer in PEERS.get(name, ()):
        assert record["peers"][peer] == NOT_INSTALLED
        assert f"ratio_{peer}" not in record["figures"]


def test_a_missing_extract_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tables", "--osm", str(tmp_path / "none.osm.pbf")]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1


def test_the_table_writes_gaps_in_percent_and_peers_in_words() -> None:
    record = Record("darp", {"seeds": 1}, {"mean_gap_ab": 0.0123456}, {"one": {"mean_gap": 0.5, "version": "9"}, "two": NOT_INSTALLED})  # fmt: skip
    table = record.as_table()
    assert "1.235%" in table
    assert "peer one: mean_gap 50.000%, version 9" in table
    assert f"peer two: {NOT_INSTALLED}" in table
