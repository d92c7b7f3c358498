"""Use cases: everything stored of a person (Art. 15 and 20 GDPR), and its erasure (Art. 17)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from api.errors import Problem
from api.forgetting import running_day
from api.schemas.answers import Spot
from api.schemas.persons import (
    PersonAnswer,
    PersonErasedAnswer,
    PersonRideAnswer,
    ResponsibleAnswer,
    SentAnswer,
    ToldAnswer,
)
from api.store.database import Database
from api.store.forgetting import Measured
from api.store.reader import Reader, RideTimes
from api.store.tables import AreaRow, BookingRow, PromiseRow
from api.store.writer import Writer
from api.views import party
from dispatch.model import RideStatus
from regions.privacy import Privacy

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody as stored: the telephone number (E.164); the name where several people share it."""

    phone: str
    name: str | None = None
    areas: frozenset[str] | None = None
    """Where rides are looked for: the areas of whoever asks; None: everywhere."""

    def rides(self, reader: Reader) -> tuple[BookingRow, ...]:
        """Return the rides of this person (``person-unknown``)."""
        rows = reader.rides_of(self.phone)
        if self.areas is not None:
            rows = tuple(row for row in rows if row.area_id in self.areas)
        if self.name is not None:
            rows = tuple(row for row in rows if _plain(row.name) == _plain(self.name))
        if not rows:
            raise Problem("person-unknown")
        return rows


def export(
    database: Database,
    who: Who,
    now: datetime,
    responsible: Callable[[str], ResponsibleAnswer | None],
) -> PersonAnswer:
    """Return everything stored of a person; ``responsible`` tells who answers for an area's data.

    Raises
    ------
    Problem
        ``person-unknown``.
    """
    with database.reading() as reader:
        rows, areas = who.rides(reader), reader.area_rows()
        ids = [row.id for row in rows]
        promises, times = reader.promises(ids), reader.times(ids)
        heard = {key: _heard(reader, key) for key in ids}
    told: dict[str, list[PromiseRow]] = {}
    for promise in promises:
        told.setdefault(promise.booking_id, []).append(promise)
    concerned = sorted({row.area_id for row in rows})
    answering = (
        responsible(area_id) or _usual(areas[area_id][0].name, areas[area_id][1])
        for area_id in concerned
    )
    return PersonAnswer(
        exported_at=now.astimezone(ZoneInfo(areas[concerned[0]][0].time_zone)),
        responsible=tuple(answering),
        rides=tuple(
            _ride(row, areas[row.area_id][0], told.get(row.id, []), times.get(row.id)).model_copy(
                update=heard[row.id]
            )
            for row in rows
        ),
    )


def erase(
    database: Database,
    who: Who,
    now: datetime,
    measure: Callable[[str, date], Measured] = lambda *_: Measured(),
) -> tuple[PersonErasedAnswer, frozenset[tuple[str, date]]]:
    """Take a person off all rides at once; also return the areas and days these were on.

    ``measure`` tells what statistics need and only exact places tell.

    Raises
    ------
    Problem
        ``person-unknown``, ``person-rides-ahead``: nothing is erased.
    """
    with database.reading() as reader:
        rows = who.rides(reader)
        _refuse_ahead(reader, rows, now)
    days = frozenset((row.area_id, row.service_date) for row in rows)
    measured = {key: measure(*key) for key in days}
    count = database.write(lambda writer: _erase(writer, who, measured, now))
    clean = database.scrub()
    if not clean:
        _log.warning("erased data may still be in the log of the database: a reader does not end")
    _log.info("person erased", rides=count)
    return PersonErasedAnswer(rides=count, traces_removed=clean), days


