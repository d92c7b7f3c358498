"""How riders get on: transfers, footpaths, vehicles that go on as another trip, platforms, wheelchairs."""

from collections.abc import Callable, Mapping
from math import asin, ceil, cos, radians, sin, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtfs.errors import FeedError
from gtfs.feed import read_feed
from gtfs.report import FeedReport
from gtfs.timetable import NO_ALIGHTING, Timetable
from gtfs.transfers import Links, add_missing, footpaths

Zipped = Callable[[Mapping[str, str | bytes]], Path]

# two platforms of a station 22 m apart, a bus stop 200 m away, a church far off
TOWN = {
    "agency.txt": "agency_name,agency_url,agency_timezone\nKVB,https://example.org,Europe/Berlin\n",
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,platform_code,wheelchair_boarding\n"
        "bf,Bahnhof,48.6000,8.8700,1,,,1\n"
        "g1,Bahnhof,48.6000,8.8700,0,bf,01,\n"
        "g2,Bahnhof,48.6002,8.8700,0,bf,2,2\n"
        "bus,Bahnhofstraße,48.6020,8.8700,,,,0\n"
        "ki,Kirche,48.7000,8.8700,,,B,\n"
        "ein,Eingang,48.6001,8.8701,2,bf,,\n"
        "weg,Nie bedient,48.6001,8.8701,0,bf,,\n"
    ),
    "routes.txt": "route_id,route_short_name,route_type\ns1,S1,109\nb7,7,704\n",
    "trips.txt": (
        "route_id,service_id,trip_id,block_id,wheelchair_accessible\n"
        "s1,wk,zug,,1\ns1,wk,rück,,2\nb7,wk,a,u1,\nb7,wk,b,u1,\nb7,wk,c,u1,9\nb7,we,d,u1,\n"
    ),
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
        "zug,7:00:00,7:00:00,ki,1,,\nzug,7:10:00,7:10:00,g1,2,,\n"
        "rück,7:30:00,7:30:00,g2,1,,\nrück,7:40:00,7:40:00,ki,2,,3\n"
        "a,8:00:00,8:00:00,bus,1,,1\na,8:20:00,8:20:00,ki,2,,\n"
        "b,8:20:00,8:20:00,ki,1,,\nb,8:40:00,8:40:00,bus,2,,\n"
        "c,9:00:00,9:00:00,ki,1,,\nc,9:20:00,9:20:00,bus,2,,\n"
        "d,8:30:00,8:30:00,ki,1,,\nd,8:50:00,8:50:00,bus,2,,9\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "wk,1,1,1,1,1,0,0,20260302,20260417\nwe,0,0,0,0,0,1,1,20260302,20260417\n"
        "all,1,1,1,1,1,1,1,20260302,20260417\n"
    ),
}
HEADER = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\n"
TRIPS = "from_stop_id,to_stop_id,transfer_type,from_trip_id,to_trip_id\n"


def read(
    zipped: Zipped, transfers: str | None = None, **tables: str
) -> tuple[Timetable, FeedReport]:
    more = {} if transfers is None else {"transfers.txt": transfers}
    return read_feed(zipped(TOWN | more | {f"{name}.txt": text for name, text in tables.items()}))


def spelt(t: Timetable) -> str:
    """Every transfer as "from to seconds"."""
    return ", ".join(
        f"{t.stop_id[stop]} {t.stop_id[t.transfer_stop[row]]} {t.transfer_s[row]}"
        for stop in range(len(t.stop_id))
        for row in range(*t.first_transfer[stop : stop + 2])
    )


def goes_on(t: Timetable) -> dict[str, str]:
    return {
        t.trip_id[trip]: t.trip_id[after]
        for trip, after in enumerate(t.trip_continues.tolist())
        if after >= 0
    }


def codes(report: FeedReport) -> set[str]:
    usual = {"no-feed-info", "unused-stop", "bad-value"}
    return {finding.code for finding in report.findings} - usual


