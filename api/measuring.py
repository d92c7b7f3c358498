"""Job: how far the buses drove, and how much of it with riders, is written down once a day is over."""

from datetime import date, timedelta
from functools import partial

import structlog

from api.context import Context
from api.day import Day
from api.errors import Problem
from api.forgetting import running_day
from api.store.writer import Writer
from dispatch.model import RideStatus, ShiftId
from regions.errors import AreaError
from routing.errors import NoRoad

_log = structlog.get_logger()
_LOOK_BACK = timedelta(days=35)
"""Long enough to make up for a server that stood still; names go much later."""

Metres = dict[str, tuple[int, int, int]]
"""Metres, seconds by the road's speeds, and metres with riders aboard, by the id of the tour."""


def measure_driven(context: Context) -> int:
    """Measure the tours of days that are over and not measured yet; return how many."""
    count = 0
    for area in context.areas():
        last = running_day(area.time_zone, context.clock.now()) - timedelta(days=1)
        with context.database.reading() as reader:
            tours = reader.tour_figures([area.id], last - _LOOK_BACK, last)
            closed = reader.closed_days(last - _LOOK_BACK)
        days = {tour.day for tour in tours if tour.loaded_m is None}
        for day in sorted(day for day in days if (area.id, day) not in closed):
            measured = _measure(context, area.id, day)
            context.database.write(partial(_keep, measured=measured))
            count += len(measured)
    return count


def _keep(writer: Writer, measured: Metres) -> None:
    writer.keep_metres(measured)


def _measure(context: Context, area_id: str, day: date) -> Metres:
    try:
        with context.seen(area_id, day) as (present, reader):
            stored = reader.tours(day, area_id)
            return {
                rows.tour.id: _driven(present, ShiftId(rows.tour.shift_id))
                for rows in stored
                if rows.visits and rows.tour.shift_id in present.state.shifts
            }
    except (AreaError, NoRoad, Problem) as error:
        _log.warning("a day is not measured", area=area_id, day=day.isoformat(), code=error.code)
        return {}


def _driven(day: Day, shift: ShiftId) -> tuple[int, int, int]:
    tour, bookings = day.state.tours[shift], day.state.bookings
    line, aboard, loaded_m = day.line(day.state.shifts[shift], tour), set(), 0
    for leg, visit in zip(line.legs[1:], tour.visits, strict=True):
        aboard |= {key for key in visit.board if bookings[key].status is RideStatus.DONE}
        aboard -= set(visit.alight)
        loaded_m += leg.metres if aboard else 0
    return line.metres, line.seconds, loaded_m
