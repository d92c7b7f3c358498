"""Questions to the database, inside one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlmodel import col, func, select

from api.store.blurring import FORGOTTEN
from api.store.devices import DeviceQuestions
from api.store.feedback import FeedbackQuestions
from api.store.figures import FigureQuestions
from api.store.jobs import JobQuestions
from api.store.keys import KeyQuestions
from api.store.messages import MessageQuestions
from api.store.people import PeopleQuestions
from api.store.person_reader import PersonReader, is_closed
from api.store.riders import RiderQuestions
from api.store.roster import UNCHANGED, DayRoster, RosterQuestions
from api.store.seals import SealQuestions
from api.store.sheets import SheetQuestions
from api.store.statements import (
    BOOKINGS_OF,
    CODE_EXISTS,
    CODE_EXISTS_ANYWHERE,
    HAS_TOUR,
    KEPT_ANSWER,
    RIDERS_OF,
    VERSION,
    VISITS_OF,
    first,
    run,
)
from api.store.statistics import StatisticsQuestions
from api.store.tables import (
    AreaRow,
    BookingRow,
    EventRow,
    PromiseRow,
    RefusalRow,
    TourRow,
    VisitRiderRow,
    VisitRow,
)


@dataclass(frozen=True, slots=True)
class TourRows:
    """One tour: its visits in order and who boards or leaves, in order of visit and position."""

    tour: TourRow
    visits: tuple[VisitRow, ...]
    riders: tuple[VisitRiderRow, ...]


@dataclass(frozen=True, slots=True)
class DayRows:
    """Everything stored about one area's day. ``version`` is 0 before anything happened."""

    bookings: tuple[BookingRow, ...]
    tours: tuple[TourRows, ...]
    version: int
    roster: DayRoster = UNCHANGED

    @property
    def closed(self) -> bool:
        """See :func:`api.store.person_reader.is_closed`."""
        return is_closed(self.bookings)


@dataclass(frozen=True, slots=True)
class RideTimes:
    """When a rider's pickup and drop-off visits are planned or happened; None: not on a tour."""

    pickup: VisitRow | None = None
    drop_off: VisitRow | None = None

    @property
    def arrivals(self) -> tuple[datetime | None, datetime | None]:
        """When the bus reaches both, as far as it does."""
        pickup, drop_off = self.pickup, self.drop_off
        return pickup.arrive if pickup else None, drop_off.arrive if drop_off else None


@dataclass(frozen=True, slots=True)
class DrivenRide:
    """A ride that is over: lon, lat of where the rider boarded and left, and seconds from halt to halt."""

    origin: tuple[float, float]
    destination: tuple[float, float]
    seconds: int
    driving_s: int | None = None
    """Seconds by car, where it was written down before the places were blurred."""


