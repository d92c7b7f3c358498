"""Rides and lines together, spelled out: rides with our bus in brackets, trips by their names."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dispatch.connections.candidates import candidates
from dispatch.connections.found import Journey, Kind, undominated
from dispatch.connections.meeting import second_id
from dispatch.events import OfferTaken, RideBooked
from dispatch.model import Purpose
from dispatch.policy import Policy
from dispatch.schedule.snapshot import Snapshot

DEPOT, FARM, MILL, STATION, CITY, HOSPITAL, HAMLET, COTTAGE = range(8)
POLICY = Policy(lead_time_s=0, travel_factor=1.0)
Ask = Callable[..., list[str]]


@pytest.fixture
def ask(valley: Any, day: Any) -> Ask:
    """Return a function that asks for a journey and spells the answers."""

    def asked(origin: int, destination: int, time: str, **load: int) -> list[str]:
        wish = valley.wish(day.request(origin, destination, time, **load))
        return [valley.told(journey) for journey in valley.ask(day, wish)]

    return asked


# --- what there is --------------------------------------------------------------------------------


def test_a_ride_to_the_train(ask: Ask) -> None:
    """From the farm at half past eight: to the mill for nine, or an hour later; or all the way by bus."""
    assert ask(FARM, HOSPITAL, "08:30") == [
        "[8:34 farm-mill 8:40:30], east9 9:00 mill-city 9:40, walk 6",
        "[8:34 farm-mill 8:40:30], east9 9:00 mill-city 9:40, [9:44 city-hospital 9:45:54]",
        "[9:34 farm-mill 9:40:30], east10 10:00 mill-city 10:40, walk 6",
        "[9:34 farm-mill 9:40:30], east10 10:00 mill-city 10:40, [10:44 city-hospital 10:45:54]",
        "[8:30 farm-hospital 9:36:54]",
    ]


def test_a_ride_to_the_train_that_arrives_in_time(ask: Ask) -> None:
    """By eleven: nobody rides earlier than need be, the ride all the way least of all."""
    assert ask(FARM, HOSPITAL, "-11:00")[0] == (
        "[9:34 farm-mill 9:40:30], east10 10:00 mill-city 10:40, walk 6"
    )
    by_half_past_ten = ask(FARM, HOSPITAL, "-10:30")
    assert by_half_past_ten[0] == "[8:34 farm-mill 8:40:30], east9 9:00 mill-city 9:40, walk 6"
    assert not any("east10" in told for told in by_half_past_ten)


def test_a_train_and_a_ride(ask: Ask) -> None:
    """Four minutes after the train the bus opens its doors: three to cross over, one to get in or out."""
    assert ask(HOSPITAL, FARM, "09:00")[0] == (
        "walk 6, west9 9:50 city-mill 10:30, [10:34 mill-farm 10:40:30]"
    )
    assert ask(HOSPITAL, FARM, "-11:00")[0] == (
        "walk 6, west9 9:50 city-mill 10:30, [10:34 mill-farm 10:40:30]"
    )


def test_a_ride_a_train_and_a_ride(ask: Ask) -> None:
    assert ask(FARM, HAMLET, "08:30")[0] == (
        "[8:34 farm-mill 8:40:30], east9 9:00 mill-city 9:40, [9:44 city-hamlet 9:55:30]"
    )
    assert ask(HAMLET, FARM, "-10:45")[0] == (
        "[9:19 hamlet-city 9:30:30], west9 9:50 city-mill 10:30, [10:34 mill-farm 10:40:30]"
    )


def test_the_line_alone(ask: Ask) -> None:
    """Who lives at the mill needs no bus; the last trip of the day leaves at noon."""
    assert ask(MILL, CITY, "08:30")[0] == "east9 9:00 mill-city 9:40"
    assert ask(MILL, HOSPITAL, "-10:00")[0] == "east9 9:00 mill-city 9:40, walk 6"
    assert not any("mill" in told and "east" in told for told in ask(MILL, CITY, "12:01"))


def test_where_no_line_goes_there_are_rides(ask: Ask) -> None:
    """Each a quarter of an hour apart at least, no more than half of what is told."""
    assert ask(DEPOT, FARM, "08:30") == [
        "[8:30 depot-farm 8:36:30]",
        "[8:40 depot-farm 8:46:30]",
        "[8:50 depot-farm 8:56:30]",
    ]


@pytest.mark.parametrize(
    ("late_min", "there"),
    [(0, "8:40:30"), (20, "8:40:30"), (45, "8:55:30"), (-5, "8:35:30")],
)
def test_a_late_train_may_make_up_for_it(valley: Any, day: Any, late_min: int, there: str) -> None:
    """The rider is there by the planned departure, but waits half an hour at most; earlier is earlier."""
    lines = valley.late("east9", *[late_min] * 3)
    asked = valley.wish(day.request(FARM, CITY, "08:20"))
    found = map(valley.told, replace(valley, lines=lines).ask(day, asked))
    with_train = next(told for told in found if "east9" in told)
    assert f"farm-mill {there}], east9" in with_train


def test_beyond_the_area_there_is_the_line(valley: Any, day: Any) -> None:
    """Our buses do not come to the hospital: only a ride to the line leads there."""
    wish = valley.wish(day.request(FARM, HOSPITAL, "08:30"), served=False)
    found = valley.ask(day, wish)
    assert [journey.kind for journey in found] == [Kind.RIDE_LINE] * 2
    assert valley.told(found[0]).startswith("[8:34 farm-mill 8:40:30], east9")


def test_candidates_count_on_the_shortest_rides(valley: Any, day: Any) -> None:
    """In a minute and a half, five on the road, four to the train; ten from the city to the hamlet."""
    wish = valley.wish(day.request(FARM, HAMLET, "08:30"))
    found = candidates(Snapshot.at(day.state, day.now_s), valley.lines, wish).found
    bounds = {candidate.legs[0].trip_id: candidate.bound_s for candidate in found}
    assert bounds["east9"] == (8 * 3600 + 49 * 60, 9 * 3600 + 56 * 60)
    assert bounds["east10"] == (9 * 3600 + 49 * 60, 10 * 3600 + 56 * 60)
    assert {candidate.kind for candidate in found} == {Kind.RIDE_LINE_RIDE}


def test_two_trains(valley: Any, valley_of: Any, day: Any) -> None:
    """Change at the station: two minutes at least, which the second express does not leave."""
    trips = [
        ("local", [(MILL, 540), (STATION, 550)]),
        ("express", [(STATION, 551), (CITY, 570)]),
        ("slow", [(STATION, 552), (CITY, 600)]),
    ]
    changing = valley_of(valley.points, valley.names, (MILL, STATION, CITY), trips)
    found = changing.ask(day, changing.wish(day.request(MILL, CITY, "08:30")))
    trains = next(journey for journey in found if journey.kind is Kind.LINE)
    assert changing.told(trains) == ("local 9:00 mill-station 9:10, slow 9:12 station-city 10:00")
    assert trains.changes == 1


@pytest.mark.parametrize(("walk_m", "walks"), [(320, True), (300, False)])
def test_nobody_walks_farther_than_the_area_says(
    valley: Any, day: Any, walk_m: int, *, walks: bool
) -> None:
    """From the stop to the hospital it is 240 m as the crow flies and 312 on foot."""
    day.state = replace(day.state, policy=replace(POLICY, connection_walk_m=walk_m))
    found = valley.ask(day, valley.wish(day.request(FARM, HOSPITAL, "08:30")))
    assert (Kind.RIDE_LINE in {journey.kind for journey in found}) == walks


def test_a_worse_journey_is_left_out_wherever_it_stands(valley: Any, day: Any) -> None:
    best, *_ = valley.ask(day, valley.wish(day.request(FARM, HOSPITAL, "08:30")))
    later = replace(best, arrival_s=best.arrival_s + 60)
    sooner = replace(later, departure_s=later.departure_s + 60)
    assert undominated([later, best]) == undominated([best, later, best]) == [best]
    assert undominated([best, sooner]) == [best, sooner]


ROUND = [(10_000, 3000), (0, 0), (10_000, -4000), (10_000, 0)]
TOP, WEST, BOTTOM, HOME = range(4)


@pytest.mark.parametrize(
    ("calls", "ends", "told"),
    [
        (
            [(BOTTOM, 500), (TOP, 510), (WEST, 530), (BOTTOM, 550)],
            (WEST, HOME),
            "loop 8:50 west-bottom 9:10, [9:14 bottom-home 9:22:10]",
        ),
        (
            [(BOTTOM, 550), (WEST, 570), (TOP, 590), (BOTTOM, 600)],
            (HOME, WEST),
            "[8:42 home-bottom 8:50:10], loop 9:10 bottom-west 9:30",
        ),
    ],
)
def test_nobody_leaves_a_train_before_boarding_it(
    valley_of: Any, open_day: Any, calls: Any, ends: tuple[int, int], told: str
) -> None:
    """The top is nearer to the home, but the train calls there on the other side of the west."""
    names = ("top", "west", "bottom", "home")
    loop = valley_of(ROUND, names, (TOP, WEST, BOTTOM), [("loop", calls)])
    day = open_day(ROUND, POLICY)
    day.open("bus", "08:00", "15:00", depot=HOME)
    found = loop.ask(day, loop.wish(day.request(*ends, "08:20")))
    assert [loop.told(journey) for journey in found if journey.legs] == [told]


# --- between ride and line ------------------------------------------------------------------------


def test_the_ride_is_promised_in_time_for_the_line(valley: Any, day: Any) -> None:
    """On both sides, with all that is needed to find the trip again."""
    first, second, *_ = valley.ask(day, valley.wish(day.request(FARM, HAMLET, "08:30")))
    assert (first.kind, second.kind) == (Kind.RIDE_LINE_RIDE, Kind.RIDE)
    to_line, from_line = first.rides
    meets, then = to_line.request.connection, from_line.request.connection
    assert (meets.to_line, meets.trip, meets.stop, meets.line) == (True, "east9", "mill", "R city")
    assert (meets.time_s, meets.transfer_s) == (9 * 3600, 240)
    assert to_line.promise.arrive_by_s == meets.time_s - meets.transfer_s
    assert (then.to_line, then.trip, then.stop) == (False, "east9", "city")
    assert (then.time_s, then.transfer_s) == (9 * 3600 + 2400, 240)
    assert from_line.promise.pickup_from_s == then.time_s + then.transfer_s
    assert meets.service_day == then.service_day == valley.lines.day.day
    assert {offer.request.purpose for offer in first.rides} == {Purpose.CONNECTION}
    assert from_line.request.id == second_id(to_line.request.id) != to_line.request.id


def test_who_must_be_there_by_some_time_is_promised_that(valley: Any, day: Any) -> None:
    """Also where a train brings them to the ride."""
    for time, ends in (("10:00", (FARM, HAMLET)), ("10:45", (HOSPITAL, FARM))):
        found = valley.ask(day, valley.wish(day.request(*ends, f"-{time}")))
        hours, minutes = time.split(":")
        lasts = [journey.last for journey in found if journey.last]
        assert lasts
        for ride in lasts:
            assert ride.promise.arrive_by_s <= int(hours) * 3600 + int(minutes) * 60
            assert (
                ride.promise.pickup_from_s <= ride.planned_pickup_s <= ride.promise.pickup_until_s
            )


@pytest.mark.parametrize(
    "slow", [{"walker": 1}, {"wheelchair": 1, "seat": 0}, {"pram": 1}, {"luggage": 1}]
)
def test_who_walks_slowly_has_more_time(valley: Any, day: Any, slow: dict[str, int]) -> None:
    """At 8:49 somebody quick is at the mill for nine; slower ones take the next, six minutes ahead of it."""
    day.state = replace(
        day.state, policy=replace(POLICY, walker_s=0, wheelchair_s=0, pram_s=0, luggage_s=0)
    )
    quick = valley.ask(day, valley.wish(day.request(FARM, CITY, "08:49")))
    assert valley.told(quick[0]).startswith("[8:49 farm-mill 8:55:30], east9")
    found = valley.ask(day, valley.wish(day.request(FARM, CITY, "08:49", **{"seat": 1, **slow})))
    with_line = [journey for journey in found if journey.legs]
    assert with_line[0].legs[0].trip_id == "east10"
    assert with_line[0].first.promise.arrive_by_s == 10 * 3600 - 60 - 360
    back = valley.ask(day, valley.wish(day.request(CITY, FARM, "08:30", **{"seat": 1, **slow})))
    (ride,) = next(journey for journey in back if journey.kind is Kind.LINE_RIDE).rides
    assert ride.promise.pickup_from_s == 9 * 3600 + 1800 + 60 + 360


def test_the_nearer_stop_of_the_same_trip(ask: Ask) -> None:
    """Towards the station the cottage is left later, to the mill the ride is shorter: both are told."""
    found = [told for told in ask(COTTAGE, HOSPITAL, "08:30") if "east9" in told and "walk" in told]
    assert sorted(found) == [
        "[8:35 cottage-mill 8:40:40], east9 9:00 mill-city 9:40, walk 6",
        "[8:43 cottage-station 8:50:20], east9 9:10 station-city 9:40, walk 6",
    ]
    back = [told for told in ask(HOSPITAL, COTTAGE, "09:00") if "walk" in told]
    assert "walk 6, west9 9:50 city-mill 10:30, [10:34 mill-cottage 10:39:40]" in back
    assert "walk 6, west9 9:50 city-station 10:20, [10:24 station-cottage 10:31:20]" in back


def test_a_nearer_stop_is_spelled_with_all_it_has(valley: Any, day: Any) -> None:
    """Its own row of the timetable, not that of the stop it stands in for."""
    timetable, found = valley.timetable, []
    for ends in (COTTAGE, HOSPITAL), (HOSPITAL, COTTAGE):
        found += valley.ask(day, valley.wish(day.request(*ends, "09:00")))
    legs = [leg for journey in found for leg in journey.lines]
    assert {leg.from_name for leg in legs} == {"mill", "station", "city"}
    for leg in legs:
        assert timetable.stop_time_stop[leg.first_stop_time] == leg.from_stop
        assert timetable.stop_time_stop[leg.last_stop_time] == leg.to_stop
        assert timetable.departure_s[leg.first_stop_time] == leg.departure_s
        assert timetable.arrival_s[leg.last_stop_time] == leg.arrival_s


@pytest.mark.parametrize(("wait_min", "trips"), [(30, {"east9"}), (20, set())])
def test_nobody_waits_longer_than_the_area_says(
    valley: Any, open_day: Any, wait_min: int, trips: set[str]
) -> None:
    """The bus is home at a quarter to nine, so at the mill by 8:33: 23 minutes before it must be there."""
    day = open_day(valley.points, replace(POLICY, connection_wait_s=60 * wait_min))
    day.open("west", "08:00", "08:45", depot=DEPOT)
    found = valley.ask(day, valley.wish(day.request(FARM, CITY, "08:10")))
    assert {journey.lines[0].trip_id for journey in found if journey.legs} == trips


@pytest.mark.parametrize("ends", [(FARM, HAMLET), (HAMLET, FARM)])
@pytest.mark.parametrize(("longest_s", "kinds"), [(600, {Kind.RIDE_LINE_RIDE}), (599, set())])
def test_no_ride_to_a_line_is_longer_than_any_may_be(
    valley: Any, day: Any, ends: tuple[int, int], longest_s: int, kinds: set[Kind]
) -> None:
    """It is ten minutes from the hamlet to the city."""
    day.state = replace(
        day.state, policy=replace(POLICY, ride_at_most_s=longest_s, ride_extra_s=longest_s)
    )
    found = valley.ask(day, valley.wish(day.request(*ends, "08:30")))
    assert {journey.kind for journey in found} - {Kind.RIDE} == kinds


def test_nobody_waits_long_for_the_bus(valley: Any, open_day: Any) -> None:
    """It comes to the mill at eleven at the earliest: not for the train of 10:30, with some patience yes."""
    for wait_min, first in ((20, "west10"), (30, "west9")):
        day = open_day(valley.points, replace(POLICY, connection_wait_s=60 * wait_min))
        day.open("west", "10:50", "15:00", depot=DEPOT)
        found = valley.ask(day, valley.wish(day.request(CITY, FARM, "09:00")))
        told = sorted(journey.lines[0].departure_s for journey in found if journey.legs)
        assert told[0] == 60 * {"west9": 590, "west10": 650}[first]


# --- taken together -------------------------------------------------------------------------------


def take(day: Any, journey: Journey) -> None:
    for offer in journey.rides:
        (booked, *_) = day.do(OfferTaken(offer))
        assert isinstance(booked, RideBooked)


def test_both_rides_are_booked_one_after_the_other(valley: Any, open_day: Any) -> None:
    """There is one bus for both: it brings to the mill, drives to the city and is there in time."""
    day = open_day(valley.points, POLICY)
    day.open("only", "08:00", "15:00", depot=DEPOT)
    found = valley.ask(day, valley.wish(day.request(FARM, HAMLET, "08:30")))
    double = [journey for journey in found if journey.kind is Kind.RIDE_LINE_RIDE]
    assert [valley.told(journey) for journey in double] == [
        "[8:34 farm-mill 8:40:30], east9 9:00 mill-city 9:40, [9:44 city-hamlet 9:55:30]",
        "[9:34 farm-mill 9:40:30], east10 10:00 mill-city 10:40, [10:44 city-hamlet 10:55:30]",
    ]
    take(day, double[0])
    assert len(day.state.bookings) == 2


def test_a_bus_cannot_be_at_both_ends(valley: Any, open_day: Any) -> None:
    """Where one bus alone serves both ends, the second ride is asked for with the first one booked."""
    fast = valley.late("east9", -30, -35, -55)
    quick = replace(valley, lines=fast)
    day = open_day(valley.points, POLICY)
    day.open("only", "08:00", "15:00", depot=DEPOT)
    found = quick.ask(day, valley.wish(day.request(FARM, HAMLET, "08:15")))
    trips = [
        journey.lines[0].departure_s for journey in found if journey.kind is Kind.RIDE_LINE_RIDE
    ]
    assert 8 * 3600 + 1800 not in trips
    day.open("east", "08:00", "15:00", depot=CITY)
    found = quick.ask(day, valley.wish(day.request(FARM, HAMLET, "08:15")))
    trips = [
        journey.lines[0].departure_s for journey in found if journey.kind is Kind.RIDE_LINE_RIDE
    ]
    assert 8 * 3600 + 1800 in trips
