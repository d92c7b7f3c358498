"""What the database knows of feedback."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, func, or_, select

from api.store.tables import FeedbackRow

GONE = ""
"""The text of feedback that is forgotten; nobody can send it."""


class FeedbackQuestions:
    """Questions about feedback."""

    _session: Session

    def feedback(self, feedback_id: str) -> FeedbackRow | None:
        """Return what somebody said, by id."""
        return self._session.get(FeedbackRow, feedback_id)

    def feedback_in(
        self,
        area_ids: Collection[str],
        states: Collection[str],
        at_most: int,
        before: datetime | None,
    ) -> tuple[FeedbackRow, ...]:
        """Return the newest feedback of some areas, older than ``before`` if given."""
        wanted = select(FeedbackRow).where(
            col(FeedbackRow.area_id).in_(area_ids), col(FeedbackRow.state).in_(states)
        )
        if before is not None:
            wanted = wanted.where(col(FeedbackRow.created_at) < before)
        newest = wanted.order_by(col(FeedbackRow.created_at).desc(), col(FeedbackRow.id))
        return tuple(self._session.exec(newest.limit(at_most)))

    def feedback_of(
        self, contacts: Collection[str], about: Collection[str]
    ) -> tuple[FeedbackRow, ...]:
        """Return feedback about some bookings or with some contact, letters' case left aside."""
        contact = func.lower(FeedbackRow.contact)
        wanted = select(FeedbackRow).where(
            or_(
                contact.in_([each.lower() for each in contacts]),
                col(FeedbackRow.about_id).in_(about),
            )
        )
        return tuple(self._session.exec(wanted.order_by(col(FeedbackRow.created_at))))


class FeedbackChanges(FeedbackQuestions):
    """Changes of feedback; rows got here are changed in place."""

    def forget_feedback(self, ids: Collection[str]) -> None:
        """Take text, contact and answer off feedback; kind, stars and day stay."""
        self._forget(col(FeedbackRow.id).in_(ids))

    def forget_feedback_before(self, area_id: str, before: datetime) -> int:
        """Do so for an area's feedback older than ``before``; return of how many."""
        return self._forget(
            (col(FeedbackRow.area_id) == area_id) & (col(FeedbackRow.created_at) < before)
        )

    def _forget(self, wanted: object) -> int:
        gone = self._session.exec(
            update(FeedbackRow)
            .where(wanted, col(FeedbackRow.text) != GONE)  # type: ignore[arg-type]  # a condition
            .values(text=GONE, contact=None, answer=None, about_id=None)
            .execution_options(synchronize_session=False)
        )
        return int(gone.rowcount)
