"""What the database knows of tour sheets that go out by e-mail."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, delete, func, select

from api.store.tables import SheetMailRow

_OPEN = ("waiting", "sending")


class SheetQuestions:
    """Questions about tour sheets by e-mail."""

    _session: Session

    def sheet_mails(self, area_id: str, day: date) -> tuple[SheetMailRow, ...]:
        """Return the mails with the sheets of an area's day."""
        wanted = select(SheetMailRow).where(
            SheetMailRow.area_id == area_id, SheetMailRow.service_date == day
        )
        return tuple(self._session.exec(wanted.order_by(col(SheetMailRow.id))))

    def sheet_mails_due(self, now: datetime) -> tuple[str, ...]:
        """Return the ids of the mails to be sent now."""
        wanted = select(col(SheetMailRow.id)).where(
            col(SheetMailRow.state).in_(_OPEN), col(SheetMailRow.next_try) <= now
        )
        return tuple(self._session.exec(wanted.order_by(col(SheetMailRow.id))))

    def count_dead_sheet_mails(self, area_id: str, first: date) -> int:
        """Return how many mails with sheets from a day on were given up."""
        wanted = select(func.count()).select_from(SheetMailRow)
        wanted = wanted.where(
            SheetMailRow.area_id == area_id,
            SheetMailRow.state == "dead",
            col(SheetMailRow.service_date) >= first,
        )
        return self._session.exec(wanted).one()


class SheetChanges(SheetQuestions):
    """Changes about tour sheets by e-mail."""

    def put_sheet_mails(self, area_id: str, day: date, ids: Sequence[str], now: datetime) -> None:
        """Let mails wait to be sent, those that are not known yet."""
        for mail_id in ids:
            if self.lock_sheet_mail(mail_id) is None:
                row = SheetMailRow(
                    id=mail_id, area_id=area_id, service_date=day, next_try=now, created_at=now
                )
                self._session.add(row)
        self._session.flush()

    def retry_sheet_mails(self, area_id: str, day: date, now: datetime) -> None:
        """Try those mails of a day anew that were given up."""
        for row in self.sheet_mails(area_id, day):
            if row.state == "dead":
                row.state, row.attempts, row.next_try = "waiting", 0, now

    def lock_sheet_mail(self, mail_id: str) -> SheetMailRow | None:
        """Return a mail nobody else changes until the transaction ends."""
        wanted = select(SheetMailRow).where(SheetMailRow.id == mail_id)
        return self._session.exec(wanted.with_for_update()).first()

    def forget_sheet_mails(self, before: date) -> int:
        """Delete what is known of mails with sheets of days before one; return how many."""
        old = col(SheetMailRow.service_date) < before
        return int(self._session.exec(delete(SheetMailRow).where(old)).rowcount)
