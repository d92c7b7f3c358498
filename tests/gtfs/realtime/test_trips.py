"""TripUpdates of every kind, as the times that come of them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gtfs.days import timetable_day
from gtfs.feed import read_feed
from gtfs.merge import merge
from gtfs.realtime import News, RealtimeReader
from gtfs.realtime.message import RealtimeLimits
from gtfs.timetable import Timetable

MONDAY = date(2026, 3, 2)
Message = Callable[..., bytes]


def late(
    at: dict[str, Any], arrival: int | None = None, departure: int | None = None
) -> dict[str, Any]:
    """Write the delay at a stop."""
    told = {"arrival": arrival, "departure": departure}
    return at | {end: {"delay": s} for end, s in told.items() if s is not None}


def update(
    trip_id: str, *stops: dict[str, Any], day: str = "20260302", **more: Any
) -> dict[str, Any]:
    """Write a TripUpdate of the village."""
    named = {"trip_id": trip_id, "start_date": day} | more.pop("trip", {})
    return {"trip_update": {"trip": named, "stop_time_update": list(stops)} | more}


def stop(sequence: int) -> dict[str, Any]:
    return {"stop_sequence": sequence}


def shown(timetable: Timetable, news: News, day: date = MONDAY) -> dict[str, list[str]]:
    """Each run of the day: stop, arrival, departure, whether one may leave (-) and board (+)."""
    found = timetable_day(timetable, day, span=(0, 30 * 3600), overlay=news.overlay)
    net, all_runs = found.net, {}
    for run, trip in enumerate(found.run_trip.tolist()):
        place = net.first_place[net.run_line[run]] - net.first_event[run]
        all_runs[found.timetable.trip_id[trip]] = [
            f"{found.timetable.stop_id[net.place_stop[place + event]]} "
            f"{_clock(net.arrival_s[event])} {_clock(net.departure_s[event])}"
            f"{' -'[bool(net.place_flags[place + event] & 2)]}"
            f"{' +'[bool(net.place_flags[place + event] & 1)]}"
            for event in range(*net.first_event[run : run + 2].tolist())
        ]
    return all_runs


def _clock(seconds: Any) -> str:
    return f"{int(seconds) // 3600}:{int(seconds) // 60 % 60:02}"


BUS1 = ["bf2 7:00 7:05 +", "ki 7:12 7:12-+", "mu 7:20 7:20- "]
BUS2 = ["mu 17:00 17:00 +", "ki 17:10 17:10-+", "bf2 17:20 17:20- "]
SKIPPED, NO_DATA = ({"schedule_relationship": kind} for kind in ("SKIPPED", "NO_DATA"))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # carried on to all stops behind, not to those before
        ([late(stop(2), 120)], ["bf2 7:00 7:05 +", "ki 7:14 7:14-+", "mu 7:22 7:22- "]),
        ([late(stop(1), departure=300)], ["bf2 7:05 7:10 +", "ki 7:17 7:17-+", "mu 7:25 7:25- "]),
        # until another is told
        ([late(stop(1), 60, 60), late(stop(3), 0)], ["bf2 7:01 7:06 +", "ki 7:13 7:13-+", "mu 7:20 7:20- "]),
        # times never run backwards: who is ten minutes late cannot be on time two minutes later
        ([late(stop(2), 600), late(stop(3), 0)], ["bf2 7:00 7:05 +", "ki 7:22 7:22-+", "mu 7:22 7:22- "]),
        # early at the first stop told: so before
        ([late(stop(3), -600)], ["bf2 6:50 6:55 +", "ki 7:02 7:02-+", "mu 7:10 7:10- "]),
        # a stop is left out; the delay is carried on past it
        ([late(stop(1), 60, 60), stop(2) | SKIPPED], ["bf2 7:01 7:06 +", "ki 7:13 7:13  ", "mu 7:21 7:21- "]),
        ([stop(1) | SKIPPED], ["bf2 7:00 7:05  ", "ki 7:12 7:12-+", "mu 7:20 7:20- "]),
        # nothing is known from there on
        ([late(stop(1), 60, 60), stop(2) | NO_DATA], ["bf2 7:01 7:06 +", "ki 7:12 7:12-+", "mu 7:20 7:20- "]),
        # stops by id, at a station, in order
        ([late({"stop_id": "ki"}, 120)], ["bf2 7:00 7:05 +", "ki 7:14 7:14-+", "mu 7:22 7:22- "]),
        ([late({"stop_id": "bf"}, 120)], ["bf2 7:02 7:07 +", "ki 7:14 7:14-+", "mu 7:22 7:22- "]),
        # the number says the first stop, the name the second: numbers change more often
        ([late({"stop_sequence": 1, "stop_id": "ki"}, 120)], ["bf2 7:00 7:05 +", "ki 7:14 7:14-+", "mu 7:22 7:22- "]),
        # leaves two minutes late a stop it came to three minutes late
        ([late(stop(1), 180, 120)], ["bf2 7:03 7:07 +", "ki 7:14 7:14-+", "mu 7:22 7:22- "]),
        # neither forwards nor backwards by a day
        ([late(stop(2), 86_400)], BUS1),
        # a stop it does not have, one that is told too late in the list
        ([late(stop(9), 600)], BUS1),
        ([late(stop(3), 60), late(stop(2), 600)], ["bf2 7:00 7:05 +", "ki 7:12 7:12-+", "mu 7:21 7:21- "]),
        # halts at another platform
        ([stop(1) | {"stop_time_properties": {"assigned_stop_id": "bf1"}}], ["bf1 7:00 7:05 +", "ki 7:12 7:12-+", "mu 7:20 7:20- "]),
    ],
)  # fmt: skip
def test_what_is_told_of_stops(
    timetable: Timetable, message: Message, unix: Any, told: list[Any], expected: list[str]
) -> None:
    news = RealtimeReader(timetable).read(message(update("bus1", *told)), unix("07:00"))
    assert shown(timetable, news)["bus1"] == expected


def test_times_count_more_than_delays(timetable: Timetable, message: Message, unix: Any) -> None:
    told = stop(2) | {"arrival": {"time": unix("07:15"), "delay": 0}}
    news = RealtimeReader(timetable).read(message(update("bus1", told)), unix("07:00"))
    assert shown(timetable, news)["bus1"][1:] == ["ki 7:15 7:15-+", "mu 7:23 7:23- "]


def test_an_arrival_that_is_not_told_never_comes_after_the_departure(
    timetable: Timetable, message: Message, unix: Any
) -> None:
    """Twenty minutes late at the church, the train waits two at the station: it made good all but one."""
    told = late(stop(1), departure=1_200), late(stop(2), departure=60)
    news = RealtimeReader(timetable).read(
        message(update("night", *told), told="23:50"), unix("23:50")
    )
    assert shown(timetable, news)["night"][1:] == ["bf1 25:13 25:13-+", "mu 25:31 25:31- "]


@pytest.mark.parametrize("kind", ["CANCELED", "DELETED"])
def test_a_cancelled_trip_runs_on_other_days(
    timetable: Timetable, message: Message, unix: Any, kind: str
) -> None:
    told = update("bus1", trip={"schedule_relationship": kind})
    news = RealtimeReader(timetable).read(message(told), unix("07:00"))
    assert "bus1" not in shown(timetable, news)
    assert shown(timetable, news)["bus2"] == BUS2
    assert shown(timetable, news, date(2026, 3, 3))["bus1"] == BUS1


@pytest.mark.parametrize(
    ("trip", "now", "day"),
    [
        ("bus1", (3, "07:10"), 3),
        ("night", (3, "23:55"), 3),
        ("night", (3, "00:30"), 2),  # still on its way from the day before
        ("night", (2, "00:30"), 2),  # no timetable for the day before
        ("bus1", (3, "19:12"), 3),  # over for 11:52; that of tomorrow begins in 11:53
        ("bus1", (3, "19:13"), 4),
        ("bus1", (7, "12:00"), 6),  # none on Saturday: Friday's
    ],
)
def test_without_a_date_the_run_is_meant_that_is_on_its_way(
    timetable: Timetable, message: Message, unix: Any, trip: str, now: tuple[int, str], day: int
) -> None:
    now_s = unix(now[1], date(2026, 3, now[0]))
    told = {"trip_update": {"trip": {"trip_id": trip}, "delay": 60}}
    news = RealtimeReader(timetable).read(message(told, timestamp=now_s), now_s)
    assert list(news.overlay.updates) == [(timetable.trip_id.index(trip), date(2026, 3, day))]


def test_without_a_date_the_times_told_say_the_day(
    timetable: Timetable, message: Message, unix: Any
) -> None:
    """Tomorrow's bus, told today; a time of another year says nothing."""
    for day, expected in ((date(2026, 3, 4), 4), (date(2027, 3, 4), 3)):
        told = stop(2) | {"arrival": {"time": unix("07:12", day)}}
        update = {"trip_update": {"trip": {"trip_id": "bus1"}, "stop_time_update": [told]}}
        now_s = unix("07:10", date(2026, 3, 3))
        news = RealtimeReader(timetable).read(message(update, timestamp=now_s), now_s)
        assert [day for _, day in news.overlay.updates] == [date(2026, 3, expected)]


