"""Several feeds as one timetable: nothing lost, nothing mixed up, stops of both linked on foot."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from gtfs.departures import departures
from gtfs.errors import FeedError
from gtfs.feed import read_feeds
from gtfs.reading import feed_names
from gtfs.timetable import Timetable

Write = Callable[[Path, Mapping[str, str | bytes]], Path]

# a railway that calls 133 m from the village's church, in another year's calendar
RAILWAY = {
    "agency.txt": "agency_name,agency_url,agency_timezone\nBahn,https://example.org,Europe/Berlin\n",
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon,platform_code,wheelchair_boarding\n"
        "ki,Bahnhof Kirche,48.6112,8.8800,1,1\nst,Stadt,48.9000,9.2000,,\n"
    ),
    "routes.txt": "route_id,route_short_name,route_type\ns1,RB,106\n",
    "trips.txt": (
        "route_id,service_id,trip_id,block_id,wheelchair_accessible\ns1,wk,1,x,1\ns1,wk,2,x,1\n"
    ),
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,stop_headsign\n"
        "1,7:30:00,7:30:00,ki,1,Flughafen\n1,8:00:00,8:00:00,st,2,\n"
        "2,8:05:00,8:05:00,st,1,\n2,8:35:00,8:35:00,ki,2,\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "wk,1,1,1,1,1,0,0,20260202,20260306\n"
    ),
    "transfers.txt": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nki,ki,2,60\n",
}


@pytest.fixture
def feeds(village: dict[str, str], write_zip: Write, tmp_path: Path) -> dict[str, Path]:
    found = {}
    for name, tables in (("bus", village), ("bahn", RAILWAY)):
        (tmp_path / name).mkdir()
        found[name] = write_zip(tmp_path / name, tables)
    return found


def read(feeds: Mapping[str, Path]) -> Timetable:
    timetable = read_feeds(feeds).timetable
    assert timetable is not None
    return timetable


def transfers(t: Timetable) -> set[str]:
    return {
        f"{t.stop_id[stop]} > {t.stop_id[t.transfer_stop[row]]} {t.transfer_s[row]}"
        for stop in range(len(t.stop_id))
        for row in range(*t.first_transfer[stop : stop + 2])
    }


def test_two_feeds_become_one(feeds: dict[str, Path]) -> None:
    both = read(feeds)
    assert both.stop_id[:2] == ("bus:bf", "bus:bf1")
    assert both.stop_id[-2:] == ("bahn:ki", "bahn:st")
    assert both.trip_id == ("bus:bus1", "bus:bus2", "bus:night", "bahn:1", "bahn:2")
    assert both.trip_continues.tolist() == [-1, -1, -1, 4, -1]
    # the railway runs a month before the buses: days are counted from its first
    assert date.fromordinal(both.first_day) == date(2026, 2, 2)
    assert both.running_on(date(2026, 3, 5)).tolist() == [True] * 3
    assert both.running_on(date(2026, 2, 5)).tolist() == [False, False, True]
    # 133.4 m as the crow flies; the railway's own row stays
    alone = transfers(read({"bus": feeds["bus"]}))
    assert transfers(both) == {
        *("bus:" + row.replace("> ", "> bus:") for row in alone),
        "bahn:ki > bahn:ki 60",
        "bahn:ki > bus:ki 174",
        "bus:ki > bahn:ki 174",
    }


def test_departures_are_those_of_each_feed(feeds: dict[str, Path]) -> None:
    both = read(feeds)
    for name, feed in feeds.items():
        alone = read({name: feed})
        for stop, ident in enumerate(alone.stop_id):
            before = departures(alone, stop, date(2026, 3, 4), 0, window_s=86_400)
            after = departures(
                both, both.stop_id.index(f"{name}:{ident}"), date(2026, 3, 4), 0, window_s=86_400
            )
            assert [(d.time_s, d.route, d.headsign, d.stop_name) for d in before] == [
                (d.time_s, d.route, d.headsign, d.stop_name) for d in after
            ]
            assert all(d.trip_id.startswith(f"{name}:") for d in after)


def test_one_feed_keeps_its_ids(feeds: dict[str, Path]) -> None:
    assert read({"bahn": feeds["bahn"]}).stop_id == ("ki", "st")


def test_time_zones_must_be_the_same(
    feeds: dict[str, Path], write_zip: Write, tmp_path: Path
) -> None:
    abroad = RAILWAY | {"agency.txt": RAILWAY["agency.txt"].replace("Berlin", "London")}
    with pytest.raises(FeedError, match="Europe/Berlin, Europe/London") as caught:
        read_feeds({"bus": feeds["bus"], "rail": write_zip(tmp_path, abroad)})
    assert caught.value.code == "time-zones-differ"


def test_a_faulty_one_is_named(feeds: dict[str, Path], write_zip: Write, tmp_path: Path) -> None:
    tables = {name: text for name, text in RAILWAY.items() if name != "stops.txt"}
    with pytest.raises(FeedError, match=r"^feed.zip: stops.txt is missing") as caught:
        read_feeds({"bus": feeds["bus"], "rail": write_zip(tmp_path, tables)})
    assert caught.value.code == "missing-file"


def test_feeds_are_named_after_their_files() -> None:
    named = feed_names([Path("a/vvs.gtfs.zip"), Path("b/bahn-2026.zip")])
    assert list(named) == ["vvs", "bahn-2026"]
    with pytest.raises(FeedError, match="'vvs'") as caught:
        feed_names([Path("a/vvs.gtfs.zip"), Path("b/vvs.zip")])
    assert caught.value.code == "feed-twice"
