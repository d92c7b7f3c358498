"""The map is drawn beside the other steps, and its errors arrive as if it were not."""

import signal
from pathlib import Path

import pytest

from regions.map_job import MapJob, drawing
from regions.sample import write_sample
from routing.errors import ExtractError


def test_a_map_is_drawn_while_the_block_runs(tmp_path: Path) -> None:
    files = write_sample(tmp_path / "sources", seed=3, villages=3, size_km=12.0)
    target = tmp_path / "map.pmtiles"
    with drawing(files.osm, target, tmp_path) as job:
        job.finish()
    assert target.read_bytes()[:7] == b"PMTiles"


def test_a_refusal_keeps_its_kind_and_code(tmp_path: Path) -> None:
    broken = tmp_path / "broken.osm"
    broken.write_text("<osm version='0.6'><node", encoding="utf-8")
    with pytest.raises(ExtractError) as caught, drawing(broken, tmp_path / "map", tmp_path) as job:
        job.finish()
    assert caught.value.code == "extract-truncated"
    assert "broken.osm" in caught.value.message


def test_when_another_step_fails_the_drawing_is_stopped(tmp_path: Path) -> None:
    files = write_sample(tmp_path / "sources", seed=3, villages=3, size_km=12.0)
    jobs: list[MapJob] = []

    def fail() -> None:
        with drawing(files.osm, tmp_path / "map", tmp_path) as job:
            jobs.append(job)
            raise ExtractError("extract-empty", "no roads")

    with pytest.raises(ExtractError, match="no roads"):
        fail()
    assert jobs[0].process.returncode == -signal.SIGTERM
    assert not (tmp_path / "map").exists()
