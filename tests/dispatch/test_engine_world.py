"""What happens around the buses: roads, trains, better plans, the end of the day."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dispatch.engine import decide
from dispatch.errors import IllegalEvent
from dispatch.events import (
    Alarm,
    AlarmCode,
    BookingCancelled,
    ConnectionLate,
    DayClosed,
    ImprovementDropped,
    ImprovementFound,
    ImprovementTaken,
    NoShowReported,
    PositionReported,
    PromiseAtRisk,
    PromiseGiven,
    Reason,
    ShiftOpened,
    TravelChanged,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import (
    UNREACHABLE,
    BookingId,
    PlaceIndex,
    RideStatus,
    ShiftId,
    Tour,
    Travel,
    Visit,
    VisitId,
    VisitStatus,
)
from dispatch.objective import cost_of
from dispatch.schedule.retime import retime_from_facts

DEPOT, ANNA, KARL, DOCTOR, MARKET, FARM = range(6)
POINTS = [(0, 0), (5000, 0), (5500, 0), (12000, 0), (12200, 0), (6000, 15000)]
EARLY, OTHER = ShiftId("early"), ShiftId("other")


@pytest.fixture
def day(open_day: Callable[..., Any]) -> Any:
    """One bus from eight to one."""
    day = open_day(POINTS)
    day.open(EARLY, "08:00", "13:00")
    return day


def roads(day: Any, factor: float, closed: tuple[int, ...] = ()) -> TravelChanged:
    """Slow all roads down; cut some places off."""
    seconds = (day.state.travel.seconds * factor).astype("int32")
    for place in closed:
        seconds[place, :] = seconds[:, place] = UNREACHABLE
        seconds[place, place] = 0
    return TravelChanged(Travel(seconds, day.state.travel.metres))


# --- roads --------------------------------------------------------------------------------------


def test_who_cannot_be_served_in_time_gets_another_bus(day: Any) -> None:
    """The bus from the farm comes too late on icy roads; the one in town keeps the promise."""
    day.book(FARM, MARKET, "08:30")
    ride = day.book(MARKET, DOCTOR, "09:10")
    day.open(OTHER, "08:00", "13:00", depot=DOCTOR)
    assert day.booking(ride).shift == EARLY
    effects = day.do(roads(day, 2.0))
    assert day.booking(ride).shift == OTHER
    assert ride.id not in {e.booking for e in effects if isinstance(e, PromiseAtRisk)}


def test_without_another_bus_riders_stay_planned_and_are_called(day: Any) -> None:
    ride = day.book(ANNA, DOCTOR, "-09:00")
    effects = day.do(roads(day, 3.0))
    (risk,) = [e for e in effects if isinstance(e, PromiseAtRisk)]
    assert (risk.booking, risk.reason) == (ride.id, Reason.ROADS_CHANGED)
    assert day.booking(ride).status is RideStatus.BOOKED


def test_no_road_leads_there_any_more(day: Any) -> None:
    ride, other = day.book(ANNA, FARM, "09:00"), day.book(KARL, DOCTOR, "10:30")
    effects = day.do(roads(day, 1.0, closed=(FARM,)))
    assert day.booking(ride).status is RideStatus.UNASSIGNED
    assert day.booking(other).status is RideStatus.BOOKED
    assert Alarm(AlarmCode.RIDE_UNASSIGNED, EARLY, ride.id) in effects
    day.do(roads(day, 1.0))
    day.state = replace(
        day.state, travel=Travel(day.state.travel.metres // 10, day.state.travel.metres)
    )
    day.do(BookingCancelled(other.id))
    assert day.booking(ride).status is RideStatus.BOOKED, (
        "the road is open again, and there is room"
    )


def test_who_is_aboard_is_never_cut_off(day: Any) -> None:
    ride = day.book(ANNA, FARM, "09:00")
    day.drive(day.stops(ride)[0])
    with pytest.raises(IllegalEvent) as error:
        day.do(roads(day, 1.0, closed=(FARM,)))
    assert error.value.code == "plan-impossible"


# --- trains -------------------------------------------------------------------------------------


def test_a_ride_waits_for_a_late_train(day: Any) -> None:
    """Nobody else suffers: the rider is promised the later time, all others keep theirs."""
    ride = day.book(ANNA, DOCTOR, "09:00")
    ready_s = ride.promise.pickup_from_s + 480
    effects = day.do(ConnectionLate(ride.id, ready_s))
    now = day.booking(ride)
    assert effects[0] == PromiseGiven(now)
    assert now.promise.pickup_from_s >= ready_s
    assert day.stops(ride)[0].arrive_s >= ready_s
    state = day.state
    assert day.do(ConnectionLate(ride.id, ready_s)) == ()
    assert day.state is state


def test_a_ride_follows_a_train_that_gets_later_and_later(day: Any) -> None:
    """What was told stands while its window lasts; then it is a whole window again, not a minute."""
    ride = day.book(ANNA, DOCTOR, "09:00")
    first, policy = ride.promise, day.state.policy
    day.do(ConnectionLate(ride.id, first.pickup_until_s))
    assert day.booking(ride).promise == replace(first, pickup_from_s=first.pickup_until_s)
    for later_s in (60, 700, 1_200):
        ready_s = first.pickup_until_s + later_s
        day.do(ConnectionLate(ride.id, ready_s))
        told = day.booking(ride).promise
        assert ready_s <= told.pickup_from_s <= ready_s + policy.connection_wait_s
        assert told.pickup_until_s - told.pickup_from_s <= policy.pickup_window_s
        assert told.arrive_by_s <= told.pickup_until_s + told.ride_at_most_s + 60
        assert day.stops(ride)[0].arrive_s >= ready_s


def test_another_ride_makes_room_and_keeps_its_promise(day: Any, bus: Any) -> None:
    """Only one bus takes a wheelchair; who is in the way of a late one rides with the other bus."""
    ride = day.book(ANNA, DOCTOR, "09:00", wheelchair=1)
    other = day.book(FARM, DEPOT, "09:30")
    day.open("second", "08:00", "14:00", vehicle=bus("seats", wheelchairs=0))
    first = day.booking(ride).shift
    assert day.booking(other).shift == first
    day.state = replace(day.state, policy=replace(day.state.policy, connection_wait_s=600))
    day.do(ConnectionLate(ride.id, day.stops(other)[0].arrive_s - 300))
    assert day.booking(ride).shift == first
    assert day.booking(other).shift == ShiftId("second")
    assert day.booking(other).promise == other.promise


def test_who_missed_the_bus_is_offered_rides_at_once(day: Any) -> None:
    """The lead time is for who books, not for who stands at the station."""
    day.state = replace(
        day.state, policy=replace(day.state.policy, lead_time_s=4 * 3600, follow_s=0, hold_s=0)
    )
    ride = day.book(ANNA, DOCTOR, "09:00")
    day.at("08:50")
    risk, _ = day.do(ConnectionLate(ride.id, ride.promise.pickup_from_s + 1_200))
    assert risk.options
    assert risk.options[0].promise.pickup_from_s < ride.promise.pickup_from_s + 3_600


def test_a_bus_at_the_station_waits_with_open_doors(day: Any) -> None:
    ride = day.book(ANNA, DOCTOR, "09:00")
    board, _ = day.stops(ride)
    day.now_s = board.arrive_s
    day.do(VisitArrived(board.id, board.arrive_s))
    day.do(ConnectionLate(ride.id, board.arrive_s + 500))
    board, _ = day.stops(ride)
    assert board.depart_s >= board.arrive_s + 500


def test_a_ride_does_not_wait_where_others_would_suffer(day: Any) -> None:
    """The ride stays as it was; rider and coordinator are told, with what comes next."""
    ride = day.book(ANNA, DOCTOR, "-09:30")
    other = day.book(DOCTOR, FARM, "09:30")
    before = day.state
    effects = day.do(ConnectionLate(ride.id, ride.promise.pickup_from_s + 3600))
    assert day.state is before
    risk, alarm = effects
    assert risk.reason is Reason.CONNECTION_LATE
    assert all(offer.promise.pickup_from_s > ride.promise.pickup_from_s for offer in risk.options)
    assert alarm == Alarm(AlarmCode.CONNECTION_MISSED, EARLY, ride.id)
    assert day.booking(other).promise == other.promise


def test_nobody_waits_for_who_is_there_in_time(day: Any) -> None:
    ride = day.book(ANNA, DOCTOR, "09:00")
    assert day.do(ConnectionLate(ride.id, ride.promise.pickup_from_s)) == ()
    with pytest.raises(IllegalEvent, match="no booking"):
        day.do(ConnectionLate(BookingId("nobody"), 0))


# --- better plans -------------------------------------------------------------------------------


@pytest.fixture
def wasteful(day: Any) -> Any:
    """Two rides the same way in two buses."""
    day.open(OTHER, "08:00", "13:00")
    day.first = day.book(ANNA, DOCTOR, "09:00")
    day.second = day.book(KARL, MARKET, "09:00")
    apart = {
        EARLY: Tour(EARLY, day.stops(day.first)),
        OTHER: Tour(OTHER, day.stops(day.second)),
    }
    second = replace(day.booking(day.second), shift=OTHER)
    day.better = {EARLY: day.state.tours[day.booking(day.first).shift], OTHER: Tour(OTHER)}
    day.better[EARLY] = replace(day.better[EARLY], shift=EARLY)
    first = replace(day.booking(day.first), shift=EARLY)
    bookings = {**day.state.bookings, first.id: first, second.id: second}
    day.state = replace(day.state, tours=apart, bookings=bookings)
    timed = {key: retime_from_facts(day.state, day.state.shifts[key]) for key in apart}
    day.state = replace(day.state, tours=timed)
    return day


def test_a_better_plan_is_taken(wasteful: Any) -> None:
    before = wasteful.state
    effects = wasteful.do(ImprovementFound(wasteful.better, before.tours))
    (taken,) = [e for e in effects if isinstance(e, ImprovementTaken)]
    assert wasteful.booking(wasteful.second).shift == EARLY
    saved = cost_of(before, before.tours) - cost_of(wasteful.state, before.tours)
    assert taken.saved == pytest.approx(saved)
    assert taken.saved > 0


def without_first(tour: Tour) -> Tour:
    return replace(tour, visits=tour.visits[1:])


def twice(tour: Tour) -> Tour:
    return replace(tour, visits=(*tour.visits, *tour.visits))


def backwards(tour: Tour) -> Tour:
    return replace(tour, visits=tour.visits[::-1])


def nowhere(tour: Tour) -> Tour:
    return replace(tour, visits=(replace(tour.visits[0], place=PlaceIndex(99)), *tour.visits[1:]))


def elsewhere(tour: Tour) -> Tour:
    return replace(tour, visits=(replace(tour.visits[0], place=PlaceIndex(FARM)), *tour.visits[1:]))


def ghost(tour: Tour) -> Tour:
    visit = Visit(VisitId("ghost"), PlaceIndex(ANNA), 0, 0, board=(BookingId("ghost"),))
    return replace(tour, visits=(*tour.visits, visit))


def reported(tour: Tour) -> Tour:
    return replace(tour, visits=tuple(replace(v, status=VisitStatus.DEPARTED) for v in tour.visits))


@pytest.mark.parametrize(
    "spoil", [without_first, twice, backwards, nowhere, elsewhere, ghost, reported]
)
def test_a_wrong_plan_costs_nothing(wasteful: Any, spoil: Callable[[Tour], Tour]) -> None:
    tours = {**wasteful.better, EARLY: spoil(wasteful.better[EARLY])}
    before = wasteful.state
    (dropped,) = wasteful.do(ImprovementFound(tours, before.tours))
    assert dropped == ImprovementDropped("refused")
    assert wasteful.state is before


def test_a_plan_that_is_not_better_is_dropped(wasteful: Any) -> None:
    tours = dict(wasteful.state.tours)
    assert wasteful.do(ImprovementFound(tours, tours)) == (ImprovementDropped("not-better"),)


def test_a_plan_that_comes_too_late_is_dropped(wasteful: Any) -> None:
    """Because a tour has changed, because it is driven, or because the shift is gone."""
    event = ImprovementFound(wasteful.better, wasteful.state.tours)
    unknown = ImprovementFound({ShiftId("none"): Tour(ShiftId("none"))}, {})
    assert wasteful.do(unknown) == (ImprovementDropped("outdated"),)
    wasteful.now_s = wasteful.visits(OTHER)[0].arrive_s
    assert wasteful.do(event) == (ImprovementDropped("driven"),)
    wasteful.do(VisitArrived(wasteful.visits(OTHER)[0].id, wasteful.now_s))
    assert wasteful.do(event) == (ImprovementDropped("outdated"),)


# --- the end ------------------------------------------------------------------------------------


def test_what_nobody_reported_is_presumed(day: Any) -> None:
    ride = day.book(ANNA, DOCTOR, "09:00")
    effects = day.at("23:00").do(DayClosed())
    assert day.booking(ride).status is RideStatus.DONE
    assert Alarm(AlarmCode.RIDE_UNREPORTED, EARLY, ride.id) in effects
    assert day.do(DayClosed()) == ()


def test_late_reports_still_count(day: Any) -> None:
    """The real times, and who did not come."""
    came, stayed = day.book(ANNA, DOCTOR, "09:00"), day.book(DOCTOR, KARL, "10:00")
    board, _ = day.stops(came)
    waited, _ = day.stops(stayed)
    day.at("23:00").do(DayClosed())
    day.do(VisitDeparted(board.id, board.depart_s + 120))
    assert day.stops(came)[0].depart_s == board.depart_s + 120
    assert day.booking(came).status is RideStatus.DONE
    day.do(NoShowReported(waited.id, stayed.id, waited.arrive_s + 300))
    assert day.booking(stayed).status is RideStatus.NO_SHOW


def test_nothing_else_counts_any_more(day: Any) -> None:
    ride = day.book(ANNA, DOCTOR, "09:00")
    shift = day.state.shifts[EARLY]
    vehicle = day.state.vehicles[shift.vehicle]
    day.at("23:00").do(DayClosed())
    closed = day.state
    assert day.do(PositionReported(EARLY, day.now_s, 60)) == ()
    assert day.do(ImprovementFound({}, {})) == (ImprovementDropped("outdated"),)
    for event in (BookingCancelled(ride.id), ShiftOpened(shift, vehicle)):
        with pytest.raises(IllegalEvent) as error:
            decide(closed, event, day.now_s)
        assert error.value.code == "day-closed"
    assert day.state is closed
