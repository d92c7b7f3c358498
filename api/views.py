"""From what is stored and decided to what is answered; instants as the clocks of the area show them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import shapely
from shapely.geometry import mapping

from api.day import Line
from api.refusals import reasons
from api.schemas.answers import (
    AreaAnswer,
    BookingAnswer,
    OfferAnswer,
    PromiseAnswer,
    RefusedWishAnswer,
    Spot,
    StaffBookingAnswer,
    StopAnswer,
)
from api.schemas.fields import Passengers
from api.schemas.tours import (
    AlightingAnswer,
    BoardingAnswer,
    ShiftAnswer,
    TourAnswer,
    VisitAnswer,
)
from api.servicetime import ServiceDay
from api.store.mapping import tour_id
from api.store.reader import RideTimes, TourRows
from api.store.tables import BookingRow, RefusalRow, TourRow, VisitRow
from api.tickets import Ticket
from dispatch.model import Rule, Vehicle
from regions.area import Area
from regions.region import Region

_MINUTE = 60
_BOUNDARY_DETAIL = 1e-5
"""Degrees, about a metre: finer than a line on the map is thick."""


def area_answer(area: Area, region: Region) -> AreaAnswer:
    """Describe an area for maps and forms."""
    boundary = None
    bbox = area.bbox or region.manifest.bbox
    if area.boundary is not None:
        west, south, east, north = area.boundary.bounds
        bbox = west, south, east, north
        boundary = mapping(shapely.simplify(area.boundary, _BOUNDARY_DETAIL))
    return AreaAnswer(
        id=area.id,
        name=area.name,
        operator=area.operator,
        phone=area.phone,
        time_zone=area.time_zone.key,
        invented=area.invented or region.manifest.invented,
        door_to_door=area.door_to_door,
        bbox=bbox,
        boundary=boundary,
        stops=tuple(StopAnswer(id=s.id, name=s.name, lon=s.lon, lat=s.lat) for s in area.stops),
        attribution=region.manifest.attribution,
    )


def offer_answer(ticket: Ticket, token: str, service: ServiceDay) -> OfferAnswer:
    """Describe an offer."""
    pickup_from_s, pickup_until_s, arrive_by_s, _ = ticket.promise
    return OfferAnswer(
        token=token,
        pickup_from=service.local(pickup_from_s),
        pickup_until=service.local(pickup_until_s),
        arrive_by=service.local(arrive_by_s),
        planned_pickup=service.local(ticket.planned_pickup_s),
        planned_arrival=service.local(ticket.planned_arrival_s),
        ride_minutes=_minutes(ticket.planned_arrival_s - ticket.planned_pickup_s),
        direct_minutes=_minutes(ticket.direct_s),
        fare_cents=ticket.fare_cents,
        shared=ticket.shared,
        origin=ticket.origin,
        destination=ticket.destination,
    )


def booking_answer(row: BookingRow, times: RideTimes, zone: ZoneInfo) -> BookingAnswer:
    """Describe a booking as its rider may see it."""
    return BookingAnswer(
        id=row.id,
        code=row.code,
        status=row.status,  # type: ignore[arg-type]  # a check constraint of the table
        area_id=row.area_id,
        date=row.service_date,
        name=row.name,
        passengers=_party(row),
        origin=Spot(label=row.origin_label, lon=row.origin_lon, lat=row.origin_lat),
        destination=Spot(
            label=row.destination_label, lon=row.destination_lon, lat=row.destination_lat
        ),
        promise=PromiseAnswer(
            pickup_from=row.pickup_from.astimezone(zone),
            pickup_until=row.pickup_until.astimezone(zone),
            arrive_by=row.arrive_by.astimezone(zone),
        ),
        planned_pickup=_arrival(times.pickup, zone),
        planned_arrival=_arrival(times.drop_off, zone),
        fare_cents=row.fare_cents,
        tour_id=tour_id(row.area_id, row.service_date, row.shift_id),
    )


def staff_booking_answer(row: BookingRow, times: RideTimes, zone: ZoneInfo) -> StaffBookingAnswer:
    """Describe a booking as the control room sees it."""
    return StaffBookingAnswer(
        **dict(booking_answer(row, times, zone)),
        phone=row.phone,
        created_at=row.created_at.astimezone(zone),
    )


def refused_wish_answer(row: RefusalRow, area: Area, language: str) -> RefusedWishAnswer:
    """Describe a refused wish as the control room sees it."""
    german, english = reasons(Rule(row.rule), area.policy)
    return RefusedWishAnswer(
        rule=row.rule,
        reason=english if language == "en" else german,
        wished_at=row.time_at.astimezone(area.time_zone),
        time_kind=row.time_kind,  # type: ignore[arg-type]  # written from an enumeration
        origin=row.origin_label or f"{row.origin_lat}, {row.origin_lon}",
        destination=row.destination_label or f"{row.destination_lat}, {row.destination_lon}",
        passengers=Passengers.of((row.seat, row.wheelchair, row.walker, row.pram)),
        alternatives=row.alternatives,
        refused_at=row.refused_at.astimezone(area.time_zone),
    )


def tour_answer(
    rows: TourRows,
    bookings: Mapping[str, BookingRow],
    vehicles: Iterable[Vehicle],
    line: Line,
    zone: ZoneInfo,
) -> TourAnswer:
    """Describe a tour with everybody who rides; ``bookings`` by their ids."""
    by_visit: dict[tuple[str, str], list[BookingRow]] = {}
    for rider in rows.riders:
        by_visit.setdefault((rider.visit_id, rider.kind), []).append(bookings[rider.booking_id])
    return TourAnswer(
        id=rows.tour.id,
        area_id=rows.tour.area_id,
        shift=_shift_answer(rows.tour, vehicles, zone),
        visits=tuple(
            _visit_answer(
                visit,
                by_visit.get((visit.id, "board"), []),
                by_visit.get((visit.id, "alight"), []),
                zone,
            )
            for visit in rows.visits
        ),
        geometry={"type": "LineString", "coordinates": line.points} if rows.visits else None,
        metres=line.metres if rows.visits else 0,
        seconds=line.seconds if rows.visits else 0,
    )


def _shift_answer(row: TourRow, vehicles: Iterable[Vehicle], zone: ZoneInfo) -> ShiftAnswer:
    names = {vehicle.id: vehicle.name for vehicle in vehicles}
    return ShiftAnswer(
        id=row.shift_id,
        vehicle=next((names[v] for v in names if v == row.vehicle_id), row.vehicle_id),
        driver=row.driver,
        start=row.starts_at.astimezone(zone),
        end=row.ends_at.astimezone(zone),
        start_place=Spot(label=row.start_label, lon=row.start_lon, lat=row.start_lat),
        end_place=Spot(label=row.end_label, lon=row.end_lon, lat=row.end_lat),
    )


def _visit_answer(
    visit: VisitRow, board: list[BookingRow], alight: list[BookingRow], zone: ZoneInfo
) -> VisitAnswer:
    names = [row.origin_label for row in board] + [row.destination_label for row in alight]
    return VisitAnswer(
        id=visit.id,
        sequence=visit.sequence,
        place=Spot(label=" · ".join(dict.fromkeys(names)), lon=visit.lon, lat=visit.lat),
        arrive=visit.arrive.astimezone(zone),
        depart=visit.depart.astimezone(zone),
        status=visit.status,  # type: ignore[arg-type]  # a check constraint of the table
        board=tuple(
            BoardingAnswer(
                booking_id=row.id,
                name=row.name,
                phone=row.phone,
                passengers=_party(row),
                status=row.status,  # type: ignore[arg-type]  # a check constraint of the table
                pickup_from=row.pickup_from.astimezone(zone),
                pickup_until=row.pickup_until.astimezone(zone),
                destination=row.destination_label,
            )
            for row in board
        ),
        alight=tuple(
            AlightingAnswer(
                booking_id=row.id,
                name=row.name,
                phone=row.phone,
                passengers=_party(row),
                status=row.status,  # type: ignore[arg-type]  # a check constraint of the table
                arrive_by=row.arrive_by.astimezone(zone),
            )
            for row in alight
        ),
    )


def _party(row: BookingRow) -> Passengers:
    return Passengers.of((row.seat, row.wheelchair, row.walker, row.pram))


def _arrival(visit: VisitRow | None, zone: ZoneInfo) -> datetime | None:
    return visit.arrive.astimezone(zone) if visit else None


def _minutes(seconds: int) -> int:
    """Whole minutes, rounded up."""
    return -(-seconds // _MINUTE)
