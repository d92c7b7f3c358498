"""Wrong input ends with exit code 2 and one clear line; a region that is there stays as it was."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from buergerbus.cli import run

AREA = """\
format = 1
id = "probe"
name = "Probe"
time_zone = "Europe/Berlin"
phone = "+49 30 23125 014"
[operator]
name = "Probeverein"
"""


def build(osm: Path, area: Path, target: Path) -> list[str]:
    return ["region", "build", "--osm", str(osm), "--area", str(area), "-o", str(target)]


@pytest.fixture
def area(tmp_path: Path) -> Path:
    file = tmp_path / "area.toml"
    file.write_text(AREA, encoding="utf-8")
    return file


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line of complaint; progress lines before it are indented or titles."""
    lines = [
        line for line in capsys.readouterr().err.splitlines() if line.startswith("buergerbus:")
    ]
    assert len(lines) == 1, lines
    return lines[0]


def test_truncated_pbf(
    sample_region: Path, tmp_path: Path, area: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (sample_region / "sources/sample.osm.pbf").read_bytes()
    target = tmp_path / "region"
    shutil.copytree(sample_region, target)
    before = snapshot(target)
    for share in (0.2, 0.5, 0.97):
        broken = tmp_path / "broken.osm.pbf"
        broken.write_bytes(whole[: int(len(whole) * share)])
        assert run(build(broken, area, target)) == 2
        assert "broken.osm.pbf" in one_line(capsys)
    assert snapshot(target) == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.osm.pbf", b"<!DOCTYPE html><html><body>404</body></html>"),
        ("empty.osm", b'<?xml version="1.0"?><osm version="0.6"></osm>'),
        ("nothing.osm.pbf", b""),
        ("noise.osm.gz", b"this is no gzip"),
        ("extract.zip", b"PK\x03\x04"),
    ],
)
def test_no_extract(
    name: str, content: bytes, tmp_path: Path, area: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert run(build(file, area, tmp_path / "region")) == 2
    assert name in one_line(capsys)
    assert not (tmp_path / "region").exists()


def test_missing_extract(tmp_path: Path, area: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(build(tmp_path / "absent.osm.pbf", area, tmp_path / "region")) == 2
    assert "absent.osm.pbf" in one_line(capsys)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (AREA.replace("Europe/Berlin", "Europe/Nirgends"), "time_zone"),
        (AREA.replace("format = 1", "format = 9"), "format"),
        (AREA + "[rules]\nlead_tme_min = 5\n", "lead_tme_min"),
        (AREA + "[rules]\ntravel_factor = 40\n", "travel_factor"),
        (AREA.replace('name = "Probe"\n', ""), "name is missing"),
        (AREA.replace("[operator]", 'municipalities = ["Atlantis"]\n[operator]'), "Atlantis"),
        (AREA.replace("[operator]", 'colour = "red"\n[operator]'), "colour"),
        ("this is = no toml = at all", "TOML"),
    ],
)
def test_wrong_area_file(
    wrong: str, named: str, sample_region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    area = tmp_path / "area.toml"
    area.write_text(wrong, encoding="utf-8")
    osm = sample_region / "sources/sample.osm.pbf"
    assert run(build(osm, area, tmp_path / "region")) == 2
    line = one_line(capsys)
    assert named in line
    assert "area.toml" in line
    assert not (tmp_path / "region").exists()


def test_other_format_version(
    sample_region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    region = tmp_path / "region"
    shutil.copytree(sample_region, region)
    manifest = json.loads((region / "manifest.json").read_text(encoding="utf-8"))
    manifest["format_version"] = 99
    (region / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for command in (
        ["region", "show", str(region)],
        ["serve", str(region)],
        ["simulate", str(region)],
    ):
        assert run(command) == 2
        assert "99" in one_line(capsys)


def test_damaged_region(
    sample_region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    region = tmp_path / "region"
    shutil.copytree(sample_region, region)
    (region / "roads/head.npy").write_bytes(b"no array")
    assert run(["region", "show", str(region)]) == 2
    assert "build the region again" in one_line(capsys)


def test_a_folder_with_other_files_is_never_replaced(
    sample_region: Path, tmp_path: Path, area: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "letters"
    target.mkdir()
    (target / "letter.txt").write_text("Liebe Oma", encoding="utf-8")
    assert run(build(sample_region / "sources/sample.osm.pbf", area, target)) == 2
    assert "letters" in one_line(capsys)
    assert (target / "letter.txt").read_text(encoding="utf-8") == "Liebe Oma"


@pytest.mark.parametrize(
    "arguments",
    [
        ["region", "build", "-o", "x"],
        ["region", "sample", "-o", "x", "--villages", "1"],
        ["region", "sample", "-o", "x", "--villages", "viele"],
        ["serve", "absent"],
        ["nonsense"],
        ["serve", "--host", "0.0.0.0", "absent"],  # noqa: S104  # refused, that is the point
    ],
)
def test_wrong_words(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    assert one_line(capsys)
    assert list(tmp_path.iterdir()) == []


def test_show_prints_data(sample_region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["region", "show", str(sample_region), "--json"]) == 0
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert data["invented"] is True
    assert data["counts"]["roads"]["connected_share"] > 0.95
    assert {source["kind"] for source in data["sources"]} == {"osm", "gtfs", "area"}
