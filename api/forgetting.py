"""Use case: names and places go when they are no longer needed; figures stay."""

from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from api.context import Context
from api.errors import Problem
from api.store.forgetting import Measured
from api.store.writer import Writer
from regions.errors import AreaError
from regions.giving import driving_of
from regions.privacy import USUAL, Privacy
from routing.errors import NoRoad

_log = structlog.get_logger()

_DAY_ENDS = timedelta(hours=7)
"""A service day goes on after midnight, at most until the next morning."""


def running_day(zone: ZoneInfo, now: datetime) -> date:
    """Return the earliest service day that may still go on: rides before it are over."""
    return (now.astimezone(zone) - _DAY_ENDS).date()


def forget_old(context: Context) -> int:
    """Take the persons off rides older than their areas keep names; return off how many.

    It looks at what is stored, so it may run late or twice; areas no longer served have the usual rules.
    """
    now, count = context.clock.now(), 0
    with context.database.reading() as reader:
        named, areas = reader.named_days(), reader.area_rows()
    for area_id, day in named:
        zone = ZoneInfo(areas[area_id][0].time_zone)
        if day < running_day(zone, now) - privacy_of(context, area_id).rides_named:
            count += _forget_day(context, area_id, day)
    others = forget_riders(context)
    context.database.scrub()  # also what an erasure could not remove while somebody was reading
    _log.info("persons forgotten", rides=count, riders=others)
    return count


def forget_riders(context: Context) -> int:
    """Delete riders long not brought and words of feedback as old as rides may be; return how many riders."""
    now, gone = context.clock.now(), 0
    with context.database.reading() as reader:
        areas = tuple(reader.area_rows())
    for area_id in areas:
        privacy = privacy_of(context, area_id)
        before = now - privacy.rides_named
        context.database.write(partial(_forget_words, area_id=area_id, before=before))
        idle = partial(_forget_idle, area_id=area_id, before=now - privacy.riders_kept)
        gone += context.database.write(idle)
    return gone


def _forget_words(writer: Writer, area_id: str, before: datetime) -> int:
    return writer.forget_feedback_before(area_id, before)


def _forget_idle(writer: Writer, area_id: str, before: datetime) -> int:
    """Delete riders of an area nobody changed or brought since."""
    idle = [
        row.id
        for row in writer.riders_idle(area_id, before)
        if not any(ride.pickup_from >= before for ride in writer.rides_of(row.phone))
    ]
    return writer.delete_riders(idle) if idle else 0


def privacy_of(context: Context, area_id: str) -> Privacy:
    """Return what an area decided about data; the usual where it is no longer served."""
    region = context.regions.get(area_id)
    return USUAL if region is None else region.areas[area_id].privacy


def measure(context: Context, area_id: str, day: date) -> Measured:
    """Measure what only exact places tell; nothing where roads, buses or the area are gone."""
    region = context.regions.get(area_id)
    if region is None:
        return Measured()
    try:
        with context.locked(area_id, day) as slot, context.database.reading() as reader:
            present, stored = slot.as_stored(reader), reader.tours(day, area_id)
            shifts, tours = present.state.shifts, present.state.tours
            lines = {
                rows.tour.id: present.line(shifts[key], tours[key])
                for rows in stored
                for key in shifts
                if rows.tour.shift_id == key and rows.visits
            }
            halts = reader.times(row.id for row in reader.bookings(day, area_id))
    except (AreaError, NoRoad, Problem) as error:
        _log.warning("a day is not measured", area=area_id, day=day.isoformat(), code=error.code)
        return Measured()
    ends = {
        key: ((t.pickup.lon, t.pickup.lat), (t.drop_off.lon, t.drop_off.lat))
        for key, t in halts.items()
        if t.pickup is not None and t.drop_off is not None
    }
    driving = driving_of(region, region.areas[area_id], ends.values())
    return Measured(
        tours={key: (line.metres, line.seconds) for key, line in lines.items()},
        rides=dict(zip(ends, driving, strict=True)),
    )


def drop_from_memory(context: Context, area_id: str, day: date) -> None:
    """Let go of a day as it was with its places; it is built anew when somebody asks for it."""
    if area_id in context.regions:
        with context.locked(area_id, day) as slot:
            slot.empty()


def _forget_day(context: Context, area_id: str, day: date) -> int:
    measured, now = measure(context, area_id, day), context.clock.now()

    def work(writer: Writer) -> int:
        writer.lock_area(area_id)
        return writer.forget_rides(area_id, day, "retention", measured, now)

    count = context.database.write(work)
    drop_from_memory(context, area_id, day)
    return count
