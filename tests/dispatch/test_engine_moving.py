"""A bus under way: where it is, and that it is late."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.errors import IllegalEvent
from dispatch.events import (
    Alarm,
    AlarmCode,
    PositionReported,
    PromiseAtRisk,
    Reason,
    TourChanged,
    VehicleLate,
)
from dispatch.model import ShiftId

DEPOT, ANNA, KARL, DOCTOR, MARKET, FARM = range(6)
POINTS = [(0, 0), (5000, 0), (5500, 0), (12000, 0), (12200, 0), (6000, 15000)]
EARLY = ShiftId("early")


@pytest.fixture
def day(open_day: Callable[..., Any]) -> Any:
    """One bus from eight to one, and one ride at nine."""
    day = open_day(POINTS)
    day.open(EARLY, "08:00", "13:00")
    day.ride = day.book(ANNA, DOCTOR, "09:00")
    return day


def test_a_late_bus_says_whom_it_makes_late_and_what_else_there_is(day: Any) -> None:
    """Rider and coordinator hear of it once; the options do not count on the late bus's seat for them."""
    pickup_s = day.stops(day.ride)[0].arrive_s
    day.now_s = pickup_s - 600
    effects = day.do(VehicleLate(EARLY, day.now_s, 1800, sequence=1))
    (risk,) = [e for e in effects if isinstance(e, PromiseAtRisk)]
    assert (risk.booking, risk.reason) == (day.ride.id, Reason.LATE)
    assert risk.expected_pickup_s == pickup_s + 1800 == day.stops(day.ride)[0].arrive_s
    assert risk.options
    assert Alarm(AlarmCode.SHIFT_LATE, EARLY) in effects
    state = day.state
    assert day.do(VehicleLate(EARLY, day.now_s, 1800, sequence=1)) == ()
    assert day.state is state, "said twice, late once"


def test_an_older_report_changes_nothing(day: Any) -> None:
    day.at("08:30")
    day.do(PositionReported(EARLY, day.now_s, 3600, sequence=7))
    known = day.state
    for stale in (
        PositionReported(EARLY, day.now_s + 60, 7200, sequence=6),
        VehicleLate(EARLY, day.now_s - 1, 7200, sequence=7),
    ):
        assert day.do(stale) == ()
        assert day.state is known


def test_a_bus_that_catches_up_takes_the_call_back(day: Any) -> None:
    planned = day.visits(EARLY)
    day.at("08:40")
    day.do(PositionReported(EARLY, day.now_s, 3600, sequence=1))
    assert day.visits(EARLY) != planned
    effects = day.do(PositionReported(EARLY, day.now_s + 60, 300, sequence=2))
    assert day.visits(EARLY) == planned
    assert not [e for e in effects if isinstance(e, PromiseAtRisk)]


def test_an_early_bus_changes_nothing_told(day: Any) -> None:
    planned = day.visits(EARLY)
    day.at("08:10")
    effects = day.do(PositionReported(EARLY, day.now_s, 10, sequence=1))
    assert not [e for e in effects if isinstance(e, TourChanged)]
    assert day.visits(EARLY) == planned


def test_a_position_from_before_the_last_halt_says_nothing(day: Any) -> None:
    board, _ = day.stops(day.ride)
    day.drive(board)
    known = day.state
    assert day.do(PositionReported(EARLY, board.arrive_s - 60, 3600, sequence=1)) == ()
    assert day.state is known


def test_small_slips_are_not_told_again(day: Any) -> None:
    """Who was called hears again after another five minutes, not after each position."""
    pickup_s = day.stops(day.ride)[0].arrive_s
    told = []
    day.now_s = pickup_s
    for number, minutes in enumerate((12, 13, 14, 21, 22)):
        reached_in_s = minutes * 60 + ride_slack(day) - number
        effects = day.do(PositionReported(EARLY, day.now_s + number, reached_in_s, number + 1))
        told.append(any(isinstance(e, PromiseAtRisk) for e in effects))
    assert told[0]
    assert told.count(True) == 2


def ride_slack(day: Any) -> int:
    """Seconds between the promised window's beginning and now."""
    return int(day.ride.promise.pickup_from_s - day.now_s)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (PositionReported(ShiftId("none"), 0, 0), "shift-unknown"),
        (VehicleLate(ShiftId("none"), 0, 0), "shift-unknown"),
        (PositionReported(EARLY, 0, -1), "position-absurd"),
        (PositionReported(EARLY, 0, 2**30), "position-absurd"),
    ],
)
def test_reports_about_nothing(day: Any, event: Any, code: str) -> None:
    with pytest.raises(IllegalEvent) as error:
        day.do(event)
    assert error.value.code == code
