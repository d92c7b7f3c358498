"""Changes of the database, inside one transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import SQLModel, col, select

from api.store.devices import DeviceChanges
from api.store.feedback import FeedbackChanges
from api.store.forgetting import Forgetter
from api.store.jobs import JobChanges
from api.store.keys import KeyChanges
from api.store.messages import MessageChanges
from api.store.people import PeopleChanges
from api.store.riders import RiderChanges
from api.store.roster import RosterChanges
from api.store.sheets import SheetChanges
from api.store.statements import (
    RIDER_JOINS,
    RIDER_LEAVES,
    VISIT_GOES,
    VISITS_MOVE,
    insert_columns,
    insert_row,
    put_visit,
    run,
)
from api.store.statistics import StatisticsChanges
from api.store.tables import (
    AreaRow,
    BookingRow,
    EventRow,
    IdempotencyRow,
    OperatorRow,
    PromiseRow,
    RefusalRow,
)
from api.store.tour_changes import TourChange, rider_columns


class Writer(
    RosterChanges,
    JobChanges,
    PeopleChanges,
    MessageChanges,
    RiderChanges,
    FeedbackChanges,
    StatisticsChanges,
    DeviceChanges,
    KeyChanges,
    SheetChanges,
    Forgetter,
):
    """Asks and changes; nothing is kept unless the transaction ends well."""

    def add(self, *rows: SQLModel) -> None:
        """Add new rows."""
        self._session.add_all(rows)
        self._session.flush()

    def log_promise(self, columns: dict[str, Any]) -> None:
        """Add what a rider is told to the promise history."""
        insert_columns(self._session, PromiseRow, columns)

    def log_event(self, columns: dict[str, Any]) -> None:
        """Add what happened to the log."""
        insert_columns(self._session, EventRow, columns)

    def add_booking(self, row: BookingRow) -> None:
        """Add a booking; whoever asks for it in this transaction gets this very row."""
        insert_row(self._session, row)
        make_transient_to_detached(row)
        self._session.add(row)

    def lock_area(self, area_id: str) -> None:
        """Let nobody else decide about an area until the transaction ends (on SQLite nobody can anyway)."""
        if self._session.get_bind().dialect.name != "sqlite":
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
        for change in changed:
            if change.row is not None:
                insert_row(self._session, change.row)
        self._each(
            RIDER_LEAVES,
            [
                {"b_booking": left.booking_id, "b_kind": left.kind, "b_leg": left.leg}
                for change in changed
                for left in change.left
            ],
        )
        self._each(
            VISITS_MOVE,
            [
                {"b_tour": c.tour_id, "b_first": first, "b_last": last, "b_by": by}
                for c in changed
                for first, last, by in c.moved
            ],
        )
        visits = put_visit(self._session.get_bind().dialect.name)
        self._each(visits, [columns for c in changed for columns in c.visits])
        self._each(
            VISIT_GOES, [{"b_tour": c.tour_id, "b_visit": gone} for c in changed for gone in c.gone]
        )
        self._each(
            RIDER_JOINS, [row for c in changed for row in rider_columns(c.tour_id, c.joined)]
        )

    def _each(self, statement: Executable, rows: list[dict[str, Any]]) -> None:
        """Execute a statement for each row."""
        if rows:
            run(self._session, statement, rows)

    def keep_answer(
        self, operation: str, key: str, fingerprint: str, answer: str, now: datetime
    ) -> None:
        """Keep an answer to be given again by the same operation under the same Idempotency-Key."""
        columns = {
            "operation": operation,
            "key": key,
            "fingerprint": fingerprint,
            "answer": answer,
            "created_at": now,
        }
        insert_columns(self._session, IdempotencyRow, columns)

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