def test_near_stops_are_linked_on_foot(zipped: Zipped) -> None:
    """22.2 m, 200.2 m and 222.4 m as the crow flies, 1.3 times as far at one metre a second."""
    timetable, _ = read(zipped)
    assert spelt(timetable) == "g1 g2 29, g1 bus 290, g2 g1 29, g2 bus 261, bus g1 290, bus g2 261"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # type 2: its least time; the way back stays a footpath
        ("g1,g2,2,240", "g1 g2 240, g1 bus 290, g2 g1 29, g2 bus 261, bus g1 290, bus g2 261"),
        # type 1: the vehicle waits
        ("g1,g2,1,", "g1 g2 0, g1 bus 290, g2 g1 29, g2 bus 261, bus g1 290, bus g2 261"),
        # type 0 or empty: as long as it takes on foot
        ("g1,g2,0,\ng2,g1,,", "g1 g2 29, g1 bus 290, g2 g1 29, g2 bus 261, bus g1 290, bus g2 261"),
        # type 3: not possible, and no footpath either
        ("g1,g2,3,", "g1 g2 -1, g1 bus 290, g2 g1 29, g2 bus 261, bus g1 290, bus g2 261"),
        # a stop of its own, timed by the feed; one merely recommended keeps the usual time
        ("bus,bus,2,300\ng1,g1,0,", "g1 g2 29, g1 bus 290, g2 g1 29, g2 bus 261, bus g1 290, bus g2 261, bus bus 300"),
        # far apart, but the feed says so
        ("g1,ki,2,900", "g1 g2 29, g1 bus 290, g1 ki 900, g2 g1 29, g2 bus 261, bus g1 290, bus g2 261"),
        # a station stands for its platforms, a platform's own row comes first
        ("bf,bus,2,400\ng1,bus,2,350", "g1 g2 29, g1 bus 350, g2 g1 29, g2 bus 400, bus g1 290, bus g2 261"),
        # within a station, both to the same and to another platform
        ("bf,bf,2,180", "g1 g1 180, g1 g2 180, g1 bus 290, g2 g1 180, g2 g2 180, g2 bus 261, bus g1 290, bus g2 261"),
        # stops nobody serves
        ("weg,g1,2,400", "g1 g2 29, g1 bus 290, g2 g1 29, g2 bus 261, bus g1 290, bus g2 261"),
    ],
)  # fmt: skip
def test_rows_of_transfers(zipped: Zipped, rows: str, expected: str) -> None:
    timetable, report = read(zipped, HEADER + rows + "\n")
    assert spelt(timetable) == expected
    assert codes(report) == set()


@pytest.mark.parametrize(
    ("rows", "code", "told"),
    [
        ("g1,nix,2,240", "dangling-transfer", "transfers.txt, line 2: the transfer from 'g1' to 'nix' names"),
        (",g1,2,240", "dangling-transfer", "transfers.txt, line 2: the transfer from '' to 'g1' names"),
        ("g1,g2,2,", "transfer-without-time", "transfers.txt, line 2: the transfer from g1 to g2 has no"),
        ("g1,g2,2,-5", "transfer-without-time", "transfers.txt, line 2: the transfer from g1 to g2 has no"),
        ("g1,g2,9,60", "bad-value", "transfers.txt, line 2: transfer_type must be 0 to 5, not 9"),
        ("g1,bus,2,290\ng1,bus,2,60", "duplicate-transfer", "transfers.txt, line 3: the transfer from g1 to bus"),
    ],
)  # fmt: skip
def test_faulty_rows_are_told_and_left_out(zipped: Zipped, rows: str, code: str, told: str) -> None:
    timetable, report = read(zipped, HEADER + rows + "\n")
    assert [str(f)[: len(told)] for f in report.findings if f.code == code][-1:] == [told]
    assert spelt(timetable) == spelt(read(zipped)[0])


@pytest.mark.parametrize(
    ("rows", "code", "place"),
    [
        ("g1,g2,x,", "bad-number", "transfers.txt, line 2: transfer_type must be a whole number"),
        ("g1,g2,2,99999", "bad-number", "transfers.txt, line 2: min_transfer_time must be"),
        ("g1,g2,2,5,5", "too-many-fields", "transfers.txt, line 2: the row has"),
    ],
)
def test_unreadable_transfers_are_refused(zipped: Zipped, rows: str, code: str, place: str) -> None:
    with pytest.raises(FeedError) as caught:
        read(zipped, HEADER + rows + "\n")
    assert (caught.value.code, caught.value.message[: len(place)]) == (code, place)


