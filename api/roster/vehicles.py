"""Use cases: the vehicles of an area, and when they are out of service."""

import secrets
from datetime import datetime

from api import ledger
from api.context import Context
from api.errors import Problem
from api.idempotency import Once, Reply
from api.paging import Asked, Page
from api.rights import Actor, Permission
from api.roster.duties import Duty, times
from api.roster.settling import days_ahead, settle
from api.schemas.roster import (
    OutageAnswer,
    OutageChangedAnswer,
    OutageWish,
    VehicleAnswer,
)
from api.servicetime import ServiceDay
from api.store.reader import Reader
from api.store.tables import OutageRow
from api.store.writer import Writer
from api.versions import Seen
from regions.area import Area


def vehicles(context: Context, actor: Actor, area_id: str, asked: Asked) -> Page[VehicleAnswer]:
    """List the vehicles of an area and when they cannot drive (``area-unknown``, ``cursor-invalid``)."""
    actor.require(Permission.SEE_TOURS, area_id)
    area, after = context.area(area_id), context.cursors.after(asked)
    with context.database.reading() as reader:
        outages = reader.outages(area.id, context.clock.now(), _far(context))
    rows = [
        VehicleAnswer(
            id=vehicle.id,
            name=vehicle.name,
            features=tuple(sorted(vehicle.features)),
            out_of_service=tuple(
                _answer(row, area) for row in outages if row.vehicle_id == vehicle.id
            ),
        )
        for vehicle in sorted(area.vehicles, key=lambda vehicle: vehicle.id)
        if after is None or vehicle.id > after[0]
    ]
    return context.cursors.page(asked, rows, lambda one: [one.id])


def put_out(
    context: Context, actor: Actor, vehicle_id: str, wish: OutageWish, key: str
) -> Reply[OutageChangedAnswer]:
    """Take a vehicle out of service: its shifts are withdrawn and their rides planned anew.

    The same request again goes on where it stopped: the answer is kept once every day followed.

    Raises
    ------
    Problem
        ``area-unknown``, ``vehicle-unknown``, ``plan-refused``, and those of a key.
    """
    actor.require(Permission.PLAN_SHIFTS, wish.area_id)
    area = context.area(wish.area_id)
    if vehicle_id not in {vehicle.id for vehicle in area.vehicles}:
        raise Problem("vehicle-unknown")
    once = Once.of(f"out-of-service {vehicle_id}", key, wish)
    now = context.clock.now()
    row = OutageRow(
        id=f"o-{secrets.token_hex(6)}",
        area_id=area.id,
        vehicle_id=vehicle_id,
        starts_at=wish.start,
        ends_at=wish.until,
        reason=wish.reason,
        lifted=False,
        version=1,
        created_at=now,
        created_by=actor.id,
        changed_at=now,
        changed_by=actor.id,
    )
    with context.underway(once):
        with context.database.reading() as reader:
            answered = once.answered(reader, OutageChangedAnswer)
        if answered is not None:
            return answered
        context.database.write(lambda writer: writer.put(row))
        answer = _followed(context, row, "vehicle_out", wish.until, actor.id)
        context.database.write(lambda writer: once.keep(writer, answer, now))
    return Reply(answer)


def lift(
    context: Context, actor: Actor, vehicle_id: str, outage_id: str, seen: Seen
) -> OutageChangedAnswer:
    """Say that a vehicle is in service again from now on, or was never out: its shifts are driven.

    Raises
    ------
    Problem
        ``outage-unknown``, ``changed-meanwhile``, ``shift-overlap``.
    """
    now = context.clock.now()

    def work(writer: Writer) -> tuple[OutageRow, datetime | None]:
        row = _find(context, writer, vehicle_id, outage_id)
        if not actor.sees(row.area_id):
            raise Problem("outage-unknown")
        seen.check(row.version)
        until = row.ends_at
        if row.starts_at < now:
            row.ends_at = now if row.ends_at is None else min(now, row.ends_at)
        else:
            row.lifted = True
        row.version, row.changed_at, row.changed_by = row.version + 1, now, actor.id
        writer.put(row)
        return row, until

    row, until = context.database.write(work)
    return _followed(context, row, "vehicle_back", until, actor.id)


def _followed(
    context: Context, row: OutageRow, what: str, until: datetime | None, by: str
) -> OutageChangedAnswer:
    """Let the plans follow on all days an outage touches, or touched ``until`` it was over."""
    area = context.area(row.area_id)

    def touched(service: ServiceDay, duty: Duty) -> bool:
        start, end = times(duty, service)
        within = row.starts_at < end and (until is None or start < until)
        return within and duty.pattern.vehicle == row.vehicle_id

    days = days_ahead(context, area, row.starts_at, until)
    entry = ledger.Entry(what, {"vehicle": row.vehicle_id, "outage": row.id, "by": by})
    shifts, calls = settle(context, area, days, entry, touched)
    return OutageChangedAnswer(outage=_answer(row, area), shifts=tuple(shifts), calls=tuple(calls))


def _find(context: Context, reader: Reader, vehicle_id: str, outage_id: str) -> OutageRow:
    row = reader.outage(outage_id)
    gone = row is None or row.lifted or row.area_id not in context.regions
    if row is None or gone or row.vehicle_id != vehicle_id:
        raise Problem("outage-unknown")
    return row


def _far(context: Context) -> datetime:
    """Return an instant nobody plans beyond."""
    return context.clock.now().replace(year=2100)


def _answer(row: OutageRow, area: Area) -> OutageAnswer:
    return OutageAnswer(
        id=row.id,
        start=row.starts_at.astimezone(area.time_zone),
        until=None if row.ends_at is None else row.ends_at.astimezone(area.time_zone),
        reason=row.reason,
        version=row.version,
    )
