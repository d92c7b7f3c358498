"""Changes of the database, inside one transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Table, bindparam, case, delete, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col, select

from api.store.forgetting import Forgetter
from api.store.jobs import JobChanges
from api.store.roster import RosterChanges
from api.store.tables import (
    AreaRow,
    IdempotencyRow,
    OperatorRow,
    RefusalRow,
    VisitRiderRow,
    VisitRow,
)
from api.store.tour_changes import TourChange, rider_columns


class Writer(RosterChanges, JobChanges, Forgetter):
    """Asks and changes; nothing is kept unless the transaction ends well."""

    def add(self, *rows: SQLModel) -> None:
        """Add new rows."""
        self._session.add_all(rows)
        self._session.flush()

    def lock_area(self, area_id: str) -> None:
        """Let nobody else decide about an area until the transaction ends (on SQLite nobody can anyway)."""
        self._session.exec(select(AreaRow.id).where(AreaRow.id == area_id).with_for_update())

    def put_area(self, area: AreaRow, operator: str) -> None:
        """Make the area and its operator known, under their present names."""
        owner = self._session.exec(select(OperatorRow).where(OperatorRow.name == operator)).first()
        if owner is None:
            owner = OperatorRow(name=operator)
            self.add(owner)
        assert owner.id is not None  # noqa: S101  # given by the database on insertion
        area.operator_id = owner.id
        self._session.merge(area)

    def put_tours(self, changes: Iterable[TourChange]) -> None:
        """Store what is new about tours.

        Whoever leaves a tour leaves it before anybody joins another: nobody is ever on two. What a visit
        was planned for before the bus arrived stays with it.
        """
        changed = list(changes)
        self._session.add_all(change.row for change in changed if change.row is not None)
        self._session.flush()
        rider, visit = VisitRiderRow.__table__, VisitRow.__table__  # type: ignore[attr-defined]
        self._each(
            delete(rider).where(
                rider.c.booking_id == bindparam("b_booking"),
                rider.c.kind == bindparam("b_kind"),
                rider.c.leg == bindparam("b_leg"),
            ),
            [
                {"b_booking": left.booking_id, "b_kind": left.kind, "b_leg": left.leg}
                for change in changed
                for left in change.left
            ],
        )
        self._each(self._upsert(visit), [columns for c in changed for columns in c.visits])
        self._each(
            delete(visit).where(
                visit.c.tour_id == bindparam("b_tour"), visit.c.id == bindparam("b_visit")
            ),
            [{"b_tour": c.tour_id, "b_visit": gone} for c in changed for gone in c.gone],
        )
        self._each(
            insert(rider),
            [row for c in changed for row in rider_columns(c.tour_id, c.joined)],
        )

    def _each(self, statement: Executable, rows: list[dict[str, Any]]) -> None:
        """Execute a statement for each row."""
        if rows:
            self._session.connection().execute(statement, rows)

    def _upsert(self, visit: Table) -> Executable:
        dialect = self._session.get_bind().dialect.name
        upsert = (postgresql if dialect == "postgresql" else sqlite).insert(visit)
        new = upsert.excluded
        changed = {c.name: new[c.name] for c in visit.columns if not c.primary_key}
        for planned in ("planned_arrive", "planned_depart"):
            changed[planned] = case((new.status == "planned", new[planned]), else_=visit.c[planned])
        statement: Executable = upsert.on_conflict_do_update(
            index_elements=["tour_id", "id"], set_=changed
        )
        return statement

    def keep_answer(
        self, operation: str, key: str, fingerprint: str, answer: str, now: datetime
    ) -> None:
        """Keep an answer to be given again by the same operation under the same Idempotency-Key."""
        row = IdempotencyRow(
            operation=operation, key=key, fingerprint=fingerprint, answer=answer, created_at=now
        )
        self.add(row)

    def add_refusal(self, row: RefusalRow, since: datetime) -> None:
        """Add a refused wish, unless the same one was refused after ``since``."""
        same = (
            "area_id",
            "service_date",
            "rule",
            "time_kind",
            "time_at",
            "origin_lon",
            "origin_lat",
            "destination_lon",
            "destination_lat",
        )
        before = select(RefusalRow.id).where(col(RefusalRow.refused_at) > since)
        before = before.where(*(getattr(RefusalRow, name) == getattr(row, name) for name in same))
        if self._session.exec(before).first() is None:
            self.add(row)
