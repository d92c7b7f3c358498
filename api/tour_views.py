"""Tours as the tablet and the control room see them."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from api.day import Line
from api.schemas.answers import ConnectionAnswer, Spot
from api.schemas.tours import (
    AlightingAnswer,
    BoardingAnswer,
    ShiftAnswer,
    TourAnswer,
    VisitAnswer,
)
from api.servicetime import ServiceDay
from api.store.reader import TourRows
from api.store.tables import BookingRow, TourRow, VisitRow
from api.views import connection_answer, party, shown_name
from dispatch.model import Vehicle


def tour_answer(
    rows: TourRows,
    bookings: Mapping[str, BookingRow],
    vehicles: Iterable[Vehicle],
    line: Line | None,
    zone: ZoneInfo,
) -> TourAnswer:
    """Describe a tour with everybody who rides; ``bookings`` by their ids.

    Without a ``line`` (its places are blurred) the tour was as long as was written down before.
    """
    kept = rows.tour.details
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
        geometry={"type": "LineString", "coordinates": line.points}
        if rows.visits and line
        else None,
        metres=(line.metres if line else kept.get("metres", 0)) if rows.visits else 0,
        seconds=(line.seconds if line else kept.get("seconds", 0)) if rows.visits else 0,
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
    if visit.pause is not None:
        names = ["Pause"]
    return VisitAnswer(
        id=visit.id,
        sequence=visit.sequence,
        place=Spot(label=" · ".join(dict.fromkeys(names)), lon=visit.lon, lat=visit.lat),
        arrive=visit.arrive.astimezone(zone),
        depart=visit.depart.astimezone(zone),
        status=visit.status,  # type: ignore[arg-type]  # a check constraint of the table
        pause=visit.pause is not None,
        board=tuple(
            BoardingAnswer(
                booking_id=row.id,
                name=shown_name(row),
                phone=row.phone,
                passengers=party(row),
                status=row.status,  # type: ignore[arg-type]  # a check constraint of the table
                pickup_from=row.pickup_from.astimezone(zone),
                pickup_until=row.pickup_until.astimezone(zone),
                destination=row.destination_label,
                connection=_meets(row, zone, to_line=False),
            )
            for row in board
        ),
        alight=tuple(
            AlightingAnswer(
                booking_id=row.id,
                name=shown_name(row),
                phone=row.phone,
                passengers=party(row),
                status=row.status,  # type: ignore[arg-type]  # a check constraint of the table
                arrive_by=row.arrive_by.astimezone(zone),
                connection=_meets(row, zone, to_line=True),
            )
            for row in alight
        ),
    )


def _meets(row: BookingRow, zone: ZoneInfo, *, to_line: bool) -> ConnectionAnswer | None:
    """Return the line a rider comes from, or is brought to, at this halt."""
    meets = connection_answer(row.details, ServiceDay(row.service_date, zone))
    return meets if meets is not None and meets.to_line is to_line else None
