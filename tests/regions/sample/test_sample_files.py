"""The generated feed and area files: readable by the same code as real ones."""

import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import gtfs_kit
import numpy as np
import pytest
import shapely

from regions.area import read_area
from regions.sample import SampleFiles, write_sample

if TYPE_CHECKING:
    from tests.regions.sample.conftest import Extract

FERIEN, SCHOOL_DAY, SUNDAY, CHRISTMAS = "20260805", "20260204", "20260208", "20261225"


@pytest.fixture(scope="module")
def feed(sample: SampleFiles) -> gtfs_kit.Feed:
    """Read the feed as the importer does."""
    return gtfs_kit.read_feed(sample.gtfs, dist_units="km")


def services(feed: gtfs_kit.Feed, day: str) -> set[str]:
    """Services that run on a day."""
    return set(gtfs_kit.trips.get_trips(feed, day)["service_id"])


def test_feed_is_invented_and_valid_long(feed: gtfs_kit.Feed) -> None:
    info = feed.feed_info.iloc[0]
    assert "erfunden" in info["feed_publisher_name"]
    assert (info["feed_start_date"], info["feed_end_date"]) == ("20260101", "20301231")
    assert set(feed.agency["agency_timezone"]) == {"Europe/Berlin"}


def test_a_railway_and_two_bus_lines(feed: gtfs_kit.Feed) -> None:
    kinds = Counter(feed.routes["route_type"])
    assert kinds == {2: 1, 3: 2}
    calls = feed.stop_times.groupby("trip_id").size()
    assert calls.min() >= 2


def test_times_grow_along_every_trip(feed: gtfs_kit.Feed) -> None:
    """Arrival is never after departure, and the next arrival at least a minute later."""
    for _, rows in feed.stop_times.sort_values(["trip_id", "stop_sequence"]).groupby("trip_id"):
        arrive = rows["arrival_time"].map(gtfs_kit.helpers.timestr_to_seconds).to_numpy()
        depart = rows["departure_time"].map(gtfs_kit.helpers.timestr_to_seconds).to_numpy()
        assert (arrive <= depart).all()
        assert (np.diff(np.column_stack([arrive, depart]).ravel())[1::2] >= 60).all()


def test_every_reference_is_there(feed: gtfs_kit.Feed) -> None:
    assert set(feed.stop_times["stop_id"]) == set(feed.stops["stop_id"])
    assert set(feed.stop_times["trip_id"]) == set(feed.trips["trip_id"])
    assert feed.trips["trip_id"].is_unique
    assert set(feed.trips["route_id"]) == set(feed.routes["route_id"])
    known = set(feed.calendar["service_id"]) | set(feed.calendar_dates["service_id"])
    assert set(feed.trips["service_id"]) <= known


def test_school_days_holidays_and_weekends(feed: gtfs_kit.Feed) -> None:
    assert services(feed, SCHOOL_DAY) == {"mo-fr", "schule"}
    assert services(feed, FERIEN) == {"mo-fr", "ferien"}
    assert services(feed, SUNDAY) == {"so"}
    assert services(feed, CHRISTMAS) == {"so"}
    assert date(2026, 12, 25).weekday() == 4  # a Friday, and yet the Sunday timetable


def test_bus_meets_train(feed: gtfs_kit.Feed) -> None:
    """A bus stands at the station some minutes before and after a train leaves."""
    stops = feed.stops.set_index("stop_id")["stop_name"]
    calls = feed.stop_times.assign(name=feed.stop_times["stop_id"].map(stops))
    trains = set(calls[calls["name"].str.startswith("Bahnhof")]["departure_time"])
    buses = calls[calls["name"].str.endswith(", Bahnhof")]
    assert len(buses) > 0
    assert "08:30:00" in trains
    assert ("08:23:00", "08:37:00") in set(
        zip(buses["arrival_time"], buses["departure_time"], strict=True)
    )


def test_stops_stand_where_the_map_shows_them(feed: gtfs_kit.Feed, extract: "Extract") -> None:
    mapped = {
        (tags["name"], extract.places[node])
        for node, tags in extract.node_tags.items()
        if tags.get("highway") == "bus_stop" or tags.get("railway") in {"station", "halt"}
    }
    listed = {
        (row.stop_name, (round(row.stop_lon * 1e7), round(row.stop_lat * 1e7)))
        for row in feed.stops.itertuples()
    }
    assert listed == mapped


def test_zip_carries_no_clock(sample: SampleFiles) -> None:
    with zipfile.ZipFile(sample.gtfs) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_areas(sample: SampleFiles, extract: "Extract") -> None:
    """Two areas at least, read without complaint, with shifts, buses, rules and invented numbers."""
    areas = [read_area(path) for path in sample.areas]
    assert len(areas) >= 2
    assert len({area.id for area in areas}) == len(areas)
    boundaries = {
        tags["name"] for _, tags in extract.relations.values() if tags.get("admin_level") == "8"
    }
    assert {name for area in areas for name in area.municipalities} == boundaries
    for area in areas:
        assert area.invented
        assert "erfunden" in area.name
        assert area.phone.startswith("+49 30 23125 ")
        assert len(area.stops) >= 3
        morning = [s for s in area.shifts if 0 in s.weekdays and s.start_s < 9 * 3600]
        assert len({s.vehicle for s in morning}) == 2
        assert any(s.start_s >= 12 * 3600 for s in area.shifts)
        assert any(5 in s.weekdays for s in area.shifts)
    assert len({area.phone for area in areas}) == len(areas)
    assert len({area.policy for area in areas}) > 1


def test_stops_and_depots_are_at_the_roadside(sample: SampleFiles, extract: "Extract") -> None:
    """Depots stand on a street, stops at most a short walk from one."""
    roads = shapely.STRtree(
        [shapely.LineString([extract.places[n] for n in nodes]) for nodes, _ in extract.drivable]
    )
    metre = 1e7 / 111_195
    for area in (read_area(path) for path in sample.areas):
        for place, reach in [(s, 60.0) for s in area.stops] + [(s.start, 2.0) for s in area.shifts]:
            spot = shapely.Point(place.lon * 1e7, place.lat * 1e7)
            near = roads.query(spot, predicate="dwithin", distance=reach * metre)
            assert len(near), place


def test_many_villages_make_many_lines_and_areas(tmp_path: Path) -> None:
    """With the villages grow towns, lines and associations; all files stay readable."""
    files = write_sample(tmp_path, seed=3, villages=55, size_km=26.0)
    areas = [read_area(path) for path in files.areas]
    feed = gtfs_kit.read_feed(files.gtfs, dist_units="km")
    assert len(areas) >= 4
    assert len(feed.routes) >= 6
    towns = feed.stops["stop_name"].str.endswith("Marktplatz").sum()
    assert towns >= 2 * 2
