"""Do tables and memory say the same? A day built from the tables is written down again and compared."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.day import Day
from api.store.mapping import decided
from api.store.reader import DayRows, TourRows
from api.store.tables import PromiseRow
from api.store.tour_changes import riders_of, visit_columns
from dispatch.model import BookingId, ShiftId, VisitStatus

_PROMISED = ("pickup_from", "pickup_until", "arrive_by", "ride_at_most_s")
_NOT_COMPARED = {"planned_arrive", "planned_depart", "lon", "lat", "pause", "details"}
"""What only the tables know, and positions: of two doors at one place on the road memory knows the first."""


def disagreements(day: Day, rows: DayRows, told: Mapping[str, PromiseRow]) -> Iterator[str]:
    """Yield a sentence for everything the tables say otherwise than the day built from them.

    Parameters
    ----------
    day
        As it was built.
    rows
        What it was built from.
    told
        The last entry of the promise history, by booking.
    """
    for row in rows.bookings:
        booking = day.state.bookings[BookingId(row.id)]
        for name in _differing(row, decided(booking, day.service, day.places.position)):
            yield f"booking {row.id}: the table's {name} is not what the plan says"
        last = told.get(row.id)
        if last is None:
            yield f"booking {row.id}: nothing in its promise history"
        elif _differing(row, {name: getattr(last, name) for name in _PROMISED}):
            yield f"booking {row.id}: its promise is not the last one it was told"
    for tour in rows.tours:
        yield from _of_tour(day, tour)
    yield from _of_roster(day, rows)


def _of_roster(day: Day, rows: DayRows) -> Iterator[str]:
    """Yield what does not follow the roster: riders on a withdrawn shift, another driver than planned."""
    for row in rows.roster.shifts:
        shift, name = day.state.shifts.get(ShiftId(row.shift_id)), row.shift_id
        tour = day.state.tours.get(ShiftId(name))
        if shift is None:
            continue
        if row.state != "withdrawn":
            drives = row.substitute_name or row.driver_name or ""
            if shift.driver != drives:
                yield f"shift {name}: the plan names another driver than the roster"
        elif tour is None or all(visit.status == VisitStatus.PLANNED for visit in tour.visits):
            yield f"shift {name}: withdrawn, but in the plan"


def _of_tour(day: Day, rows: TourRows) -> Iterator[str]:
    name, tour = rows.tour.id, day.state.tours[ShiftId(rows.tour.shift_id)]
    for number, (visit, row) in enumerate(zip(tour.visits, rows.visits, strict=True)):
        columns = visit_columns(name, number, visit, day.service, day.places.position)
        for column in _differing(row, columns):
            yield f"tour {name}: the table's {column} of halt {row.id} is not what the plan says"
    planned = set(riders_of(tour, day.state.bookings))
    stored = {(r.booking_id, r.kind, r.leg, r.visit_id, r.position) for r in rows.riders}
    for rider in sorted(planned ^ stored):
        where = "only in the plan" if rider in planned else "only in the table"
        yield f"tour {name}: {rider[0]} at halt {rider[3]} ({rider[1]}) is {where}"


def _differing(row: object, columns: Mapping[str, Any]) -> list[str]:
    """Return the names of the columns in which a row differs."""
    return [
        name
        for name, value in columns.items()
        if name not in _NOT_COMPARED and getattr(row, name) != value
    ]
