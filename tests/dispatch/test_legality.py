"""Every event that makes no sense is refused with a code and a sentence that says what to change."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dispatch.errors import IllegalEvent
from dispatch.events import (
    BookingChanged,
    Event,
    NoShowReported,
    OfferTaken,
    PositionReported,
    RideRequested,
    ShiftOpened,
    TravelChanged,
    VehicleLate,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import (
    UNREACHABLE,
    Access,
    BookingId,
    Break,
    Feature,
    Limit,
    PlaceIndex,
    Shift,
    ShiftId,
    Travel,
    Vehicle,
    VehicleId,
    VisitId,
    load_of,
)

POINTS = [(0, 0), (5000, 0), (12000, 0), (6000, 8000)]
EIGHT, NOON = 8 * 3600, 12 * 3600
Change = Callable[[Any], Any]


@pytest.fixture
def day(open_day: Callable[..., Any]) -> Any:
    """Return a day with one shift of an electric bus from eight to noon, and one ride."""
    opened = open_day(POINTS)
    opened.do(ShiftOpened(shift(), BUS))
    opened.book(1, 2, "09:00")
    return opened


BUS = Vehicle(
    VehicleId("bus"),
    "Bus",
    (Limit(load_of(seat=1), 8),),
    frozenset({Feature.LIFT}),
    range_m=200_000,
)


def shift(name: str = "early", start_s: int = EIGHT, end_s: int = NOON, **more: Any) -> Shift:
    """Return a shift of A. Beck with the bus, from and to place 0."""
    return Shift(
        ShiftId(name), BUS.id, "A. Beck", start_s, end_s, PlaceIndex(0), PlaceIndex(0), **more
    )


def refusal(day: Any, event: Event) -> IllegalEvent:
    """Return the error an event is refused with; nothing has changed then."""
    before = day.state
    with pytest.raises(IllegalEvent) as error:
        day.do(event)
    assert day.state is before
    assert error.value.message.endswith(".")
    return error.value


REQUESTS: list[tuple[Change, str, str]] = [
    (lambda r: replace(r, origin=99), "place-unknown", "add it first"),
    (lambda r: replace(r, destination=-1), "place-unknown", "0 to 3"),
    (lambda r: replace(r, near_origin=(Access(PlaceIndex(4), 60),)), "place-unknown", "Place 4"),
    (lambda r: replace(r, load=(1, 0)), "load-wrong", "child_seat"),
    (lambda r: replace(r, load=(2, -1, 0, 0, 0, 0, 0)), "load-wrong", "none of them negative"),
    (lambda r: replace(r, load=load_of()), "load-wrong", "not all of them 0"),
    (lambda r: replace(r, needs=frozenset({"wings"})), "feature-unknown", "lift, low_floor"),
    (lambda r: replace(r, walk_to_s=-1), "walk-negative", "0 or more"),
    (lambda r: replace(r, near_destination=(Access(PlaceIndex(0), -5),)), "walk-negative", "-5 s"),
    (lambda r: replace(r, priority=10), "priority-out-of-range", "0 to 9"),
    (lambda r: replace(r, ride_at_most_s=0), "ride-limit-wrong", "more than 0, or none"),
    (lambda r: replace(r, return_of=r.id), "outward-itself", "name the ride there"),
]


@pytest.mark.parametrize(("change", "code", "says"), REQUESTS)
def test_a_request_nobody_could_ride(day: Any, change: Change, code: str, says: str) -> None:
    """The same whether somebody asks, books or changes."""
    offer = day.ask(2, 1, "10:00")[0]
    request = change(offer.request)
    for event in (RideRequested(request), OfferTaken(replace(offer, request=request))):
        error = refusal(day, event)
        assert error.code == code
        assert says in error.message


def test_a_parcel_travels_without_a_person(day: Any) -> None:
    assert isinstance(day.ask(1, 2, "10:30", parcel=1), tuple)


OFFERS: list[tuple[Change, str, str]] = [
    (lambda o: promising(o, pickup_until_s=EIGHT), "promise-contradicts", "ask for new offers"),
    (lambda o: promising(o, arrive_by_s=EIGHT), "promise-contradicts", "arrival by 28800 s"),
    (lambda o: promising(o, ride_at_most_s=0), "promise-contradicts", "0 s aboard"),
    (
        lambda o: promising(o, pickup_from_s=-30_000, pickup_until_s=-22_000),
        "promise-past",
        "which is over (-21600 s)",
    ),
    (
        lambda o: asking(o, near_origin=(Access(PlaceIndex(0), 60),)),
        "offer-open",
        "no others near them",
    ),
    (lambda o: asking(o, load=load_of(seat=9)), "load-too-big", "9 seat of request"),
]


def promising(offer: Any, **promise: int) -> Any:
    return replace(offer, promise=replace(offer.promise, **promise))


def asking(offer: Any, **request: Any) -> Any:
    return replace(offer, request=replace(offer.request, **request))


@pytest.mark.parametrize(("change", "code", "says"), OFFERS)
def test_an_offer_nobody_can_have_made(day: Any, change: Change, code: str, says: str) -> None:
    """Neither taken nor changed to."""
    fresh = day.ask(2, 1, "10:00")[0]
    (booked,) = day.state.bookings
    for event in (OfferTaken(change(fresh)), BookingChanged(change(asking(fresh, id=booked)))):
        error = refusal(day, event)
        assert error.code == code
        assert says in error.message


def test_booking_twice_and_between_places_without_a_road(day: Any) -> None:
    offer = day.ask(2, 1, "10:00")[0]
    cut = day.state.travel.seconds.copy()
    cut[2, 1] = UNREACHABLE
    day.take(offer)
    assert refusal(day, OfferTaken(offer)).code == "booking-exists"
    other = asking(day.ask(2, 1, "11:00")[0], id=BookingId("other"))
    day.state = replace(day.state, travel=Travel(cut, day.state.travel.metres))
    error = refusal(day, OfferTaken(other))
    assert error.code == "place-unreachable"
    assert "No road leads from place 2 to place 1" in error.message


def pause(from_s: int, until_s: int, minutes: int = 30, **more: Any) -> Break:
    return Break(minutes * 60, from_s, until_s, **more)


SHIFTS: list[tuple[Change, Change, str, str]] = [
    (lambda s: replace(s, id="early"), lambda b: b, "shift-exists", "another shift early"),
    (lambda s: replace(s, end_s=s.start_s), lambda b: b, "shift-times", "must end after"),
    (lambda s: replace(s, vehicle="tram"), lambda b: b, "shift-vehicle", "not bus"),
    (lambda s: replace(s, start_place=7), lambda b: b, "place-unknown", "0 to 3"),
    (
        lambda s: replace(s, driving_at_most_s=0),
        lambda b: b,
        "driving-limit-wrong",
        "more than 0, or none",
    ),
    (
        lambda s: replace(s, start_s=NOON - 1, driver="B. Frick"),
        lambda b: b,
        "shift-overlap",
        "change the times or the vehicle",
    ),
    (
        lambda s: replace(s, start_s=NOON - 1, vehicle="other"),
        lambda b: replace(b, id="other"),
        "shift-overlap",
        "A. Beck already drives shift early",
    ),
    (lambda s: s, lambda b: replace(b, name="Omnibus"), "vehicle-altered", "another id"),
    (
        lambda s: replace(s, vehicle="other"),
        lambda b: replace(b, id="other", limits=(Limit((1, 2), 8),)),
        "vehicle-limits",
        "seat, wheelchair",
    ),
    (
        lambda s: replace(s, vehicle="other"),
        lambda b: replace(b, id="other", limits=(Limit(load_of(seat=1), -1),)),
        "vehicle-limits",
        "room for 0 or more",
    ),
    (
        lambda s: replace(s, vehicle="other"),
        lambda b: replace(b, id="other", range_m=0),
        "vehicle-range",
        "more than 0, or none",
    ),
    (
        lambda s: replace(s, vehicle="other"),
        lambda b: replace(b, id="other", features=frozenset({"wings"})),
        "feature-unknown",
        "names wings",
    ),
    (
        lambda s: replace(s, breaks=(pause(NOON, NOON + 1200),)),
        lambda b: b,
        "break-times",
        "make it shorter or its window longer",
    ),
    (
        lambda s: replace(s, breaks=(pause(EIGHT, NOON),)),
        lambda b: b,
        "break-outside",
        "move the break or lengthen the shift",
    ),
    (
        lambda s: replace(s, breaks=(pause(NOON, NOON + 2400, place=PlaceIndex(2)),)),
        lambda b: b,
        "break-outside",
        "break 1 of shift late",
    ),
    (
        lambda s: replace(
            s, breaks=(pause(NOON + 3600, NOON + 5400), pause(NOON + 4200, NOON + 6600))
        ),
        lambda b: b,
        "break-overlap",
        "break 2 of shift late",
    ),
    (
        lambda s: replace(s, breaks=(pause(NOON + 7200, NOON + 9000), pause(NOON, NOON + 3600))),
        lambda b: b,
        "break-overlap",
        "put the breaks in the order of their times",
    ),
    (
        lambda s: replace(s, vehicle="other", breaks=(pause(NOON, NOON + 7200, charges=True),)),
        lambda b: replace(b, id="other", range_m=None),
        "break-charges",
        "say how far it drives",
    ),
]


@pytest.mark.parametrize(("change", "change_bus", "code", "says"), SHIFTS)
def test_a_shift_nobody_could_drive(
    day: Any, change: Change, change_bus: Change, code: str, says: str
) -> None:
    late = change(shift("late", NOON, 16 * 3600))
    error = refusal(day, ShiftOpened(late, change_bus(BUS)))
    assert error.code == code
    assert says in error.message


def test_a_shift_between_places_without_a_road(day: Any) -> None:
    cut = day.state.travel.seconds.copy()
    cut[0, 3] = UNREACHABLE
    day.state = replace(day.state, travel=Travel(cut, day.state.travel.metres))
    late = replace(shift("late", NOON, 16 * 3600), end_place=PlaceIndex(3))
    assert refusal(day, ShiftOpened(late, BUS)).code == "place-unreachable"
    charging = pause(NOON, NOON + 7200, place=PlaceIndex(3), charges=True)
    late = replace(shift("late", NOON, 16 * 3600), breaks=(charging,))
    assert refusal(day, ShiftOpened(late, BUS)).code == "place-unreachable"


def test_one_shift_may_begin_when_the_other_ends(day: Any) -> None:
    """With breaks one after the other, by the same driver with the same bus; saying so twice is harmless."""
    breaks = pause(NOON + 3600, NOON + 5400), pause(NOON + 3600, NOON + 7200, charges=True)
    event = ShiftOpened(shift("late", NOON, 16 * 3600, breaks=breaks), BUS)
    day.do(event)
    assert "late" in day.state.shifts
    before = day.state
    day.do(event)
    assert day.state is before


REPORTS: list[tuple[Event, str, str]] = [
    (VisitArrived(VisitId("v"), EIGHT, -1), "sequence-negative", "send its own count"),
    (VisitDeparted(VisitId("v"), EIGHT, (), -7), "sequence-negative", "-7 is none"),
    (VisitArrived(VisitId("v"), 10**7), "time-absurd", "set the clock of the tablet"),
    (
        NoShowReported(VisitId("v"), BookingId("b"), -(10**6)),
        "time-absurd",
        "not on this service day",
    ),
    (PositionReported(ShiftId("early"), EIGHT, -1), "position-absurd", "-1 s from its next visit"),
    (PositionReported(ShiftId("early"), EIGHT, UNREACHABLE), "position-absurd", "driving time"),
    (VehicleLate(ShiftId("early"), EIGHT, 10**6), "delay-absurd", "send seconds"),
]


@pytest.mark.parametrize(("report", "code", "says"), REPORTS)
def test_a_report_that_makes_no_sense(day: Any, report: Event, code: str, says: str) -> None:
    error = refusal(day, report)
    assert error.code == code
    assert says in error.message


def test_travel_tables_only_grow(day: Any) -> None:
    table = day.state.travel.metres
    smaller = Travel(table[:2, :2], table[:2, :2])
    assert refusal(day, TravelChanged(smaller)).code == "travel-too-small"
    oblong = Travel(table, np.zeros((4, 5), dtype=np.int32))
    error = refusal(day, TravelChanged(oblong))
    assert error.code == "travel-shape"
    assert "a row and a column for each place" in error.message
