"""What every use case needs: the clock, the database, the regions and the days in memory."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from api import ledger
from api.alarms import Alarms
from api.changes import Changes
from api.clock import Clock
from api.day import Day
from api.days import Days, DaySlot
from api.errors import Problem
from api.finder import Finder
from api.idempotency import Once
from api.live import Live
from api.messages.causes import outgoing
from api.paging import Cursors
from api.roster.closed import Closures
from api.servicetime import ServiceDay
from api.store.database import Database
from api.store.reader import Reader
from api.store.scope import sees
from api.store.writer import Writer
from api.tickets import TicketOffice
from api.timetables import Timetables
from regions.area import Area
from regions.region import Region

_ONE_DAY = timedelta(days=1)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """What a use case answers, and what it decided and wrote down; None where nothing changed."""

    answer: T
    decision: ledger.Decision | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """Shared by all requests. ``regions`` and ``finders`` are by area id."""

    clock: Clock
    database: Database
    days: Days
    office: TicketOffice
    regions: Mapping[str, Region]
    finders: Mapping[str, Finder]
    timetables: Timetables = field(default_factory=Timetables)
    live: Live = field(default_factory=Live)
    """Timetables and what is told about them today, by area id."""
    changes: Changes = field(default_factory=Changes)
    """Tells open pages that a day is another."""
    alarms: Alarms = field(default_factory=Alarms)
    closures: Closures = field(default_factory=Closures)
    """Hours in which nothing is offered."""
    cursors: Cursors = field(default_factory=Cursors)
    confirms: bool = False
    """Whether there is a channel by which riders are told what they know already."""
    asking: Lock = field(default_factory=Lock)
    """Held by who computes an answer and decides nothing: the interpreter computes for one thread at a time
    anyway, and whoever books shares it with one of them, not with all who ask."""
    looking: Lock = field(default_factory=Lock)
    """Held by who looks at a tour: one at a time, who asks must not wait for a crowd of them either."""
    _underway: set[tuple[str, str]] = field(default_factory=set)

    def area(self, area_id: str) -> Area:
        """Return an area.

        Raises
        ------
        Problem
            ``area-unknown``.
        """
        region = self.regions.get(area_id)
        if region is None or not sees(area_id):
            raise Problem("area-unknown")
        return region.areas[area_id]

    def areas(self) -> list[Area]:
        """Return all areas by their ids."""
        return [self.regions[area_id].areas[area_id] for area_id in sorted(self.regions)]

    def service(self, area: Area, day: date) -> ServiceDay:
        """Return a service day of an area."""
        return ServiceDay(day, area.time_zone)

    def in_use(self) -> tuple[date, date]:
        """First and last day worth keeping in memory: yesterday, and the last that can be booked."""
        longest = max((area.policy.booking_horizon_s for area in self.areas()), default=0)
        today = self.clock.now().date()
        return today - _ONE_DAY, today + 2 * _ONE_DAY + timedelta(seconds=longest)

    @contextmanager
    def locked(self, area_id: str, day: date) -> Iterator[DaySlot]:
        """Hold a day's lock; a day not in use leaves memory again with the lock.

        Somebody leafs through the calendar, or a report comes late: memory is for days in use.

        Raises
        ------
        Problem
            ``area-unknown``: the area is none of those the present work is about. Its day must not be built
            from rows that the database does not show.
        """
        if not sees(area_id):
            raise Problem("area-unknown")
        first, last = self.in_use()
        with self.days.locked(area_id, day) as slot:
            try:
                yield slot
            finally:
                if not first <= day <= last:
                    slot.empty()

    @contextmanager
    def seen(self, area_id: str, day: date) -> Iterator[tuple[Day, Reader]]:
        """Give a picture of a day and a reader that sees the same rows.

        The day's lock is held only while the picture is taken: who shows a tour must not keep anybody who
        books waiting.

        Raises
        ------
        Problem
            ``day-closed``: names and places of its rides are deleted.
        """
        with ExitStack() as reading:
            with self.locked(area_id, day) as slot:
                # not before the lock: those who wait for it must hold nothing others need meanwhile
                reader = reading.enter_context(self.database.reading())
                picture = slot.as_stored(reader)
            yield picture, reader

    @contextmanager
    def underway(self, once: Once) -> Iterator[None]:
        """Hold a request's key: the same request must not be worked on twice at a time.

        Raises
        ------
        Problem
            ``idempotency-in-flight``.
        """
        if once.name in self._underway:
            raise Problem("idempotency-in-flight", headers={"Retry-After": "1"})
        # one of two threads at once may slip through here; then the key in the database decides
        self._underway.add(once.name)
        try:
            yield
        finally:
            self._underway.discard(once.name)

    def change(self, area_id: str, day: date, work: Callable[[Writer, Day], Change[T]]) -> T:
        """Decide about a day and write it down; return the answer once that is durable.

        ``work`` runs in the writing thread, alone with the day, and sees every decision before it, also
        those whose transaction has not ended yet; if that fails, all of them are forgotten. Keep it
        short: everybody who books waits for it.

        Raises
        ------
        Problem
            As :meth:`locked`; and what ``work`` raises.
        """
        if not sees(area_id):
            raise Problem("area-unknown")
        version = 0

        def decide(writer: Writer) -> T:
            nonlocal version
            writer.lock_area(area_id)
            with self.locked(area_id, day) as slot:
                present = slot.present(writer)
                change = work(writer, present)
                if change.decision is not None:
                    self.tell(writer, present, change.decision)
                    ledger.accept(present, change.decision)
                    version = present.stored_version
            return change.answer

        def settle(kept: bool) -> None:  # noqa: FBT001  # called by the scribe
            if version:
                with self.locked(area_id, day) as slot:
                    slot.settle(kept=kept)
                if kept:
                    self.changes.publish(area_id, day, version)

        return self.database.write(decide, settle)

    def tell(self, writer: Writer, day: Day, decision: ledger.Decision) -> None:
        """Put what riders must hear of a decision into the outbox, in its transaction."""
        decided = decision.state, decision.effects, decision.event
        now = self.clock.now()
        rows = outgoing(day.area.id, day.service, decided, now, confirms=self.confirms)
        writer.add_messages(rows)

    def service_at(self, area: Area, instant: datetime) -> ServiceDay:
        """Return the service day an instant belongs to.

        It is the day on the calendar unless only a shift of the day before runs then (or the calendar's
        day has not begun, on the night clocks go back).
        """
        today = self.service(area, instant.astimezone(area.time_zone).date())
        yesterday = self.service(area, today.day - _ONE_DAY)
        if _runs(area, today, instant):
            return today
        if _runs(area, yesterday, instant) or today.seconds(instant) < 0:
            return yesterday
        return today


def _runs(area: Area, service: ServiceDay, instant: datetime) -> bool:
    seconds = service.seconds(instant)
    return any(s.start_s <= seconds <= s.end_s for s in area.shifts_on(service.day))
