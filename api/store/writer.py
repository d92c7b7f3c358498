"""Changes of the database, inside one transaction."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import SQLModel, col, func, select

from api.store.reader import Reader, TourRows
from api.store.tables import (
    AreaRow,
    IdempotencyRow,
    OperatorRow,
    RefusalRow,
    VisitRiderRow,
    VisitRow,
)


class Writer(Reader):
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

    def put_tours(self, tours: Iterable[TourRows]) -> None:
        """Store tours as they are now; visits and riders that are no longer theirs disappear.

        What a visit was planned for before the bus arrived stays with it.
        """
        changed = list(tours)
        ids = [rows.tour.id for rows in changed]
        self._session.exec(delete(VisitRiderRow).where(col(VisitRiderRow.tour_id).in_(ids)))
        for rows in changed:
            self._session.merge(rows.tour)
            self._session.flush()
            self._put_visits(rows.tour.id, rows.visits)
        self._session.add_all(rider for rows in changed for rider in rows.riders)
        self._session.flush()

    def _put_visits(self, tour_id: str, visits: Iterable[VisitRow]) -> None:
        stored = self._session.exec(select(VisitRow).where(VisitRow.tour_id == tour_id))
        before = {visit.id: visit for visit in stored}
        for visit in visits:
            old = before.pop(visit.id, None)
            if old is not None and visit.status != "planned":
                visit.planned_arrive = old.planned_arrive
                visit.planned_depart = old.planned_depart
            self._session.merge(visit)
        for gone in before.values():
            self._session.delete(gone)
        self._session.flush()

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

    def forget_answers(self, before: datetime) -> int:
        """Delete kept answers older than ``before``; return how many."""
        gone = self._session.exec(
            delete(IdempotencyRow).where(col(IdempotencyRow.created_at) < before)
        )
        return int(gone.rowcount)

    def blur_refusals(self, before: datetime, decimals: int) -> int:
        """Take the addresses off refusals older than ``before``; return how many.

        Positions are rounded to ``decimals`` of a degree: enough to count where service is missing,
        too coarse to name a house.
        """
        blurred = self._session.exec(
            update(RefusalRow)
            .where(col(RefusalRow.refused_at) < before, col(RefusalRow.origin_label).is_not(None))
            .values(
                origin_label=None,
                destination_label=None,
                origin_lon=func.round(RefusalRow.origin_lon, decimals),
                origin_lat=func.round(RefusalRow.origin_lat, decimals),
                destination_lon=func.round(RefusalRow.destination_lon, decimals),
                destination_lat=func.round(RefusalRow.destination_lat, decimals),
            )
        )
        return int(blurred.rowcount)
