"""Statements of the way every booking takes, made once: building them costs more than running them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    CursorResult,
    Delete,
    Executable,
    Insert,
    Select,
    String,
    Table,
    Update,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from api.store.tables import (
    BookingRow,
    EventRow,
    IdempotencyRow,
    TourRow,
    VisitRiderRow,
    VisitRow,
)


def table_of(row: type[SQLModel]) -> Table:
    """Return the table of a kind of rows."""
    table: Table = row.__table__  # type: ignore[attr-defined]  # the mapper puts it there
    return table


_booking, _event, _tour = table_of(BookingRow), table_of(EventRow), table_of(TourRow)
_key, _rider, _visit = table_of(IdempotencyRow), table_of(VisitRiderRow), table_of(VisitRow)

VERSION: Select[int] = select(func.max(_event.c.version)).where(
    _event.c.area_id == bindparam("area"), _event.c.service_date == bindparam("day")
)
HAS_TOUR: Select[str] = select(_tour.c.id).where(_tour.c.id == bindparam("tour"))
CODE_EXISTS: Select[str] = select(_booking.c.id).where(_booking.c.code == bindparam("code"))
CODE_EXISTS_ANYWHERE: Select[int] = select(literal(1)).where(
    func.booking_code_exists(bindparam("code", type_=String()))
)
"""On PostgreSQL: also among bookings of areas that are not shown, see ``api.store.policies``."""
KEPT_ANSWER: Select[str, str] = select(_key.c.fingerprint, _key.c.answer).where(
    _key.c.operation == bindparam("of"), _key.c.key == bindparam("under")
)
VISITS_OF = select(_visit).where(_visit.c.tour_id == bindparam("tour")).order_by(_visit.c.sequence)
RIDERS_OF = (
    select(_rider)
    .where(_rider.c.tour_id == bindparam("tour"))
    .order_by(_rider.c.visit_id, _rider.c.kind, _rider.c.position)
)
BOOKINGS_OF = select(_booking).where(_booking.c.id.in_(bindparam("ids", expanding=True)))
RIDER_LEAVES: Delete = delete(_rider).where(
    _rider.c.booking_id == bindparam("b_booking"),
    _rider.c.kind == bindparam("b_kind"),
    _rider.c.leg == bindparam("b_leg"),
)
RIDER_JOINS: Insert = insert(_rider)
VISITS_MOVE: Update = (
    update(_visit)
    .where(
        _visit.c.tour_id == bindparam("b_tour"),
        _visit.c.sequence.between(bindparam("b_first"), bindparam("b_last")),
    )
    .values(sequence=_visit.c.sequence + bindparam("b_by"))
)
VISIT_GOES: Delete = delete(_visit).where(
    _visit.c.tour_id == bindparam("b_tour"), _visit.c.id == bindparam("b_visit")
)


@cache
def put_visit(dialect: str) -> Executable:
    """Insert a visit or change it; what was planned before the bus arrived stays with it."""
    upsert = (postgresql if dialect == "postgresql" else sqlite).insert(_visit)
    new = upsert.excluded
    changed = {c.name: new[c.name] for c in _visit.columns if not c.primary_key}
    for planned in ("planned_arrive", "planned_depart"):
        changed[planned] = case((new.status == "planned", new[planned]), else_=_visit.c[planned])
    statement: Executable = upsert.on_conflict_do_update(
        index_elements=["tour_id", "id"], set_=changed
    )
    return statement


def insert_row(session: Session, row: SQLModel) -> None:
    """Add a row as it is now, past the unit of work: it is not watched for changes afterwards."""
    statement, columns = _insert_into(type(row))
    run(session, statement, {name: getattr(row, name) for name in columns})


def insert_columns(session: Session, row: type[SQLModel], columns: Mapping[str, Any]) -> None:
    """Add a row by its columns, all but the one that is counted; quicker than a row that says the same."""
    run(session, _insert_into(row)[0], columns)


def run(session: Session, statement: Executable, values: Any) -> CursorResult[Any]:  # noqa: ANN401
    """Execute a statement with one set of values, or with each of a list; nothing is flushed before."""
    return session.connection().execute(statement, values)


def first(session: Session, statement: Executable, values: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return the first row of an answer, None without any."""
    return run(session, statement, values).first()


@cache
def _insert_into(row: type[SQLModel]) -> tuple[Insert, tuple[str, ...]]:
    table = table_of(row)
    counted = table.autoincrement_column
    columns = tuple(c.name for c in table.columns if c is not counted)
    return insert(table).values({name: bindparam(name) for name in columns}), columns
