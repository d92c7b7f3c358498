"""Use cases: riders an operator knows, found by number or name when they call."""

import re
import unicodedata
from datetime import datetime
from typing import Any

from api.codes import new_request_id
from api.context import Context
from api.errors import Problem
from api.idempotency import Once, Reply
from api.phone import e164
from api.schemas.answers import BookingAnswer
from api.schemas.riders import (
    CallerAnswer,
    ConsentAnswer,
    RiderAnswer,
    RiderPageAnswer,
    RidersAnswer,
    RiderSearch,
    RiderWish,
)
from api.standing import order_answers, since_when
from api.store.reader import Reader, RideTimes
from api.store.tables import RiderRow
from api.store.writer import Writer
from api.views import booking_answer

_AT_A_TIME = 50
_RIDES = 20
_CALLER_RIDES = 8
_LEAST_DIGITS = 3


def search(context: Context, body: RiderSearch) -> RidersAnswer:
    """Return the riders of an area's operator whose name or number holds a text (``area-unknown``)."""
    area = context.area(body.area_id)
    with context.database.reading() as reader:
        last = reader.rider(body.after) if body.after else None
        after = (last.sought, last.id) if last else ("", "")
        owner = reader.operator_of(area.id)
        assert owner is not None  # noqa: S101  # areas are stored at start with their operators
        found = reader.riders_like(
            owner, _sought(body.text), _digits(body.text), _AT_A_TIME + 1, after
        )
    shown = found[:_AT_A_TIME]
    more = shown[-1].id if len(found) > _AT_A_TIME else None
    return RidersAnswer(riders=tuple(_answer(context, row) for row in shown), after=more)


def caller(context: Context, body: RiderSearch) -> CallerAnswer:
    """Tell who may be calling: riders found, and rides under the number, known rider or not."""
    area = context.area(body.area_id)
    riders = search(context, body).riders
    phone = _whole_number(body.text, area.phone) or (riders[0].phone if len(riders) == 1 else None)
    with context.database.reading() as reader:
        rides = _rides(context, reader, phone, area.id, _CALLER_RIDES) if phone else ()
    return CallerAnswer(riders=riders, rides=rides, phone=phone)


def add(context: Context, body: RiderWish, key: str) -> Reply[RiderAnswer]:
    """Remember a rider who agreed to it.

    Raises
    ------
    Problem
        ``area-unknown``, ``phone-invalid``, ``rider-exists``, ``idempotency-key-invalid``,
        ``idempotency-key-reused``.
    """
    area = context.area(body.area_id)
    phone = e164(body.phone, area.phone)
    once = Once.of("riders", key, body)

    def work(writer: Writer) -> Reply[RiderAnswer]:
        answered = once.answered(writer, RiderAnswer)
        if answered is not None:
            return answered
        now, owner = context.clock.now(), writer.operator_of(area.id)
        assert owner is not None  # noqa: S101  # areas are stored at start with their operators
        writer.lock_area(area.id)
        if writer.rider_at(owner, phone) is not None:
            raise Problem("rider-exists")
        row = RiderRow(
            id=new_request_id(),
            operator_id=owner,
            created_at=now,
            no_shows_after=None,
            **_columns(body, phone, now),
        )
        writer.add(row)
        answer = _answer(context, row)
        once.keep(writer, answer, now)
        return Reply(answer)

    with context.underway(once):
        return context.database.write(work)


def change(context: Context, rider_id: str, body: RiderWish) -> RiderAnswer:
    """Correct what is stored of a rider.

    Raises
    ------
    Problem
        ``rider-unknown``, ``area-unknown``, ``phone-invalid``, ``rider-exists``.
    """
    area = context.area(body.area_id)
    phone = e164(body.phone, area.phone)

    def work(writer: Writer) -> RiderAnswer:
        now, row = context.clock.now(), writer.rider(rider_id)
        if row is None or row.operator_id != writer.operator_of(area.id):
            raise Problem("rider-unknown")
        other = writer.rider_at(row.operator_id, phone)
        if other is not None and other.id != row.id:
            raise Problem("rider-exists")
        columns = _columns(body, phone, now)
        if body.consent.model_dump().items() <= row.consent.items():
            columns["consent"] = row.consent  # given when it was given
        for name, value in columns.items():
            setattr(row, name, value)
        return _answer(context, row)

    return context.database.write(work)


def show(context: Context, rider_id: str) -> RiderPageAnswer:
    """Show a rider with rides and standing orders (``rider-unknown``)."""
    with context.database.reading() as reader:
        row = reader.rider(rider_id)
        if row is None or row.area_id not in context.regions:
            raise Problem("rider-unknown")
        areas = reader.areas_with(row.area_id)
        missed = reader.no_shows(row.phone, areas, since_when(context, row))
        return RiderPageAnswer(
            **dict(_answer(context, row)),
            rides=_rides(context, reader, row.phone, row.area_id, _RIDES),
            standing_orders=order_answers(context, reader, reader.orders_of([row.id])),
            no_shows=missed,
        )


def _rides(
    context: Context, reader: Reader, phone: str, area_id: str, at_most: int
) -> tuple[BookingAnswer, ...]:
    areas = [each for each in reader.areas_with(area_id) if each in context.regions]
    rows = reader.last_rides(phone, areas, at_most)
    times = reader.times([row.id for row in rows])
    return tuple(
        booking_answer(
            row, times.get(row.id, RideTimes()).arrivals, context.area(row.area_id).time_zone
        )
        for row in rows
    )


def _columns(body: RiderWish, phone: str, now: datetime) -> dict[str, Any]:
    return {
        "area_id": body.area_id,
        "phone": phone,
        "name": body.name,
        "sought": _sought(body.name),
        "email": body.email,
        "language": body.language,
        "needs": body.needs.model_dump(mode="json"),
        "places": [place.model_dump(mode="json") for place in body.places],
        "consent": body.consent.model_dump(mode="json") | {"at": now.isoformat()},
        "changed_at": now,
    }


def _answer(context: Context, row: RiderRow) -> RiderAnswer:
    zone = context.area(row.area_id).time_zone
    consent = ConsentAnswer.model_validate(row.consent)
    return RiderAnswer(
        id=row.id,
        area_id=row.area_id,
        name=row.name,
        phone=row.phone,
        email=row.email,
        language=row.language,  # type: ignore[arg-type]  # written from a literal
        needs=row.needs,  # type: ignore[arg-type]  # read by its model
        places=tuple(row.places),  # type: ignore[arg-type]  # the same
        consent=consent.model_copy(update={"at": consent.at.astimezone(zone)}),
        created_at=row.created_at.astimezone(zone),
        changed_at=row.changed_at.astimezone(zone),
    )


def _sought(name: str) -> str:
    """Return a name without capitals, accents and double spaces: nobody on the telephone spells them."""
    letters = unicodedata.normalize("NFKD", " ".join(name.split()).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _digits(text: str) -> str:
    """Return the digits of what looks like a number; a leading 0 stands for the country."""
    if re.search(r"[^\d\s+/().-]", text):
        return ""
    digits = re.sub(r"\D", "", text).lstrip("0")
    return digits if len(digits) >= _LEAST_DIGITS else ""


def _whole_number(text: str, home: str) -> str | None:
    try:
        return e164(text, home)
    except Problem:
        return None
