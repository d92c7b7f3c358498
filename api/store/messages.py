"""What the database knows of messages: those to be sent, how riders want to hear, what they were told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select, update

from api.store.tables import BookingRow, ContactRow, MessageRow, PromiseRow, PushRow

_TABLE = MessageRow.__table__  # type: ignore[attr-defined]
_INSERT = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(index_elements=["cause"]),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(index_elements=["cause"]),
}
"""Built once: bookings wait for it. A cause told before adds nothing, and fails nobody."""
_OPEN = ("waiting", "sending")


class MessageQuestions:
    """Questions about messages."""

    _session: Session

    def message(self, message_id: str) -> MessageRow | None:
        """Return a message by its id."""
        return self._session.get(MessageRow, message_id)

    def due(self, now: datetime, at_most: int) -> tuple[str, ...]:
        """Return the bookings of which something is to be told now, who waits longest first."""
        wanted = (
            select(col(MessageRow.booking_id))
            .where(col(MessageRow.state).in_(_OPEN), col(MessageRow.next_try) <= now)
            .group_by(col(MessageRow.booking_id))
            .order_by(func.min(col(MessageRow.next_try)), col(MessageRow.booking_id))
        )
        return tuple(self._session.exec(wanted.limit(at_most)))

    def messages_of(self, booking_ids: Iterable[str]) -> tuple[MessageRow, ...]:
        """Return all messages of some bookings, in the order of what caused them."""
        wanted = select(MessageRow).where(col(MessageRow.booking_id).in_(list(booking_ids)))
        return tuple(
            self._session.exec(
                wanted.order_by(col(MessageRow.sequence), col(MessageRow.created_at))
            )
        )

    def messages(
        self, areas: Sequence[str], day: date | None, states: Sequence[str], at_most: int
    ) -> tuple[tuple[MessageRow, BookingRow], ...]:
        """Return messages with their bookings by pickup; of a day or of all, in some states or in any."""
        wanted = select(MessageRow, BookingRow).where(
            col(MessageRow.booking_id) == col(BookingRow.id), col(MessageRow.area_id).in_(areas)
        )
        if day is not None:
            wanted = wanted.where(col(MessageRow.service_date) == day)
        if states:
            wanted = wanted.where(col(MessageRow.state).in_(states))
        ordered = wanted.order_by(
            col(BookingRow.pickup_from), col(MessageRow.sequence), col(MessageRow.id)
        )
        return tuple(self._session.exec(ordered.limit(at_most)))

    def count_messages(self, area_id: str, state: str) -> int:
        """Return how many messages of an area are in a state."""
        counted = select(func.count()).select_from(MessageRow)
        counted = counted.where(MessageRow.area_id == area_id, MessageRow.state == state)
        return self._session.exec(counted).one()

    def contact(self, booking_id: str) -> ContactRow | None:
        """Return how a rider wants to hear; None for nothing special."""
        return self._session.get(ContactRow, booking_id)

    def browsers(self, booking_id: str) -> tuple[PushRow, ...]:
        """Return the browsers that want to hear of a booking."""
        wanted = select(PushRow).where(PushRow.booking_id == booking_id)
        return tuple(self._session.exec(wanted.order_by(col(PushRow.created_at))))

    def first_promise(self, booking_id: str) -> PromiseRow | None:
        """Return what the rider was told when they booked."""
        wanted = select(PromiseRow).where(PromiseRow.booking_id == booking_id)
        return self._session.exec(wanted.order_by(col(PromiseRow.id)).limit(1)).first()

    def to_remind(
        self, area_id: str, pickup: tuple[datetime, datetime], booked_before: datetime
    ) -> tuple[BookingRow, ...]:
        """Return rides to come with a pickup in a span (its end excluded), not booked just now."""
        wanted = select(BookingRow).where(
            BookingRow.area_id == area_id,
            BookingRow.status == "booked",
            col(BookingRow.pickup_from) >= pickup[0],
            col(BookingRow.pickup_from) < pickup[1],
            col(BookingRow.created_at) <= booked_before,
        )
        return tuple(self._session.exec(wanted.order_by(col(BookingRow.id))))


class MessageChanges(MessageQuestions):
    """Changes about messages."""

    def add_messages(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Put messages into the outbox; causes that have one already get no second."""
        if rows:
            name = self._session.get_bind().dialect.name
            self._session.connection().execute(_INSERT[name], [dict(row) for row in rows])

    def add_contact(self, row: ContactRow) -> None:
        """Write down how the rider of a booking wants to hear of it."""
        self._session.add(row)
        self._session.flush()

    def put_browser(self, row: PushRow) -> None:
        """Let a browser hear of a booking; one that does already goes on."""
        self._session.merge(row)

    def drop_browser(self, endpoint: str, booking_id: str | None = None) -> None:
        """Forget a browser that does not want to hear any more, of one booking or of all."""
        gone = col(PushRow.endpoint) == endpoint
        if booking_id is not None:
            gone = and_(gone, col(PushRow.booking_id) == booking_id)
        self._session.exec(delete(PushRow).where(gone))

    def lock_message(self, message_id: str) -> MessageRow | None:
        """Return a message nobody else changes until the transaction ends."""
        wanted = select(MessageRow).where(MessageRow.id == message_id)
        return self._session.exec(wanted.with_for_update()).first()

    def end_stale_calls(self, over: Sequence[str], now: datetime) -> int:
        """Take calls off the list whose rides are over or have a bus again; return how many."""
        rides = select(col(BookingRow.id)).where(
            or_(col(BookingRow.status).in_(over), col(BookingRow.arrive_by) < now)
        )
        saved = select(col(BookingRow.id)).where(BookingRow.status == "booked")
        ended = (
            update(MessageRow)
            .where(
                col(MessageRow.state) == "call",
                or_(
                    and_(col(MessageRow.booking_id).in_(rides), col(MessageRow.kind) != "dropped"),
                    and_(
                        col(MessageRow.booking_id).in_(saved), col(MessageRow.kind) == "unassigned"
                    ),
                ),
            )
            .values(state="gathered")
            .execution_options(synchronize_session=False)
        )
        return int(self._session.exec(ended).rowcount)