def _erase(
    writer: Writer, who: Who, measured: dict[tuple[str, date], Measured], now: datetime
) -> int:
    for area_id in sorted({area_id for area_id, _ in measured}):
        writer.lock_area(area_id)
    rows = who.rides(writer)
    _refuse_ahead(writer, rows, now)
    ids = {row.id for row in rows}
    labels = {label for row in rows for label in (row.origin_label, row.destination_label)}
    own = labels - writer.stays_with_others(labels, ids)
    for key in sorted({(row.area_id, row.service_date) for row in rows}):
        writer.forget_rides(*key, "request", measured.get(key, Measured()), now, ids)
    writer.blur_refusals_at(own)
    writer.forget_answers_with(ids | own)
    return len(ids)


def _refuse_ahead(reader: Reader, rows: tuple[BookingRow, ...], now: datetime) -> None:
    """Refuse while a bus still comes for somebody, or may still report that it did."""
    areas = reader.area_rows()
    ahead = [
        row
        for row in rows
        if row.status != RideStatus.CANCELLED
        and row.service_date >= running_day(ZoneInfo(areas[row.area_id][0].time_zone), now)
    ]
    if ahead:
        rides = [{"code": row.code, "date": row.service_date.isoformat()} for row in ahead]
        raise Problem("person-rides-ahead", {"rides": rides})


def _ride(
    row: BookingRow, area: AreaRow, told: list[PromiseRow], times: RideTimes | None
) -> PersonRideAnswer:
    zone = ZoneInfo(area.time_zone)
    halts = (times.pickup, times.drop_off) if times is not None else (None, None)
    boarded_at, left_at = (None if halt is None else halt.arrive.astimezone(zone) for halt in halts)
    cancelled = row.status == RideStatus.CANCELLED
    return PersonRideAnswer(
        booking_id=row.id,
        code=row.code,
        area=area.name,
        date=row.service_date,
        status=row.status,  # type: ignore[arg-type]  # a check constraint of the table
        name=row.name,
        phone=row.phone or "",
        booked_at=row.created_at.astimezone(zone),
        cancelled_at=row.changed_at.astimezone(zone) if cancelled else None,
        time_kind=row.time_kind,  # type: ignore[arg-type]  # written from an enumeration
        wished_at=row.time_at.astimezone(zone),
        origin=Spot(label=row.origin_label, lon=row.origin_lon, lat=row.origin_lat),
        destination=Spot(
            label=row.destination_label, lon=row.destination_lon, lat=row.destination_lat
        ),
        passengers=party(row),
        promises=tuple(_told(promise, zone) for promise in told),
        boarded_at=boarded_at,
        left_at=left_at,
        fare_cents=row.fare_cents,
        further=row.details,
    )


def _heard(reader: Reader, booking_id: str) -> dict[str, Any]:
    """Return how the rider of a booking wanted to hear of it, and what was sent."""
    contact = reader.contact(booking_id)
    wanted = contact.model_dump(include={"email", "language"}) if contact else {}
    return wanted | {
        "wants_call": contact is not None and contact.call,
        "devices": len(reader.browsers(booking_id)),
        "messages": tuple(
            SentAnswer(told=row.payload, **row.model_dump(include=_SENT))
            for row in reader.messages_of([booking_id])
        ),
    }


_SENT = {"kind", "channel", "state", "created_at", "sent_at"}


def _told(row: PromiseRow, zone: ZoneInfo) -> ToldAnswer:
    return ToldAnswer(
        told_at=row.told_at.astimezone(zone),
        pickup_from=row.pickup_from.astimezone(zone),
        pickup_until=row.pickup_until.astimezone(zone),
        arrive_by=row.arrive_by.astimezone(zone),
    )


def _usual(area: str, operator: str) -> ResponsibleAnswer:
    """Return who answers for an area whose file is not at hand."""
    days = Privacy().rides_named_days
    return ResponsibleAnswer(
        area=area, controller=operator, contact="", officer="", rides_named_days=days
    )


def _plain(name: str) -> str:
    """Return a name as people compare it: letters' case and spaces do not matter."""
    return " ".join(name.split()).casefold()
