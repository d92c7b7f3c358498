"""Use cases of the control room: what is to be called, what did not go out, what somebody did about it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from api.context import Context
from api.errors import Problem
from api.messages.address import Way
from api.messages.model import Kind, Times
from api.messages.texts import letter
from api.rights import Actor, Permission
from api.schemas.messages import BrowserWish, MessageAnswer, MessagesAnswer
from api.showing import check_day
from api.store.tables import BookingRow, MessageRow, PushRow
from api.store.writer import Writer

_AT_MOST = 500
_AGAIN_IN = timedelta(minutes=5)
_MOST_BROWSERS = 5


def messages(
    context: Context,
    actor: Actor,
    day: date | None,
    area_id: str | None,
    states: Sequence[str] = (),
    language: str = "de",
) -> MessagesAnswer:
    """List messages of a day or of all, of an area or of all.

    Raises
    ------
    Problem
        ``area-unknown``, ``forbidden``, ``date-out-of-range``.
    """
    actor.require(Permission.SEND_MESSAGES, area_id)
    if day is not None:
        check_day(day)
    seen = [context.area(area_id)] if area_id else context.areas()
    areas = [area.id for area in seen if actor.sees(area.id)]
    with context.database.reading() as reader:
        found = reader.messages(areas, day, states, _AT_MOST)
    shown = partial(_shown, context, language=language)
    return MessagesAnswer(messages=tuple(shown(row, booking) for row, booking in found))


def retry(context: Context, actor: Actor, message_id: str) -> MessageAnswer:
    """Send again what was given up, or left to a person (``message-unknown``, ``message-over``)."""

    def again(row: MessageRow, now: datetime) -> None:
        row.state, row.attempts, row.next_try, row.channel = "waiting", 0, now, None

    return _change(context, actor, message_id, ("dead", "skipped", "call"), again)


def call(context: Context, actor: Actor, message_id: str) -> MessageAnswer:
    """Let a person call instead (``message-unknown``, ``message-over``)."""

    def to_call(row: MessageRow, now: datetime) -> None:
        row.state, row.channel, row.next_try = "call", Way.CALL, now

    return _change(context, actor, message_id, ("dead", "skipped", "waiting", "call"), to_call)


def done(context: Context, actor: Actor, message_id: str, *, reached: bool) -> MessageAnswer:
    """Note that a person called, and whether somebody answered (``message-unknown``, ``message-over``)."""

    def called(row: MessageRow, now: datetime) -> None:
        row.attempts += 1
        if reached:
            row.state, row.sent_at = "called", now
        else:
            row.next_try = now + _AGAIN_IN

    return _change(context, actor, message_id, ("call", "called"), called)


def listen(context: Context, booking_id: str, wish: BrowserWish) -> None:
    """Let a browser hear of a booking (``booking-unknown``, ``too-many-browsers``)."""
    row = PushRow(
        booking_id=booking_id,
        endpoint=wish.endpoint,
        p256dh=wish.keys.p256dh,
        auth=wish.keys.auth,
        created_at=context.clock.now(),
    )

    def work(writer: Writer) -> None:
        if _ride(context, writer.booking(booking_id)) is None:
            raise Problem("booking-unknown")
        others = [each for each in writer.browsers(booking_id) if each.endpoint != wish.endpoint]
        if len(others) >= _MOST_BROWSERS:
            raise Problem("too-many-browsers")
        writer.put_browser(row)

    context.database.write(work)


def _ride(context: Context, row: BookingRow | None) -> BookingRow | None:
    return row if row is not None and row.area_id in context.regions and row.name else None


def _change(
    context: Context,
    actor: Actor,
    message_id: str,
    allowed: Sequence[str],
    change: Callable[[MessageRow, datetime], None],
) -> MessageAnswer:
    actor.require(Permission.SEND_MESSAGES)

    def work(writer: Writer) -> tuple[MessageRow, BookingRow]:
        row = writer.lock_message(message_id)
        booking = _ride(context, writer.booking(row.booking_id)) if row else None
        if row is None or booking is None or not actor.sees(row.area_id):
            raise Problem("message-unknown")
        if row.state not in allowed:
            raise Problem("message-over")
        if row.state != "called":  # done twice is done once
            change(row, context.clock.now())
        return row, booking

    return _shown(context, *context.database.write(work))


def _shown(
    context: Context, row: MessageRow, booking: BookingRow, language: str = "de"
) -> MessageAnswer:
    area = context.area(row.area_id)
    of = area, booking.origin_label, language
    written = letter(row.id, Kind(row.kind), Times.read(row.payload), of, booking.code)
    zone, open_ = area.time_zone, row.state in {"waiting", "sending", "call"}
    return MessageAnswer(
        id=row.id,
        area_id=row.area_id,
        date=row.service_date,
        booking_id=row.booking_id,
        kind=row.kind,
        state=row.state,  # type: ignore[arg-type]  # a check constraint of the table
        channel=row.channel,
        name=booking.name,
        phone=booking.phone,
        text=written.text,
        attempts=row.attempts,
        created_at=row.created_at.astimezone(zone),
        next_try=row.next_try.astimezone(zone) if open_ else None,
        sent_at=row.sent_at.astimezone(zone) if row.sent_at else None,
        last_error=row.last_error,
    )
