"""What the database knows of the roster: drivers, shifts of a date, vehicles out of service, closures."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, SQLModel, col, or_, select

from api.store.tables import AreaRow, ClosureRow, DriverRow, OutageRow, ShiftRow, TourRow

_MARGIN = timedelta(days=2)
"""A service day lies within so much of its date in UTC, wherever it is."""


@dataclass(frozen=True, slots=True)
class DayRoster:
    """What is another than in the week's plan on one day; outages of vehicles may lie beside the day."""

    shifts: tuple[ShiftRow, ...] = ()
    outages: tuple[OutageRow, ...] = ()


UNCHANGED = DayRoster()


class RosterQuestions:
    """Questions about the roster."""

    _session: Session

    def roster(self, area_id: str, day: date) -> DayRoster:
        """Return what is another on one day."""
        return self.rosters(area_id, day, day)[day]

    def rosters(self, area_id: str, first: date, last: date) -> Mapping[date, DayRoster]:
        """Return what is another on each day from ``first`` to ``last``."""
        wanted = select(ShiftRow).where(
            ShiftRow.area_id == area_id,
            col(ShiftRow.service_date) >= first,
            col(ShiftRow.service_date) <= last,
        )
        by_day: dict[date, list[ShiftRow]] = {}
        for row in self._session.exec(wanted.order_by(col(ShiftRow.id))):
            by_day.setdefault(row.service_date, []).append(row)
        outages = self.outages(area_id, _noon(first) - _MARGIN, _noon(last) + _MARGIN)
        days = (first + timedelta(days=k) for k in range((last - first).days + 1))
        return {day: DayRoster(tuple(by_day.get(day, ())), outages) for day in days}

    def shift(self, area_id: str, day: date, shift_id: str) -> ShiftRow | None:
        """Return the row of a shift; None while it is as the plan says."""
        wanted = select(ShiftRow).where(
            ShiftRow.area_id == area_id,
            ShiftRow.service_date == day,
            ShiftRow.shift_id == shift_id,
        )
        return self._session.exec(wanted).first()

    def drivers(self, operator_id: int, after: str = "", at_most: int = -1) -> list[DriverRow]:
        """Return the drivers of an operator by name, those beyond ``after`` only."""
        wanted = select(DriverRow).where(DriverRow.operator_id == operator_id)
        wanted = wanted.where(col(DriverRow.name) > after).order_by(col(DriverRow.name))
        return list(self._session.exec(wanted if at_most < 0 else wanted.limit(at_most)))

    def driver(self, driver_id: str) -> DriverRow | None:
        """Return a driver."""
        return self._session.get(DriverRow, driver_id)

    def operator_of(self, area_id: str) -> int | None:
        """Return who runs an area."""
        row = self._session.get(AreaRow, area_id)
        return None if row is None else row.operator_id

    def areas_run_by(self, operator_id: int) -> tuple[str, ...]:
        """Return the areas of an operator."""
        wanted = select(AreaRow.id).where(AreaRow.operator_id == operator_id)
        return tuple(sorted(self._session.exec(wanted)))

    def outages(self, area_id: str, since: datetime, until: datetime) -> tuple[OutageRow, ...]:
        """Return the outages of vehicles that touch a time, by their beginning."""
        wanted = select(OutageRow).where(
            OutageRow.area_id == area_id,
            col(OutageRow.lifted).is_(False),
            col(OutageRow.starts_at) < until,
            or_(col(OutageRow.ends_at).is_(None), col(OutageRow.ends_at) > since),
        )
        return tuple(
            self._session.exec(wanted.order_by(col(OutageRow.starts_at), col(OutageRow.id)))
        )

    def outage(self, outage_id: str) -> OutageRow | None:
        """Return an outage of a vehicle."""
        return self._session.get(OutageRow, outage_id)

    def closures(
        self, area_ids: Collection[str], since: datetime, after: str = "", at_most: int = -1
    ) -> tuple[ClosureRow, ...]:
        """Return closures that end after an instant, by their ids, those beyond ``after`` only."""
        wanted = select(ClosureRow).where(
            col(ClosureRow.area_id).in_(area_ids),
            col(ClosureRow.lifted).is_(False),
            col(ClosureRow.ends_at) > since,
            col(ClosureRow.id) > after,
        )
        wanted = wanted.order_by(col(ClosureRow.id))
        return tuple(self._session.exec(wanted if at_most < 0 else wanted.limit(at_most)))

    def closure(self, closure_id: str) -> ClosureRow | None:
        """Return a closure."""
        return self._session.get(ClosureRow, closure_id)


class RosterChanges(RosterQuestions):
    """Changes of the roster."""

    def put(self, row: SQLModel) -> None:
        """Store a new row, or a changed one."""
        self._session.add(row)
        self._session.flush()

    def rename_driver(self, driver_id: str, name: str, since: date) -> None:
        """Write a driver's new name on their shifts from a day on."""
        for who, named in (
            (ShiftRow.driver_id, "driver_name"),
            (ShiftRow.substitute_id, "substitute_name"),
        ):
            theirs = col(who) == driver_id, col(ShiftRow.service_date) >= since
            self._session.exec(update(ShiftRow).where(*theirs).values({named: name}))

    def put_tour_shift(self, tour_id: str, columns: Mapping[str, Any]) -> None:
        """Bring the shift of a stored tour up to date; nothing happens where no tour is stored."""
        self._session.exec(update(TourRow).where(col(TourRow.id) == tour_id).values(**columns))

    def drop_tour(self, tour_id: str) -> None:
        """Delete the tour of a shift nobody drove; it has no halts any more."""
        self._session.exec(delete(TourRow).where(col(TourRow.id) == tour_id))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
