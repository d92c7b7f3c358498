"""Feeds as text: a small village service that every test may bend, and a helper that zips it."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

VILLAGE = {
    "agency.txt": """
        agency_id,agency_name,agency_url,agency_timezone
        KVB,Kreisverkehr,https://example.org,Europe/Berlin
    """,
    "stops.txt": """
        stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station
        bf,Bahnhof,48.6000,8.8700,1,
        bf1,Bahnhof Gleis 1,48.6001,8.8701,0,bf
        bf2,Bahnhof Steig 2,48.5999,8.8699,0,bf
        ki,Kirche,48.6100,8.8800,,
        mu,Mühle,48.6200,8.8900,,
        al,Alter Hof,48.7000,8.9900,,
    """,
    "routes.txt": """
        route_id,agency_id,route_short_name,route_long_name,route_type
        s1,KVB,S1,,109
        b773,KVB,773,Bahnhof - Mühle,704
    """,
    "trips.txt": """
        route_id,service_id,trip_id,trip_headsign
        b773,wk,bus1,Mühle
        b773,wk,bus2,
        s1,daily,night,Stadt
    """,
    "stop_times.txt": """
        trip_id,arrival_time,departure_time,stop_id,stop_sequence,stop_headsign,pickup_type
        bus1,7:00:00,7:05:00,bf2,1,,
        bus1,7:12:00,7:12:00,ki,2,Mühle über Wald,2
        bus1,7:20:00,7:20:00,mu,3,,
        bus2,,,ki,20,,
        bus2,17:00:00,17:00:00,mu,10,,
        bus2,17:20:00,17:20:00,bf2,30,,1
        night,23:50:00,23:50:00,ki,1,,
        night,25:10:00,25:12:00,bf1,2,,
        night,25:30:00,25:30:00,mu,3,,
    """,
    "calendar.txt": """
        service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date
        wk,1,1,1,1,1,0,0,20260302,20260417
        daily,1,1,1,1,1,1,1,20260302,20260417
    """,
    "calendar_dates.txt": """
        service_id,date,exception_type
        wk,20260406,2
        wk,20260405,1
    """,
    "feed_info.txt": """
        feed_publisher_name,feed_publisher_url,feed_lang
        Kreis,https://example.org,de
    """,
}


@pytest.fixture(scope="session")
def village_tables() -> Mapping[str, str]:
    """Tables of a good feed by file name."""
    return {name: dedent(text).lstrip() for name, text in VILLAGE.items()}


@pytest.fixture
def village(village_tables: Mapping[str, str]) -> dict[str, str]:
    """Tables of a good feed by file name; a copy to bend."""
    return dict(village_tables)


def _write(folder: Path, tables: Mapping[str, str | bytes]) -> Path:
    path = folder / "feed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in tables.items():
            archive.writestr(name, text)
    return path


@pytest.fixture(scope="session")
def write_zip() -> Callable[[Path, Mapping[str, str | bytes]], Path]:
    """Write tables into a zip in a folder and return its path."""
    return _write


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Write tables into a zip in a folder of this test and return its path."""
    return lambda tables: _write(tmp_path, tables)
