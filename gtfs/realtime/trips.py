"""TripUpdates as an overlay: late, cancelled, changed and added trips."""

from datetime import date

from google.transit.gtfs_realtime_pb2 import TripDescriptor
from google.transit.gtfs_realtime_pb2 import TripUpdate as Told

from gtfs.overlay import AddedTrip, Overlay, TripOfDay, TripUpdate
from gtfs.realtime.added import LATEST_S, Extra, added_trip, delayed, planned, told_calls
from gtfs.realtime.ids import Ids, clock_s, day_named
from gtfs.realtime.message import RealtimeLimits
from gtfs.realtime.report import RealtimeReport
from gtfs.realtime.stop_times import Calls, today

_GONE = TripDescriptor.CANCELED, TripDescriptor.DELETED
_NEW = TripDescriptor.ADDED, TripDescriptor.NEW
_ADDS = *_NEW, TripDescriptor.DUPLICATED, TripDescriptor.REPLACEMENT
_MIN_STOPS = 2
_SOON_S = 7 * 86_400


class Trips:
    """Collects the updates of one message, one trip of one day at a time."""

    def __init__(
        self, ids: Ids, now_s: int, limits: RealtimeLimits, report: RealtimeReport
    ) -> None:
        self.ids, self.now_s, self.report = ids, now_s, report
        self.delay_s, self.added_at_most = limits.delay_s, limits.added
        self.updates: dict[TripOfDay, TripUpdate] = {}
        self.added: list[AddedTrip] = []

    def overlay(self) -> Overlay:
        """Return what was collected."""
        return Overlay(self.updates, tuple(self.added))

    def add(self, told: Told) -> None:
        """Take over one update, or count why not."""
        kind = told.trip.schedule_relationship
        if kind in _ADDS and len(self.added) >= self.added_at_most:
            self.report.count("trips-too-many", told.trip.trip_id)
            return
        if kind in _NEW:
            self._add_new(told)
            return
        trip = self.ids.trip(told.trip)
        if trip is None:
            self.report.count("trip-unknown", told.trip.trip_id)
        elif kind == TripDescriptor.DUPLICATED:
            self._duplicate(told, trip)
        else:
            self._change(told, trip, self._day(told, trip))

    def _change(self, told: Told, trip: int, day: date | None) -> None:
        kind = told.trip.schedule_relationship
        if day is None or not self.ids.runs(trip, day):
            self.report.count("trip-not-today")
        elif (trip, day) in self.updates:
            self.report.count("trip-twice")
        elif kind in _GONE:
            self._cancel(trip, day)
            self.report.count("cancelled")
        elif kind == TripDescriptor.REPLACEMENT:
            self._replace(told, trip, day)
        elif kind == TripDescriptor.SCHEDULED:
            self._update(told, trip, day)
        else:
            self.report.count("trip-unusable")

    def _day(self, told: Told, trip: int) -> date | None:
        """Service day that is named, or else the one whose trip is nearest to what is told."""
        if told.trip.start_date:
            return day_named(told.trip.start_date)
        return self.ids.day_of(trip, _first_time(told, self.now_s))

    def _cancel(self, trip: int, day: date) -> None:
        # what a feed repeats holds as of the feed, however long ago it was told for the first time
        self.updates[trip, day] = TripUpdate(self.report.told_s, cancelled=True)

    def _update(self, told: Told, trip: int, day: date) -> None:
        calls = planned(self.ids, trip, day)
        found = today(calls, told, self.ids, self.delay_s, self.report)
        if found.moved:
            # a trip that halts elsewhere is another one to the search
            self._cancel(trip, day)
            calls.stop = [found.moved.get(n, stop) for n, stop in enumerate(calls.stop)]
            extra = Extra(told.trip.trip_id, day, like=trip, skipped=frozenset(found.skipped))
            self._append(extra, delayed(calls, found.delays))
        else:
            measured_s = min(told.timestamp or self.report.told_s, self.report.told_s)
            self.updates[trip, day] = TripUpdate(
                measured_s, delays=tuple(found.delays), skipped=frozenset(found.skipped)
            )
        self.report.count("updated")

    def _replace(self, told: Told, trip: int, day: date) -> None:
        """Let a trip run as told in all its stops, not as planned."""
        calls, kinds = told_calls(told, self.ids, self.ids.start_s(day), self.report)
        if len(calls.stop) < _MIN_STOPS:
            self.report.count("trip-unusable")
            return
        self._cancel(trip, day)
        headsign = told.trip_properties.trip_headsign
        extra = Extra(told.trip.trip_id, day, like=trip, headsign=headsign, kinds=kinds)
        self._append(extra, calls)
        self.report.count("replaced")

    def _duplicate(self, told: Told, trip: int) -> None:
        """Let a trip of the timetable run once more, at another time."""
        named = told.trip_properties
        day, start_s = day_named(named.start_date), clock_s(named.start_time)
        usable = named.trip_id and start_s is not None and start_s < LATEST_S
        if day is None or start_s is None or not usable or not self.ids.covers(day):
            self.report.count("trip-unusable")
            return
        calls = planned(self.ids, trip, day)
        shift = start_s - calls.departure_s[0]
        calls.arrival_s = [at + shift for at in calls.arrival_s]
        calls.departure_s = [at + shift for at in calls.departure_s]
        found = today(calls, told, self.ids, self.delay_s, self.report)
        extra = Extra(named.trip_id, day, like=trip, skipped=frozenset(found.skipped))
        self._append(extra, delayed(calls, found.delays))
        self.report.count("added")

    def _add_new(self, told: Told) -> None:
        """Let a trip run that is not in the timetable at all."""
        like, route = self.ids.trip(told.trip), self.ids.route(told.trip.route_id)
        if route is None and like is not None:
            route = int(self.ids.timetable.trip_route[like])
        named = told.trip.start_date
        day = day_named(named) if named else self.ids.date_at(_first_time(told, self.now_s))
        if day is None or route is None or not self.ids.covers(day):
            self.report.count("trip-unusable")
            return
        calls, kinds = told_calls(told, self.ids, self.ids.start_s(day), self.report)
        if len(calls.stop) < _MIN_STOPS:
            self.report.count("trip-unusable")
            return
        headsign = told.trip_properties.trip_headsign
        extra = Extra(told.trip.trip_id, day, route, like=like, headsign=headsign, kinds=kinds)
        self._append(extra, calls)
        self.report.count("added")

    def _append(self, extra: Extra, calls: Calls) -> None:
        self.added.append(added_trip(self.ids, self.report.told_s, extra, calls))


def _first_time(told: Told, now_s: int) -> int:
    """Return the first time that is told of any stop, if it is about now, else now (UNIX)."""
    times = (e.time for s in told.stop_time_update for e in (s.departure, s.arrival) if e.time)
    return next((at for at in times if abs(at - now_s) < _SOON_S), now_s)
