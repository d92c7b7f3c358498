"""What drivers report: who is aboard, who did not come, in whatever order it arrives."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from dispatch.errors import IllegalEvent
from dispatch.events import (
    DayClosed,
    NoShowReported,
    PromiseAtRisk,
    Reason,
    RiderBoarded,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import BookingId, Break, RideStatus, VisitId, VisitStatus

DEPOT, ANNA, KARL, DOCTOR, MARKET, FARM = range(6)
POINTS = [(0, 0), (5000, 0), (5500, 0), (12000, 0), (12200, 0), (6000, 15000)]


@pytest.fixture
def day(open_day: Callable[..., Any]) -> Any:
    """One bus from eight to one."""
    day = open_day(POINTS)
    day.open("early", "08:00", "13:00")
    return day


@pytest.fixture
def driven(day: Any) -> Any:
    """Anna and Karl are to ride together; the evening after, all that was reported comes in."""
    day.anna = day.book(ANNA, DOCTOR, "09:00")
    day.karl = day.book(KARL, MARKET, "09:00")
    return day.at("20:00")


def test_boarded_by_name_is_aboard_at_once(day: Any) -> None:
    ride = day.book(ANNA, DOCTOR, "09:00")
    board, _ = day.stops(ride)
    day.now_s = board.arrive_s
    day.do(RiderBoarded(board.id, ride.id, board.arrive_s + 20))
    assert day.booking(ride).status is RideStatus.ABOARD
    assert day.booking(ride).boarded_s == board.arrive_s + 20
    assert day.stops(ride)[0].status is VisitStatus.ARRIVED


def test_a_late_no_show_never_throws_out_who_boarded(driven: Any) -> None:
    board, _ = driven.stops(driven.anna)
    driven.do(RiderBoarded(board.id, driven.anna.id, board.arrive_s, sequence=1))
    driven.do(NoShowReported(board.id, driven.anna.id, board.arrive_s + 900, sequence=2))
    driven.do(VisitDeparted(board.id, board.depart_s, (driven.anna.id,), sequence=3))
    assert driven.booking(driven.anna).status is RideStatus.ABOARD


def test_who_comes_running_after_all_is_brought_where_they_want_to(day: Any) -> None:
    """The drop-off that was taken out is put back, the other riders keep their promises."""
    anna, karl = day.book(ANNA, DOCTOR, "09:00"), day.book(KARL, MARKET, "09:00")
    board, alight = day.stops(anna)
    day.now_s = board.depart_s + 900
    day.do(VisitArrived(board.id, board.arrive_s))
    day.do(NoShowReported(board.id, anna.id, board.arrive_s + 700))
    assert day.booking(anna).status is RideStatus.NO_SHOW
    assert alight.id not in {visit.id for visit in day.visits("early")}
    day.do(RiderBoarded(board.id, anna.id, board.arrive_s + 710))
    assert day.booking(anna).status is RideStatus.ABOARD
    assert day.stops(anna)[1].id == alight.id
    assert day.booking(karl).status is RideStatus.BOOKED


def test_who_was_aboard_after_all_is_presumed_to_have_arrived(driven: Any) -> None:
    """The word comes when the day is over: nobody is still aboard then."""
    board, alight = driven.stops(driven.anna)
    driven.do(VisitArrived(board.id, board.arrive_s))
    driven.do(NoShowReported(board.id, driven.anna.id, board.arrive_s + 700))
    driven.at("23:00").do(DayClosed())
    assert driven.booking(driven.anna).status is RideStatus.NO_SHOW
    driven.do(RiderBoarded(board.id, driven.anna.id, board.arrive_s + 710))
    assert driven.booking(driven.anna).status is RideStatus.DONE
    assert driven.stops(driven.anna)[1].id == alight.id


def test_the_waiting_time_must_be_over(day: Any) -> None:
    """Five minutes from the time told or the doors opening, whichever is later; then it is believed."""
    ride = day.book(ANNA, DOCTOR, "09:00")
    board, _ = day.stops(ride)
    until_s = max(board.arrive_s, ride.promise.pickup_from_s) + 300
    day.do(VisitArrived(board.id, board.arrive_s))
    day.now_s = until_s - 1
    with pytest.raises(IllegalEvent) as error:
        day.do(NoShowReported(board.id, ride.id, day.now_s))
    assert error.value.code == "still-waiting"
    day.now_s = until_s
    day.do(NoShowReported(board.id, ride.id, until_s - 1))
    assert day.booking(ride).status is RideStatus.NO_SHOW


def test_a_no_show_of_the_past_is_believed(day: Any) -> None:
    """The bus has left: nobody is asked to wait any more."""
    ride = day.book(ANNA, DOCTOR, "09:00")
    board, _ = day.stops(ride)
    day.now_s = board.arrive_s
    day.do(VisitDeparted(board.id, board.arrive_s))
    day.do(NoShowReported(board.id, ride.id, board.arrive_s))
    assert day.booking(ride).status is RideStatus.NO_SHOW


def test_any_order_of_reports_ends_the_same(driven: Any) -> None:
    """Anna comes running after she was given up; a tablet without network tells it in any order."""
    board, alight = driven.stops(driven.anna)
    told = (
        VisitArrived(board.id, board.arrive_s + 5),
        NoShowReported(board.id, driven.anna.id, board.arrive_s + 400),
        RiderBoarded(board.id, driven.anna.id, board.arrive_s + 410),
        VisitDeparted(board.id, board.arrive_s + 420),
        VisitArrived(alight.id, alight.arrive_s + 300),
        VisitDeparted(alight.id, alight.arrive_s + 360),
    )
    begin, ends = driven.state, set()
    for order in itertools.permutations(told):
        driven.state = begin
        for event in order:
            driven.do(event)
        ends.add((driven.booking(driven.anna).status, *driven.stops(driven.anna)))
    ((status, boarded, left),) = ends
    assert status is RideStatus.DONE
    assert (boarded.arrive_s, boarded.depart_s) == (board.arrive_s + 5, board.arrive_s + 420)
    assert (left.arrive_s, left.depart_s) == (alight.arrive_s + 300, alight.arrive_s + 360)


def test_a_rider_put_back_late_is_called(day: Any) -> None:
    """The bus has driven elsewhere meanwhile."""
    ride, other = day.book(ANNA, DOCTOR, "09:00"), day.book(FARM, KARL, "11:00")
    board, _ = day.stops(ride)
    day.at("12:00")
    day.do(VisitArrived(board.id, board.arrive_s))
    day.do(NoShowReported(board.id, ride.id, board.arrive_s + 400))
    day.drive(day.stops(other)[0])
    effects = day.do(RiderBoarded(board.id, ride.id, board.arrive_s + 410))
    (risk,) = [e for e in effects if isinstance(e, PromiseAtRisk)]
    assert (risk.booking, risk.reason) == (ride.id, Reason.NO_SHOW_UNDONE)


def test_a_break_is_reported_like_any_halt(open_day: Callable[..., Any], clock: Any) -> None:
    day = open_day(POINTS)
    day.open("early", "08:00", "13:00", breaks=(Break(1800, clock("10:00"), clock("11:00")),))
    (pause,) = day.visits("early")
    day.now_s = pause.depart_s
    day.do(VisitArrived(pause.id, pause.arrive_s))
    day.do(VisitDeparted(pause.id, pause.depart_s + 60))
    (pause,) = day.visits("early")
    assert pause.status is VisitStatus.DEPARTED
    assert day.ask(ANNA, DOCTOR, "11:40")


@pytest.mark.parametrize("report", [RiderBoarded, NoShowReported])
@pytest.mark.parametrize(
    ("visit", "booking", "code"),
    [
        ("r1-board", "r9", "booking-unknown"),
        ("r9-board", "r1", "visit-unknown"),
        ("r1-alight", "r1", "not-boarding-here"),
    ],
)
def test_reports_about_nothing(day: Any, report: Any, visit: str, booking: str, code: str) -> None:
    day.book(ANNA, DOCTOR, "09:00")
    day.at("10:00")
    with pytest.raises(IllegalEvent) as error:
        day.do(report(VisitId(visit), BookingId(booking), day.now_s))
    assert error.value.code == code
