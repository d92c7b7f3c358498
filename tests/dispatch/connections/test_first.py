"""Public transport first: whom a line stands in for, and whom not; every limit from both sides."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dispatch.connections.first import is_exempt, line_first
from dispatch.connections.found import Journey, Kind
from dispatch.connections.journeys import journeys
from dispatch.policy import Exempt, Policy
from dispatch.schedule.snapshot import Snapshot

DEPOT, FARM, MILL, STATION, CITY, HOSPITAL, HAMLET, COTTAGE = range(8)
POLICY = Policy(lead_time_s=0, travel_factor=1.0, line_first_s=3600)
NOBODY = frozenset[Exempt]()
First = Callable[..., Journey | None]


@pytest.fixture
def first(valley: Any, open_day: Any) -> First:
    """Return a function that asks which line stands in for a ride, under other rules than usual."""

    def asked(
        *ends: int, time: str, said: dict[str, Any] | None = None, load: Any = None, **rules: Any
    ) -> Journey | None:
        day = open_day(valley.points, replace(POLICY, **rules))
        day.open("west", "08:00", "15:00", depot=DEPOT)
        wish = valley.wish(day.request(*ends, time, **(load or {})), **(said or {}))
        snapshot = Snapshot.at(day.state, day.now_s)
        return line_first(snapshot, wish, journeys(snapshot, valley.lines, wish))

    return asked


def trip_of(journey: Journey | None) -> str | None:
    if journey is None:
        return None
    assert journey.kind is Kind.LINE
    return journey.lines[0].trip_id


def test_a_line_stands_in_for_a_ride(first: First) -> None:
    assert trip_of(first(MILL, HOSPITAL, time="08:30")) == "east9"
    assert trip_of(first(HOSPITAL, MILL, time="-10:35")) == "west9"


def test_where_the_area_has_no_such_rule_there_are_rides(first: First) -> None:
    assert first(MILL, HOSPITAL, time="08:30", line_first_s=0) is None


def test_where_a_ride_is_needed_to_the_line_there_are_rides(first: First) -> None:
    """Only the line alone stands in; the feeder is one of the answers."""
    assert first(FARM, HOSPITAL, time="08:30") is None
    assert first(FARM, DEPOT, time="08:30") is None


@pytest.mark.parametrize(
    ("why", "said", "load"),
    [
        (Exempt.DISABLED, {"disabled": True}, {"seat": 1}),
        (Exempt.WHEELCHAIR, {}, {"wheelchair": 1}),
        (Exempt.WHEELCHAIR, {}, {"seat": 1, "walker": 1}),
        (Exempt.LUGGAGE, {}, {"seat": 1, "luggage": 1}),
        (Exempt.LUGGAGE, {}, {"seat": 1, "parcel": 1}),
        (Exempt.AGE, {"age_years": 80}, {"seat": 1}),
    ],
)
def test_each_exemption(
    first: First, why: Exempt, said: dict[str, Any], load: dict[str, int]
) -> None:
    """Whoever has it gets a ride where the area grants it, and is sent to the line where it does not."""

    def asked(not_for: frozenset[Exempt]) -> Journey | None:
        return first(MILL, CITY, time="08:30", said=said, load=load, line_first_not_for=not_for)

    assert asked(frozenset({why})) is None
    assert trip_of(asked(frozenset(Exempt) - {why})) == "east9"
    assert trip_of(asked(NOBODY)) == "east9"


def test_nobody_is_exempt_for_nothing(valley: Any, open_day: Any) -> None:
    """A year too young, an age that was not said, a pram, a child."""
    day = open_day(valley.points, POLICY)
    for said, load in (
        ({"age_years": 79}, {"seat": 1}),
        ({}, {"seat": 1, "pram": 1}),
        ({}, {"seat": 1, "child_seat": 1}),
    ):
        wish = valley.wish(day.request(MILL, CITY, "08:30", **load), **said)
        assert not is_exempt(POLICY, wish)
    old = valley.wish(day.request(MILL, CITY, "08:30"), age_years=79)
    assert is_exempt(replace(POLICY, line_first_age_years=79), old)


@pytest.mark.parametrize(
    ("ends", "time", "min_", "line"),
    [
        ((MILL, CITY), "08:30", 30, "east9"),
        ((MILL, CITY), "08:30", 29, None),
        ((CITY, MILL), "-11:00", 30, "west9"),
        ((CITY, MILL), "-11:00", 29, None),
        ((MILL, CITY), "09:00", 1, "east9"),
    ],
)
def test_the_window(first: First, ends: Any, time: str, min_: int, line: str | None) -> None:
    """It is nine for who wished for half past eight; the end that was named counts."""
    assert trip_of(first(*ends, time=time, line_first_s=60 * min_)) == line


@pytest.mark.parametrize(("walk_m", "line"), [(360, "east9"), (359, None), (299, None)])
def test_the_longest_walk(first: First, walk_m: int, line: str | None) -> None:
    """The hospital is 240 m from the stop as the crow flies, 312 on foot, told as six minutes: 360 m."""
    assert trip_of(first(MILL, HOSPITAL, time="08:30", line_first_walk_m=walk_m)) == line
    assert trip_of(first(MILL, CITY, time="08:30", line_first_walk_m=0)) == "east9"


def test_both_walks_count(valley_of: Any, open_day: Any) -> None:
    """Five minutes to the stop and five from it are ten."""
    points = [(0, 0), (-225, 0), (20_000, 0), (20_225, 0)]
    valley = valley_of(points, "abcd", (0, 2), [("t", [(0, 540), (2, 560)])])
    for walk_m, stands_in in ((600, True), (599, False)):
        day = open_day(points, replace(POLICY, line_first_walk_m=walk_m))
        wish = valley.wish(day.request(1, 3, "08:40"))
        snapshot = Snapshot.at(day.state, day.now_s)
        found = journeys(snapshot, valley.lines, wish)
        assert [leg.seconds for leg in (found[0].legs[0], found[0].legs[-1])] == [300, 300]
        assert (line_first(snapshot, wish, found) is not None) == stands_in


@pytest.mark.parametrize(("longer_min", "served", "line"), [(30, True, "west9"), (29, True, None), (0, False, "west9")])  # fmt: skip
def test_how_much_longer_it_may_take(
    valley: Any, open_day: Any, longer_min: int, *, served: bool, line: str | None
) -> None:
    """From the station to the mill the line needs ten minutes, the bus as well; with a delay it is forty.

    Where our bus does not go there is nothing to compare it with.
    """
    late = replace(valley, lines=valley.late("west9", 0, 0, 30))
    day = open_day(
        valley.points, replace(POLICY, line_first_s=1800, line_first_longer_s=60 * longer_min)
    )
    wish = valley.wish(day.request(STATION, MILL, "10:20"), served=served)
    snapshot = Snapshot.at(day.state, day.now_s)
    assert trip_of(line_first(snapshot, wish, journeys(snapshot, late.lines, wish))) == line
