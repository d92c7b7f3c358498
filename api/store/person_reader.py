"""Questions to the database about persons: what is stored of somebody, and where names still stand."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlmodel import Session, col, select

from api.store.blurring import FORGOTTEN
from api.store.tables import AreaRow, BookingRow, OperatorRow, PromiseRow


class PersonReader:
    """Asks in an open session; rows it returns may be used after the session is closed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def rides_of(self, phone: str) -> tuple[BookingRow, ...]:
        """Return the rides booked under a telephone number (E.164), the oldest first."""
        wanted = select(BookingRow).where(BookingRow.phone == phone)
        ordered = wanted.order_by(col(BookingRow.pickup_from), col(BookingRow.id))
        return tuple(self._session.exec(ordered))

    def booking_of_code(self, code: str) -> BookingRow | None:
        """Return a booking by its short code."""
        return self._session.exec(select(BookingRow).where(BookingRow.code == code)).first()

    def promises(self, booking_ids: Iterable[str]) -> tuple[PromiseRow, ...]:
        """Return everything riders were told, in order."""
        wanted = select(PromiseRow).where(col(PromiseRow.booking_id).in_(list(booking_ids)))
        return tuple(self._session.exec(wanted.order_by(col(PromiseRow.id))))

    def named_days(self) -> tuple[tuple[str, date], ...]:
        """Return area and date of every day whose rides still name somebody."""
        wanted = select(col(BookingRow.area_id), col(BookingRow.service_date))
        wanted = wanted.where(col(BookingRow.name) != FORGOTTEN).distinct()
        return tuple(sorted(self._session.exec(wanted)))

    def closed_days(self, first: date) -> frozenset[tuple[str, date]]:
        """Return area and date of every day from ``first`` on that is closed, see :func:`is_closed`."""
        wanted = select(col(BookingRow.area_id), col(BookingRow.service_date)).where(
            col(BookingRow.service_date) >= first,
            col(BookingRow.name) == FORGOTTEN,
            col(BookingRow.status) != "cancelled",
        )
        return frozenset(self._session.exec(wanted.distinct()))

    def stays_with_others(self, labels: Collection[str], but: Collection[str]) -> set[str]:
        """Return which of some addresses rides of others name, too; ``but`` are ids of rides left out."""
        found: set[str] = set()
        others = col(BookingRow.name) != FORGOTTEN, col(BookingRow.id).not_in(but)
        for end in (col(BookingRow.origin_label), col(BookingRow.destination_label)):
            found |= set(self._session.exec(select(end).where(end.in_(labels), *others)))
        return found

    def area_rows(self) -> dict[str, tuple[AreaRow, str]]:
        """Return every area known and the name of its operator, by the area's id."""
        joined = select(AreaRow, OperatorRow).where(AreaRow.operator_id == OperatorRow.id)
        return {area.id: (area, operator.name) for area, operator in self._session.exec(joined)}


def is_closed(bookings: Iterable[BookingRow]) -> bool:
    """Whether persons were taken off rides of this day that were not cancelled.

    Its places are no longer those that were driven, so its plan can be neither checked nor changed.
    """
    return any(row.name == FORGOTTEN and row.status != "cancelled" for row in bookings)
