"""Between rows and the nouns of dispatch: instants ↔ seconds of the day, positions ↔ places."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.schemas.answers import Spot
from api.servicetime import ServiceDay
from api.store.details import (
    PlaceOf,
    PositionOf,
    booking_details,
    break_of,
    details_of_booking,
    details_of_request,
    details_of_shift,
    shift_details,
)
from api.store.reader import TourRows
from api.store.tables import BookingRow, RefusalRow, TourRow, VisitRow
from api.store.tour_changes import visit_columns
from dispatch.model import (
    LOAD_KINDS,
    Booking,
    BookingId,
    Load,
    Promise,
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


@dataclass(frozen=True, slots=True)
class Person:
    """Who booked, and the short code to tell on the telephone."""

    code: str
    name: str
    phone: str | None


def tour_id(area_id: str, day: date, shift: str) -> str:
    """Name the tour of a shift on a day, unique over all areas and days."""
    return f"{area_id}.{day.isoformat()}.{shift}"


def booking_row(
    booking: Booking,
    person: Person,
    ends: tuple[Spot, Spot],
    area_id: str,
    service: ServiceDay,
    position: PositionOf,
    now: datetime,
) -> BookingRow:
    """Return the row of a fresh booking; ``ends`` are origin and destination."""
    origin, destination = ends
    return BookingRow(
        id=booking.id,
        code=person.code,
        area_id=area_id,
        service_date=service.day,
        name=person.name,
        phone=person.phone,
        origin_lon=origin.lon,
        origin_lat=origin.lat,
        origin_label=origin.label,
        destination_lon=destination.lon,
        destination_lat=destination.lat,
        destination_label=destination.label,
        created_at=now,
        changed_at=now,
        **decided(booking, service, position),
    )


def put_booking(
    row: BookingRow, booking: Booking, service: ServiceDay, position: PositionOf, now: datetime
) -> None:
    """Bring a row up to date with what was decided; person and addresses stay as they are."""
    for column, value in decided(booking, service, position).items():
        setattr(row, column, value)
    row.changed_at = now


def decided(booking: Booking, service: ServiceDay, position: PositionOf) -> dict[str, Any]:
    """Columns of a booking that the engine decides about."""
    request, promise = booking.request, booking.promise
    return {
        **dict(zip(LOAD_KINDS, request.load, strict=True)),
        "time_kind": request.time_kind.value,
        "time_at": service.instant(request.time_s),
        "pickup_from": service.instant(promise.pickup_from_s),
        "pickup_until": service.instant(promise.pickup_until_s),
        "arrive_by": service.instant(promise.arrive_by_s),
        "ride_at_most_s": promise.ride_at_most_s,
        "shift_id": booking.shift,
        "status": booking.status.value,
        "fare_cents": booking.fare_cents,
        "details": booking_details(booking, position),
    }


def promise_columns(row: BookingRow, now: datetime) -> dict[str, Any]:
    """Return the entry of the promise history for what a booking's rider is told now."""
    return {
        "booking_id": row.id,
        "pickup_from": row.pickup_from,
        "pickup_until": row.pickup_until,
        "arrive_by": row.arrive_by,
        "ride_at_most_s": row.ride_at_most_s,
        "told_at": now,
    }


def booking_of(row: BookingRow, place: PlaceOf, service: ServiceDay) -> Booking:
    """Return the booking of a row."""
    booking_id = BookingId(row.id)
    return Booking(
        id=booking_id,
        request=Request(
            id=booking_id,
            origin=place(row.origin_lon, row.origin_lat),
            destination=place(row.destination_lon, row.destination_lat),
            time_kind=TimeKind(row.time_kind),
            time_s=service.seconds(row.time_at),
            load=load_of_row(row),
            **details_of_request(row.details),
        ),
        promise=Promise(
            pickup_from_s=service.seconds(row.pickup_from),
            pickup_until_s=service.seconds(row.pickup_until),
            arrive_by_s=service.seconds(row.arrive_by),
            ride_at_most_s=row.ride_at_most_s,
        ),
        shift=ShiftId(row.shift_id),
        fare_cents=row.fare_cents,
        status=RideStatus(row.status),
        **details_of_booking(row.details, place),
    )


def load_of_row(row: BookingRow | RefusalRow) -> Load:
    """Room the party of a booking or a refused wish takes."""
    return tuple(getattr(row, kind) for kind in LOAD_KINDS)


def unstored_tour(tour: Tour, row: TourRow, service: ServiceDay, position: PositionOf) -> TourRows:
    """Return the rows a tour that carries nobody would have, to be shown like those that are stored."""
    columns = (visit_columns(row.id, k, v, service, position) for k, v in enumerate(tour.visits))
    return TourRows(tour=row, visits=tuple(VisitRow(**each) for each in columns), riders=())


def tour_of(rows: TourRows, place: PlaceOf, service: ServiceDay) -> Tour:
    """Return the tour of its rows."""
    riders: dict[tuple[str, str], list[BookingId]] = {}
    for rider in rows.riders:
        riders.setdefault((rider.visit_id, rider.kind), []).append(BookingId(rider.booking_id))
    return Tour(
        shift=ShiftId(rows.tour.shift_id),
        visits=tuple(
            Visit(
                id=VisitId(row.id),
                place=place(row.lon, row.lat),
                arrive_s=service.seconds(row.arrive),
                depart_s=service.seconds(row.depart),
                board=tuple(riders.get((row.id, "board"), ())),
                alight=tuple(riders.get((row.id, "alight"), ())),
                status=VisitStatus(row.status),
                pause=None if row.pause is None else break_of(row.pause, place),
            )
            for row in rows.visits
        ),
    )


def shift_row(
    shift: Shift,
    ends: tuple[Spot, Spot],
    area_id: str,
    service: ServiceDay,
    position: PositionOf,
) -> TourRow:
    """Return the row of a shift's tour; ``ends`` are where the shift starts and ends."""
    start, end = ends
    return TourRow(
        id=tour_id(area_id, service.day, shift.id),
        area_id=area_id,
        service_date=service.day,
        shift_id=shift.id,
        vehicle_id=shift.vehicle,
        driver=shift.driver,
        starts_at=service.instant(shift.start_s),
        ends_at=service.instant(shift.end_s),
        start_lon=start.lon,
        start_lat=start.lat,
        start_label=start.label,
        end_lon=end.lon,
        end_lat=end.lat,
        end_label=end.label,
        details=shift_details(shift, position),
    )


def shift_of(row: TourRow, place: PlaceOf, service: ServiceDay) -> Shift:
    """Return the shift of a tour's row."""
    return Shift(
        id=ShiftId(row.shift_id),
        vehicle=VehicleId(row.vehicle_id),
        driver=row.driver,
        start_s=service.seconds(row.starts_at),
        end_s=service.seconds(row.ends_at),
        start_place=place(row.start_lon, row.start_lat),
        end_place=place(row.end_lon, row.end_lat),
        **details_of_shift(row.details, place),
    )
