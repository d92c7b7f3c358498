"""From what is stored and decided to what is answered; instants as the clocks of the area show them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import shapely
from shapely.geometry import mapping

from api.refusals import reasons
from api.schemas.answers import (
    AreaAnswer,
    BookingAnswer,
    ConnectionAnswer,
    OfferAnswer,
    PromiseAnswer,
    RefusedWishAnswer,
    Spot,
    StaffBookingAnswer,
    StopAnswer,
)
from api.schemas.fields import Passengers
from api.servicetime import ServiceDay
from api.store.details import Details, details_of_request
from api.store.mapping import load_of_row, tour_id
from api.store.tables import BookingRow, RefusalRow
from api.tickets import Ticket
from dispatch.model import RideStatus, Rule
from regions.area import Area
from regions.region import Region

_MINUTE = 60
_TEN_M = 10
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
        service=area.service,
        currency=area.currency,
        bbox=bbox,
        boundary=boundary,
        stops=tuple(StopAnswer(id=s.id, name=s.name, lon=s.lon, lat=s.lat) for s in area.stops),
        attribution=region.manifest.attribution,
    )


def offer_answer(ticket: Ticket, token: str, service: ServiceDay, area: Area) -> OfferAnswer:
    """Describe an offer."""
    pickup_from_s, pickup_until_s, arrive_by_s, _ = ticket.promise
    walk_to_s, walk_from_s = ticket.walks_s
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
        walk_to_m=_walk_m(area, walk_to_s),
        walk_from_m=_walk_m(area, walk_from_s),
        connection=connection_answer(ticket.details, service),
    )


def connection_answer(details: Details, service: ServiceDay) -> ConnectionAnswer | None:
    """Describe the line a ride meets, if it does."""
    meets = details_of_request(details)["connection"]
    if meets is None or not meets.line:  # a line is forgotten with its rider
        return None
    return ConnectionAnswer(
        to_line=meets.to_line, line=meets.line, time=service.local(meets.time_s)
    )


def _walk_m(area: Area, walk_s: int) -> int:
    """Metres of a walk, in tens: nobody measures more exactly."""
    return round(walk_s * area.policy.walk_m_per_min / _MINUTE / _TEN_M) * _TEN_M


Arrivals = tuple[datetime | None, datetime | None]
"""When the bus is to reach the rider, and the rider the destination; None without a bus."""


def booking_answer(row: BookingRow, arrivals: Arrivals, zone: ZoneInfo) -> BookingAnswer:
    """Describe a booking as its rider may see it."""
    carried = row.status != RideStatus.UNASSIGNED
    pickup, drop_off = (at.astimezone(zone) if at and carried else None for at in arrivals)
    return BookingAnswer(
        id=row.id,
        code=row.code,
        status=row.status,  # type: ignore[arg-type]  # a check constraint of the table
        area_id=row.area_id,
        date=row.service_date,
        name=shown_name(row),
        passengers=party(row),
        origin=Spot(label=row.origin_label, lon=row.origin_lon, lat=row.origin_lat),
        destination=Spot(
            label=row.destination_label, lon=row.destination_lon, lat=row.destination_lat
        ),
        promise=PromiseAnswer(
            pickup_from=row.pickup_from.astimezone(zone),
            pickup_until=row.pickup_until.astimezone(zone),
            arrive_by=row.arrive_by.astimezone(zone),
        ),
        planned_pickup=pickup,
        planned_arrival=drop_off,
        fare_cents=row.fare_cents,
        tour_id=tour_id(row.area_id, row.service_date, row.shift_id),
        connection=connection_answer(row.details, ServiceDay(row.service_date, zone)),
    )


def staff_booking_answer(row: BookingRow, arrivals: Arrivals, zone: ZoneInfo) -> StaffBookingAnswer:
    """Describe a booking as the control room sees it."""
    return StaffBookingAnswer(
        **dict(booking_answer(row, arrivals, zone)),
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
        passengers=Passengers.of(load_of_row(row)),
        alternatives=row.alternatives,
        refused_at=row.refused_at.astimezone(area.time_zone),
    )


def shown_name(row: BookingRow) -> str:
    """Return the rider's name; a dash for who is forgotten."""
    return row.name or "-"


def party(row: BookingRow) -> Passengers:
    """Who travels on a booking."""
    return Passengers.of(load_of_row(row))


def _minutes(seconds: int) -> int:
    """Whole minutes, rounded up."""
    return -(-seconds // _MINUTE)
