"""``buergerbus gtfs export``: a feed on disk, or one line that says what to do."""

from pathlib import Path

import pytest

from buergerbus.cli import run
from gtfs.feed import read_feed, read_other_services

URL = ["--url", "https://bus.example.org/"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_all_areas_of_a_region(sample_region: Path, tmp_path: Path) -> None:
    assert run(["gtfs", "export", str(sample_region), "--out", "flex.zip", *URL]) == 0
    services, findings = read_other_services(tmp_path / "flex.zip")
    assert findings == ()
    assert len(services) == 2
    assert {path.name for path in tmp_path.iterdir()} == {"flex.zip"}  # and no empty database


def test_one_area_for_planners_without_flex(sample_region: Path, tmp_path: Path) -> None:
    area = min((sample_region / "areas").glob("*.toml")).stem
    arguments = [str(sample_region), "--area", area, "--plain", "-o", "plain.zip", "--days", "30"]
    assert run(["gtfs", "export", *arguments, "--first-day", "2026-03-02", *URL]) == 0
    timetable, report = read_feed(tmp_path / "plain.zip")
    assert str(report.last_day) == "2026-03-31"
    assert all(stop.startswith(f"{area}:") for stop in timetable.stop_id)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["{region}", "-o", "x.zip"], "--url"),
        (["{region}", *URL], "--out"),
        (["absent", "-o", "x.zip", *URL], "absent"),
        (["{region}", "--area", "nirgends", "-o", "x.zip", *URL], "known: "),
        (["{region}", "{region}", "-o", "x.zip", *URL], "one by one"),
        (["{region}", "-o", "x.zip", "--url", "bus.example.org"], "bad-address"),
        (["{region}", "-o", "absent/x.zip", *URL], "cannot be written"),
        (["{region}", "-o", "x.zip", "--days", "0", *URL], "--days"),
        (["{region}", "-o", "x.zip", "--first-day", "morgen", *URL], "--first-day"),
    ],
)
def test_wrong_words_end_with_one_line(
    sample_region: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    filled = [each.format(region=sample_region) for each in arguments]
    assert run(["gtfs", "export", *filled]) == 2
    lines = [
        line for line in capsys.readouterr().err.splitlines() if line.startswith("buergerbus:")
    ]
    assert len(lines) == 1
    assert told in lines[0]
    assert list(tmp_path.iterdir()) == []
