"""What can be counted without naming anybody."""

from datetime import date

from sqlmodel import Session, col, func, select

from api.store.tables import BookingRow, RefusalRow


class FigureQuestions:
    """Questions about how many."""

    _session: Session

    def count_bookings(self, first: date) -> dict[tuple[str, str], int]:
        """Return the bookings of the days from ``first`` on, by area and status."""
        wanted = (
            select(BookingRow.area_id, BookingRow.status, func.count())
            .where(col(BookingRow.service_date) >= first)
            .group_by(BookingRow.area_id, BookingRow.status)
        )
        return {(area, status): count for area, status, count in self._session.exec(wanted)}

    def count_refusals(self, first: date) -> dict[tuple[str, str], int]:
        """Return the refused wishes for the days from ``first`` on, by area and binding rule."""
        wanted = (
            select(RefusalRow.area_id, RefusalRow.rule, func.count())
            .where(col(RefusalRow.service_date) >= first)
            .group_by(RefusalRow.area_id, RefusalRow.rule)
        )
        return {(area, rule): count for area, rule, count in self._session.exec(wanted)}
