"""The days of all areas in memory, each with the lock under which it is decided about."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import structlog

from api.clock import Clock
from api.day import Day, broken_in, build_day, loggable
from api.errors import Problem
from api.servicetime import ServiceDay
from api.store.reader import Reader
from regions.region import Region

if TYPE_CHECKING:
    from dispatch.events import State

_log = structlog.get_logger()

SPARE_PLACES = 400
"""Places asked for but not booked that a day keeps before it is built anew without them."""


class DaySlot:
    """A day, built when first needed and again when the stored one has moved on."""

    def __init__(self, region: Region, area_id: str, day: date, clock: Clock) -> None:
        self.lock = threading.Lock()
        self._region = region
        self._area = region.areas[area_id]
        self._service = ServiceDay(day, self._area.time_zone)
        self._clock = clock
        self._day: Day | None = None
        self._stored: tuple[int, State] | None = None
        """Version and state that are durable; the present one may wait for its transaction to end."""
        self._places_when_built = 0

    def present(self, reader: Reader) -> Day:
        """Return the day as it was last decided about. Call it holding the lock.

        Another process may have changed the day: a higher version tells, and it is built anew. So it
        is when people asked for many places they did not book, because the travel table has a row
        and a column for each.

        Raises
        ------
        Problem
            ``day-closed``: names and places of its rides are deleted.
        """
        key = self._area.id, self._service.day
        day = self._day
        if (
            day is None
            or day.stored_version < reader.version(*key)
            or len(day.places) > self._places_in_use(day) + SPARE_PLACES
        ):
            rows = reader.day(*key)
            if rows.closed:
                raise Problem("day-closed")
            day = build_day(self._region, self._area, self._service, rows, self._clock.now())
            report_broken(day)
            self._day, self._places_when_built = day, len(day.places)
            self._stored = day.stored_version, day.state
        return day

    def as_stored(self, reader: Reader) -> Day:
        """Return a picture of the day as ``reader`` sees it, to be shown with its rows.

        Call it holding the lock; the picture stays as it is when the lock is given back.
        """
        key = self._area.id, self._service.day
        day, version = self.present(reader), reader.version(*key)
        if version == day.stored_version:
            return replace(day)
        if self._stored is not None and version == self._stored[0]:
            return replace(day, state=self._stored[1], stored_version=version)
        now = self._clock.now()  # built anew from what is not durable yet
        return build_day(self._region, self._area, self._service, reader.day(*key), now)

    def _places_in_use(self, day: Day) -> int:
        """How many places are those of rides, depots and stops, at most."""
        of_rides = 2 * len(day.state.bookings)
        return max(self._places_when_built, of_rides) + _stops_of(day)

    def settle(self, *, kept: bool) -> None:
        """Take down that what was decided is durable, or drop it. Call it holding the lock."""
        if not kept:
            self.empty()
        elif self._day is not None:
            self._stored = self._day.stored_version, self._day.state

    def empty(self) -> None:
        """Drop the day from memory. Call it holding the lock."""
        self._day = self._stored = None


def _stops_of(day: Day) -> int:
    """How many stops of lines are among the places of a day at most: they are asked for once."""
    return 0 if day.timetable is None else int((day.timetable.place >= 0).sum())


class Days:
    """The slots of all days asked for.

    Parameters
    ----------
    regions
        Area id to the region the area lies in.
    clock
        Tells when a day is built.
    """

    def __init__(self, regions: Mapping[str, Region], clock: Clock) -> None:
        self._regions = regions
        self._clock = clock
        self._slots: dict[tuple[str, date], DaySlot] = {}
        self._slots_lock = threading.Lock()

    @contextmanager
    def locked(self, area_id: str, day: date) -> Iterator[DaySlot]:
        """Hold a day's lock: nobody else decides about it meanwhile."""
        with self._slots_lock:
            slot = self._slots.get((area_id, day))
            if slot is None:
                slot = DaySlot(self._regions[area_id], area_id, day, self._clock)
                self._slots[area_id, day] = slot
        with slot.lock:
            yield slot

    def forget(self, first: date, last: date) -> None:
        """Drop days outside ``first`` … ``last`` from memory.

        The slots stay: somebody may be waiting for their locks.
        """
        with self._slots_lock:
            outside = [slot for (_, day), slot in self._slots.items() if not first <= day <= last]
        for slot in outside:
            with slot.lock:
                slot.empty()


def report_broken(day: Day) -> None:
    """Log it when the stored plan does not pass the checker, e.g. because roads were rebuilt."""
    broken = broken_in(day)
    if broken:
        _log.error(
            "stored plan fails the check",
            area=day.area.id,
            day=day.service.day.isoformat(),
            violations=loggable(broken),
        )
