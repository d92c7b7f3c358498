"""Use cases: who drives for an operator."""

import secrets
from datetime import datetime

from api import ledger
from api.context import Context
from api.errors import Problem
from api.idempotency import Once, Reply
from api.paging import Asked, Page
from api.phone import e164
from api.rights import Actor, Permission
from api.roster.duties import Duty
from api.roster.settling import days_ahead, settle
from api.schemas.roster import DriverAnswer, DriverChange, DriverWish
from api.servicetime import ServiceDay
from api.store.reader import Reader
from api.store.tables import DriverRow
from api.store.writer import Writer
from api.versions import Seen
from regions.area import Area


def drivers(context: Context, actor: Actor, area_id: str, asked: Asked) -> Page[DriverAnswer]:
    """List the drivers of an area's operator by name (``area-unknown``, ``cursor-invalid``)."""
    actor.require(Permission.DRIVE, area_id)
    area, after = context.area(area_id), context.cursors.after(asked)
    with context.database.reading() as reader:
        name = str(after[0]) if after else ""
        rows = reader.drivers(_operator(reader, area), name, asked.limit + 1)
    return context.cursors.page(asked, map(driver_answer, rows), lambda one: [one.name])


def driver(context: Context, actor: Actor, driver_id: str) -> DriverAnswer:
    """Show a driver (``driver-unknown``)."""
    with context.database.reading() as reader:
        row, _ = _find(context, actor, reader, driver_id)
    return driver_answer(row)


def add(context: Context, actor: Actor, wish: DriverWish, key: str) -> Reply[DriverAnswer]:
    """Register a driver.

    Raises
    ------
    Problem
        ``area-unknown``, ``vehicle-unknown``, ``phone-invalid``, ``driver-exists``, and those of a key.
    """
    actor.require(Permission.PLAN_SHIFTS, wish.area_id)
    area, once = context.area(wish.area_id), Once.of("drivers", key, wish)
    phone = None if wish.phone is None else e164(wish.phone, area.phone)
    now = context.clock.now()

    def work(writer: Writer) -> Reply[DriverAnswer]:
        answered = once.answered(writer, DriverAnswer)
        if answered is not None:
            return answered
        operator_id = _operator(writer, area)
        _check_vehicles(context, writer, operator_id, wish.vehicles)
        row = DriverRow(
            id=f"d-{secrets.token_hex(6)}",
            operator_id=operator_id,
            name=wish.name,
            phone=phone,
            vehicles=list(wish.vehicles),
            licence_until=wish.licence_until,
            active=True,
            version=1,
            created_at=now,
            created_by=actor.id,
            changed_at=now,
            changed_by=actor.id,
        )
        _refuse_namesakes(writer, row)
        writer.put(row)
        once.keep(writer, driver_answer(row), now)
        return Reply(driver_answer(row))

    with context.underway(once):
        return context.database.write(work)


def change(
    context: Context, actor: Actor, driver_id: str, seen: Seen, wish: DriverChange
) -> DriverAnswer:
    """Change what is known of a driver; tours and tablets show a new name at once.

    Raises
    ------
    Problem
        ``driver-unknown``, ``changed-meanwhile``, ``vehicle-unknown``, ``phone-invalid``,
        ``driver-exists``.
    """
    now, given = context.clock.now(), wish.model_fields_set

    def work(writer: Writer) -> tuple[DriverAnswer, list[Area]]:
        row, areas = _find(context, actor, writer, driver_id)
        seen.check(row.version)
        if wish.vehicles is not None:
            _check_vehicles(context, writer, row.operator_id, wish.vehicles)
            row.vehicles = list(wish.vehicles)
        if "phone" in given:
            row.phone = None if wish.phone is None else e164(wish.phone, areas[0].phone)
        if "licence_until" in given:
            row.licence_until = wish.licence_until
        if wish.active is not None:
            row.active = wish.active
        if wish.name is not None and wish.name != row.name:
            row.name = wish.name
            _refuse_namesakes(writer, row)
            writer.rename_driver(row.id, row.name, context.in_use()[0])
        row.version, row.changed_at, row.changed_by = row.version + 1, now, actor.id
        writer.put(row)
        return driver_answer(row), areas

    answer, areas = context.database.write(work)
    if wish.name is not None:
        _show_name(context, areas, driver_id, now)
    return answer


def driver_answer(row: DriverRow) -> DriverAnswer:
    """Describe a driver."""
    return DriverAnswer(
        id=row.id,
        name=row.name,
        phone=row.phone,
        vehicles=tuple(row.vehicles),
        licence_until=row.licence_until,
        active=row.active,
        version=row.version,
    )


def _show_name(context: Context, areas: list[Area], driver_id: str, now: datetime) -> None:
    entry = ledger.Entry("driver_renamed", {"driver": driver_id})

    def theirs(_service: ServiceDay, duty: Duty) -> bool:
        return driver_id in {who.id for who in (duty.driver, duty.substitute) if who}

    for area in areas:
        settle(context, area, days_ahead(context, area, now, None), entry, theirs)


def _operator(reader: Reader, area: Area) -> int:
    operator_id = reader.operator_of(area.id)
    assert operator_id is not None  # noqa: S101  # every area served is stored at the start
    return operator_id


def _find(
    context: Context, actor: Actor, reader: Reader, driver_id: str
) -> tuple[DriverRow, list[Area]]:
    """Return a driver and the areas served of their operator (``driver-unknown``)."""
    row = reader.driver(driver_id)
    known = () if row is None else reader.areas_run_by(row.operator_id)
    areas = [context.area(area_id) for area_id in known if area_id in context.regions]
    if row is None or not any(actor.sees(area.id) for area in areas):
        raise Problem("driver-unknown")
    return row, areas


def _check_vehicles(
    context: Context, reader: Reader, operator_id: int, vehicles: tuple[str, ...]
) -> None:
    known = {
        str(vehicle.id)
        for area_id in reader.areas_run_by(operator_id)
        if area_id in context.regions
        for vehicle in context.area(area_id).vehicles
    }
    if not set(vehicles) <= known:
        raise Problem("vehicle-unknown")


def _refuse_namesakes(reader: Reader, row: DriverRow) -> None:
    """Refuse a name another driver has: rosters and tours tell drivers apart by their names."""
    for other in reader.drivers(row.operator_id):
        if other.id != row.id and other.name.casefold() == row.name.casefold():
            raise Problem("driver-exists")
