"""Shifts that open, become shorter, are withdrawn, or end with a broken bus."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.errors import IllegalEvent
from dispatch.events import (
    Alarm,
    AlarmCode,
    DriverChanged,
    PromiseAtRisk,
    Reason,
    RideChanged,
    ShiftShortened,
    ShiftWithdrawn,
    TourChanged,
    VehicleBrokeDown,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import Break, PlaceIndex, Refusal, RideStatus, ShiftId, Tour, VisitStatus
from dispatch.verify import verify

DEPOT, ANNA, KARL, DOCTOR, MARKET, FARM, HALFWAY = range(7)
POINTS = [(0, 0), (5000, 0), (5500, 0), (12000, 0), (12200, 0), (6000, 15000), (9000, 0)]
EARLY, OTHER = ShiftId("early"), ShiftId("other")


@pytest.fixture
def day(open_day: Callable[..., Any]) -> Any:
    """One bus from eight to one."""
    day = open_day(POINTS)
    day.open(EARLY, "08:00", "13:00")
    return day


def risks(effects: tuple[Any, ...]) -> dict[Any, PromiseAtRisk]:
    return {e.booking: e for e in effects if isinstance(e, PromiseAtRisk)}


def alarms(effects: tuple[Any, ...]) -> set[AlarmCode]:
    return {e.code for e in effects if isinstance(e, Alarm)}


def test_a_shift_opens_with_its_breaks(open_day: Callable[..., Any], clock: Any) -> None:
    """Breaks stand in the tour from the start, and rides are planned around them."""
    day = open_day(POINTS)
    breaks = Break(900, clock("09:00"), clock("10:00")), Break(1800, clock("11:00"), clock("12:00"))
    day.open(EARLY, "08:00", "13:00", breaks=breaks)
    assert [visit.id for visit in day.visits(EARLY)] == ["early-pause-0", "early-pause-1"]
    day.book(ANNA, DOCTOR, "09:00")
    day.book(DOCTOR, FARM, "10:40")
    assert [visit.pause for visit in day.visits(EARLY) if visit.pause] == list(breaks)
    for pause in (visit for visit in day.visits(EARLY) if visit.pause):
        assert pause.pause.from_s <= pause.arrive_s
        assert pause.depart_s <= pause.pause.until_s


def test_a_withdrawn_shift_leaves_its_rides_to_others(day: Any) -> None:
    """Quietly, within what was promised."""
    ride = day.book(ANNA, DOCTOR, "09:00")
    day.open(OTHER, "08:00", "13:00")
    effects = day.do(ShiftWithdrawn(EARLY))
    assert day.booking(ride).shift == OTHER
    assert EARLY not in day.state.shifts
    assert effects == (
        RideChanged(day.booking(ride)),
        TourChanged(Tour(EARLY)),
        TourChanged(day.state.tours[OTHER]),
    )


def test_without_another_bus_riders_are_called(day: Any) -> None:
    """They keep their promise on paper; a new shift takes them up at once."""
    ride = day.book(ANNA, DOCTOR, "09:00")
    effects = day.do(ShiftWithdrawn(EARLY))
    assert day.booking(ride).status is RideStatus.UNASSIGNED
    assert risks(effects)[ride.id].reason is Reason.SHIFT_CHANGED
    assert alarms(effects) == {AlarmCode.RIDE_UNASSIGNED}
    effects = day.open(OTHER, "08:00", "13:00")
    assert RideChanged(day.booking(ride)) in effects
    assert day.booking(ride).status is RideStatus.BOOKED


def test_who_is_called_hears_what_else_there_is(day: Any) -> None:
    ride = day.book(ANNA, DOCTOR, "09:00")
    day.open(OTHER, "10:00", "13:00")
    (risk,) = risks(day.do(ShiftWithdrawn(EARLY))).values()
    assert risk.options[0].shift == OTHER
    assert (risk.expected_pickup_s, risk.expected_arrival_s) == (None, None)
    assert risk.promise == ride.promise


def test_who_is_aboard_a_withdrawn_shift_is_brought_home_first(day: Any) -> None:
    aboard, waits = day.book(ANNA, DOCTOR, "09:00"), day.book(MARKET, FARM, "11:00")
    day.drive(day.stops(aboard)[0])
    day.do(ShiftWithdrawn(EARLY))
    assert day.booking(aboard).status is RideStatus.ABOARD
    assert [visit.alight for visit in day.visits(EARLY)] == [(), (aboard.id,)]
    assert day.booking(waits).status is RideStatus.UNASSIGNED
    shift, last = day.state.shifts[EARLY], day.visits(EARLY)[-1]
    assert shift.end_s == last.depart_s + 1200, "and then the bus drives to its depot"
    state = day.state
    assert day.do(ShiftWithdrawn(EARLY)) == ()
    assert day.state is state


def test_a_shorter_shift_keeps_what_fits(day: Any, clock: Any) -> None:
    first, last = day.book(ANNA, DOCTOR, "09:00"), day.book(MARKET, FARM, "11:30")
    effects = day.do(ShiftShortened(EARLY, clock("08:00"), clock("11:00")))
    assert day.booking(first).status is RideStatus.BOOKED
    assert day.booking(last).status is RideStatus.UNASSIGNED
    assert risks(effects).keys() == {last.id}
    assert day.state.shifts[EARLY].end_s == clock("11:00")


def test_a_shift_that_begins_later(day: Any, clock: Any) -> None:
    first, last = day.book(ANNA, DOCTOR, "08:30"), day.book(MARKET, FARM, "11:30")
    day.do(ShiftShortened(EARLY, clock("10:00"), clock("13:00")))
    assert day.booking(first).status is RideStatus.UNASSIGNED
    assert day.booking(last).status is RideStatus.BOOKED


def test_breaks_follow_a_shorter_shift(open_day: Callable[..., Any], clock: Any) -> None:
    """A break is moved into what is left of its window, or falls away."""
    day = open_day(POINTS)
    breaks = Break(900, clock("09:00"), clock("10:30")), Break(1800, clock("11:00"), clock("12:00"))
    day.open(EARLY, "08:00", "13:00", breaks=breaks)
    day.do(ShiftShortened(EARLY, clock("09:30"), clock("11:15")))
    assert day.state.shifts[EARLY].breaks == (Break(900, clock("09:30"), clock("10:30")),)
    (pause,) = day.visits(EARLY)
    assert pause.arrive_s == clock("09:30")


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("11:00", "11:00", "shift-times"),
        ("07:00", "11:00", "shift-not-shorter"),
        ("08:00", "14:00", "shift-not-shorter"),
        ("09:00", "13:00", "shift-under-way"),
    ],
)
def test_times_that_are_no_shortening(
    day: Any, clock: Any, start: str, end: str, code: str
) -> None:
    ride = day.book(ANNA, DOCTOR, "08:30")
    day.drive(day.stops(ride)[0])
    with pytest.raises(IllegalEvent) as error:
        day.do(ShiftShortened(EARLY, clock(start), clock(end)))
    assert error.value.code == code


def test_riders_on_board_of_a_broken_bus_come_first(day: Any) -> None:
    """They wait where it stands and take the soonest bus; who waits at home keeps the promise or is called."""
    aboard, waits = day.book(ANNA, DOCTOR, "09:00"), day.book(MARKET, FARM, "11:00")
    day.drive(day.stops(aboard)[0])
    day.open(OTHER, "09:00", "13:00")
    effects = day.do(VehicleBrokeDown(EARLY, day.now_s + 400, PlaceIndex(HALFWAY)))
    rescued = day.booking(aboard)
    assert (rescued.status, rescued.shift) == (RideStatus.BOOKED, OTHER)
    assert (rescued.stranded_at, rescued.carried_by) == (HALFWAY, (EARLY,))
    board, alight = day.stops(aboard)
    assert (board.place, alight.place) == (HALFWAY, DOCTOR)
    assert board.arrive_s - day.now_s < 1000, "the other bus comes straight from its depot"
    assert day.booking(waits).shift == OTHER
    last = day.visits(EARLY)[-1]
    assert (last.id, last.status, last.alight) == (
        "early-breakdown",
        VisitStatus.DEPARTED,
        (aboard.id,),
    )
    assert AlarmCode.BREAKDOWN in alarms(effects)
    assert waits.id not in risks(effects)
    state = day.state
    assert day.do(VehicleBrokeDown(EARLY, day.now_s + 500, PlaceIndex(HALFWAY))) == ()
    assert day.state is state
    day.do(VisitDeparted(day.visits(EARLY)[0].id, day.now_s - 5))
    assert day.booking(aboard) == rescued, "a late report of the old bus is not about the new one"


def test_the_stranded_without_any_bus(day: Any) -> None:
    aboard = day.book(ANNA, DOCTOR, "09:00")
    day.drive(day.stops(aboard)[0])
    effects = day.do(VehicleBrokeDown(EARLY, day.now_s + 400, PlaceIndex(HALFWAY)))
    assert day.booking(aboard).status is RideStatus.UNASSIGNED
    assert risks(effects)[aboard.id].reason is Reason.BREAKDOWN
    assert alarms(effects) == {AlarmCode.BREAKDOWN, AlarmCode.RIDER_STRANDED}
    day.at("09:30")
    day.open(OTHER, "09:40", "13:00")
    assert day.booking(aboard).status is RideStatus.BOOKED, "however late"


def test_a_bus_that_breaks_down_at_a_stop(day: Any) -> None:
    """Who was to board there still waits at home; who was to leave there is where they want to be."""
    out = day.book(ANNA, DOCTOR, "09:00")
    back = day.book(DOCTOR, KARL, "09:20")
    board, alight = day.stops(out)
    day.drive(board)
    day.now_s = alight.arrive_s
    day.do(VisitArrived(alight.id, alight.arrive_s))
    day.do(VehicleBrokeDown(EARLY, day.now_s, PlaceIndex(DOCTOR)))
    assert day.booking(out).status is RideStatus.DONE
    assert day.booking(back).status is RideStatus.UNASSIGNED
    assert day.booking(back).stranded_at is None


def test_a_bus_that_never_left_and_its_later_shifts(day: Any) -> None:
    """A broken bus does not go on today."""
    vehicle = day.state.vehicles["bus of early"]
    day.open(ShiftId("late"), "14:00", "18:00", vehicle=vehicle)
    rides = day.book(ANNA, DOCTOR, "09:00"), day.book(ANNA, DOCTOR, "15:00")
    day.at("08:10")
    day.do(VehicleBrokeDown(EARLY, day.now_s, PlaceIndex(DEPOT)))
    assert day.state.shifts == {}
    assert {day.booking(ride).status for ride in rides} == {RideStatus.UNASSIGNED}


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (ShiftWithdrawn(ShiftId("none")), "shift-unknown"),
        (ShiftShortened(ShiftId("none"), 0, 1), "shift-unknown"),
        (VehicleBrokeDown(ShiftId("none"), 0, PlaceIndex(0)), "shift-unknown"),
        (VehicleBrokeDown(EARLY, 0, PlaceIndex(99)), "place-unknown"),
    ],
)
def test_events_about_nothing(day: Any, event: Any, code: str) -> None:
    with pytest.raises(IllegalEvent) as error:
        day.do(event)
    assert error.value.code == code


def test_nobody_books_a_shift_that_is_over(day: Any) -> None:
    """A withdrawn shift that still brings somebody home takes nobody else."""
    aboard = day.book(ANNA, DOCTOR, "09:00")
    day.drive(day.stops(aboard)[0])
    day.do(ShiftWithdrawn(EARLY))
    assert isinstance(day.ask(DOCTOR, ANNA, "09:40"), Refusal)


def test_another_driver_changes_nothing_for_riders(day: Any) -> None:
    """No visit moves; the checker knows the event, and nothing else may change a driver."""
    day.book(ANNA, DOCTOR, "09:00")
    before = day.state
    effects = day.do(DriverChanged(EARLY, "Eva"))
    assert effects == ()
    assert day.state.shifts[EARLY].driver == "Eva"
    assert day.state.tours == before.tours
    assert day.state.version == before.version + 1
    assert verify(day.state, before, DriverChanged(EARLY, "Eva")) == ()
    for other in (DriverChanged(EARLY, "Karl"), DriverChanged(OTHER, "Eva"), ShiftWithdrawn(OTHER)):
        assert {each.code for each in verify(day.state, before, other)} == {"shift-altered"}


def test_nobody_drives_two_shifts_at_once(day: Any) -> None:
    day.open(OTHER, "12:00", "18:00")
    day.do(DriverChanged(EARLY, "Eva"))
    with pytest.raises(IllegalEvent) as caught:
        day.do(DriverChanged(OTHER, "Eva"))
    assert caught.value.code == "shift-overlap"
    day.do(DriverChanged(EARLY, ""))
    day.do(DriverChanged(OTHER, "Eva"))
    with pytest.raises(IllegalEvent) as caught:
        day.do(DriverChanged(ShiftId("none"), "Eva"))
    assert caught.value.code == "shift-unknown"
