"""Use cases: look at areas, bookings and tours. Everything shown comes from the database."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from api.booking import find
from api.context import Context
from api.day import Day, Line, depots
from api.errors import Problem
from api.purpose import check_seen
from api.rights import Actor, Permission
from api.schemas.answers import AreasAnswer, BookingAnswer, BookingsAnswer, RefusalsAnswer
from api.schemas.tours import TourAnswer, ToursAnswer
from api.store.mapping import shift_row, tour_id, tour_of, unstored_tour
from api.store.reader import Reader, RideTimes, TourRows
from api.store.tables import BookingRow
from api.tour_views import tour_answer
from api.views import (
    area_answer,
    booking_answer,
    refused_wish_answer,
    staff_booking_answer,
)
from dispatch.model import Shift, ShiftId, Tour
from regions.area import Area

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
_REFUSALS_LISTED = 200
_TOUR_ID = re.compile(r"(?P<area>[a-z0-9-]+)\.(?P<day>\d{4}-\d\d-\d\d)\.(?P<shift>[a-z0-9-]+)")


def areas(context: Context) -> AreasAnswer:
    """Describe all areas."""
    described = (area_answer(area, context.regions[area.id]) for area in context.areas())
    return AreasAnswer(areas=tuple(described))


def booking(context: Context, booking_id: str) -> BookingAnswer:
    """Show a booking to whoever knows its id.

    Raises
    ------
    Problem
        ``booking-unknown``.
    """
    row = find(context, booking_id)
    with context.database.reading() as reader:
        times = reader.times([booking_id]).get(booking_id, RideTimes())
    return booking_answer(row, times.arrivals, context.area(row.area_id).time_zone)


def bookings(context: Context, actor: Actor, day: date, area_id: str | None) -> BookingsAnswer:
    """List the bookings of a day, of one area or of all one's own.

    Raises
    ------
    Problem
        ``area-unknown``, ``date-out-of-range``.
    """
    chosen = _chosen(context, actor, Permission.SEE_RIDES, day, area_id)
    with context.database.reading() as reader:
        rows = [row for row in reader.bookings(day, area_id) if row.area_id in chosen]
        times = reader.times(row.id for row in rows)
    return BookingsAnswer(
        date=day,
        bookings=tuple(
            staff_booking_answer(
                row, times.get(row.id, RideTimes()).arrivals, context.area(row.area_id).time_zone
            )
            for row in rows
        ),
    )


def refusals(
    context: Context, actor: Actor, day: date, area_id: str | None, language: str
) -> RefusalsAnswer:
    """List the newest wishes refused for a day, of one area or of all.

    Raises
    ------
    Problem
        ``area-unknown``, ``date-out-of-range``.
    """
    chosen = _chosen(context, actor, Permission.SEE_RIDES, day, area_id)
    with context.database.reading() as reader:
        rows, total = reader.refusals(day, chosen, _REFUSALS_LISTED)
    described = (refused_wish_answer(row, context.area(row.area_id), language) for row in rows)
    return RefusalsAnswer(date=day, refusals=tuple(described), older=total - len(rows))


def tours(context: Context, actor: Actor, day: date, area_id: str | None) -> ToursAnswer:
    """Show all tours of a day, those nobody booked yet included.

    Raises
    ------
    Problem
        ``area-unknown``, ``forbidden`` (drivers, other days), ``date-out-of-range``.
    """
    version, shown = 0, []
    chosen_areas = _chosen(context, actor, Permission.SEE_TOURS, day, area_id)
    check_seen(context, actor, area_id, day)
    for chosen in chosen_areas:
        with context.database.reading() as reader:
            if (chosen, day) in reader.closed_days(day):
                shown += _closed_tours(context.area(chosen), reader, day)
                version += reader.version(chosen, day)
                continue
        with context.seen(chosen, day) as (present, reader):
            shown += tours_of(present, reader)
            version += present.stored_version
    shown.sort(key=lambda tour: (tour.shift.start, tour.id))
    return ToursAnswer(date=day, version=version, tours=tuple(shown))


def tours_of(day: Day, reader: Reader) -> list[TourAnswer]:
    """Describe the stored tours of a day."""
    key = day.service.day, day.area.id
    stored = {rows.tour.shift_id: rows for rows in reader.tours(*key)}
    bookings = {row.id: row for row in reader.bookings(*key)}
    return [
        _described(day, shift, stored.get(shift.id) or _unbooked(day, shift.id), bookings)
        for shift in day.state.shifts.values()
    ]


def tour_in(
    day: Day, reader: Reader, shift_id: ShiftId, give_way: Callable[[], None] = lambda: None
) -> TourAnswer:
    """Describe the stored tour of one shift; ``give_way`` lets those go first who are in a hurry."""
    rows = reader.tour(tour_id(day.area.id, day.service.day, shift_id))
    give_way()
    bookings = {} if rows is None else reader.riders_on(rows)
    rows = rows or _unbooked(day, shift_id)
    give_way()
    line = _line(day, day.state.shifts[shift_id], rows)
    give_way()
    return tour_answer(rows, bookings, day.area.vehicles, line, day.area.time_zone)


def _described(
    day: Day, shift: Shift, rows: TourRows, bookings: Mapping[str, BookingRow]
) -> TourAnswer:
    line = _line(day, shift, rows)
    return tour_answer(rows, bookings, day.area.vehicles, line, day.area.time_zone)


def _line(day: Day, shift: Shift, rows: TourRows) -> Line:
    return day.line(shift, tour_of(rows, day.places.index, day.service))


def _closed_tours(area: Area, reader: Reader, day: date) -> list[TourAnswer]:
    """Describe the tours of a day whose places are blurred: as stored, without the line on the map."""
    bookings = {row.id: row for row in reader.bookings(day, area.id)}
    return [
        tour_answer(rows, bookings, area.vehicles, None, area.time_zone)
        for rows in reader.tours(day, area.id)
    ]


def tour_key(named: str) -> tuple[str, date, str]:
    """Return area, date and shift that a tour's id names.

    Raises
    ------
    Problem
        ``tour-unknown``.
    """
    match = _TOUR_ID.fullmatch(named)
    try:
        if match:
            day = date.fromisoformat(match["day"])
            if FIRST_DAY <= day < LAST_DAY:
                return match["area"], day, match["shift"]
    except ValueError:
        pass
    raise Problem("tour-unknown")


def check_day(day: date) -> None:
    """Refuse days beyond all calendars (``date-out-of-range``)."""
    if not FIRST_DAY <= day < LAST_DAY:
        raise Problem("date-out-of-range")


def _chosen(
    context: Context, actor: Actor, permission: Permission, day: date, area_id: str | None
) -> list[str]:
    check_day(day)
    actor.require(permission, area_id)
    if area_id is None:
        return [area.id for area in context.areas() if actor.sees(area.id)]
    return [context.area(area_id).id]


def _unbooked(day: Day, shift_id: ShiftId) -> TourRows:
    """Return the rows of a tour nobody booked yet: its breaks at most, and stored nowhere."""
    ends = depots(day.area, shift_id)
    assert ends is not None  # noqa: S101  # a shift without stored tour comes from the area file
    shift = day.state.shifts[shift_id]
    row = shift_row(shift, ends, day.area.id, day.service, day.places.position)
    tour = day.state.tours.get(shift_id, Tour(shift_id))
    return unstored_tour(tour, row, day.service, day.places.position)
