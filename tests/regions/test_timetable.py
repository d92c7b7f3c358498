"""The timetable of a region: stored whole, opened fast, renewed without ever being half there."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from buergerbus.cli import run
from gtfs.errors import FeedError
from gtfs.feed import read_feeds
from gtfs.other_services import CallStop, Hours, Notice, OtherService
from gtfs.reading import Reading
from gtfs.report import FeedReport
from regions.errors import FormatError
from regions.manifest import Manifest
from regions.timetable import (
    load_other_services,
    load_timetable,
    renew_timetable,
    save_reading,
)

FEED = {
    "agency.txt": "agency_name,agency_url,agency_timezone\nA,https://a.example,Europe/Berlin\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\na,A,48.6,8.8\nb,B,48.7,8.9\n",
    "routes.txt": "route_id,route_short_name,route_type\nr,773,3\n",
    "trips.txt": "route_id,service_id,trip_id\nr,s,t\n",
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t,7:00:00,7:00:00,a,1\nt,7:30:00,7:30:00,b,2\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "s,1,1,1,1,1,1,1,20260101,20260331\n"
    ),
}
SUMMER = FEED | {
    "routes.txt": FEED["routes.txt"].replace("773", "774"),
    "calendar.txt": FEED["calendar.txt"].replace("20260101,20260331", "20260401,20260930"),
}
SERVICE = OtherService(
    id="r/b/z",
    name="RufBus",
    operator="Kreis",
    description="",
    phone="07031 1",
    info_url="",
    booking_url="",
    messages=("Bitte anrufen",),
    notice=Notice(days=1, until_s=61_200),
    hours=(
        Hours(
            from_s=0,
            until_s=90_000,
            weekdays=(True,) * 5 + (False,) * 2,
            first_day=date(2026, 1, 1),
            last_day=date(2026, 12, 31),
            also_on=frozenset({date(2026, 5, 2)}),
        ),
    ),
    stops=(CallStop("Kirche", 8.8, 48.6),),
    zones=((((8.0, 48.0), (9.0, 48.0), (9.0, 49.0), (8.0, 48.0)),),),
)


def zipped(path: Path, tables: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in tables.items():
            archive.writestr(name, text)
    return path


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """Write a region folder that holds a timetable and nothing else."""
    folder = tmp_path / "region"
    feed = zipped(tmp_path / "winter.zip", FEED)
    save_reading(read_feeds({"winter": feed}), folder / "timetable")
    Manifest(name="R", invented=True, bbox=(8, 48, 9, 49), attribution="").write(folder)
    return folder


def lines(region: Path) -> tuple[str, ...]:
    timetable = load_timetable(region / Manifest.read(region).timetable)
    assert timetable is not None
    timetable.check()
    return timetable.route_short_name


def test_every_field_comes_back(tmp_path: Path) -> None:
    reading = read_feeds({"w": zipped(tmp_path / "w.zip", FEED)})
    save_reading(reading, tmp_path / "timetable")
    back = load_timetable(tmp_path / "timetable")
    assert back is not None
    for field in fields(back):
        ours, theirs = getattr(reading.timetable, field.name), getattr(back, field.name)
        assert np.array_equal(ours, theirs), field.name


def test_other_services_come_back_without_a_timetable(tmp_path: Path) -> None:
    report = FeedReport("f.zip", date(2026, 1, 1), date(2026, 12, 31), other_services=(SERVICE,))
    save_reading(Reading(timetable=None, reports=(report,)), tmp_path / "timetable")
    assert load_timetable(tmp_path / "timetable") is None
    assert load_other_services(tmp_path / "timetable") == (SERVICE,)
    (tmp_path / "timetable" / "other_services.json").write_text('[{"id": 1}]', encoding="utf-8")
    with pytest.raises(FormatError, match="build the region again"):
        load_other_services(tmp_path / "timetable")


def test_no_feed_no_timetable(tmp_path: Path) -> None:
    assert load_timetable(tmp_path / "nothing") is None
    assert load_other_services(tmp_path / "nothing") == ()


def test_a_new_timetable_takes_the_place_of_the_old(region: Path, tmp_path: Path) -> None:
    still_open = load_timetable(region / "timetable")
    for name in ("summer", "again"):
        changes = renew_timetable(
            region, [zipped(tmp_path / f"{name}.zip", SUMMER)], date(2026, 3, 25)
        )
        assert lines(region) == ("774",)
        manifest = Manifest.read(region)
        assert [(source.kind, source.file) for source in manifest.sources] == [
            ("gtfs", f"{name}.zip")
        ]
        assert manifest.counts["timetable"]["trips"] == 1
        assert manifest.feed_warnings == (
            "The timetable begins on 2026-04-01 only.",
            "feed_info.txt is missing: nobody tells who publishes this.",
        )
        # nothing is left of the one before
        assert sorted(path.name for path in region.iterdir()) == [
            "manifest.json",
            manifest.timetable.split("/")[0],
        ]
    assert (changes.lines_gone, changes.lines_new) == ((), ())
    # who had it open reads on
    assert still_open is not None
    assert still_open.arrival_s.tolist() == [7 * 3600, 27_000]


@pytest.mark.parametrize(
    ("tables", "today", "code"),
    [
        (FEED, date(2026, 4, 1), "no-service-in-horizon"),
        (SUMMER, date(2026, 3, 18), "no-service-in-horizon"),
        ({"stops.txt": ""}, date(2026, 3, 25), "missing-file"),
        ({"index.html": "<!doctype html>"}, date(2026, 3, 25), "missing-file"),
    ],
)
def test_a_refused_one_leaves_all_as_it_was(
    region: Path, tmp_path: Path, tables: Mapping[str, str], today: date, code: str
) -> None:
    before = {path: path.read_bytes() for path in region.rglob("*") if path.is_file()}
    with pytest.raises(FeedError) as caught:
        renew_timetable(region, [zipped(tmp_path / "new.zip", tables)], today)
    assert caught.value.code == code
    assert {path: path.read_bytes() for path in region.rglob("*") if path.is_file()} == before


def test_the_command_tells_what_changed(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = zipped(tmp_path / "summer.zip", SUMMER)
    command = ["region", "timetable", str(region), "--gtfs", str(feed), "--today"]
    assert run([*command, "2026-01-01"]) == 2
    assert "the timetable in use stays" in " ".join(capsys.readouterr().err.split())
    assert lines(region) == ("773",)
    assert run([*command, "2026-09-20"]) == 0
    told = capsys.readouterr().out
    assert "lines gone: 773" in told
    assert "lines new: 774" in told
    assert "it ends in 10 days" in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("<!doctype html><html><body>404</body></html>", "new.zip is no readable zip file"),
        ("", "new.zip is no readable zip file"),
        ({}, "is missing"),
        ({name: text.splitlines()[0] + "\n" for name, text in FEED.items()}, "agency.txt"),
    ],
)
def test_the_command_refuses_what_is_no_feed(
    region: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str | Mapping[str, str],
    told: str,
) -> None:
    """A page named .zip, an empty file, an empty archive, tables without rows: one line each, nothing changes."""
    feed = tmp_path / "new.zip"
    if isinstance(content, str):
        feed.write_text(content, "utf-8")
    else:
        zipped(feed, content)
    before = {path: path.read_bytes() for path in region.rglob("*") if path.is_file()}
    assert (
        run(["region", "timetable", str(region), "--gtfs", str(feed), "--today", "2026-03-01"]) == 2
    )
    said = " ".join(capsys.readouterr().err.split())
    assert told in said
    assert {path: path.read_bytes() for path in region.rglob("*") if path.is_file()} == before


def test_a_feed_that_ends_tomorrow_is_taken_with_a_warning(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is service within 14 days, so it is better than none; whoever reads is told."""
    feed = zipped(tmp_path / "new.zip", SUMMER)
    assert (
        run(["region", "timetable", str(region), "--gtfs", str(feed), "--today", "2026-09-29"]) == 0
    )
    assert lines(region) == ("774",)
    assert "warning it ends in 1 days" in capsys.readouterr().out
    ended = ["region", "timetable", str(region), "--gtfs", str(feed), "--today", "2026-10-01"]
    assert run(ended) == 2
    assert "2026-04-01 to 2026-09-30" in " ".join(capsys.readouterr().err.split())
    assert lines(region) == ("774",)


def test_a_manifest_is_written_in_one_step(region: Path) -> None:
    assert json.loads((region / "manifest.json").read_text(encoding="utf-8"))["feed_warnings"] == []
    assert not (region / ".manifest.json").exists()
