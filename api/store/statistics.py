"""Questions to the database for statistics: plain columns of many days, no names and no places."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session, col, func, select

from api.store.tables import BookingRow, RefusalRow, TourRow, VisitRiderRow, VisitRow


@dataclass(frozen=True, slots=True)
class RideFigures:
    """One ride: what was told, what was driven, and with whom the bus was shared."""

    id: str
    area_id: str
    day: date
    status: str
    seat: int
    wheelchair: int
    child_seat: int
    parcel: int
    pickup_from: datetime
    pickup_until: datetime
    arrive_by: datetime
    fare_cents: int
    standing: bool
    boarded_at: datetime | None
    left_at: datetime | None
    tour_id: str | None

    @property
    def persons(self) -> int:
        """How many people rode."""
        return self.seat + self.wheelchair + self.child_seat


@dataclass(frozen=True, slots=True)
class TourFigures:
    """One tour: metres altogether and with somebody aboard; None where nobody measured."""

    id: str
    day: date
    metres: int | None
    loaded_m: int | None


class StatisticsQuestions:
    """Questions about many days at once."""

    _session: Session

    def ride_figures(
        self, area_ids: Collection[str], first: date, last: date
    ) -> Iterator[RideFigures]:
        """Yield the rides of some areas and days, by day, in small pieces."""
        halts = self._halts(area_ids, first, last)
        columns = [getattr(BookingRow, name) for name in _COLUMNS]
        wanted = select(*columns, BookingRow.details).where(  # type: ignore[call-overload]  # many columns
            col(BookingRow.area_id).in_(area_ids),
            col(BookingRow.service_date).between(first, last),
        )
        ordered = wanted.order_by(BookingRow.service_date, BookingRow.pickup_from, BookingRow.id)
        for row in self._session.exec(ordered, execution_options={"yield_per": 500}):
            yield _ride(row, halts)

    def refusal_counts(
        self, area_ids: Collection[str], first: date, last: date
    ) -> tuple[tuple[date, str, int], ...]:
        """Return for each day and rule how many wishes were refused."""
        wanted = select(col(RefusalRow.service_date), col(RefusalRow.rule), func.count()).where(
            col(RefusalRow.area_id).in_(area_ids),
            col(RefusalRow.service_date).between(first, last),
        )
        grouped = wanted.group_by(col(RefusalRow.service_date), col(RefusalRow.rule))
        return tuple(sorted(self._session.exec(grouped)))

    def tour_figures(
        self, area_ids: Collection[str], first: date, last: date
    ) -> tuple[TourFigures, ...]:
        """Return the tours of some areas and days that somebody was booked on."""
        wanted = select(col(TourRow.id), col(TourRow.service_date), col(TourRow.details)).where(
            col(TourRow.area_id).in_(area_ids),
            col(TourRow.service_date).between(first, last),
            col(TourRow.id).in_(select(VisitRow.tour_id)),
        )
        return tuple(
            TourFigures(key, day, details.get("metres"), details.get("loaded_m"))
            for key, day, details in self._session.exec(wanted.order_by(col(TourRow.id)))
        )

    def _halts(
        self, area_ids: Collection[str], first: date, last: date
    ) -> dict[tuple[str, str], tuple[datetime, str]]:
        """Return when and on which tour each ride boards and leaves; of several buses the last counts."""
        wanted = (
            select(
                col(VisitRiderRow.booking_id),
                col(VisitRiderRow.kind),
                col(VisitRow.arrive),
                col(VisitRow.tour_id),
            )
            .join(
                VisitRow,
                (col(VisitRow.tour_id) == col(VisitRiderRow.tour_id))
                & (col(VisitRow.id) == col(VisitRiderRow.visit_id)),
            )
            .join(TourRow, col(TourRow.id) == col(VisitRow.tour_id))
            .where(
                col(TourRow.area_id).in_(area_ids),
                col(TourRow.service_date).between(first, last),
            )
            .order_by(col(VisitRiderRow.leg))
        )
        return {(ride, kind): (at, tour) for ride, kind, at, tour in self._session.exec(wanted)}


_COLUMNS = (
    "id",
    "area_id",
    "service_date",
    "status",
    "seat",
    "wheelchair",
    "child_seat",
    "parcel",
    "pickup_from",
    "pickup_until",
    "arrive_by",
    "fare_cents",
)
_NAMES = {"service_date": "day"}


def _ride(row: Row[Any], halts: dict[tuple[str, str], tuple[datetime, str]]) -> RideFigures:
    columns = dict(zip(_COLUMNS, row, strict=False))
    boarded, left = halts.get((columns["id"], "board")), halts.get((columns["id"], "alight"))
    done = columns["status"] == "done"
    return RideFigures(
        **{_NAMES.get(name, name): value for name, value in columns.items()},
        standing=bool(row[len(_COLUMNS)].get("standing")),
        boarded_at=boarded[0] if boarded and done else None,
        left_at=left[0] if left and done else None,
        tour_id=left[1] if left and done else None,
    )


class StatisticsChanges(StatisticsQuestions):
    """What is measured once and kept."""

    def keep_metres(self, measured: Mapping[str, tuple[int, int, int]]) -> None:
        """Keep metres, seconds and metres with riders of tours, by their ids."""
        for tour_id, (metres, seconds, loaded_m) in measured.items():
            row = self._session.get(TourRow, tour_id)
            if row is not None and "loaded_m" not in row.details:
                new = {"metres": metres, "seconds": seconds, "loaded_m": loaded_m}
                row.details = new | row.details
