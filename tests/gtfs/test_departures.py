"""Departures: the village's day as text, an oracle in plain Python, both clock changes."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtfs.departures import Departure, departures, departures_near, stops_near
from gtfs.feed import read_feed
from gtfs.service_day import service_day_offset, service_day_start
from gtfs.timetable import Timetable

Zipped = Callable[[Mapping[str, str | bytes]], Path]
HOUR = 3600
MONDAY = date(2026, 3, 2)


@pytest.fixture
def timetable(village: dict[str, str], zipped: Zipped) -> Timetable:
    return read_feed(zipped(village))[0]


def spelt(found: list[Departure]) -> list[str]:
    return [
        f"{d.time_s // HOUR}:{d.time_s // 60 % 60:02} {d.route} {d.headsign} ab {d.stop_name}"
        f"{' (anrufen)' if d.call_ahead else ''}"
        for d in found
    ]


def test_a_day_at_the_church(timetable: Timetable) -> None:
    church = timetable.stop_id.index("ki")
    assert spelt(departures(timetable, church, MONDAY, 0, window_s=24 * HOUR)) == [
        "7:12 773 Mühle über Wald ab Kirche (anrufen)",
        "17:10 773 Bahnhof Steig 2 ab Kirche",
        "23:50 S1 Stadt ab Kirche",
    ]


def test_a_station_answers_for_its_platforms(timetable: Timetable) -> None:
    station, platform = timetable.stop_id.index("bf"), timetable.stop_id.index("bf2")
    assert spelt(departures(timetable, station, MONDAY, 0, window_s=30 * HOUR)) == [
        "7:05 773 Mühle ab Bahnhof Steig 2",
        "25:12 S1 Stadt ab Bahnhof Gleis 1",
    ]
    # bus2 ends at the platform: nobody departs with it
    assert len(departures(timetable, platform, MONDAY, 0, window_s=24 * HOUR)) == 1


def test_last_nights_trips_are_there_in_the_small_hours(timetable: Timetable) -> None:
    platform = timetable.stop_id.index("bf1")
    tuesday = MONDAY + timedelta(days=1)
    assert spelt(departures(timetable, platform, tuesday, 0)) == [
        "1:12 S1 Stadt ab Bahnhof Gleis 1"
    ]
    # the same train seen from the evening before
    assert departures(timetable, platform, MONDAY, 24 * HOUR)[0].time_s == 25 * HOUR + 720
    # nothing ran on Sunday, the day before the timetable begins
    assert departures(timetable, platform, MONDAY, 0) == []


def test_tomorrows_trips_are_there_late_in_the_evening(timetable: Timetable) -> None:
    church = timetable.stop_id.index("ki")
    found = departures(timetable, church, MONDAY, 24 * HOUR, window_s=12 * HOUR)
    assert spelt(found) == ["31:12 773 Mühle über Wald ab Kirche (anrufen)"]


def test_the_window_is_half_open_and_the_limit_holds(timetable: Timetable) -> None:
    church = timetable.stop_id.index("ki")
    at = 7 * HOUR + 12 * 60
    assert len(departures(timetable, church, MONDAY, at, window_s=1)) == 1
    assert departures(timetable, church, MONDAY, at + 1, window_s=HOUR) == []
    assert departures(timetable, church, MONDAY, at - HOUR, window_s=HOUR) == []
    assert len(departures(timetable, church, MONDAY, 0, limit=2, window_s=24 * HOUR)) == 2


@pytest.mark.parametrize(
    ("day", "length_h"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 3, 30), 24)],
)
def test_clock_changes_move_no_train(
    village: dict[str, str], zipped: Zipped, day: date, length_h: int
) -> None:
    """25:12 of the day before leaves 13 h 12 min after its noon, whatever the clocks do at 2 or 3."""
    village["calendar.txt"] = village["calendar.txt"].replace("20260417", "20261231")
    timetable, _ = read_feed(zipped(village))
    platform = timetable.stop_id.index("bf1")
    yesterday = day - timedelta(days=1)
    noon = datetime(
        yesterday.year, yesterday.month, yesterday.day, 12, tzinfo=ZoneInfo("Europe/Berlin")
    )
    leaves = noon.astimezone(UTC) + timedelta(hours=13, minutes=12)
    found = departures(timetable, platform, day, -2 * HOUR, window_s=6 * HOUR)
    assert len(found) == 1
    told = service_day_start(day, "Europe/Berlin") + found[0].time_s
    assert datetime.fromtimestamp(told, UTC) == leaves
    # the service day before is as long as the calendar day from noon to noon
    assert -service_day_offset(day, -1, "Europe/Berlin") == length_h * HOUR
    assert found[0].time_s == (25 - length_h) * HOUR + 12 * 60


def by_hand(timetable: Timetable, stop: int, day: date, from_s: int, window_s: int) -> list[str]:
    """Look at every stop time of every service day near ``day``: the oracle."""
    found = []
    for days in range(-3, 4):
        service_day = day + timedelta(days=days)
        offset = service_day_offset(day, days, timetable.time_zone)
        running = timetable.running_on(service_day)
        for row, at in enumerate(timetable.departure_s.tolist()):
            trip = timetable.stop_time_trip[row]
            last = row + 1 == timetable.first_stop_time[trip + 1]
            boards = timetable.stop_time_stop[row] == stop and timetable.pickup_type[row] != 1
            inside = from_s <= at + offset < from_s + window_s
            if boards and inside and not last and running[timetable.trip_service[trip]]:
                found.append((at + offset, timetable.trip_id[trip]))
    return [f"{at} {trip}" for at, trip in sorted(found)]


@st.composite
def feeds(draw: st.DrawFn) -> dict[str, str]:
    """Small feeds with three stops and trips at any time up to 50:00, on random days."""
    lines, trips, dates = [], [], []
    for number in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, 49 * 60))
        trips.append(f"r,v{number},t{number}")
        days = draw(st.sets(st.dates(date(2026, 3, 26), date(2026, 4, 6)), min_size=1))
        dates += [f"v{number},{day:%Y%m%d},1" for day in sorted(days)]
        for sequence in range(draw(st.integers(2, 4))):
            stop, pickup = draw(st.sampled_from("abc")), draw(st.sampled_from(["", "0", "1", "2"]))
            clock = f"{at // 60}:{at % 60:02}:00"
            lines.append(f"t{number},{clock},{clock},{stop},{sequence},{pickup}")
            at += draw(st.integers(0, 40))
    return {
        "agency.txt": "agency_timezone\nEurope/Berlin",
        "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\na,A,48,8\nb,B,48.1,8\nc,C,48.2,8",
        "routes.txt": "route_id,route_short_name,route_type\nr,R,3",
        "trips.txt": "\n".join(["route_id,service_id,trip_id", *trips]),
        "stop_times.txt": "\n".join(
            ["trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type", *lines]
        ),
        "calendar_dates.txt": "\n".join(["service_id,date,exception_type", *dates]),
    }


@given(
    tables=feeds(),
    day=st.dates(date(2026, 3, 27), date(2026, 4, 6)),
    from_s=st.integers(0, 30 * HOUR),
    window_s=st.integers(1, 30 * HOUR),
)
def test_departures_equal_a_look_at_every_row(
    tmp_path_factory: pytest.TempPathFactory,
    write_zip: Callable[[Path, Mapping[str, str | bytes]], Path],
    tables: dict[str, str],
    day: date,
    from_s: int,
    window_s: int,
) -> None:
    """On random feeds around a clock change, overnight trips included."""
    timetable, _ = read_feed(write_zip(tmp_path_factory.mktemp("feed"), tables))
    for stop in range(len(timetable.stop_id)):
        found = departures(timetable, stop, day, from_s, limit=1000, window_s=window_s)
        told = sorted(f"{d.time_s} {d.trip_id}" for d in found)
        assert told == sorted(by_hand(timetable, stop, day, from_s, window_s))
        assert [d.time_s for d in found] == sorted(d.time_s for d in found)


def test_stops_near_a_point(timetable: Timetable) -> None:
    near = stops_near(timetable, 8.8800, 48.6100, 2_000)
    assert [timetable.stop_id[found.stop] for found in near] == ["ki", "bf1", "bf", "mu", "bf2"]
    assert near[0].metres == 0
    assert near[1].metres == pytest.approx(1320, abs=5)
    assert stops_near(timetable, 8.8800, 48.6100, 2_000, limit=1) == near[:1]
    assert stops_near(timetable, 0, 0, 2_000) == []
    found = departures_near(timetable, 8.8800, 48.6100, MONDAY, 0, within_m=1_330, window_s=108_000)
    assert {departure.stop_name for departure in found} == {"Kirche", "Bahnhof Gleis 1"}