def test_rows_for_certain_trips_count_only_when_they_make_it_safer(zipped: Zipped) -> None:
    rows = (
        "g1,g2,2,240,zug,,rück\n"  # the longest of these two
        "g1,g2,2,300,zug,,a\n"
        "g1,bus,1,,zug,,a\n"  # a wait for one trip is none for all
        "g2,bus,2,600,,b7,\n"  # the stops have a row of their own
        "g2,bus,2,200,,,\n"
    )
    header = "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id,to_route_id,to_trip_id\n"
    timetable, report = read(zipped, header + rows)
    assert "g1 g2 300, g1 bus 290, g2 g1 29, g2 bus 200," in spelt(timetable)
    told = next(str(f) for f in report.findings if f.code == "transfers-specific")
    assert told.startswith("transfers.txt, line 2:")
    assert told.endswith("(3 more such rows)")


PATHWAYS = (
    "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,length,traversal_time,stair_count\n"
    "w1,g1,ein,2,1,,50,\nw2,ein,g2,1,0,40.5,,\nw3,g2,ein,2,0,,,-30\nw4,ein,bus,1,1,,,\n"
)


def test_ways_through_a_station_take_their_time(zipped: Zipped) -> None:
    """g1 to the entrance 50 s, on to g2 40.5 m and back 30 steps down, to the bus one second."""
    timetable, _ = read(zipped, HEADER + "g1,bus,2,120\n", pathways=PATHWAYS)
    assert spelt(timetable) == "g1 g2 91, g1 bus 120, g2 g1 80, g2 bus 31, bus g1 51, bus g2 42"


def test_ways_nobody_changes_at_are_none(zipped: Zipped) -> None:
    rows = "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional\nw,ein,weg,1,1\n"
    assert spelt(read(zipped, pathways=rows)[0]) == spelt(read(zipped)[0])


@pytest.mark.parametrize(
    ("old", "new", "code", "told"),
    [
        ("w2,ein", "w2,aus", "dangling-pathway", "pathways.txt, line 3: pathway w2 leads from or to"),
        ("40.5", "weit", "bad-pathway", "pathways.txt, line 3: length of pathway w2 cannot be 'weit'"),
        ("40.5", "inf", "bad-pathway", "pathways.txt, line 3: length of pathway w2 cannot be 'inf'"),
        ("50,", "-1,", "bad-pathway", "pathways.txt, line 2: traversal_time of pathway w1 cannot be '-1'"),
        ("40.5", "1,2,3,4,5", "too-many-fields", "pathways.txt, line 3: the row has 12 fields"),
    ],
)  # fmt: skip
def test_faulty_pathways_are_told(zipped: Zipped, old: str, new: str, code: str, told: str) -> None:
    _, report = read(zipped, pathways=PATHWAYS.replace(old, new))
    assert [str(f)[: len(told)] for f in report.findings if f.code == code] == [told]


def test_a_vehicle_goes_on_along_its_block(zipped: Zipped) -> None:
    """Trip a ends where b begins at the same minute; b ends elsewhere than c begins; d runs on other days."""
    timetable, _ = read(zipped)
    assert goes_on(timetable) == {"a": "b"}


def test_trips_of_a_block_that_overlap_are_told(zipped: Zipped) -> None:
    times = TOWN["stop_times.txt"].replace("b,8:20:00,8:20:00", "b,8:19:00,8:19:00")
    timetable, report = read(zipped, stop_times=times)
    assert goes_on(timetable) == {}
    assert "block-overlaps" in codes(report)


@pytest.mark.parametrize(
    ("rows", "expected", "code"),
    [
        (",,4,zug,rück", {"a": "b", "zug": "rück"}, None),  # the rider stays while the train turns
        ("g1,g2,4,zug,rück\nki,ki,5,a,b", {"zug": "rück"}, None),  # everybody out at the church
        (",,4,a,c", {"a": "c"}, None),  # outranks the block
        (",,4,zug,rück\n,,4,zug,c", {"a": "b", "zug": "rück"}, "continuation-left-out"),
        (",,4,zug,d", {"a": "b"}, "continuation-left-out"),  # not on Mondays
        (",,4,c,a", {"a": "b"}, "continuation-backwards"),
        (",,4,zug,nix", {"a": "b"}, "dangling-transfer"),
        (",,4,,rück", {"a": "b"}, "dangling-transfer"),
    ],
)
def test_in_seat_transfers(
    zipped: Zipped, rows: str, expected: dict[str, str], code: str | None
) -> None:
    timetable, report = read(zipped, TRIPS + rows + "\n")
    assert goes_on(timetable) == expected
    assert codes(report) == ({code} if code else set())
    assert spelt(timetable) == spelt(read(zipped)[0])


