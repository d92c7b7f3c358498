"""Timetables in force and what is told about them: fetched by jobs, kept until stale, swapped whole."""

import shutil
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from google.transit.gtfs_realtime_pb2 import FeedMessage

from api.jobs import refresh, renew, start_jobs
from gtfs.feed import read_feeds
from gtfs.reading import Reading
from regions.manifest import Manifest, Source
from regions.region import AREAS, open_region
from regions.timetable import save_reading

MONDAY = date(2026, 3, 30)
SIX = 1_774_843_200  # 30 March 2026, 04:00 UTC: six in the morning in Talheim
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
        "s,1,1,1,1,1,1,1,20260101,20260405\n"
    ),
}
LATER = FEED | {
    "routes.txt": FEED["routes.txt"].replace("773", "774"),
    "calendar.txt": FEED["calendar.txt"].replace("20260405", "20261231"),
}


def write_feed(path: Path, tables: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in tables.items():
            archive.writestr(name, text)
    return path


def write_news(path: Path, told_s: int, delay_s: int) -> None:
    data = {
        "header": {"gtfs_realtime_version": "2.0", "timestamp": told_s},
        "entity": [
            {"id": "0", "trip_update": {"trip": {"trip_id": "t"}, "delay": delay_s}},
            {
                "id": "1",
                "alert": {
                    "informed_entity": [{"route_id": "r"}],
                    "header_text": {"translation": [{"text": "Umleitung", "language": "de"}]},
                },
            },
        ],
    }
    path.write_bytes(ParseDict(data, FeedMessage()).SerializeToString())


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Folder in which feeds are published."""
    folder = tmp_path / "published"
    folder.mkdir()
    write_feed(folder / "bus.zip", FEED)
    return folder


@pytest.fixture
def server(village: Path, tmp_path: Path, sources: Path, start: Callable[..., Any]) -> Any:
    """Serve a village whose area names its feeds."""
    folder = tmp_path / "talheim"
    shutil.copytree(village, folder)
    area = folder / AREAS / "talheim.toml"
    named = f'timetable = ["{sources}/bus.zip"]\nrealtime = [{{ source = "{sources}/rt.pb" }}]\n'
    area.write_text(f"{area.read_text('utf-8')}\n[public_transport]\n{named}", "utf-8")
    timetable, report = read_feeds({"bus": sources / "bus.zip"}).timetable, ()
    assert timetable is not None
    save_reading(Reading(timetable, report), folder / "timetable")
    Manifest(
        name="T",
        invented=True,
        bbox=(9, 48, 10, 49),
        attribution="",
        sources=(Source.of("gtfs", sources / "bus.zip"),),
    ).write(folder)
    return start(regions={"talheim": open_region(folder)})


def live(server: Any) -> Any:
    return server.services.context.live.regions["talheim"]


def delays(server: Any, now_s: int = SIX) -> list[Any]:
    overlay = live(server).now(now_s).overlay
    return [] if overlay is None else [update.delays for update in overlay.updates.values()]


def test_news_are_in_force_until_stale(server: Any, sources: Path) -> None:
    """Six o'clock: five minutes late. The source then breaks; after a quarter of an hour nothing is known."""
    write_news(sources / "rt.pb", SIX, 300)
    server.clock.move(minutes=1)  # the first try, at start, found no file
    refresh(server.services.context)
    assert delays(server) == [((300, 300), (300, 300))]
    known = live(server).now(SIX)
    assert [alert.header for alert in known.alerts] == ["Umleitung"]
    assert live(server).now(SIX) is known
    for broken in (b"<html>", b""):
        (sources / "rt.pb").write_bytes(broken)
        server.clock.move(minutes=5)
        refresh(server.services.context)
        assert delays(server) == [((300, 300), (300, 300))]
    assert delays(server, SIX + 900)
    assert delays(server, SIX + 901) == []
    assert live(server).now(SIX + 901).alerts == ()
    server.clock.move(minutes=5)
    refresh(server.services.context)
    assert live(server).now(SIX + 960).told_s is None
    write_news(sources / "rt.pb", SIX + 1_000, 60)
    server.clock.move(minutes=1)
    refresh(server.services.context)
    assert delays(server, SIX + 1_000) == [((60, 60), (60, 60))]


def test_the_same_news_stay_the_same_object(server: Any, sources: Path) -> None:
    """Days laid out with them are not made again every half minute."""
    write_news(sources / "rt.pb", SIX, 300)
    server.clock.move(minutes=1)
    refresh(server.services.context)
    told = live(server).now(SIX).overlay
    refresh(server.services.context)
    assert live(server).now(SIX).overlay is told
    write_news(sources / "rt.pb", SIX, 600)
    refresh(server.services.context)
    assert live(server).now(SIX).overlay is not told


def test_a_better_timetable_comes_into_force_at_once(server: Any, sources: Path) -> None:
    write_news(sources / "rt.pb", SIX, 300)
    server.clock.move(minutes=1)
    refresh(server.services.context)
    renew(server.services.context)
    assert live(server).now(SIX).timetable.route_short_name == ("773",)  # nothing has changed
    assert delays(server)
    write_feed(sources / "bus.zip", LATER)
    renew(server.services.context)
    known = live(server).now(SIX)
    assert (known.timetable.route_short_name, known.last_day) == (("774",), date(2026, 12, 31))
    # indices of the old one mean nothing any more; the same news are read again
    assert known.overlay is None
    refresh(server.services.context)
    assert delays(server) == [((300, 300), (300, 300))]


def test_a_worse_timetable_never_does(server: Any, sources: Path) -> None:
    """A page named .zip, then a feed without stops; each is read once only."""
    (sources / "bus.zip").write_text("<!doctype html><html>404</html>", "utf-8")
    for bad in (None, FEED | {"stops.txt": ""}):
        if bad is not None:
            write_feed(sources / "bus.zip", bad)
        for _ in range(2):
            renew(server.services.context)
            assert live(server).now(SIX).timetable.route_short_name == ("773",)


def test_a_feed_that_came_too_early_is_tried_again(server: Any, sources: Path) -> None:
    begins = FEED["calendar.txt"].replace("20260101,20260405", "20260413,20261231")
    write_feed(sources / "bus.zip", LATER | {"calendar.txt": begins})
    for line in ("773", "774"):
        renew(server.services.context)
        assert live(server).now(SIX).timetable.route_short_name == (line,)
        server.clock.move(days=3)


def test_everybody_sees_when_the_timetable_ends(server: Any) -> None:
    (told,) = server.client.get("/health").json()["timetables"]
    assert told == {
        "region": "talheim",
        "last_day": "2026-04-05",
        "days_left": 6,
        "realtime_at": None,
    }


def test_the_jobs_are_there_where_feeds_are_named(server: Any) -> None:
    scheduler = start_jobs(server.services.context)
    try:
        jobs = {"days", "tidy", "forget", "realtime", "timetable", "connections"}
        assert set(scheduler.jobs) == jobs | {
            "timetable-end",
            "roster",
            "seal",
            "standing",
            "measure",
        }
    finally:
        scheduler.stop()
