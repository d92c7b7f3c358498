"""What a dispatcher would expect, one readable case each."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dispatch.errors import IllegalEvent
from dispatch.events import (
    BookingCancelled,
    OfferGone,
    OfferTaken,
    PromiseAtRisk,
    ShiftOpened,
    TravelChanged,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import (
    UNREACHABLE,
    BookingId,
    Refusal,
    RideStatus,
    Rule,
    Travel,
    VisitId,
    VisitStatus,
)
from dispatch.policy import Policy
from dispatch.verify import verify

# depot, three neighbours on the upper road, the town with doctor and market, a far farm
DEPOT, ANNA, KARL, ROSA, DOCTOR, MARKET, FARM = range(7)
POINTS = [(0, 0), (5000, 0), (5500, 0), (6000, 100), (12000, 0), (12200, 0), (6000, 15000)]
KIND = Policy(lead_time_s=0, travel_factor=1.0)

Make = Callable[..., Any]


@pytest.fixture
def day(open_day: Make) -> Any:
    """One bus from eight to one."""
    day = open_day(POINTS)
    day.open("early", "08:00", "13:00")
    return day


def test_three_who_ride_the_same_way_share_one_bus(day: Any) -> None:
    day.open("second", "08:00", "13:00")
    bookings = [
        day.book(ANNA, DOCTOR, "09:00"),
        day.book(KARL, MARKET, "09:00"),
        day.book(ROSA, DOCTOR, "09:00"),
    ]
    assert len({booking.shift for booking in bookings}) == 1
    boards = [day.passed(booking)[0] for booking in bookings]
    leaves = [day.passed(booking)[1] for booking in bookings]
    assert max(boards) < min(leaves)


def test_the_window_told_contains_the_plan(day: Any, clock: Callable[[str], int]) -> None:
    (offer, *_) = day.ask(ANNA, DOCTOR, "09:00")
    promise = offer.promise
    assert (
        clock("09:00") <= promise.pickup_from_s <= offer.planned_pickup_s <= promise.pickup_until_s
    )
    assert offer.planned_arrival_s <= promise.arrive_by_s
    assert promise.pickup_until_s - promise.pickup_from_s == 600
    assert {
        t % 60 for t in (promise.pickup_from_s, promise.pickup_until_s, promise.arrive_by_s)
    } == {0}


def test_arrive_by_is_hard(day: Any, clock: Callable[[str], int]) -> None:
    for offer in day.ask(ANNA, DOCTOR, "-10:30"):
        assert offer.planned_arrival_s <= offer.promise.arrive_by_s <= clock("10:30")
    best = day.ask(ANNA, DOCTOR, "-10:30")[0]
    # within the area's 15 minutes, rounded to what is told in whole minutes
    assert best.planned_arrival_s > clock("10:14"), "nobody wants to wait for hours at the doctor's"


def test_offers_differ_usefully(day: Any) -> None:
    offers = day.ask(ANNA, DOCTOR, "09:00")
    assert 2 <= len(offers) <= 3
    pickups = sorted(offer.planned_pickup_s for offer in offers)
    assert all(later - sooner >= 600 for sooner, later in itertools.pairwise(pickups))


def test_a_wheelchair_costs_seats(day: Any) -> None:
    day.book(ANNA, DOCTOR, "09:00", wheelchair=1)
    assert day.ask(ANNA, DOCTOR, "09:00", seat=6)[0].shared
    for offer in day.ask(ANNA, DOCTOR, "09:00", seat=7):
        assert not offer.shared
    refusal = day.ask(ANNA, DOCTOR, "09:00", wheelchair=2)
    assert isinstance(refusal, Refusal)
    assert refusal.rule is Rule.ROOM


@pytest.mark.parametrize(
    ("policy", "now", "wish", "rule"),
    [
        (replace(KIND, lead_time_s=3600), "08:50", (ANNA, DOCTOR, "09:00"), Rule.TOO_SOON),
        (KIND, "-1000:00", (ANNA, DOCTOR, "09:00"), Rule.TOO_FAR_AHEAD),
        (KIND, "06:00", (ANNA, ANNA, "09:00"), Rule.SAME_PLACE),
        (KIND, "06:00", (ANNA, DOCTOR, "20:00"), Rule.NO_SHIFT),
        (KIND, "06:00", (ANNA, DOCTOR, "-07:00"), Rule.NO_SHIFT),
    ],
)
def test_each_no_names_its_rule(
    open_day: Make,
    clock: Callable[[str], int],
    policy: Policy,
    now: str,
    wish: tuple[int, int, str],
    rule: Rule,
) -> None:
    day = open_day(POINTS, replace(policy, search_window_s=600))
    day.open("early", "08:00", "13:00")
    day.now_s = -clock(now[1:]) if now.startswith("-") else clock(now)
    refusal = day.ask(*wish)
    assert isinstance(refusal, Refusal)
    assert refusal.rule is rule


def test_a_day_without_shifts(open_day: Make) -> None:
    refusal = open_day(POINTS).ask(ANNA, DOCTOR, "09:00")
    assert refusal.rule is Rule.NO_SHIFT
    assert refusal.alternatives == ()


def test_busy_buses_name_the_nearest_ride_on_either_side(open_day: Make) -> None:
    day = open_day(POINTS, replace(KIND, search_window_s=600))
    day.open("early", "08:00", "13:00")
    day.book(FARM, DOCTOR, "09:30", seat=8)
    refusal = day.ask(DEPOT, DOCTOR, "-10:00", seat=5)
    assert isinstance(refusal, Refusal)
    assert refusal.rule is Rule.VEHICLES_BUSY
    assert len(refusal.alternatives) == 2
    day.take(refusal.alternatives[0])


def test_no_road_leads_there(open_day: Make) -> None:
    day = open_day(POINTS)
    day.open("early", "08:00", "13:00")
    seconds = day.state.travel.seconds.copy()
    seconds[ANNA, DOCTOR] = UNREACHABLE
    day.do(TravelChanged(Travel(seconds, day.state.travel.metres)))
    assert day.ask(ANNA, DOCTOR, "09:00").rule is Rule.UNREACHABLE


def test_who_was_faster_gets_the_last_seats(day: Any) -> None:
    first = day.ask(ANNA, DOCTOR, "-10:00", seat=8)[0]
    second = day.ask(FARM, MARKET, "-10:00", seat=8)[0]
    day.take(first)
    (gone,) = day.do(OfferTaken(second))
    assert isinstance(gone, OfferGone)
    assert gone.refusal.alternatives
    assert second.request.id not in day.state.bookings
    day.take(gone.refusal.alternatives[0])


def test_cancelling_frees_the_seats(day: Any) -> None:
    booking = day.book(ANNA, DOCTOR, "09:00", seat=8)
    day.told.clear()
    day.do(BookingCancelled(booking.id))
    assert day.state.bookings[booking.id].status is RideStatus.CANCELLED
    assert day.state.tours[booking.shift].visits == ()
    assert day.do(BookingCancelled(booking.id)) == ()
    day.book(KARL, DOCTOR, "09:00", seat=8)


def test_a_ride_from_door_to_door(day: Any, clock: Callable[[str], int]) -> None:
    booking = day.book(ANNA, DOCTOR, "09:00")
    board, leave = day.state.tours[booking.shift].visits
    day.now_s = clock("09:05")
    day.do(VisitArrived(board.id, board.arrive_s))
    day.do(VisitDeparted(board.id, board.arrive_s + 60))
    assert day.state.bookings[booking.id].status is RideStatus.ABOARD
    with pytest.raises(IllegalEvent, match="cannot be cancelled"):
        day.do(BookingCancelled(booking.id))
    day.do(VisitArrived(leave.id, leave.arrive_s))
    day.do(VisitDeparted(leave.id, leave.arrive_s + 60))
    assert day.state.bookings[booking.id].status is RideStatus.DONE
    done = day.state
    day.do(VisitDeparted(leave.id, leave.arrive_s + 999))
    assert day.state == done, "a report that comes twice changes nothing"


def test_who_does_not_come_is_not_driven(day: Any) -> None:
    booking = day.book(ANNA, DOCTOR, "09:00")
    board, _ = day.state.tours[booking.shift].visits
    day.do(VisitDeparted(board.id, board.arrive_s + 300, no_shows=(booking.id,)))
    assert day.state.bookings[booking.id].status is RideStatus.NO_SHOW
    (left,) = day.state.tours[booking.shift].visits
    assert left.status is VisitStatus.DEPARTED


def test_a_late_bus_says_whom_it_makes_late(day: Any) -> None:
    first = day.book(ANNA, DOCTOR, "09:00")
    second = day.book(DOCTOR, KARL, "09:40")
    board = day.state.tours[first.shift].visits[0]
    effects = day.do(VisitDeparted(board.id, board.depart_s + 2700))
    late = {effect.booking for effect in effects if isinstance(effect, PromiseAtRisk)}
    assert late == {first.id, second.id}


def test_a_later_booking_never_delays_who_is_late_already(day: Any) -> None:
    first = day.book(ANNA, DOCTOR, "09:00")
    second = day.book(DOCTOR, KARL, "09:40")
    board = day.state.tours[first.shift].visits[0]
    day.do(VisitDeparted(board.id, board.depart_s + 2700))
    day.now_s = board.depart_s + 2700

    def expected() -> list[int]:
        visits = day.state.tours[first.shift].visits
        return [
            v.arrive_s
            for v in visits
            for key in (*v.board, *v.alight)
            if key in {first.id, second.id}
        ]

    before = expected()
    day.book(DOCTOR, ROSA, "10:00")
    assert all(now <= then for now, then in zip(expected(), before, strict=True))


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (BookingCancelled(BookingId("nobody")), "booking-unknown"),
        (VisitArrived(VisitId("nowhere"), 0), "visit-unknown"),
        (VisitDeparted(VisitId("nowhere"), 0), "visit-unknown"),
    ],
)
def test_events_about_nothing(day: Any, event: Any, code: str) -> None:
    with pytest.raises(IllegalEvent) as error:
        day.do(event)
    assert error.value.code == code


def test_one_vehicle_is_in_one_place(day: Any, bus: Make) -> None:
    shift = day.state.shifts["early"]
    other = replace(shift, id="other", start_s=shift.end_s - 60, end_s=shift.end_s + 3600)
    with pytest.raises(IllegalEvent, match="already in shift"):
        day.do(ShiftOpened(other, bus(shift.vehicle)))


def test_an_early_bus_waits_for_the_window_told(day: Any) -> None:
    booking = day.book(ANNA, DOCTOR, "09:00")
    board = day.state.tours[booking.shift].visits[0]
    day.do(VisitArrived(board.id, board.arrive_s - 3600))
    waiting = day.state.tours[booking.shift].visits[0]
    assert waiting.arrive_s == board.arrive_s - 3600
    assert waiting.depart_s >= booking.promise.pickup_from_s


def test_leaving_before_the_window_told_is_noticed(day: Any) -> None:
    booking = day.book(ANNA, DOCTOR, "09:00")
    board = day.state.tours[booking.shift].visits[0]
    day.do(VisitDeparted(board.id, board.arrive_s - 3600))
    assert "left-early" in {violation.code for violation in verify(day.state)}