def test_a_vehicle_goes_on_by_day_where_services_differ(zipped: Zipped) -> None:
    trips = TOWN["trips.txt"].replace("b7,we,d", "b7,all,d")
    timetable, _ = read(zipped, TRIPS + ",,4,zug,d\n,,4,d,c\n", trips=trips)
    # zug runs on weekdays as d does; d also runs on Sundays, when c does not
    assert goes_on(timetable) == {"a": "b", "zug": "d"}


def test_repeated_trips_have_no_place_in_a_block(zipped: Zipped) -> None:
    timetable, _ = read(
        zipped,
        frequencies="trip_id,start_time,end_time,headway_secs\nb,08:20:00,09:00:00,1200\n",
    )
    assert goes_on(timetable) == {"a": "c"}


def test_platforms_wheelchairs_and_getting_off(zipped: Zipped) -> None:
    timetable, report = read(zipped)
    assert timetable.stop_id == ("bf", "g1", "g2", "bus", "ki")
    # "01" is not 1
    assert timetable.stop_platform == ("", "01", "2", "", "B")
    # g1 takes after its station, g2 says no for itself
    assert timetable.stop_wheelchair.tolist() == [1, 1, 2, 0, 0]
    assert timetable.trip_wheelchair.tolist() == [1, 2, 0, 0, 0, 0]
    assert timetable.drop_off_type.tolist() == [0, 0, 0, 3, NO_ALIGHTING, 0, 0, 0, 0, 0, 0, 0]
    told = [str(f) for f in report.findings if f.code == "bad-value"]
    assert told == [
        "stop_times.txt, line 13: drop_off_type must be 0 to 3, not 9; taken as 0.",
        "trips.txt, line 6: wheelchair_accessible must be 0, 1 or 2, not 9; taken as unknown.",
    ]


def test_trips_at_stations_and_platforms_in_no_station_are_told(zipped: Zipped) -> None:
    stops = TOWN["stops.txt"].replace(
        "bus,Bahnhofstraße,48.6020,8.8700,,", "bus,Bahnhofstraße,48.6020,8.8700,0,g1"
    )
    times = TOWN["stop_times.txt"].replace("7:10:00,g1", "7:10:00,bf")
    _, report = read(zipped, stops=stops, stop_times=times)
    assert {"trip-at-station", "parent-no-station"} <= codes(report)


def test_a_stop_is_not_its_own_station(zipped: Zipped) -> None:
    stops = TOWN["stops.txt"].replace("8.8700,,,B", "8.8700,,ki,B")
    timetable, _ = read(zipped, stops=stops)
    assert timetable.stop_station.tolist() == [-1, 0, 0, -1, -1]


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Haversine."""
    (lon_a, lat_a), (lon_b, lat_b) = (tuple(map(radians, place)) for place in (a, b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6_371_000 * asin(sqrt(half))


@given(st.lists(st.tuples(st.floats(8.87, 8.885), st.floats(48.6, 48.61)), min_size=1, max_size=12))
def test_footpaths_are_all_pairs_within_400_metres(places: list[tuple[float, float]]) -> None:
    """Against every pair by the haversine formula; both directions, no path to the stop itself."""
    lon, lat = np.array(places).T
    links = footpaths(lon, lat, np.arange(len(places)))
    found = dict(
        zip(
            zip(links.source.tolist(), links.target.tolist(), strict=True),
            links.seconds.tolist(),
            strict=True,
        )
    )
    for i, a in enumerate(places):
        for j, b in enumerate(places):
            away = metres(a, b)
            if abs(away - 400) > 0.01:
                assert ((i, j) in found) == (i != j and away < 400)
            if (i, j) in found:
                assert found[i, j] in {ceil(1.3 * away - 1e-3), ceil(1.3 * away + 1e-3)}


def test_far_too_many_stops_at_one_place_are_refused() -> None:
    with pytest.raises(FeedError) as caught:
        footpaths(np.zeros(8_000), np.zeros(8_000), np.arange(8_000))
    assert caught.value.code == "too-many-footpaths"


def test_what_is_known_comes_first() -> None:
    def links(*rows: tuple[int, int, int]) -> Links:
        return Links(*np.array(rows, dtype=np.int64).T)

    both = add_missing(links((0, 1, -1)), links((0, 1, 9), (1, 0, 9)))
    assert np.column_stack([both.source, both.target, both.seconds]).tolist() == [
        [0, 1, -1],
        [1, 0, 9],
    ]