class Reader(
    PersonReader,
    JobQuestions,
    PeopleQuestions,
    RiderQuestions,
    FeedbackQuestions,
    FigureQuestions,
    MessageQuestions,
    StatisticsQuestions,
    DeviceQuestions,
    KeyQuestions,
    RosterQuestions,
    SealQuestions,
    SheetQuestions,
):
    """Asks questions in an open session; rows it returns may be used after the session is closed."""

    def booking(self, booking_id: str) -> BookingRow | None:
        """Return a booking by its id."""
        return self._session.get(BookingRow, booking_id)

    def bookings(self, day: date, area_id: str | None = None) -> tuple[BookingRow, ...]:
        """Return the bookings of a day, by pickup time."""
        wanted = select(BookingRow).where(BookingRow.service_date == day)
        if area_id is not None:
            wanted = wanted.where(BookingRow.area_id == area_id)
        return tuple(
            self._session.exec(wanted.order_by(col(BookingRow.pickup_from), col(BookingRow.id)))
        )

    def day(self, area_id: str, day: date) -> DayRows:
        """Return everything about an area's day."""
        return DayRows(
            bookings=self.bookings(day, area_id),
            tours=self.tours(day, area_id),
            version=self.version(area_id, day),
            roster=self.roster(area_id, day),
        )

    def days_from(self, first: date) -> tuple[tuple[str, date], ...]:
        """Return area and date of every day from ``first`` on that has bookings."""
        wanted = select(col(BookingRow.area_id), col(BookingRow.service_date))
        wanted = wanted.where(col(BookingRow.service_date) >= first).distinct()
        return tuple(sorted(self._session.exec(wanted)))

    def tours(self, day: date, area_id: str | None = None) -> tuple[TourRows, ...]:
        """Return the tours of a day, by their beginning."""
        wanted = select(TourRow).where(TourRow.service_date == day)
        if area_id is not None:
            wanted = wanted.where(TourRow.area_id == area_id)
        tours = self._session.exec(wanted.order_by(col(TourRow.starts_at), col(TourRow.id)))
        return tuple(self._with_visits(tour) for tour in tours)

    def tour(self, tour_id: str) -> TourRows | None:
        """Return one tour, None if nobody booked it yet."""
        tour = self._session.get(TourRow, tour_id)
        return None if tour is None else self._with_visits(tour)

    def riders_on(self, tour: TourRows) -> dict[str, BookingRow]:
        """Return the bookings of those who board or leave on a tour, by their ids."""
        ids = sorted({rider.booking_id for rider in tour.riders})
        found = run(self._session, BOOKINGS_OF, {"ids": ids})
        return {row.id: cast("BookingRow", row) for row in found}  # see ``_with_visits``

    def refusals(
        self, day: date, area_ids: Sequence[str], at_most: int
    ) -> tuple[tuple[RefusalRow, ...], int]:
        """Return the newest wishes refused for a day, by the time wished, and how many there are."""
        asked = col(RefusalRow.service_date) == day, col(RefusalRow.area_id).in_(area_ids)
        newest = select(RefusalRow).where(*asked).order_by(col(RefusalRow.id).desc())
        rows = sorted(
            self._session.exec(newest.limit(at_most)), key=lambda row: (row.time_at, row.id)
        )
        total = self._session.exec(select(func.count()).select_from(RefusalRow).where(*asked)).one()
        return tuple(rows), total

    def has_tour(self, tour_id: str) -> bool:
        """Whether a tour is stored."""
        return first(self._session, HAS_TOUR, {"tour": tour_id}) is not None

    def version(self, area_id: str, day: date) -> int:
        """Return the version of the last stored state of a day; 0 before anything happened."""
        (version,) = first(self._session, VERSION, {"area": area_id, "day": day})
        return version or 0

    def times(self, booking_ids: Iterable[str]) -> dict[str, RideTimes]:
        """Return the visits at which each of the bookings boards and leaves the last bus it was given."""
        wanted = (
            select(VisitRiderRow, VisitRow)
            .join(
                VisitRow,
                (col(VisitRow.tour_id) == col(VisitRiderRow.tour_id))
                & (col(VisitRow.id) == col(VisitRiderRow.visit_id)),
            )
            .where(col(VisitRiderRow.booking_id).in_(list(booking_ids)))
            .order_by(col(VisitRiderRow.leg))
        )
        found: dict[tuple[str, str], VisitRow] = {
            (rider.booking_id, rider.kind): visit for rider, visit in self._session.exec(wanted)
        }
        return {
            booking_id: RideTimes(
                pickup=found.get((booking_id, "board")), drop_off=found.get((booking_id, "alight"))
            )
            for booking_id in {key[0] for key in found}
        }

    def driven(self, area_id: str, since: date, at_most: int) -> tuple[DrivenRide, ...]:
        """Return the newest rides of an area that are over; of several buses the last one counts."""
        wanted = select(BookingRow).where(
            BookingRow.area_id == area_id,
            BookingRow.status == "done",
            col(BookingRow.service_date) >= since,
        )
        newest = wanted.order_by(col(BookingRow.service_date).desc(), col(BookingRow.id))
        rows = {row.id: row for row in self._session.exec(newest.limit(at_most))}
        rides = []
        for booking_id, times in sorted(self.times(rows).items()):
            driving_s = rows[booking_id].details.get("driving_s")
            if times.pickup is None or times.drop_off is None:
                continue
            if driving_s is None and rows[booking_id].name == FORGOTTEN:
                continue  # nobody knows any more how far it was by road
            ride = DrivenRide(
                origin=(times.pickup.lon, times.pickup.lat),
                destination=(times.drop_off.lon, times.drop_off.lat),
                seconds=round((times.drop_off.arrive - times.pickup.arrive).total_seconds()),
                driving_s=driving_s,
            )
            rides.append(ride)
        return tuple(rides)

    def last_promises(self, booking_ids: Iterable[str]) -> dict[str, PromiseRow]:
        """Return what the rider of each booking was told last."""
        wanted = select(PromiseRow).where(col(PromiseRow.booking_id).in_(list(booking_ids)))
        told = self._session.exec(wanted.order_by(col(PromiseRow.id)))
        return {row.booking_id: row for row in told}

    def kept_answer(self, operation: str, key: str) -> tuple[str, str] | None:
        """Return fingerprint and answer an operation once gave under an Idempotency-Key."""
        kept = first(self._session, KEPT_ANSWER, {"of": operation, "under": key})
        return None if kept is None else (kept.fingerprint, kept.answer)

    def report(self, report_id: str) -> EventRow | None:
        """Return the event a tablet reported under its own id."""
        return self._session.exec(select(EventRow).where(EventRow.report_id == report_id)).first()

    def code_exists(self, code: str) -> bool:
        """Whether a booking already has this short code."""
        of_one_file = self._session.get_bind().dialect.name == "sqlite"
        wanted = CODE_EXISTS if of_one_file else CODE_EXISTS_ANYWHERE
        return first(self._session, wanted, {"code": code}) is not None

    def count_areas(self) -> int:
        """Return how many areas are known."""
        return self._session.exec(select(func.count()).select_from(AreaRow)).one()

    def _with_visits(self, tour: TourRow) -> TourRows:
        # plain rows with the same attributes: nobody watches them for changes, which takes most of the time
        visits = run(self._session, VISITS_OF, {"tour": tour.id})
        riders = run(self._session, RIDERS_OF, {"tour": tour.id})
        return TourRows(
            tour=tour,
            visits=cast("tuple[VisitRow, ...]", tuple(visits)),
            riders=cast("tuple[VisitRiderRow, ...]", tuple(riders)),
        )
