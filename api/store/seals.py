"""What the database knows of seals: the chain of each area, and what is not in it yet."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import insert
from sqlmodel import Session, col, select, update

from api.store.statements import insert_row, run, table_of
from api.store.tables import EventRow, SealedEventRow, SealRow

_KEEP = insert(table_of(SealedEventRow))


class SealQuestions:
    """Questions about seals."""

    _session: Session

    def newest_seal(self, area_id: str) -> SealRow | None:
        """Return the last link of an area's chain."""
        wanted = select(SealRow).where(SealRow.area_id == area_id)
        return self._session.exec(wanted.order_by(col(SealRow.sequence).desc()).limit(1)).first()

    def seals(self, area_id: str) -> tuple[SealRow, ...]:
        """Return an area's chain from its beginning."""
        wanted = select(SealRow).where(SealRow.area_id == area_id)
        return tuple(self._session.exec(wanted.order_by(col(SealRow.sequence))))

    def sealed_events(self, area_id: str, sequence: int) -> tuple[SealedEventRow, ...]:
        """Return what a seal keeps of its events, by their ids."""
        wanted = select(SealedEventRow).where(
            SealedEventRow.area_id == area_id, SealedEventRow.sequence == sequence
        )
        return tuple(self._session.exec(wanted.order_by(col(SealedEventRow.event_id))))

    def events_after(self, area_id: str, event_id: int, at_most: int) -> tuple[EventRow, ...]:
        """Return the first events of an area after one of them."""
        wanted = select(EventRow).where(EventRow.area_id == area_id, col(EventRow.id) > event_id)
        return tuple(self._session.exec(wanted.order_by(col(EventRow.id)).limit(at_most)))

    def events_by_id(self, ids: Collection[int]) -> dict[int, EventRow]:
        """Return those of some events that exist, whatever their area."""
        found = self._session.exec(select(EventRow).where(col(EventRow.id).in_(ids)))
        return {row.id: row for row in found if row.id is not None}

    def payloads(self, area_id: str, first: int, last: int) -> dict[int | None, str]:
        """Return the texts of an area's events from one to another, by their ids."""
        wanted = select(col(EventRow.id), col(EventRow.payload)).where(
            EventRow.area_id == area_id, col(EventRow.id).between(first, last)
        )
        return dict(self._session.exec(wanted).all())

    def unsealed_before(self, area_id: str, event_id: int) -> tuple[EventRow, ...]:
        """Return events of an area up to one that no seal covers."""
        sealed = select(col(SealedEventRow.event_id))
        wanted = select(EventRow).where(
            EventRow.area_id == area_id,
            col(EventRow.id) <= event_id,
            col(EventRow.id).not_in(sealed),
        )
        return tuple(self._session.exec(wanted.order_by(col(EventRow.id))))

    def count_unsealed(self, area_id: str, event_id: int) -> int:
        """Return how many events of an area came after one."""
        wanted = select(col(EventRow.id)).where(
            EventRow.area_id == area_id, col(EventRow.id) > event_id
        )
        return len(self._session.exec(wanted).all())

    def strays(self, area_id: str, sequence: int) -> int:
        """Return how many events are said to be sealed by seals after one, which do not exist."""
        wanted = select(col(SealedEventRow.event_id)).where(
            SealedEventRow.area_id == area_id, col(SealedEventRow.sequence) > sequence
        )
        return len(self._session.exec(wanted).all())

    def forgotten_days(self, area_id: str) -> frozenset[date]:
        """Return the days on which the log says that persons were forgotten."""
        wanted = select(col(EventRow.service_date)).where(
            EventRow.area_id == area_id, EventRow.type == "persons_forgotten"
        )
        return frozenset(self._session.exec(wanted))


class SealChanges(SealQuestions):
    """Changes about seals."""

    def add_seal(self, row: SealRow, kept: Sequence[SealedEventRow]) -> None:
        """Add a link to a chain."""
        insert_row(self._session, row)
        run(self._session, _KEEP, [each.model_dump() for each in kept])

    def forget_salts(self, events: Iterable[int | None]) -> None:
        """Let nobody try any more what some events were; they are sealed without persons from now on."""
        forgotten = (
            update(SealedEventRow)
            .where(col(SealedEventRow.event_id).in_(list(events)))
            .values(salt=None)
            .execution_options(synchronize_session=False)
        )
        self._session.exec(forgotten)
