"""What the database knows of riders and their standing orders."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import Session, col, delete, func, or_, select

from api.store.tables import (
    AreaRow,
    BookingRow,
    RiderRow,
    StandingOrderRow,
    StandingRideRow,
)

RideKey = tuple[str, date, str]
"""Order, date and direction of a ride of a series."""


class RiderQuestions:
    """Questions about riders, standing orders and the rides of these."""

    _session: Session

    def areas_with(self, area_id: str) -> tuple[str, ...]:
        """Return the areas of the operator of an area."""
        area = self._session.get(AreaRow, area_id)
        assert area is not None  # noqa: S101  # areas are stored at start
        wanted = select(AreaRow.id).where(AreaRow.operator_id == area.operator_id)
        return tuple(self._session.exec(wanted))

    def rider(self, rider_id: str) -> RiderRow | None:
        """Return a rider by id."""
        return self._session.get(RiderRow, rider_id)

    def rider_at(self, operator_id: int, phone: str) -> RiderRow | None:
        """Return an operator's rider with a telephone number (E.164)."""
        wanted = select(RiderRow).where(
            RiderRow.operator_id == operator_id, RiderRow.phone == phone
        )
        return self._session.exec(wanted).first()

    def riders_at(self, phone: str) -> tuple[RiderRow, ...]:
        """Return all operators' riders with a telephone number (E.164)."""
        return tuple(self._session.exec(select(RiderRow).where(RiderRow.phone == phone)))

    def riders_like(
        self,
        operator_id: int,
        text: str,
        digits: str,
        at_most: int,
        after: tuple[str, str] = ("", ""),
    ) -> tuple[RiderRow, ...]:
        """Return an operator's riders whose name holds ``text`` or whose number holds ``digits``, by name.

        ``after`` are name and id of the last one already seen.
        """
        wanted = select(RiderRow).where(RiderRow.operator_id == operator_id)
        if text or digits:
            named = col(RiderRow.sought).contains(text, autoescape=True)
            numbered = col(RiderRow.phone).contains(digits, autoescape=True)
            wanted = wanted.where(numbered if digits else named)
        if after != ("", ""):
            name, key = after
            further = (col(RiderRow.sought) == name) & (col(RiderRow.id) > key)
            wanted = wanted.where(or_(col(RiderRow.sought) > name, further))
        ordered = wanted.order_by(col(RiderRow.sought), col(RiderRow.id))
        return tuple(self._session.exec(ordered.limit(at_most)))

    def last_rides(
        self, phone: str, area_ids: Collection[str], at_most: int
    ) -> tuple[BookingRow, ...]:
        """Return the newest rides booked under a telephone number in some areas."""
        wanted = select(BookingRow).where(
            BookingRow.phone == phone, col(BookingRow.area_id).in_(area_ids)
        )
        newest = wanted.order_by(col(BookingRow.pickup_from).desc(), col(BookingRow.id))
        return tuple(self._session.exec(newest.limit(at_most)))

    def no_shows(self, phone: str, area_ids: Collection[str], since: datetime) -> int:
        """Count rides after an instant to which somebody with a telephone number did not come."""
        wanted = select(func.count()).select_from(BookingRow)
        wanted = wanted.where(
            BookingRow.phone == phone,
            BookingRow.status == "no_show",
            col(BookingRow.area_id).in_(area_ids),
            col(BookingRow.pickup_from) >= since,
        )
        return self._session.exec(wanted).one()

    def order(self, order_id: str) -> StandingOrderRow | None:
        """Return a standing order by id."""
        return self._session.get(StandingOrderRow, order_id)

    def orders_in(self, area_ids: Collection[str], *, ended: bool) -> tuple[StandingOrderRow, ...]:
        """Return the standing orders of some areas, the oldest first."""
        wanted = select(StandingOrderRow).where(col(StandingOrderRow.area_id).in_(area_ids))
        if not ended:
            wanted = wanted.where(StandingOrderRow.state != "ended")
        ordered = wanted.order_by(col(StandingOrderRow.created_at), col(StandingOrderRow.id))
        return tuple(self._session.exec(ordered))

    def orders_of(self, rider_ids: Collection[str]) -> tuple[StandingOrderRow, ...]:
        """Return the standing orders of some riders, the oldest first."""
        wanted = select(StandingOrderRow).where(col(StandingOrderRow.rider_id).in_(rider_ids))
        ordered = wanted.order_by(col(StandingOrderRow.created_at), col(StandingOrderRow.id))
        return tuple(self._session.exec(ordered))

    def standing_ride(self, key: RideKey) -> StandingRideRow | None:
        """Return what became of a date and direction of an order."""
        return self._session.get(StandingRideRow, key)

    def standing_rides(
        self, order_ids: Collection[str], first: date
    ) -> tuple[StandingRideRow, ...]:
        """Return what became of the dates of some orders from a day on, by date."""
        wanted = select(StandingRideRow).where(
            col(StandingRideRow.order_id).in_(order_ids),
            col(StandingRideRow.service_date) >= first,
        )
        ordered = wanted.order_by(
            col(StandingRideRow.service_date),
            col(StandingRideRow.order_id),
            col(StandingRideRow.direction).desc(),
        )
        return tuple(self._session.exec(ordered))

    def riders_idle(self, area_id: str, before: datetime) -> tuple[RiderRow, ...]:
        """Return the riders of an area nobody has changed since, who have no standing order that goes on."""
        going_on = select(StandingOrderRow.rider_id).where(StandingOrderRow.state != "ended")
        wanted = select(RiderRow).where(
            RiderRow.area_id == area_id,
            col(RiderRow.changed_at) < before,
            col(RiderRow.id).not_in(going_on),
        )
        return tuple(self._session.exec(wanted))


class RiderChanges(RiderQuestions):
    """Changes of riders and standing orders; rows got here are changed in place."""

    def delete_riders(self, rider_ids: Collection[str]) -> int:
        """Delete riders with their standing orders; rides already booked stay. Return how many."""
        orders = select(StandingOrderRow.id).where(col(StandingOrderRow.rider_id).in_(rider_ids))
        self._session.exec(delete(StandingRideRow).where(col(StandingRideRow.order_id).in_(orders)))
        self._session.exec(
            delete(StandingOrderRow).where(col(StandingOrderRow.rider_id).in_(rider_ids))
        )
        gone = self._session.exec(delete(RiderRow).where(col(RiderRow.id).in_(rider_ids)))
        return int(gone.rowcount)
