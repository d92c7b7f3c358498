"""A line that is not on time says so in words, and one nothing is told about claims nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from gtfs.days import timetable_day
from gtfs.feed import read_feed
from gtfs.journey import Journey, Offer
from gtfs.overlay import AddedTrip, Overlay, TripUpdate
from gtfs.search import earliest_arrival
from gtfs.sentences import english, english_line, german, german_line
from gtfs.timetable import Timetable

HOUR = 3600
MONDAY = date(2026, 3, 2)
Told = Callable[..., Journey]


@pytest.fixture
def timetable(village: dict[str, str], zipped: Callable[[Mapping[str, str]], Path]) -> Timetable:
    """bus1 bf2 7:05 -> ki 7:12 -> mu 7:20; night ki 23:50 -> bf1 25:10 -> mu 25:30."""
    return read_feed(zipped(village))[0]


@pytest.fixture
def told(timetable: Timetable) -> Told:
    """Return how the first journey from the church to the mill is found after news about bus 773."""

    def find(*delays: tuple[int, int], **update: bool) -> Journey:
        trip = timetable.trip_id.index("bus1")
        news = TripUpdate(0, delays=delays, **update)  # type: ignore[arg-type]  # `cancelled`
        day = timetable_day(timetable, MONDAY, overlay=Overlay({(trip, MONDAY): news}))
        ends = ([Offer(timetable.stop_id.index(stop), 0)] for stop in ("ki", "mu"))
        journey = earliest_arrival(day, *ends, 7 * HOUR)
        assert journey
        return journey

    return find


def test_a_late_line_says_how_late_and_what_was_planned(told: Told) -> None:
    journey = told(*[(300, 300)] * 3)
    assert german(journey, MONDAY) == (
        "Um 07:17 Uhr (heute 5 Minuten später, geplant 07:12 Uhr) ab Kirche mit Bus 773 Richtung Mühle über Wald"
        " (vorher anrufen) bis Mühle (an 07:25 Uhr)."
    )
    assert english(journey, MONDAY) == (
        "At 07:17 (today 5 minutes late, planned 07:12) from Kirche by bus 773 towards Mühle über Wald"
        " (call ahead) to Mühle (arriving 07:25)."
    )
    assert journey.rides[0].planned_s == (7 * HOUR + 720, 7 * HOUR + 1200)


def test_today_is_said_on_the_day_itself_only(told: Told) -> None:
    journey = told(*[(60, 60)] * 3)
    for today in (None, MONDAY - timedelta(days=1)):
        assert "(1 Minute später, geplant 07:12 Uhr)" in german(journey, today)
        assert "(1 minute late, planned 07:12)" in english(journey, today)


def test_an_early_line_warns_and_a_late_arrival_is_told_at_the_end(told: Told) -> None:
    early = told(*[(-120, -120)] * 3)
    assert german(early, MONDAY).startswith("Um 07:10 Uhr (heute 2 Minuten früher, geplant 07:12")
    assert "(today 2 minutes early, planned 07:12)" in english(early, MONDAY)
    jam = told((0, 0), (0, 0), (240, 240))
    assert german(jam, MONDAY).startswith("Um 07:12 Uhr ab Kirche")
    assert "(an 07:24 Uhr, heute 4 Minuten später, geplant 07:20 Uhr)" in german(jam, MONDAY)


def test_on_time_and_unknown_sound_the_same_but_are_not(timetable: Timetable, told: Told) -> None:
    """Nobody says "on time"; a rider sees the same clock on both, and only one of them is told of."""
    punctual = told()
    day = timetable_day(timetable, MONDAY)
    ends = ([Offer(timetable.stop_id.index(stop), 0)] for stop in ("ki", "mu"))
    unknown = earliest_arrival(day, *ends, 7 * HOUR)
    assert unknown
    assert german(punctual, MONDAY) == german(unknown, MONDAY)
    assert punctual.rides[0].planned_s == (7 * HOUR + 720, 7 * HOUR + 1200)
    assert unknown.rides[0].planned_s is None


def test_a_cancelled_trip_does_not_appear(told: Told) -> None:
    assert "bus1" not in {ride.trip_id for ride in told(cancelled=True).rides}


def test_an_added_trip_is_told_of(timetable: Timetable) -> None:
    ki, mu = (timetable.stop_id.index(stop) for stop in ("ki", "mu"))
    times = 6 * HOUR, 7 * HOUR
    extra = AddedTrip(0, "extra", MONDAY, 0, "Mühle", (ki, mu), times, times)
    day = timetable_day(timetable, MONDAY, overlay=Overlay({}, (extra,)))
    journey = earliest_arrival(day, [Offer(ki, 0)], [Offer(mu, 0)], 5 * HOUR)
    assert journey
    assert journey.rides[0].planned_s == times
    assert "heute" not in german(journey, MONDAY)


def test_lines_have_a_name_with_their_kind(told: Told) -> None:
    ride = told().rides[0]
    assert (german_line(ride), english_line(ride)) == ("Bus 773", "bus 773")
    for route_type, kinds in ((2, ("Zug 773", "train 773")), (1700, ("Linie 773", "line 773"))):
        other = replace(ride, route_type=route_type)
        assert (german_line(other), english_line(other)) == kinds
