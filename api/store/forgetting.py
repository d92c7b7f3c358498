"""Changes of the database that take persons off it, inside one transaction."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, tuple_, update
from sqlmodel import col, func, or_, select

from api.store.blurring import (
    BLURRED_EVENTS,
    FORGOTTEN,
    GRID,
    blur_booking,
    blur_visit,
    blurred_payload,
)
from api.store.reader import Reader
from api.store.seals import SealChanges
from api.store.tables import (
    BookingRow,
    ContactRow,
    EventRow,
    IdempotencyRow,
    MessageRow,
    PushRow,
    RefusalRow,
    VisitRiderRow,
    VisitRow,
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What only the exact places tell: metres and seconds of tours, seconds by car of rides, by their ids."""

    tours: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    rides: Mapping[str, int] = field(default_factory=dict)


class Forgetter(SealChanges, Reader):
    """Takes persons off rides, wishes and answers; what statistics count stays."""

    def forget_rides(
        self, area_id: str, day: date, why: str, measured: Measured, now: datetime,
        only: Collection[str] | None = None,
    ) -> int:  # fmt: skip
        """Take the persons off a day's rides, or ``only`` off some; return of how many.

        The day's log says that it happened, not to whom; other processes see its new version and build
        the day anew. Nothing happens where nobody is named any more.
        """
        named = {row.id: row for row in self.bookings(day, area_id) if row.name != FORGOTTEN}
        chosen = {key: row for key, row in named.items() if only is None or key in only}
        if not chosen:
            return 0
        self._keep_measures(area_id, day, named.values(), measured)
        for visit in self._visits_of(chosen):
            blur_visit(visit)
        for row in chosen.values():
            blur_booking(row)
        self._blur_events(area_id, day, chosen)
        for table in (MessageRow, ContactRow, PushRow):
            self._session.exec(delete(table).where(col(table.booking_id).in_(chosen)))
        told = json.dumps({"rides": len(chosen), "why": why}, sort_keys=True)
        self._session.add(
            EventRow(
                area_id=area_id,
                service_date=day,
                version=self.version(area_id, day) + 1,
                type="persons_forgotten",
                payload=told,
                happened_at=now,
            )
        )
        self._session.flush()
        return len(chosen)

    def forget_answers(self, before: datetime) -> int:
        """Delete kept answers older than ``before``; return how many."""
        gone = self._session.exec(
            delete(IdempotencyRow).where(col(IdempotencyRow.created_at) < before)
        )
        return int(gone.rowcount)

    def forget_answers_with(self, texts: Iterable[str]) -> None:
        """Delete kept answers that hold any of some texts."""
        written = [json.dumps(text, ensure_ascii=False)[1:-1] for text in texts]
        for kept in self._session.exec(select(IdempotencyRow)):
            if any(text in kept.answer for text in written):
                self._session.delete(kept)

    def blur_refusals(self, before: datetime, area_id: str | None = None) -> int:
        """Take the addresses off refusals older than ``before``, of an area or of all; return how many."""
        old = col(RefusalRow.refused_at) < before
        return self._blur(old if area_id is None else old & (col(RefusalRow.area_id) == area_id))

    def blur_refusals_at(self, labels: Collection[str]) -> int:
        """Take the addresses off all refusals from or to one of some addresses; return how many."""
        ends = col(RefusalRow.origin_label), col(RefusalRow.destination_label)
        return self._blur(or_(*(end.in_(labels) for end in ends)))

    def _blur(self, wanted: object) -> int:
        """Round positions to a grid: enough to count where service is missing, too coarse to name a house.

        PostgreSQL rounds floats to whole numbers only.
        """
        places = "origin_lon", "origin_lat", "destination_lon", "destination_lat"
        coarse = {name: func.round(getattr(RefusalRow, name) * GRID) / GRID for name in places}
        blurred = self._session.exec(
            update(RefusalRow)
            .where(wanted, col(RefusalRow.origin_label).is_not(None))  # type: ignore[arg-type]  # a condition
            .values(origin_label=None, destination_label=None, **coarse)
            .execution_options(synchronize_session=False)
        )
        return int(blurred.rowcount)

    def _keep_measures(
        self, area_id: str, day: date, rows: Iterable[BookingRow], measured: Measured
    ) -> None:
        """Write down what cannot be measured any more once the first place of the day is blurred."""
        for tour in (each.tour for each in self.tours(day, area_id)):
            if tour.id in measured.tours and "metres" not in tour.details:
                metres, seconds = measured.tours[tour.id]
                tour.details = tour.details | {"metres": metres, "seconds": seconds}
        for row in rows:
            if row.id in measured.rides and "driving_s" not in row.details:
                row.details = row.details | {"driving_s": measured.rides[row.id]}

    def _visits_of(self, bookings: Collection[str]) -> Iterable[VisitRow]:
        riders = select(col(VisitRiderRow.tour_id), col(VisitRiderRow.visit_id))
        halts = riders.where(col(VisitRiderRow.booking_id).in_(bookings))
        key = tuple_(col(VisitRow.tour_id), col(VisitRow.id))
        return self._session.exec(select(VisitRow).where(key.in_(halts))).all()

    def _blur_events(self, area_id: str, day: date, bookings: Collection[str]) -> None:
        """Take places and lines out of what was logged of some rides; an offer's ticket is full of them."""
        logged = select(EventRow).where(
            EventRow.area_id == area_id,
            EventRow.service_date == day,
            col(EventRow.type).in_(BLURRED_EVENTS),
        )
        blurred = []
        for event in self._session.exec(logged):
            if json.loads(event.payload)["booking"] in bookings:
                event.payload = blurred_payload(event.payload)
                blurred.append(event.id)
        self.forget_salts(blurred)
