"""A line is late or gone, our bus is late: who is told what, and what becomes of the ride."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from dispatch.connections.care import (
    LineGone,
    LineMissed,
    late_lines,
    line_time_s,
    missed_lines,
)
from dispatch.connections.found import Kind
from dispatch.connections.lines import Lines
from dispatch.connections.next_lines import next_departure_s
from dispatch.events import (
    Alarm,
    AlarmCode,
    ConnectionLate,
    PromiseAtRisk,
    PromiseGiven,
    Reason,
    VisitArrived,
)
from dispatch.model import Booking, Connection, RideStatus, ShiftId
from dispatch.policy import Policy
from gtfs.days import timetable_day
from gtfs.overlay import AddedTrip, Overlay, TripUpdate

DEPOT, FARM, MILL, STATION, CITY, HOSPITAL, HAMLET, COTTAGE = range(8)
TUESDAY = date(2026, 3, 3)
NINE = 9 * 3600
POLICY = Policy(lead_time_s=0, travel_factor=1.0)
Take = Callable[..., Booking]


@pytest.fixture
def take(valley: Any, day: Any) -> Take:
    """Return a function that books the ride of the best answer with one ride and the line."""

    def taken(origin: int, destination: int, time: str) -> Booking:
        found = valley.ask(day, valley.wish(day.request(origin, destination, time)))
        kinds = Kind.RIDE_LINE, Kind.LINE_RIDE
        journey = next(journey for journey in found if journey.kind in kinds)
        ride: Booking = day.take(journey.rides[0])
        return ride

    return taken


def told_of_lines(day: Any, lines: Lines) -> list[Any]:
    return list(late_lines(day.state, lines))


# --- the line -------------------------------------------------------------------------------------


def test_nothing_is_said_while_lines_are_on_time(valley: Any, day: Any, take: Take) -> None:
    take(HOSPITAL, FARM, "09:00")
    take(FARM, HOSPITAL, "08:30")
    assert told_of_lines(day, valley.lines) == []
    assert list(missed_lines(day.state, valley.lines)) == []


def test_a_late_line_makes_the_ride_late(valley: Any, day: Any, take: Take) -> None:
    """At the mill at 10:38 instead of 10:30, and four minutes to get in."""
    ride = take(HOSPITAL, FARM, "09:00")
    (event,) = told_of_lines(day, valley.late("west9", 8, 8, 8))
    assert event == ConnectionLate(ride.id, 10 * 3600 + 38 * 60 + 240)
    day.do(event)
    assert day.booking(ride).promise.pickup_from_s == event.ready_s
    assert day.stops(ride)[0].arrive_s >= event.ready_s
    assert told_of_lines(day, valley.late("west9", 8, 8, 8)) == [], "the ride follows already"


def test_a_delay_that_is_caught_up_before_the_stop_is_none(
    valley: Any, day: Any, take: Take
) -> None:
    take(HOSPITAL, FARM, "09:00")
    assert told_of_lines(day, valley.late("west9", 8, 5, 0)) == []


def test_a_line_one_is_brought_to_may_well_be_late(valley: Any, day: Any, take: Take) -> None:
    take(FARM, HOSPITAL, "08:30")
    assert told_of_lines(day, valley.late("east9", 20, 20, 20)) == []


def test_a_cancelled_line_is_a_case_for_a_person(valley: Any, day: Any, take: Take) -> None:
    """For riders to the line and from it; whose trip runs hears nothing."""
    to_line, from_line = take(FARM, HOSPITAL, "08:30"), take(HOSPITAL, FARM, "09:00")
    assert told_of_lines(day, valley.late("east9", cancelled=True)) == [
        LineGone(to_line.id, to_line=True)
    ]
    assert told_of_lines(day, valley.late("west9", cancelled=True)) == [
        LineGone(from_line.id, to_line=False)
    ]


def test_who_is_aboard_to_a_cancelled_line_is_a_case(valley: Any, day: Any, take: Take) -> None:
    """Until they are there: on the way a person can still look for another train."""
    ride = take(FARM, HOSPITAL, "08:30")
    gone = valley.late("east9", cancelled=True)
    day.drive(day.stops(ride)[0])
    assert day.booking(ride).status is RideStatus.ABOARD
    assert told_of_lines(day, gone) == [LineGone(ride.id, to_line=True)]
    assert told_of_lines(day, valley.lines) == []
    day.drive(day.stops(ride)[1])
    assert told_of_lines(day, gone) == []


def test_on_a_day_without_any_line_all_are_gone(day: Any, take: Take) -> None:
    to_line, from_line = take(FARM, HOSPITAL, "08:30"), take(HOSPITAL, FARM, "09:00")
    assert list(late_lines(day.state, None)) == [
        LineGone(to_line.id, to_line=True),
        LineGone(from_line.id, to_line=False),
    ]


def overlaid(valley: Any, trip: str, update: TripUpdate, *added: AddedTrip) -> Lines:
    """Return the lines with what is told about one trip, and trips added."""
    number = valley.timetable.trip_id.index(trip)
    overlay = Overlay({(number, TUESDAY): update}, added)
    return replace(valley.lines, day=timetable_day(valley.timetable, TUESDAY, overlay=overlay))


def test_a_stop_the_line_passes_today_is_a_case(valley: Any, day: Any, take: Take) -> None:
    """The train runs but does not halt where the ride meets it; other stops do not matter."""
    to_line, from_line = take(FARM, HOSPITAL, "08:30"), take(HOSPITAL, FARM, "09:00")
    assert to_line.request.connection.stop == "mill"
    passed = overlaid(valley, "east9", TripUpdate(0, skipped=frozenset({0})))
    assert told_of_lines(day, passed) == [LineGone(to_line.id, to_line=True)]
    passed = overlaid(valley, "west9", TripUpdate(0, skipped=frozenset({2})))
    assert told_of_lines(day, passed) == [LineGone(from_line.id, to_line=False)]
    passed = overlaid(valley, "east9", TripUpdate(0, skipped=frozenset({1})))
    assert told_of_lines(day, passed) == []


def test_a_trip_that_runs_as_another_one_today_still_comes(valley: Any, take: Take) -> None:
    """Told anew in all its stops, at another time; or from another platform of the station."""
    meets = take(FARM, HOSPITAL, "08:30").request.connection
    mill, station, city = 0, 1, 2
    times = NINE + 300, NINE + 900, NINE + 2700
    instead = AddedTrip(0, "east9", TUESDAY, 0, "city", (mill, station, city), times, times)
    gone = TripUpdate(0, cancelled=True)
    assert line_time_s(overlaid(valley, "east9", gone, instead), meets) == NINE + 300
    elsewhere = replace(instead, stops=(station, mill, city))
    assert line_time_s(overlaid(valley, "east9", gone, elsewhere), meets) == NINE + 900
    without = replace(instead, stops=(station, city), arrival_s=times[1:], departure_s=times[1:])
    assert line_time_s(overlaid(valley, "east9", gone, without), meets) is None
    platforms = replace(valley.timetable, stop_station=np.array([3, 3, -1], np.int32))
    moved = overlaid(replace(valley, timetable=platforms), "east9", gone, without)
    assert line_time_s(moved, meets) == NINE + 900


def test_nothing_is_said_about_who_rides_or_rode(valley: Any, day: Any, take: Take) -> None:
    ride = take(HOSPITAL, FARM, "09:00")
    late, gone = valley.late("west9", 30, 30, 30), valley.late("west9", cancelled=True)
    for visit in day.stops(ride):
        day.drive(visit)
        assert told_of_lines(day, late) == told_of_lines(day, gone) == []
    assert day.booking(ride).status is RideStatus.DONE


# --- our bus --------------------------------------------------------------------------------------


def test_our_late_bus_misses_the_line(valley: Any, day: Any, take: Take) -> None:
    """A quarter of an hour late there is time enough; twenty minutes late the next train is told."""
    ride = take(FARM, HOSPITAL, "08:30")
    board, _ = day.stops(ride)
    day.now_s = board.arrive_s + 1200
    punctual = day.state
    day.do(VisitArrived(board.id, board.arrive_s + 900))
    assert list(missed_lines(day.state, valley.lines)) == []
    day.state = punctual
    day.do(VisitArrived(board.id, board.arrive_s + 1200))
    (missed,) = missed_lines(day.state, valley.lines)
    arrival_s = day.stops(ride)[1].arrive_s
    assert missed == LineMissed(ride.id, arrival_s + 240)
    assert arrival_s == 9 * 3600 + 30
    meets = ride.request.connection
    assert next_departure_s(valley.lines, meets, missed.ready_s) == 10 * 3600
    assert (
        next_departure_s(valley.late("east10", 5, 5, 5), meets, missed.ready_s) == 10 * 3600 + 300
    )
    late = valley.late("east9", 5, 5, 5)
    assert list(missed_lines(day.state, late)) == [], "the train is late, too"
    assert list(missed_lines(day.state, valley.late("east9", cancelled=True))) == []


def test_who_is_aboard_may_miss_the_line_and_who_is_there_may_not(
    valley: Any, day: Any, take: Take
) -> None:
    ride = take(FARM, HOSPITAL, "08:30")
    board, _ = day.stops(ride)
    day.drive(replace(board, arrive_s=board.arrive_s + 1500, depart_s=board.depart_s + 1500))
    assert day.booking(ride).status is RideStatus.ABOARD
    assert [missed.booking for missed in missed_lines(day.state, valley.lines)] == [ride.id]
    day.drive(day.stops(ride)[1])
    assert day.booking(ride).status is RideStatus.DONE
    assert list(missed_lines(day.state, valley.lines)) == []


def test_after_the_last_trip_there_is_no_next(valley: Any, take: Take) -> None:
    meets = take(FARM, HOSPITAL, "11:30").request.connection
    assert next_departure_s(valley.lines, meets, 12 * 3600) == 12 * 3600
    after = next_departure_s(valley.lines, meets, 12 * 3600 + 1)
    assert after is None or after > 24 * 3600
    assert next_departure_s(valley.lines, replace(meets, trip="none"), 0) is None


# --- how far a ride follows -----------------------------------------------------------------------


def late_by(day: Any, ride: Booking, minutes: int) -> tuple[Any, ...]:
    """Tell the ride that its line is so many minutes later."""
    effects: tuple[Any, ...] = day.do(
        ConnectionLate(ride.id, ride.promise.pickup_from_s + 60 * minutes)
    )
    return effects


def test_a_ride_follows_to_another_bus(day: Any, take: Take) -> None:
    """Soon after, the bus of the west leaves for the city; another one brings the rider home."""
    ride = take(HOSPITAL, FARM, "09:00")
    other = day.book(FARM, CITY, "10:45")
    west = day.booking(ride).shift
    day.open("spare", "08:00", "15:00", depot=MILL)
    assert day.booking(other).shift == west
    effects = late_by(day, ride, 25)
    now = day.booking(ride)
    assert PromiseGiven(now) in effects
    assert now.shift == ShiftId("spare")
    assert now.promise.pickup_from_s == ride.promise.pickup_from_s + 1500
    assert day.booking(other) == other, "nobody else hears of it"


def test_a_ride_follows_to_a_later_place_of_its_bus(day: Any, take: Take) -> None:
    """Another rider was to be fetched after this one; now before."""
    ride = take(HOSPITAL, FARM, "09:00")
    other = day.book(DEPOT, FARM, "10:55")
    assert day.booking(ride).shift == day.booking(other).shift
    assert day.passed(ride) < day.passed(other)
    late_by(day, ride, 45)
    assert day.passed(ride) > day.passed(other)
    assert day.booking(other) == other


@pytest.mark.parametrize(("minutes", "follows"), [(45, True), (46, False)])
def test_a_ride_follows_so_far(day: Any, take: Take, minutes: int, *, follows: bool) -> None:
    """Beyond that a person decides, with the rides there are from then on."""
    ride = take(HOSPITAL, FARM, "09:00")
    before = day.state
    effects = late_by(day, ride, minutes)
    if follows:
        assert PromiseGiven(day.booking(ride)) in effects
        return
    assert day.state is before
    risk, alarm = effects
    assert isinstance(risk, PromiseAtRisk)
    assert (risk.booking, risk.reason) == (ride.id, Reason.CONNECTION_LATE)
    ready_s = ride.promise.pickup_from_s + 60 * minutes
    assert risk.options
    assert all(offer.promise.pickup_from_s >= ready_s for offer in risk.options)
    assert alarm == Alarm(AlarmCode.CONNECTION_MISSED, ride.shift, ride.id)


@pytest.mark.parametrize(("minutes", "waits"), [(10, True), (11, False)])
def test_a_bus_with_open_doors_waits_so_long(
    day: Any, take: Take, minutes: int, *, waits: bool
) -> None:
    """It is at the mill already, so no other place is left; it waits ten minutes and no longer."""
    ride = take(HOSPITAL, FARM, "09:00")
    board, _ = day.stops(ride)
    day.now_s = board.arrive_s
    day.do(VisitArrived(board.id, board.arrive_s))
    effects = day.do(ConnectionLate(ride.id, board.arrive_s + 60 * minutes))
    if waits:
        assert PromiseGiven(day.booking(ride)) in effects
        assert day.stops(ride)[0].depart_s >= board.arrive_s + 600
    else:
        assert [type(effect) for effect in effects] == [PromiseAtRisk, Alarm]
        assert day.booking(ride) == ride


# --- which call, which day ------------------------------------------------------------------------


@pytest.fixture
def loop(valley_of: Any) -> Any:
    """Return a town line that calls at the mill at 8:00 and 8:40."""
    points = [(0, 0), (3000, 0), (6000, 0)]
    calls = [(0, 480), (1, 500), (0, 520), (2, 540)]
    return valley_of(points, ("mill", "school", "town"), (0, 1, 2), [("loop", calls)])


def meets(trip: str, stop: str, minute: int, *, to_line: bool = True, days: int = 0) -> Connection:
    return Connection(
        to_line, trip, TUESDAY + timedelta(days=days), stop, "Bus 1", 60 * minute, 240
    )


@pytest.mark.parametrize("late", [0, 15, 25, 39, 60])
def test_a_trip_that_calls_twice(loop: Any, late: int) -> None:
    """However late it is, the call meant is the one it was planned to be."""
    lines = loop.late("loop", late, late, late, late)
    assert line_time_s(lines, meets("loop", "mill", 480)) == 60 * (480 + late)
    assert line_time_s(lines, meets("loop", "mill", 520)) == 60 * (520 + late)
    assert line_time_s(lines, meets("loop", "mill", 520, to_line=False)) == 60 * (520 + late)


def test_a_trip_of_the_night_before_that_calls_twice(valley_of: Any) -> None:
    """At ten past midnight and at ten to one."""
    calls = [(0, 1450), (1, 1470), (0, 1490), (2, 1510)]
    points = [(0, 0), (3000, 0), (6000, 0)]
    night = valley_of(points, ("mill", "school", "town"), (0, 1, 2), [("loop", calls)])
    for minute in (10, 50):
        assert line_time_s(night.lines, meets("loop", "mill", minute, days=-1)) == 60 * minute


def test_what_the_timetable_does_not_know_does_not_come(valley: Any) -> None:
    """A stop, a trip, a day, a stop of another trip."""
    assert line_time_s(valley.lines, meets("east9", "mill", 540)) == 9 * 3600
    assert line_time_s(valley.lines, meets("east9", "moon", 540)) is None
    assert line_time_s(valley.lines, meets("east99", "mill", 540)) is None
    assert line_time_s(valley.lines, meets("east9", "mill", 540, days=-7)) is None
    assert line_time_s(valley.lines, meets("east9", "mill", 540, days=1)) == 33 * 3600


def test_a_trip_of_the_night_before(valley_of: Any) -> None:
    """It left on Monday at 23:50 and arrives at 0:20 on Tuesday; Tuesday's own arrives a day later."""
    points = [(0, 0), (30_000, 0)]
    valley = valley_of(points, ("city", "mill"), (0, 1), [("night", [(0, 1430), (1, 1460)])])
    monday = meets("night", "mill", 20, to_line=False, days=-1)
    assert line_time_s(valley.lines, monday) == 20 * 60
    tuesday = meets("night", "mill", 20, to_line=False)
    assert line_time_s(valley.lines, tuesday) == 86_400 + 20 * 60
    on_monday = timetable_day(valley.timetable, TUESDAY - timedelta(days=1))
    yesterday = replace(valley.lines, day=on_monday)
    assert line_time_s(yesterday, replace(monday, time_s=1460 * 60)) == 1460 * 60
