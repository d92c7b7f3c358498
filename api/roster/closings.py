"""Use cases: hours in which no rides are offered, in an area or a part of it."""

import secrets
from datetime import date, datetime, timedelta

from shapely.geometry import shape

from api.context import Context
from api.errors import Problem
from api.idempotency import Once, Reply
from api.paging import Asked, Page
from api.rights import Actor, Permission
from api.roster.closed import Closure
from api.schemas.roster import ClosureAnswer, ClosureWish
from api.store.reader import Reader
from api.store.tables import BookingRow, ClosureRow
from api.store.writer import Writer
from api.versions import Seen
from regions.area import Area

_ONE_DAY = timedelta(days=1)
_STANDS = ("booked", "unassigned", "aboard")


def closures(context: Context, actor: Actor, area_id: str, asked: Asked) -> Page[ClosureAnswer]:
    """List the closures of an area that are not over (``area-unknown``, ``cursor-invalid``)."""
    actor.require(Permission.SEE_TOURS, area_id)
    area, after, now = context.area(area_id), context.cursors.after(asked), context.clock.now()
    with context.database.reading() as reader:
        rows = reader.closures([area.id], now, str(after[0]) if after else "", asked.limit + 1)
        answers = [_answer(context, reader, area, row) for row in rows]
    return context.cursors.page(asked, answers, lambda one: [one.id])


def close(context: Context, actor: Actor, wish: ClosureWish, key: str) -> Reply[ClosureAnswer]:
    """Offer no rides for some hours; rides already promised stand.

    Raises
    ------
    Problem
        ``area-unknown``, ``closure-place``, and those of a key.
    """
    actor.require(Permission.PLAN_SHIFTS, wish.area_id)
    area, once = context.area(wish.area_id), Once.of("closures", key, wish)
    now = context.clock.now()
    place = None if wish.place is None else wish.place.model_dump(mode="json")
    if place is not None and not shape(place).is_valid:
        raise Problem("closure-place")
    row = ClosureRow(
        id=f"c-{secrets.token_hex(6)}",
        area_id=area.id,
        starts_at=wish.start,
        ends_at=wish.until,
        reason=wish.reason,
        place=place,
        lifted=False,
        version=1,
        created_at=now,
        created_by=actor.id,
        changed_at=now,
        changed_by=actor.id,
    )

    def work(writer: Writer) -> Reply[ClosureAnswer]:
        answered = once.answered(writer, ClosureAnswer)
        if answered is not None:
            return answered
        writer.put(row)
        answer = _answer(context, writer, area, row)
        once.keep(writer, answer, now)
        return Reply(answer)

    with context.underway(once):
        reply = context.database.write(work)
    context.closures.forget(area.id)
    return reply


def lift(context: Context, actor: Actor, closure_id: str, seen: Seen) -> None:
    """Offer rides again (``closure-unknown``, ``changed-meanwhile``)."""
    now = context.clock.now()

    def work(writer: Writer) -> str:
        row = writer.closure(closure_id)
        if row is None or row.lifted or row.area_id not in context.regions:
            raise Problem("closure-unknown")
        if not actor.sees(row.area_id):
            raise Problem("closure-unknown")
        seen.check(row.version)
        row.lifted = True
        row.version, row.changed_at, row.changed_by = row.version + 1, now, actor.id
        writer.put(row)
        return row.area_id

    context.closures.forget(context.database.write(work))


def _answer(context: Context, reader: Reader, area: Area, row: ClosureRow) -> ClosureAnswer:
    return ClosureAnswer(
        id=row.id,
        area_id=row.area_id,
        start=row.starts_at.astimezone(area.time_zone),
        until=row.ends_at.astimezone(area.time_zone),
        reason=row.reason,
        place=row.place,
        rides=_rides_in(context, reader, area, row),
        version=row.version,
    )


def _rides_in(context: Context, reader: Reader, area: Area, row: ClosureRow) -> int:
    """Count the rides promised within a closure, on days that can be booked."""
    closure, (first, last) = Closure.of(row), context.in_use()
    first = max(first, _date(area, row.starts_at) - _ONE_DAY)
    last = min(last, _date(area, row.ends_at))
    days = (first + k * _ONE_DAY for k in range((last - first).days + 1))
    return sum(
        _lies_in(closure, booking) for day in days for booking in reader.bookings(day, area.id)
    )


def _lies_in(closure: Closure, row: BookingRow) -> bool:
    ends = [(row.origin_lon, row.origin_lat), (row.destination_lon, row.destination_lat)]
    return (
        row.status in _STANDS
        and closure.touches(row.pickup_from, row.arrive_by)
        and closure.holds(ends)
    )


def _date(area: Area, instant: datetime) -> date:
    return instant.astimezone(area.time_zone).date()
