"""What is written down comes back as it was: bookings, tours and shifts survive a restart."""

import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from api.schemas.answers import Spot
from api.servicetime import ServiceDay
from api.store.details import details_of_request, request_details
from api.store.mapping import (
    Person,
    booking_of,
    booking_row,
    put_booking,
    shift_of,
    shift_row,
    tour_of,
)
from api.store.reader import TourRows
from api.store.tables import VisitRiderRow, VisitRow
from api.store.tour_changes import rider_columns, tour_change
from dispatch.model import (
    LOAD_KINDS,
    Booking,
    BookingId,
    Break,
    Connection,
    Feature,
    PlaceIndex,
    Promise,
    Purpose,
    Request,
    RideStatus,
    Shift,
    ShiftId,
    TimeKind,
    Tour,
    VehicleId,
    Visit,
    VisitId,
    VisitStatus,
)

SERVICE = ServiceDay(date(2026, 3, 29), ZoneInfo("Europe/Berlin"))  # the clocks change that night
NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)
ENDS = (Spot(label="Kirche", lon=9.0, lat=48.0), Spot(label="Bad", lon=9.01, lat=48.0))
PERSON = Person(code="K7M-3QP", name="Hedwig Beck", phone=None)


def position(place: PlaceIndex) -> tuple[float, float]:
    """Places lie in a row, a hundredth of a degree apart."""
    return 9.0 + place / 100, 48.0


def place_of(lon: float, lat: float) -> PlaceIndex:
    """See :func:`position`."""
    assert lat == 48.0
    return PlaceIndex(round((lon - 9.0) * 100))


seconds = st.integers(0, 30 * 3600)
places = st.integers(0, 9).map(PlaceIndex)
shift_ids = st.sampled_from(["early", "late"]).map(ShiftId)
connections = st.builds(
    Connection,
    to_line=st.booleans(),
    trip=st.text(min_size=1),
    service_day=st.dates(date(2026, 3, 27), date(2026, 3, 30)),
    stop=st.text(min_size=1),
    line=st.text(),
    time_s=st.integers(-6 * 3600, 36 * 3600),
    transfer_s=st.integers(0, 3600),
)
requests = st.builds(
    Request,
    id=st.just(BookingId("ride")),
    origin=st.just(PlaceIndex(0)),
    destination=st.just(PlaceIndex(1)),
    time_kind=st.sampled_from(TimeKind),
    time_s=seconds,
    load=st.tuples(*[st.integers(0, 3)] * len(LOAD_KINDS)),
    walk_to_s=st.integers(0, 600),
    walk_from_s=st.integers(0, 600),
    near_origin=st.just(()),
    near_destination=st.just(()),
    ride_at_most_s=st.none() | st.integers(0, 3600),
    needs=st.frozensets(st.sampled_from(Feature)),
    alone=st.booleans(),
    purpose=st.none() | st.sampled_from(Purpose),
    return_of=st.none() | st.just(BookingId("outward")),
    priority=st.integers(0, 9),
    standing=st.booleans(),
    connection=st.none() | connections,
)
bookings = st.builds(
    Booking,
    id=st.just(BookingId("ride")),
    request=requests,
    promise=st.builds(Promise, seconds, seconds, seconds, st.integers(1, 3600)),
    shift=shift_ids,
    fare_cents=st.integers(0, 9999),
    status=st.sampled_from(RideStatus),
    stranded_at=st.none() | places,
    carried_by=st.lists(shift_ids, max_size=2).map(tuple),
    boarded_s=st.none() | seconds,
)
breaks = st.builds(Break, st.integers(1, 3600), seconds, seconds, st.none() | places, st.booleans())


@given(request=requests)
def test_signed_offers_keep_every_need(request: Request) -> None:
    """What a request asks for beyond places, time and room survives as plain JSON."""
    written = json.loads(json.dumps(request_details(request)))
    for name, value in details_of_request(written).items():
        assert getattr(request, name) == value


@given(booking=bookings, changed=bookings)
def test_a_booking_comes_back_as_it_was(booking: Booking, changed: Booking) -> None:
    """From a fresh row, and from one that was brought up to date."""
    row = booking_row(booking, PERSON, ENDS, "area", SERVICE, position, NOW)
    row.details = json.loads(json.dumps(row.details))
    assert booking_of(row, place_of, SERVICE) == booking
    put_booking(row, changed, SERVICE, position, NOW)
    assert booking_of(row, place_of, SERVICE) == changed


@given(
    pauses=st.lists(breaks, max_size=3),
    driving=st.none() | st.integers(0, 36_000),
    start_s=seconds,
    end_s=seconds,
)
def test_a_shift_comes_back_as_it_was(
    pauses: list[Break], driving: int | None, start_s: int, end_s: int
) -> None:
    """With its breaks and the longest driving."""
    ends = PlaceIndex(0), PlaceIndex(1)
    shift = Shift(
        ShiftId("early"), VehicleId("bus"), "A. Beck", start_s, end_s, *ends, tuple(pauses), driving
    )
    row = shift_row(shift, ENDS, "area", SERVICE, position)
    row.details = json.loads(json.dumps(row.details))
    assert shift_of(row, place_of, SERVICE) == shift


visits = st.tuples(places, seconds, seconds, st.sampled_from(VisitStatus), st.none() | breaks)


@given(halts=st.lists(visits, min_size=2, max_size=5), booking=bookings)
def test_a_tour_comes_back_as_it_was(halts: list[tuple[Any, ...]], booking: Booking) -> None:
    """With its breaks and with who boards and leaves where."""
    rows = [
        Visit(VisitId(f"v{k}"), place, arrive_s, depart_s, status=status, pause=pause)
        for k, (place, arrive_s, depart_s, status, pause) in enumerate(halts)
    ]
    first, *others = rows
    ride = (BookingId("ride"),)
    first = Visit(first.id, first.place, first.arrive_s, first.depart_s, ride, (), first.status)
    last = others[-1]
    last = Visit(last.id, last.place, last.arrive_s, last.depart_s, (), ride, last.status)
    tour = Tour(ShiftId("late"), (first, *others[:-1], last))
    shift = Shift(tour.shift, VehicleId("bus"), "", 0, 1, PlaceIndex(0), PlaceIndex(1))
    row = shift_row(shift, ENDS, "area", SERVICE, position)
    bookings = {BookingId("ride"): booking}
    new = tour_change(row.id, row, (None, tour), ({}, bookings), SERVICE, position)
    stored = TourRows(
        tour=row,
        visits=tuple(VisitRow(**columns) for columns in new.visits),
        riders=tuple(VisitRiderRow(**columns) for columns in rider_columns(row.id, new.joined)),
    )
    assert not new.left
    assert not new.gone
    for visit in stored.visits:
        visit.pause = json.loads(json.dumps(visit.pause))
    assert tour_of(stored, place_of, SERVICE) == tour
    before = booking.carried_by
    legs = {rider.leg for rider in stored.riders}
    assert legs == {before.index(tour.shift) if tour.shift in before else len(before)}
