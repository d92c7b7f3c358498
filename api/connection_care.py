"""Rides that meet lines, kept together: those that can follow a late line do, the others are shown."""

from collections.abc import Iterator
from datetime import date, datetime

import structlog

from api import ledger
from api.context import Change, Context
from api.day import Day
from api.errors import Problem
from api.journey_asked import lines_of
from api.schemas.answers import PromiseAnswer
from api.schemas.connections import ConnectionCaseAnswer, ConnectionCasesAnswer
from api.showing import check_day
from api.store.reader import Reader
from api.store.tables import BookingRow
from api.store.writer import Writer
from dispatch.connections.care import LineGone, LineMissed, late_lines, missed_lines
from dispatch.connections.lines import Lines
from dispatch.connections.next_lines import next_departure_s
from dispatch.engine import decide
from dispatch.errors import IllegalEvent
from dispatch.events import ConnectionLate, PromiseAtRisk
from dispatch.model import Booking, Promise, load_of
from regions.area import Area

_log = structlog.get_logger()
_ANYBODY = load_of(seat=1)
"""For whom the lines of the day are laid out: whether a trip has a lift does not move its times."""


def follow_lines(context: Context) -> None:
    """Let rides follow their late lines where nobody else suffers; to be run when there are news."""
    for area in context.areas():
        try:
            _follow_in(context, area)
        except Exception:  # noqa: BLE001  # the rides of the other areas follow all the same
            _log.exception("rides do not follow their lines", area=area.id)


def cases(context: Context, day: date, area_id: str) -> ConnectionCasesAnswer:
    """List the riders whose line and ride do not meet any more.

    Raises
    ------
    Problem
        ``area-unknown``, ``date-out-of-range``.
    """
    check_day(day)
    area = context.area(area_id)
    if day < _today(context, area) or not _has_lines(context, area):
        return ConnectionCasesAnswer(date=day, cases=())
    with (
        context.locked(area.id, day) as slot,
        context.database.reading() as reader,
    ):
        present, now = slot.present(reader), context.clock.now()
        found = tuple(_cases(context, reader, present, now))
    return ConnectionCasesAnswer(date=day, cases=tuple(sorted(found, key=lambda c: c.planned)))


def _follow_in(context: Context, area: Area) -> None:
    today = _today(context, area)
    with context.locked(area.id, today) as slot, context.database.reading() as reader:
        late = tuple(_late(context, slot.present(reader)))
    for event in late:
        if _follow(context, area, today, event):
            _log.info("ride follows its line", area=area.id)


def _today(context: Context, area: Area) -> date:
    return context.service_at(area, context.clock.now()).day


def _has_lines(context: Context, area: Area) -> bool:
    return context.live.regions[area.id].now(0).timetable is not None


def _meeting(day: Day) -> bool:
    return any(booking.request.connection for booking in day.state.bookings.values())


def _late(context: Context, day: Day) -> Iterator[ConnectionLate]:
    if _meeting(day):
        lines = lines_of(context, day, _ANYBODY, context.clock.now())
        found = late_lines(day.state, lines) if lines is not None else ()
        yield from (each for each in found if isinstance(each, ConnectionLate))


def _follow(context: Context, area: Area, service_date: date, event: ConnectionLate) -> bool:
    """Write down a ride that follows its line; what the checker refuses changes nothing."""

    def work(writer: Writer, day: Day) -> Change[ConnectionLate | None]:
        now = context.clock.now()
        decision = ledger.Decision.of(day, event, now)
        if decision.state is day.state:
            return Change(None)
        ledger.check(day, decision)
        told = {"booking": event.booking, "ready": day.service.instant(event.ready_s).isoformat()}
        ledger.write(writer, day, decision, ledger.Entry("connection_late", told), now)
        return Change(event, decision)

    try:
        return context.change(area.id, service_date, work) is not None
    except (Problem, IllegalEvent):  # since the line was looked at the rider has cancelled
        return False


def _cases(
    context: Context, reader: Reader, day: Day, now: datetime
) -> Iterator[ConnectionCaseAnswer]:
    if not _meeting(day):
        return
    lines = lines_of(context, day, _ANYBODY, now)
    missed = () if lines is None else missed_lines(day.state, lines)
    follows = day.service.day == _today(context, day.area)
    for found in (*late_lines(day.state, lines), *missed):
        booking, row = day.state.bookings[found.booking], reader.booking(found.booking)
        if row is None:
            continue
        case = _case(day, booking, row, _KINDS[type(found)])
        if isinstance(found, LineGone):
            yield _line_gone(day, lines, booking, case)
        elif isinstance(found, LineMissed):
            yield _ride_late(day, lines, booking, case, found.ready_s)
        else:
            yield from _line_late(day, found, case, now, follows=follows)


_KINDS = {ConnectionLate: "line_late", LineGone: "line_gone", LineMissed: "ride_late"}


def _case(day: Day, booking: Booking, row: BookingRow, kind: str) -> ConnectionCaseAnswer:
    meets = booking.request.connection
    assert meets is not None  # noqa: S101  # only rides that meet a line are looked at
    return ConnectionCaseAnswer(
        kind=kind,  # type: ignore[arg-type]  # one of `_KINDS`
        booking_id=row.id,
        name=row.name,
        phone=row.phone,
        line=meets.line,
        stop=row.destination_label if meets.to_line else row.origin_label,
        planned=day.service.local(meets.time_s),
        ready=None,
    )


def _line_gone(
    day: Day, lines: Lines | None, booking: Booking, case: ConnectionCaseAnswer
) -> ConnectionCaseAnswer:
    """Name the next departure to who would have got on; who comes by line has to tell another way."""
    meets = booking.request.connection
    assert meets is not None  # noqa: S101  # see above
    if lines is None or not meets.to_line:
        return case
    next_s = next_departure_s(lines, meets, meets.time_s)
    told = None if next_s is None else day.service.local(next_s)
    return case.model_copy(update={"next_departure": told})


def _ride_late(
    day: Day, lines: Lines | None, booking: Booking, case: ConnectionCaseAnswer, ready_s: int
) -> ConnectionCaseAnswer:
    meets = booking.request.connection
    assert meets is not None and lines is not None  # noqa: S101, PT018  # see above
    next_s = next_departure_s(lines, meets, ready_s)
    local = day.service.local
    told = {"ready": local(ready_s), "next_departure": None if next_s is None else local(next_s)}
    return case.model_copy(update=told)


def _line_late(
    day: Day, event: ConnectionLate, case: ConnectionCaseAnswer, now: datetime, *, follows: bool
) -> Iterator[ConnectionCaseAnswer]:
    """Yield a case where the ride cannot follow, or ``follows`` not yet: the job looks at today only.

    On days to come a line is late by a newer timetable, and riders want to hear of it before.
    """
    _, effects = decide(day.state, event, day.seconds(now))
    risk = next((effect for effect in effects if isinstance(effect, PromiseAtRisk)), None)
    if risk is not None or not follows:
        options = tuple(_promise(day, offer.promise) for offer in risk.options) if risk else ()
        ready = day.service.local(event.ready_s)
        yield case.model_copy(update={"ready": ready, "options": options})


def _promise(day: Day, promise: Promise) -> PromiseAnswer:
    return PromiseAnswer(
        pickup_from=day.service.local(promise.pickup_from_s),
        pickup_until=day.service.local(promise.pickup_until_s),
        arrive_by=day.service.local(promise.arrive_by_s),
    )
