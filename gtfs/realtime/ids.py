"""Ids of a realtime feed as indices of a timetable, and which service day a trip is meant on."""

import re
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from google.transit.gtfs_realtime_pb2 import TripDescriptor

from gtfs.service_day import service_day_start
from gtfs.timetable import FEED_SEPARATOR, Timetable

_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)")


class Ids:
    """Ids of one timetable; ``feed`` is the name of the feed where several were merged."""

    def __init__(self, timetable: Timetable, feed: str = "") -> None:
        self.timetable = timetable
        self.prefix = f"{feed}{FEED_SEPARATOR}" if feed else ""
        self._trips = {ident: n for n, ident in enumerate(timetable.trip_id)}
        self._stops = {ident: n for n, ident in enumerate(timetable.stop_id)}
        self._routes = {ident: n for n, ident in enumerate(timetable.route_id)}

    def trip(self, trip: TripDescriptor) -> int | None:
        """Trip, or the run of one that frequencies.txt repeats, which has its start in its id."""
        found = self._trips.get(self.prefix + trip.trip_id)
        if found is None and (start_s := clock_s(trip.start_time)) is not None:
            clock = f"{start_s // 3600:02}:{start_s // 60 % 60:02}:{start_s % 60:02}"
            found = self._trips.get(f"{self.prefix}{trip.trip_id}@{clock}")
        return found

    def stop(self, ident: str) -> int | None:
        """Stop or station."""
        return self._stops.get(self.prefix + ident)

    def route(self, ident: str) -> int | None:
        """Route."""
        return self._routes.get(self.prefix + ident)

    @cached_property
    def stations(self) -> list[int]:
        """List the station of each stop, the stop itself where it has none."""
        return [
            stop if station < 0 else station
            for stop, station in enumerate(self.timetable.stop_station.tolist())
        ]

    def rows(self, trip: int) -> tuple[list[int], list[int], list[int], list[int]]:
        """List the stops, sequence numbers, arrivals and departures of a trip."""
        t = self.timetable
        rows = slice(*t.first_stop_time[trip : trip + 2].tolist())
        columns = t.stop_time_stop, t.stop_sequence, t.arrival_s, t.departure_s
        stop, sequence, arrival_s, departure_s = (values[rows].tolist() for values in columns)
        return stop, sequence, arrival_s, departure_s

    def runs(self, trip: int, day: date) -> bool:
        """Whether a trip runs on a service day."""
        t, column = self.timetable, day.toordinal() - self.timetable.first_day
        return self.covers(day) and bool(t.service_days[t.trip_service[trip], column])

    def covers(self, day: date) -> bool:
        """Whether the timetable knows anything of a day."""
        column = day.toordinal() - self.timetable.first_day
        return 0 <= column < len(self.timetable.service_days[0])

    def start_s(self, day: date) -> int:
        """UNIX time at which a service day begins."""
        return service_day_start(day, self.timetable.time_zone)

    def date_at(self, at_s: int) -> date:
        """Day on the calendar at a UNIX time."""
        return datetime.fromtimestamp(at_s, ZoneInfo(self.timetable.time_zone)).date()

    def day_of(self, trip: int, at_s: int) -> date | None:
        """Service day on which a trip is on its way, or nearest to it, at a UNIX time."""
        _, _, arrival_s, departure_s = self.rows(trip)
        today = self.date_at(at_s)
        found: list[tuple[int, date]] = []
        for days in range(-(arrival_s[-1] // 86_400) - 1, 2):
            day = today + timedelta(days=days)
            begin, end = (self.start_s(day) + s for s in (departure_s[0], arrival_s[-1]))
            if self.runs(trip, day):
                found.append((max(begin - at_s, at_s - end, 0), day))
        return min(found, default=(0, None))[1]


def clock_s(text: str) -> int | None:
    """Seconds of a GTFS time such as ``25:10:00``; None where it is none."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = map(int, found.groups())
    return 3600 * hours + 60 * minutes + seconds


@lru_cache(maxsize=64)
def day_named(text: str) -> date | None:
    """Day of a GTFS date such as ``20260302``; None where it is none."""
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  # a date has no zone
    except ValueError:
        return None
