"""Feeds of real agencies, good and broken."""

import time
from datetime import date
from pathlib import Path

import pytest

from gtfs.departures import departures, departures_near
from gtfs.errors import FeedError
from gtfs.feed import read_feed

pytestmark = pytest.mark.data

HARMLESS = [
    "flatten_feed",
    "good_feed",
    "only_calendar_dates",
    "unknown_file",
    "unrecognized_columns",
    "unused_stop",
    "utf8bom",
]
FAULTY = [
    ("bad_date_format", "bad-date", "calendar.txt, line 2"),
    ("bad_utf8", "not-utf8", "agency.txt, line 1"),
    ("duplicate_stop", "stops-close", "stops.txt, line 4"),
    ("empty_file", "no-rows", "agency.txt"),
    ("invalid_agency_ids", "agency-without-id", "agency.txt, line 3"),
    ("invalid_route_agency", "dangling-agency", "routes.txt, line 4"),
    ("missing_agency", "missing-file", "agency.txt"),
    ("missing_calendar", "missing-file", "calendar.txt"),
    ("missing_column", "missing-column", "agency.txt, line 1: the column agency_name"),
    ("missing_departure_time", "time-missing", "stop_times.txt, line 3"),
    ("missing_routes", "missing-file", "routes.txt"),
    ("missing_stop_times", "missing-file", "stop_times.txt"),
    ("missing_stops", "missing-file", "stops.txt"),
    ("missing_trips", "missing-file", "trips.txt"),
    ("missing_weekday_column", "missing-column", "calendar.txt, line 1: the column thursday"),
    ("negative_stop_sequence", "negative-stop-sequence", "stop_times.txt, line 9"),
    ("repeated_route_name", "route-name-repeated", "routes.txt, line 5"),
    ("same_short_long_name", "route-names-equal", "routes.txt, line 5"),
    ("tdei-flex-bad-filename", "too-many-fields", "location_groups.txt, line 2"),
    ("tdei-flex-bad-specificerror", "bad-geojson", "locations.geojson cannot be read"),
    ("unknown_format", "not-a-zip", "unknown_format.zip"),
]


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("cairns-2014", (416, 22, 1_339, 37_790)),
        ("cobblinc-scheduled-deviated-flex", (4, 3, 72, 144)),
        ("liechtenstein-SYNTHETIC-TIMES-from-osm", (367, 25, 1_700, 41_740)),
        ("rnv-2016-10-12", (2_057, 100, 20_636, 424_266)),
        ("vvs-bus-752-boeblingen-2020", (47, 1, 134, 1_495)),
        ("vvs-bus-764-gaertringen-2020", (17, 1, 26, 271)),
        ("vvs-herrenberg-2021", (101, 5, 501, 6_430)),
        ("vvs-herrenberg-overlapping-2021", (32, 3, 3, 34)),
    ],
)
def test_a_good_feed_is_read_whole(
    data_dir: Path, name: str, counts: tuple[int, int, int, int]
) -> None:
    began = time.perf_counter()
    timetable, report = read_feed(data_dir / "gtfs" / f"{name}.gtfs.zip")
    assert time.perf_counter() - began < 10
    keys = ("stops", "routes", "trips", "stop_times")
    assert tuple(report.counts[key] for key in keys) == counts
    timetable.check()


@pytest.mark.parametrize(
    "name",
    [
        "aspen-flex-on-demand",
        "bbnavi-uckermark-rufbus-flex-2023",
        "vbb-uckermark-rufbus-flex-2023",
    ],
)
def test_a_feed_of_on_demand_service_only_says_so(data_dir: Path, name: str) -> None:
    with pytest.raises(FeedError) as caught:
        read_feed(data_dir / "gtfs" / f"{name}.gtfs.zip")
    assert caught.value.code == "no-scheduled-trips"


def test_no_broken_feed_is_left_out(data_dir: Path) -> None:
    there = {path.stem for path in (data_dir / "gtfs" / "broken").glob("*.zip")}
    assert there == {name for name, *_ in FAULTY} | set(HARMLESS)


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_oddities_pass(data_dir: Path, name: str) -> None:
    _, report = read_feed(data_dir / "gtfs" / "broken" / f"{name}.zip")
    harmless = {"no-feed-info", "unused-stop", "trip-without-stops"}
    assert {finding.code for finding in report.findings} <= harmless


@pytest.mark.parametrize(("name", "code", "place"), FAULTY)
def test_each_broken_feed_is_refused_or_warned_about_by_its_fault(
    data_dir: Path, name: str, code: str, place: str
) -> None:
    try:
        _, report = read_feed(data_dir / "gtfs" / "broken" / f"{name}.zip")
    except FeedError as error:
        told = [(error.code, error.message)]
    else:
        told = [(finding.code, str(finding)) for finding in report.findings]
    assert [text.startswith(place) for found, text in told if found == code] == [True]


def test_an_incomplete_feed_names_all_that_is_missing(data_dir: Path) -> None:
    with pytest.raises(FeedError) as caught:
        read_feed(data_dir / "gtfs" / "realtime" / "vvs-2024-stops-routes-only.gtfs.zip")
    told = " ".join(finding.message for finding in caught.value.findings)
    assert all(table in told for table in ("agency", "trips", "stop_times", "calendar"))


def test_the_rural_bus_773_of_herrenberg(data_dir: Path) -> None:
    """A Tuesday morning in Deckenpfronn, compared by hand with the tables of the feed."""
    timetable, _ = read_feed(data_dir / "gtfs" / "vvs-herrenberg-2021.gtfs.zip")
    tuesday = date(2021, 6, 22)
    stop = timetable.stop_id.index("de:08115:7048:0:3")
    found = departures(timetable, stop, tuesday, 6 * 3600 + 50 * 60, limit=5, window_s=4 * 3600)
    assert [
        f"{d.time_s // 3600:02}:{d.time_s // 60 % 60:02} {d.route} {d.headsign}" for d in found
    ] == [
        "06:52 773 Herrenb. ZOB Bahnhofstraße",
        "06:59 773 Herrenberg Vogt-Heß-Schule",
        "07:02 773 Herrenberg Hallenbad",
        "07:22 773 Herrenb. ZOB Bahnhofstraße",
        "07:42 773 Herrenb. ZOB Bahnhofstraße",
    ]
    assert {d.stop_name for d in found} == {"Deckenpfronn Siemensstr."}
    # the last bus of the evening, and none after it
    assert departures(timetable, stop, tuesday, 22 * 3600 + 53 * 60) == []
    lon, lat = float(timetable.stop_lon[stop]), float(timetable.stop_lat[stop])
    near = departures_near(timetable, lon, lat, tuesday, 6 * 3600 + 50 * 60, within_m=50, limit=50)
    assert set(found) <= set(near)
