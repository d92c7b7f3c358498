"""Journeys as text: a village with a train, its last bus, riders who stay aboard, both clock changes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gtfs.days import TimetableDay, Wheelchair, timetable_day
from gtfs.feed import read_feed
from gtfs.journey import Offer, Walk
from gtfs.search import (
    Limits,
    access_to,
    earliest_arrival,
    egress_from,
    journeys_leaving,
    latest_departure,
)
from gtfs.sentences import english, german
from gtfs.timetable import Timetable
from gtfs.warm import warm

HOUR = 3600
MONDAY = date(2026, 3, 2)
Zipped = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def village_timetable(village: dict[str, str], zipped: Zipped) -> Timetable:
    """bus1 ki 7:12 -> mu 7:20; bus2 mu 17:00 -> bf2 17:20; night ki 23:50 -> bf1 25:10 -> mu 25:30."""
    return read_feed(zipped(village))[0]


@pytest.fixture
def village_day(village_timetable: Timetable) -> TimetableDay:
    return timetable_day(village_timetable, MONDAY)


def at(timetable: Timetable, stop: str, seconds: int = 0) -> list[Offer]:
    return [Offer(timetable.stop_id.index(stop), seconds)]


def test_walk_bus_walk_in_both_languages(village_day: TimetableDay) -> None:
    ends = at(village_day.timetable, "ki", 300), at(village_day.timetable, "mu", 61)
    journey = earliest_arrival(village_day, *ends, 7 * HOUR)
    assert journey
    assert german(journey) == (
        "Um 07:07 Uhr los, 5 Minuten zu Fuß bis Kirche; um 07:12 Uhr ab Kirche mit Bus 773 Richtung Mühle über Wald"
        " (vorher anrufen) bis Mühle (an 07:20 Uhr); 2 Minuten zu Fuß bis zum Ziel (an 07:21 Uhr)."
    )
    assert english(journey) == (
        "Leave at 07:07, walk 5 minutes to Kirche; at 07:12 from Kirche by bus 773 towards Mühle über Wald"
        " (call ahead) to Mühle (arriving 07:20); walk 2 minutes to your destination (arriving 07:21)."
    )
    assert [leg.arrival_s - leg.departure_s for leg in journey.legs] == [300, 480, 61]


def test_the_night_train_arrives_on_the_day_after(village_day: TimetableDay) -> None:
    ends = at(village_day.timetable, "ki"), at(village_day.timetable, "bf1")
    journey = earliest_arrival(village_day, *ends, 12 * HOUR)
    assert journey
    assert german(journey) == (
        "Um 23:50 Uhr ab Kirche mit S-Bahn S1 Richtung Stadt bis Bahnhof Gleis 1 (an 01:10 Uhr am Folgetag)."
    )
    # asked on Tuesday the same train left yesterday, and its stop in the small hours is today's
    tuesday = timetable_day(village_day.timetable, MONDAY + timedelta(days=1))
    ends = at(village_day.timetable, "bf1"), at(village_day.timetable, "mu")
    (again,) = journeys_leaving(tuesday, *ends, 0, 2 * HOUR)
    assert again.departure_s == HOUR + 720
    assert again.rides[0].service_day == MONDAY
    assert "01:12 from" in english(again)


def test_nobody_boards_where_nobody_may(village_day: TimetableDay) -> None:
    """bus2 ends at bf2: after the morning's bus nothing leaves there before the next morning's."""
    timetable = village_day.timetable
    ends = at(timetable, "bf2"), at(timetable, "ki")
    assert journeys_leaving(village_day, *ends, 8 * HOUR, 24 * HOUR) == []
    tomorrow = earliest_arrival(village_day, *ends, 8 * HOUR)
    assert tomorrow
    assert tomorrow.departure_s == 31 * HOUR + 300
    assert latest_departure(village_day, *ends, 7 * HOUR) is None


def test_a_station_stands_for_its_platforms(village_day: TimetableDay) -> None:
    timetable = village_day.timetable
    station, mill = (timetable.stop_id.index(stop) for stop in ("bf", "mu"))
    found = journeys_leaving(
        village_day, access_to(timetable, station), egress_from(timetable, mill), 0, 30 * HOUR
    )
    assert [(j.departure_s // 60, j.arrival_s // 60) for j in found] == [(425, 440), (1512, 1530)]


def test_an_offer_holds_only_between_its_times(village_day: TimetableDay) -> None:
    """A bus that can bring somebody until 7:00 only: he leaves for that and waits at the stop."""
    timetable = village_day.timetable
    church = timetable.stop_id.index("ki")
    mill = at(timetable, "mu")
    early = [Offer(church, 600, until_s=7 * HOUR)]
    journey = earliest_arrival(village_day, early, mill, 6 * HOUR)
    assert journey
    assert journey.departure_s == 6 * HOUR + 50 * 60
    assert isinstance(journey.legs[0], Walk)
    assert earliest_arrival(village_day, early, mill, 6 * HOUR + 51 * 60) is None
    late = earliest_arrival(village_day, [Offer(church, 600, from_s=8 * HOUR)], mill, 0)
    assert late
    assert late.departure_s == 23 * HOUR + 40 * 60


@pytest.mark.parametrize(
    ("day", "arrives"), [(date(2026, 3, 29), "03:10"), (date(2026, 10, 25), "02:10")]
)
def test_a_night_train_and_the_clocks(
    village: dict[str, str], zipped: Zipped, day: date, arrives: str
) -> None:
    """26:10 is 14 h 10 min after noon: ten past two, which March skips and October has twice; the first is meant."""
    village["calendar.txt"] = village["calendar.txt"].replace("20260417", "20261231")
    village["stop_times.txt"] = village["stop_times.txt"].replace("25:10:00,25:12:00", "26:10:00,26:12:00").replace("25:30:00,25:30:00", "26:30:00,26:30:00")  # fmt: skip
    timetable, _ = read_feed(zipped(village))
    asked = timetable_day(timetable, day)
    journey = earliest_arrival(asked, at(timetable, "ki"), at(timetable, "bf1"), -2 * HOUR)
    assert journey
    assert journey.rides[0].service_day == day - timedelta(days=1)
    assert f"arriving {arrives}" in english(journey)


@pytest.mark.parametrize(
    ("day", "clock", "from_to", "hours"),
    [
        # 23 hours: noon minus 12 is 23:00 of the day before, and two o'clock is three
        (date(2026, 3, 29), "0:30", ("23:30 Uhr am Vortag", "03:30 Uhr"), 3),
        (date(2026, 3, 29), "1:30", ("00:30 Uhr", "04:30 Uhr"), 3),
        (date(2026, 3, 29), "23:30", ("23:30 Uhr", "02:30 Uhr am Folgetag"), 3),
        (date(2026, 3, 28), "23:30", ("23:30 Uhr am Vortag", "03:30 Uhr"), 3),
        # 25 hours: noon minus 12 is 1:00 the first time, and three o'clock is two again
        (date(2026, 10, 25), "0:30", ("01:30 Uhr", "03:30 Uhr"), 3),
        (date(2026, 10, 25), "1:30", ("02:30 Uhr", "04:30 Uhr"), 3),
        (date(2026, 10, 25), "23:30", ("23:30 Uhr", "02:30 Uhr am Folgetag"), 3),
        (date(2026, 10, 24), "23:30", ("23:30 Uhr am Vortag", "02:30 Uhr"), 3),
        # an ordinary night
        (date(2026, 10, 27), "0:30", ("00:30 Uhr", "03:30 Uhr"), 3),
    ],
)
def test_walls_and_watches_in_both_nights(
    village: dict[str, str],
    zipped: Zipped,
    day: date,
    clock: str,
    from_to: tuple[str, str],
    hours: int,
) -> None:
    """A train of three hours takes three hours, whatever the clocks on the walls show meanwhile."""
    h, m = map(int, clock.split(":"))
    weekdays = "1,1,1,1,1,1,1"
    village["calendar.txt"] = (
        f"{village['calendar.txt'].splitlines()[0]}\nwk,{weekdays},20260301,20261231\n"
        f"daily,{weekdays},{day:%Y%m%d},{day:%Y%m%d}\n"
    )
    del village["calendar_dates.txt"]
    rows = [line for line in village["stop_times.txt"].splitlines() if "night" not in line]
    rows += [
        f"night,{h + n}:{m:02}:00,{h + n}:{m:02}:00,{s},{n},," for n, s in ((0, "ki"), (3, "bf1"))
    ]
    village["stop_times.txt"] = "\n".join(rows) + "\n"
    timetable, _ = read_feed(zipped(village))
    # asked on the day the clocks change
    asked = day + timedelta(days=1) if clock == "23:30" and day.day in (24, 28) else day
    ends = at(timetable, "ki"), at(timetable, "bf1")
    (journey,) = journeys_leaving(timetable_day(timetable, asked), *ends, -3 * HOUR, 27 * HOUR)
    assert journey.arrival_s - journey.departure_s == hours * HOUR
    told = german(journey)
    assert told.startswith(f"Um {from_to[0]} ab Kirche")
    assert told.endswith(f"(an {from_to[1]}).")


def riders_stay(timetable_of: Callable[..., Timetable], trip: Callable[..., Any]) -> Timetable:
    """t0: 0 -> 1, goes on as t1: 1 -> 2; nobody can change at stop 1."""
    one = trip([(0, 0, 8 * HOUR), (1, 8 * HOUR + 600, 8 * HOUR + 600)], {MONDAY}, continues=1)
    two = trip([(1, 8 * HOUR + 660, 8 * HOUR + 660), (2, 9 * HOUR, 9 * HOUR)], {MONDAY})
    one.calls[0] = (0, 8 * HOUR, 8 * HOUR)
    return timetable_of(3, [one, two], [(1, 1, -1)])


def test_riders_stay_aboard(
    timetable_of: Callable[..., Timetable], trip: Callable[..., Any]
) -> None:
    timetable = riders_stay(timetable_of, trip)
    ends = [Offer(0, 0)], [Offer(2, 0)]
    journey = earliest_arrival(timetable_day(timetable, MONDAY), *ends, 0, Limits(most_transfers=0))
    assert journey
    assert journey.transfers == 0
    assert [(ride.trip_id, ride.stays_aboard) for ride in journey.rides] == [
        ("t0", False),
        ("t1", True),
    ]
    assert german(journey).endswith(
        "sitzen bleiben, weiter als Bus R Richtung t1 bis S2 (an 09:00 Uhr)."
    )
    apart = replace(timetable, trip_continues=np.full(2, -1, np.int32))
    assert earliest_arrival(timetable_day(apart, MONDAY), *ends, 0) is None


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_two_rides_and_a_walk_within_one_second(
    timetable_of: Callable[..., Timetable], trip: Callable[..., Any], order: tuple[int, ...]
) -> None:
    """Whichever of the two trips the arrays happen to list first."""
    a, b, c, d = order
    at_once = 8 * HOUR
    trips = [
        trip([(x, at_once, at_once), (y, at_once, at_once)], {MONDAY}) for x, y in ((a, b), (c, d))
    ]
    day = timetable_day(timetable_of(4, trips, [(b, c, 0)]), MONDAY)
    ends = [Offer(a, 0)], [Offer(d, 0)]
    for journey in (earliest_arrival(day, *ends, 0), latest_departure(day, *ends, 24 * HOUR)):
        assert journey
        assert (journey.departure_s, journey.arrival_s, journey.transfers) == (at_once, at_once, 1)
    assert len(journeys_leaving(day, *ends, 0, 24 * HOUR)) == 1


def test_wheelchairs_go_where_it_is_known_that_they_can(
    timetable_of: Callable[..., Timetable], trip: Callable[..., Any]
) -> None:
    calls = [(0, 8 * HOUR, 8 * HOUR), (1, 9 * HOUR, 9 * HOUR)]
    for values, stops, found in (
        ((1, 0), [1, 1], [True, True]),
        ((0, 0), [1, 1], [False, True]),
        ((2, 0), [1, 1], [False, False]),
        ((1, 0), [1, 0], [False, True]),
        ((1, 0), [2, 1], [False, False]),
    ):
        timetable = timetable_of(2, [trip(calls, {MONDAY}, wheelchair=values[0])], [], stops)
        told = [
            earliest_arrival(
                timetable_day(timetable, MONDAY, wheelchair=needs), [Offer(0, 0)], [Offer(1, 0)], 0
            )
            is not None
            for needs in (Wheelchair.SURE, Wheelchair.PERHAPS)
        ]
        assert told == found


def test_a_day_is_frozen_and_warm_runs_on_any_timetable(village_timetable: Timetable) -> None:
    warm(village_timetable)
    day = timetable_day(village_timetable, MONDAY)
    for array in (*day.net, *day.turned, day.run_trip, day.run_shift):
        assert not array.flags.writeable
    empty = timetable_day(village_timetable, date(1999, 1, 1))
    assert len(empty.run_trip) == 0
    assert earliest_arrival(empty, [Offer(0, 0)], [Offer(1, 0)], 0) is None
    assert earliest_arrival(day, [], [Offer(1, 0)], 0) is None
    assert journeys_leaving(day, [Offer(1, 0)], [], 0, HOUR) == []


@pytest.mark.parametrize(
    ("footpath", "change_s", "arrives"),
    [(True, 120, 26_600), (True, 60, 26_400), (False, 120, 26_400), (True, 0, 26_400)],
)
def test_the_platform_beside_is_no_faster_than_the_same_one(
    timetable_of: Callable[..., Timetable],
    trip: Callable[..., Any],
    footpath: bool,  # noqa: FBT001  # one of the cases
    change_s: int,
    arrives: int,
) -> None:
    """Ten seconds on foot and a train a minute later: missed, unless the feed names the ten seconds."""
    trips = [
        trip([(0, 25_000, 25_000), (1, 25_200, 25_200)], {MONDAY}),
        *(trip([(2, t, t), (3, t + 1_140, t + 1_140)], {MONDAY}) for t in (25_260, 25_460)),
    ]
    paths = [(1, 2)] if footpath else []
    timetable = timetable_of(4, trips, [(1, 2, 10)], None, paths)
    day = timetable_day(timetable, MONDAY, change_s=change_s)
    journey = earliest_arrival(day, [Offer(0, 0)], [Offer(3, 0)], 0)
    assert journey
    assert journey.arrival_s == arrives
    # whoever starts or ends with that walk changes nowhere
    assert [(o.stop, o.seconds) for o in access_to(timetable, 1)] == [(1, 0), (2, 10)]
