"""What the database knows of partners' keys, and of the bookings made with them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select, update

from api.store.tables import ApiKeyRow, AreaRow, KeyBookingRow


@dataclass(frozen=True, slots=True)
class Key:
    """A key and the areas of its operator."""

    row: ApiKeyRow
    areas: frozenset[str]


class KeyQuestions:
    """Questions about keys."""

    _session: Session

    def api_keys(self) -> tuple[ApiKeyRow, ...]:
        """Return all keys by their names, those revoked at the end."""
        rows = self._session.exec(select(ApiKeyRow))
        return tuple(sorted(rows, key=lambda row: (row.revoked_at is not None, row.name, row.id)))

    def api_key(self, key_id: str) -> Key | None:
        """Return a key by the part of it that may be shown."""
        row = self._session.get(ApiKeyRow, key_id)
        if row is None:
            return None
        areas = select(AreaRow.id).where(AreaRow.operator_id == row.operator_id)
        return Key(row, frozenset(self._session.exec(areas)))

    def key_of_booking(self, booking_id: str) -> str | None:
        """Return the key a booking was made with."""
        row = self._session.get(KeyBookingRow, booking_id)
        return None if row is None else row.key_id


class KeyChanges(KeyQuestions):
    """Changes about keys."""

    def use_key(self, key_id: str, now: datetime) -> None:
        """Take down that a key is used."""
        wanted = update(ApiKeyRow).where(col(ApiKeyRow.id) == key_id)
        self._session.exec(wanted.values(last_used=now))

    def revoke_key(self, key_id: str, now: datetime) -> None:
        """Let a key open nothing any more; one revoked before stays revoked since then."""
        wanted = update(ApiKeyRow).where(
            col(ApiKeyRow.id) == key_id, col(ApiKeyRow.revoked_at).is_(None)
        )
        self._session.exec(wanted.values(revoked_at=now))

    def note_key_booking(self, booking_id: str, key_id: str) -> None:
        """Take down which key a booking was made with, unless that is known."""
        if self._session.get(KeyBookingRow, booking_id) is None:
            self._session.add(KeyBookingRow(booking_id=booking_id, key_id=key_id))
            self._session.flush()