def test_trips_nobody_knows_are_counted(timetable: Timetable, message: Message, unix: Any) -> None:
    told = (
        update("bus9"),
        update("bus1", day="20260308"),  # a Sunday
        update("bus1", day="yesterday"),
        update("bus2", late(stop(10), 60)),
        update("bus2", late(stop(10), 600)),
        update("bus1", late(stop(7), 60)),
        update("x", trip={"schedule_relationship": "NEW"}),
        update("bus1", day="20260303", trip={"schedule_relationship": "UNSCHEDULED"}),
        update("bus1", day="20260304", trip={"schedule_relationship": "REPLACEMENT"}),
        update("bus1", trip={"schedule_relationship": "DUPLICATED"}),
        {"vehicle": {"position": {"latitude": 48.6, "longitude": 8.9}}},
    )
    report = RealtimeReader(timetable).read(message(*told), unix("07:00")).report
    assert report.unknown == ["bus9"]
    assert dict(report.counts) == {
        "trip-unknown": 1,
        "trip-not-today": 2,
        "updated": 2,
        "trip-twice": 1,
        "stop-unknown": 1,
        "trip-unusable": 4,
        "vehicles": 1,
    }


def times(unix: Any, *rows: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"stop_id": ident, "departure": {"time": unix(clock)}} for ident, clock in rows]


