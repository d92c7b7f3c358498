"""GTFS-Flex in its dialects, as small feeds in the test and as real ones: who can be called, when, where."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from gtfs.errors import FeedError
from gtfs.feed import read_feed, read_feeds, read_other_services
from gtfs.other_services import CallStop, Notice, OtherService

Zipped = Callable[[Mapping[str, str | bytes]], Path]

ZONE = '{"type": "Polygon", "coordinates": [[[8,48],[9,48],[9,49],[8,49],[8,48]], [[8.4,48.4],[8.6,48.4],[8.6,48.6],[8.4,48.6],[8.4,48.4]]]}'
RUFBUS = {
    "agency.txt": "agency_name,agency_url,agency_timezone,agency_phone\nKreisbus,https://k.example,Europe/Berlin,07031 1\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nki,Kirche,48.61,8.88\nmu,Mühle,48.62,8.89\n",
    "routes.txt": "route_id,route_short_name,route_long_name,route_type,route_desc\nr1,R1,RufBus R1,715,Täler\n",
    "trips.txt": "route_id,service_id,trip_id\nr1,wk,t1\nr1,we,t2\n",
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "wk,1,1,1,1,1,0,0,20260302,20260417\nwe,0,0,0,0,0,1,1,20260302,20260417\n"
    ),
    "calendar_dates.txt": "service_id,date,exception_type\nwk,20260406,2\nwe,20260406,1\n",
    "booking_rules.txt": (
        "booking_rule_id,booking_type,prior_notice_duration_min,prior_notice_last_day,prior_notice_last_time,"
        "message,phone_number,info_url,booking_url\n"
        "b,1,60,,,Bitte anrufen,07031 2,https://i.example,https://b.example\n"
    ),
}
# the place column, how a row names the place, and the tables that say what it is
DIALECTS = {
    "location_id": ("location_id", "z", {"locations.geojson": f'{{"features": [{{"id": "z", "geometry": {ZONE}}}]}}'}),
    "stop_id of a zone": ("stop_id", "z", {"locations.geojson": f'{{"features": [{{"id": "z", "geometry": {ZONE}}}]}}'}),
    "location_group_stops": (
        "location_group_id",
        "g",
        {"location_group_stops.txt": "location_group_id,stop_id\ng,ki\ng,mu\n"},
    ),
    "stop_id of a group": (
        "stop_id",
        "g",
        {"location_groups.txt": "location_group_id,location_id,location_group_name\ng,ki,Tal\ng,mu,\n"},
    ),
    "stop_areas": ("stop_id", "a", {"stop_areas.txt": "area_id,stop_id\na,ki\na,mu\n"}),
}  # fmt: skip
CURRENT = "start_pickup_drop_off_window,end_pickup_drop_off_window"
OLDER = "start_pickup_dropoff_window,end_pickup_dropoff_window"


def feed(dialect: str, windows: str = CURRENT, rows: str = "") -> dict[str, str]:
    column, place, tables = DIALECTS[dialect]
    header = f"trip_id,stop_sequence,arrival_time,departure_time,{column},{windows},pickup_booking_rule_id\n"
    rows = rows or (
        f"t1,1,,,{place},08:00:00,12:00:00,b\nt1,2,,,{place},12:00:00,18:00:00,b\n"
        f"t2,1,,,{place},10:00:00,25:00:00,b\n"
    )
    if column != "stop_id":
        header = header.replace("trip_id,", "trip_id,stop_id,", 1)
        rows = rows.replace("t1,", "t1,,").replace("t2,", "t2,,")
    return RUFBUS | tables | {"stop_times.txt": header + rows}


def only(archive: Path) -> OtherService:
    services, findings = read_other_services(archive)
    assert findings == ()
    assert len(services) == 1
    return services[0]


@pytest.mark.parametrize("windows", [CURRENT, OLDER])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_says_the_same(zipped: Zipped, dialect: str, windows: str) -> None:
    service = only(zipped(feed(dialect, windows)))
    assert (service.name, service.operator, service.description) == (
        "RufBus R1",
        "Kreisbus",
        "Täler",
    )
    assert (service.phone, service.info_url, service.booking_url) == (
        "07031 2",
        "https://i.example",
        "https://b.example",
    )
    assert service.messages == ("Bitte anrufen",)
    assert service.notice == Notice(minutes=60)
    assert service.open_on(date(2026, 3, 2)) == (
        (8 * 3600, 18 * 3600),
    )  # windows that touch are one
    assert service.open_on(date(2026, 4, 6)) == ((10 * 3600, 25 * 3600),)  # Easter Monday
    assert service.open_on(date(2026, 4, 18)) == ()
    if service.zones:
        assert service.covers(8.2, 48.2)
        assert not service.covers(8.5, 48.5)  # in the hole
        assert not service.covers(9.5, 48.2)
    else:
        assert service.stops == (CallStop("Kirche", 8.88, 48.61), CallStop("Mühle", 8.89, 48.62))
        assert not service.covers(8.88, 48.61)


def test_notice_of_days_and_the_agency_phone(zipped: Zipped) -> None:
    tables = feed("location_group_stops")
    tables["booking_rules.txt"] = (
        "booking_rule_id,booking_type,prior_notice_last_day,prior_notice_last_time,prior_notice_start_day\n"
        "b,2,1,17:00:00,14\n"
    )
    service = only(zipped(tables))
    assert service.notice == Notice(days=1, until_s=17 * 3600, days_at_most=14)
    assert (service.phone, service.info_url) == ("07031 1", "https://k.example")


def test_a_feed_of_both_has_a_timetable_and_services(
    village: dict[str, str], zipped: Zipped
) -> None:
    tables = feed("location_id")
    village["routes.txt"] += "r1,KVB,R1,RufBus R1,715\n"
    village["trips.txt"] += "r1,wk,t1,\n"
    village["stop_times.txt"] = (
        village["stop_times.txt"].replace(
            "pickup_type\n", f"pickup_type,location_id,{CURRENT}\n", 1
        )
        + "t1,,,,1,,2,z,08:00:00,18:00:00\n"
    )
    timetable, report = read_feed(
        zipped(village | {"locations.geojson": tables["locations.geojson"]})
    )
    assert timetable.trip_id == ("bus1", "bus2", "night")
    assert [service.name for service in report.other_services] == ["RufBus R1"]
    assert report.other_services[0].notice == Notice()


def test_feeds_of_services_only_have_no_timetable(zipped: Zipped) -> None:
    archive = zipped(feed("stop_areas"))
    reading = read_feeds({"rufbus": archive})
    assert reading.timetable is None
    assert [service.name for service in reading.other_services] == ["RufBus R1"]
    assert reading.reports[0].last_day == date(2026, 4, 17)
    with pytest.raises(FeedError) as caught:
        read_feed(archive)
    assert caught.value.code == "no-scheduled-trips"


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "told"),
    [
        ("stop_times.txt", "08:00:00,12", "8 Uhr,12", "bad-window", "stop_times.txt, line 2: the window"),
        ("stop_times.txt", "08:00:00,12", "13:00:00,12", "bad-window", "stop_times.txt, line 2: the window"),
        ("stop_times.txt", ",z,", ",y,", "call-place-unknown", "stop_times.txt, line 2: 'y' is no zone"),
        ("stop_times.txt", ",b\n", ",c\n", "booking-rule-unknown", "stop_times.txt, line 2: the booking rule c"),
        ("booking_rules.txt", "\nb,", "\nd,1,,,,,,,\nb,", "booking-rule-unused", "booking_rules.txt, line 2: no"),
        ("booking_rules.txt", "b,1,60", "b,1,viel", "bad-number", "booking_rules.txt, line 2: prior_notice_dur"),
        ("booking_rules.txt", "b,1,60", "b,1,6,0,,,", "too-many-fields", "booking_rules.txt, line 2: the row has 13"),
        ("locations.geojson", "{", "[", "bad-geojson", "locations.geojson cannot be read"),
        ("locations.geojson", "Polygon", "Point", "bad-geojson", "locations.geojson: feature 1 is no polygon"),
        ("locations.geojson", "[8,48]", "[8,NaN]", "bad-geojson", "locations.geojson: feature 1 is no polygon"),
        ("locations.geojson", "[8,48]", "[7,48]", "bad-geojson", "locations.geojson: feature 1 is no polygon"),
        ("locations.geojson", '"id"', '"ID"', "bad-geojson", "locations.geojson: feature 1 is no polygon"),
    ],
)  # fmt: skip
def test_each_fault_has_its_code(
    zipped: Zipped, file: str, old: str, new: str, code: str, told: str
) -> None:
    tables = feed("location_id")
    assert old in tables[file]
    _, findings = read_other_services(zipped(tables | {file: tables[file].replace(old, new, 1)}))
    found = {finding.code: str(finding) for finding in findings}
    assert code in found
    assert found[code].startswith(told)


def test_a_map_as_deep_as_a_well_is_told(zipped: Zipped) -> None:
    tables = feed("location_id") | {"locations.geojson": "[" * 200_000}
    _, findings = read_other_services(zipped(tables))
    assert {finding.code for finding in findings} == {"bad-geojson", "call-place-unknown"}


def real(data_dir: Path, name: str) -> tuple[OtherService, ...]:
    services, findings = read_other_services(data_dir / "gtfs" / f"{name}.gtfs.zip")
    assert findings == ()
    return services


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "stops"),
    [("bbnavi-uckermark-rufbus-flex-2023", 126), ("vbb-uckermark-rufbus-flex-2023", 264)],
)
def test_the_rufbus_of_the_uckermark(data_dir: Path, name: str, stops: int) -> None:
    """One real service in two dialects: on weekday evenings, on weekends and holidays all day."""
    services = real(data_dir, name)
    assert len(services) == 8
    assert {service.name for service in services} == {
        f"RufBus {n}" for n in (476, 477, 478, 487, 488)
    }
    evening, weekend = services[:2]
    assert evening.name == weekend.name == "RufBus 476"
    assert evening.phone == "+49 3332 442 755"
    assert evening.info_url == "https://uvg-online.com/rufbus-angermuende/"
    assert evening.notice == Notice(minutes=60)
    assert "per Anruf zwischen 08:00 und 24:00" in evening.messages[0]
    assert "1€ Komfortzuschlag" in weekend.messages[0]
    assert len(evening.stops) == stops
    assert evening.zones == ()
    thursday, ascension = date(2023, 5, 11), date(2023, 5, 18)
    assert evening.open_on(thursday) == ((63_000, 79_200),)
    assert (evening.open_on(ascension), weekend.open_on(thursday)) == ((), ())
    assert weekend.open_on(ascension) == ((28_800, 79_200),)


@pytest.mark.data
def test_the_downtowner_of_aspen(data_dir: Path) -> None:
    (service,) = real(data_dir, "aspen-flex-on-demand")
    assert (service.name, service.operator, service.phone) == (
        "Downtowner",
        "City of Aspen",
        "877-230-6045",
    )
    assert service.notice == Notice()
    assert service.open_on(date(2021, 1, 1)) == ((8 * 3600, 23 * 3600),)
    assert service.open_on(date(2021, 7, 1)) == ((11 * 3600, 23 * 3600),)
    assert service.covers(-106.82, 39.19)  # the middle of the town
    assert not service.covers(-106.87, 39.22)  # its airport


@pytest.mark.data
def test_the_deviated_routes_of_cobb(data_dir: Path) -> None:
    services = real(data_dir, "cobblinc-scheduled-deviated-flex")
    assert [service.name for service in services] == [
        "Zone 1 PUBLIX Super Market",
        "Zone 2 Horseshoe Bend Pizza",
        "Zone 3 Downtown Austell",
    ]
    assert services[0].phone == "(770) 528-1053"
    assert services[0].notice == Notice(minutes=120, minutes_at_most=1440)
    assert services[0].open_on(date(2021, 11, 1)) == ((7 * 3600, 19 * 3600),)
    assert all(len(service.zones) == 1 for service in services)