def test_trips_that_are_not_in_the_timetable(
    timetable: Timetable, message: Message, unix: Any
) -> None:
    """A new bus, a second run of an old one with a delay, one that goes another way, and a night bus."""
    new = {"schedule_relationship": "NEW", "route_id": "b773"}
    extra = update(
        "x1", *times(unix, ("mu", "08:00"), ("nowhere", "08:05"), ("ki", "08:10")), trip=new
    )
    again = update(
        "bus1",
        late(stop(2), 60),
        trip={"schedule_relationship": "DUPLICATED"},
        trip_properties={"trip_id": "x2", "start_date": "20260302", "start_time": "09:05:00"},
    )
    other = update(
        "bus2",
        *times(unix, ("mu", "17:00"), ("al", "17:15"), ("bf2", "17:30")),
        trip={"schedule_relationship": "REPLACEMENT"},
    )
    news = RealtimeReader(timetable).read(message(extra, again, other), unix("07:00"))
    assert dict(news.report.counts) == {"stop-unknown": 2, "added": 2, "replaced": 1}
    found = shown(timetable, news)
    assert found["bus1"] == BUS1
    assert found["x1"] == ["mu 8:00 8:00 +", "ki 8:10 8:10- "]
    assert found["x2"] == ["bf2 9:00 9:05 +", "ki 9:13 9:13-+", "mu 9:21 9:21- "]
    assert found["bus2"] == ["mu 17:00 17:00 +", "bf2 17:30 17:30- "]
    like = {trip.trip_id: (trip.headsign, trip.route) for trip in news.overlay.added}
    route = timetable.route_id.index("b773")
    assert like == {
        "x1": ("Kirche", route),
        "x2": ("Mühle", route),
        "bus2": ("Bahnhof Steig 2", route),
    }


def test_a_flood_of_new_trips_is_cut_off(timetable: Timetable, message: Message, unix: Any) -> None:
    """Each is laid over the day again and again; what replaces a trip beyond the limit leaves it as it is."""
    new = {"schedule_relationship": "NEW", "route_id": "b773"}
    stops = times(unix, ("mu", "08:00"), ("ki", "08:10"))
    told = [update(f"x{k}", *stops, trip=new) for k in range(3)]
    told.append(update("bus2", *stops, trip={"schedule_relationship": "REPLACEMENT"}))
    reader = RealtimeReader(timetable, limits=RealtimeLimits(added=2))
    news = reader.read(message(*told), unix("07:00"))
    assert dict(news.report.counts) == {"added": 2, "trips-too-many": 2}
    assert not news.overlay.updates


def test_ids_of_a_merged_timetable_have_the_name_of_their_feed(
    timetable: Timetable, message: Message, unix: Any
) -> None:
    both = merge({"a": timetable, "b": timetable})
    news = RealtimeReader(both, "b").read(message(update("bus1", late(stop(2), 60))), unix("07:00"))
    assert list(news.overlay.updates) == [(both.trip_id.index("b:bus1"), MONDAY)]
    assert RealtimeReader(both).read(message(update("bus1")), unix("07:00")).report.unknown


def test_runs_of_a_frequency_are_told_by_their_start(
    village: dict[str, str], zipped: Any, message: Message, unix: Any
) -> None:
    village["frequencies.txt"] = (
        "trip_id,start_time,end_time,headway_secs\nbus1,6:00:00,8:00:00,3600\n"
    )
    timetable, _ = read_feed(zipped(village))
    told = update("bus1", late(stop(2), 60), trip={"start_time": "7:00:00"})
    news = RealtimeReader(timetable).read(message(told), unix("07:00"))
    assert [timetable.trip_id[trip] for trip, _ in news.overlay.updates] == ["bus1@07:00:00"]


def test_old_delays_age_and_cancellations_do_not(
    timetable: Timetable, message: Message, unix: Any
) -> None:
    """A feed of now repeats a delay measured an hour ago, and a cancellation of this morning."""
    told = (
        update("bus1", late(stop(2), 60), timestamp=unix("06:00")),
        update("bus2", trip={"schedule_relationship": "CANCELED"}, timestamp=unix("05:00")),
    )
    news = RealtimeReader(timetable).read(message(*told), unix("07:00"))
    fresh = news.overlay.fresh(unix("07:00"), 900)
    assert [timetable.trip_id[trip] for trip, _ in fresh.updates] == ["bus2"]
