"""Everything that runs around one day, ready to be searched."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from gtfs.added_trips import with_added
from gtfs.day_rows import Rows, Wheelchair, fits, overlaid, rows_of
from gtfs.net import NEVER, Lines, Net, Walks, frozen, net_of, turned, walks_of
from gtfs.net_kernels import pattern_hashes, split_into_lines, spread
from gtfs.overlay import Overlay, TripOfDay
from gtfs.service_day import service_day_offset
from gtfs.timetable import BoolArray, Int32Array, Timetable

HOUR = 3600
SPAN = (-6 * HOUR, 36 * HOUR)
"""Default span in seconds of the service day: from 18:00 of the day before to noon of the day after."""
CHANGE_S = 120
"""Least seconds between two rides at one stop where the timetable names none."""
_DAY = 24 * HOUR


@dataclass(frozen=True, eq=False)
class TimetableDay:
    """The runs that touch a span around the service day ``day``; immutable, may be shared by threads.

    Parameters
    ----------
    timetable
        Where it was taken from; trips an overlay adds stand behind all others.
    day
        All times are seconds from the start of this service day; the day before has negative ones.
    run_trip, run_shift
        int32[r], the trip of a run, and what is added to its times.
    net
        What is searched.
    told
        Trips something is told about, be it that they are on time; of all others only the timetable is known.
    """

    timetable: Timetable
    day: date
    run_trip: Int32Array
    run_shift: Int32Array
    net: Net
    told: frozenset[TripOfDay] = frozenset()

    @cached_property
    def turned(self) -> Net:
        """The net with time running backwards, made when first needed."""
        return turned(self.net)


def timetable_day(
    timetable: Timetable,
    day: date,
    *,
    wheelchair: Wheelchair = Wheelchair.NOT_NEEDED,
    span: tuple[int, int] = SPAN,
    change_s: int = CHANGE_S,
    overlay: Overlay | None = None,
) -> TimetableDay:
    """Collect what runs in ``span`` around ``day``; to be kept by whoever asks more than once.

    Parameters
    ----------
    span
        Runs that leave their first stop before its end and reach their last one at or after its begin
        are there as a whole, those of other service days shifted as the clocks say.
    change_s
        Least seconds between two rides at a stop that has no row of its own.
    overlay
        What is known about trips today; the span is asked of the planned times.
    """
    told: frozenset[TripOfDay] = frozenset()
    if overlay is not None:
        told = overlay.told(len(timetable.trip_id))
        timetable = with_added(timetable, overlay.added)
    trip, shift, service_day = _runs(
        timetable, day, span, fits(timetable.trip_wheelchair, wheelchair)
    )
    length = timetable.first_stop_time[trip + 1] - timetable.first_stop_time[trip]
    rows = rows_of(timetable, trip, wheelchair)
    if overlay is not None:
        runs, rows = overlaid(timetable, day, overlay, trip, service_day, rows)
        trip, shift, service_day, length = (
            values[runs] for values in (trip, shift, service_day, length)
        )
    rows = Rows._make(frozen(array) for array in rows)
    hashes = pattern_hashes(rows.first, length, rows.stop, rows.flags)
    order = np.lexsort((trip, rows.departure_s[rows.first] + shift, hashes))
    trip, shift, service_day, row, length = (
        values[order] for values in (trip, shift, service_day, rows.first, length)
    )
    line = split_into_lines(hashes[order], row, length, shift, *rows[1:])
    order = np.argsort(line, kind="stable")
    trip, shift, service_day, row, length, line = (
        values[order] for values in (trip, shift, service_day, row, length, line)
    )
    lines = _lines(rows._replace(first=row), line, length, shift)
    following = _following(timetable, trip, service_day, lines)
    net = net_of(lines, following, _walks(timetable, change_s))
    return TimetableDay(timetable, day, frozen(trip), frozen(shift), net, told)


def _runs(
    timetable: Timetable, day: date, span: tuple[int, int], usable: BoolArray
) -> tuple[Int32Array, Int32Array, Int32Array]:
    """Trips that touch the span, their shifts and service days relative to ``day``."""
    begins = timetable.departure_s[timetable.first_stop_time[:-1]]
    ends = timetable.arrival_s[timetable.first_stop_time[1:] - 1]
    found = []
    for days in _service_days(span, int(ends.max(initial=0))):
        running = timetable.running_on(day + timedelta(days=days))
        offset = service_day_offset(day, days, timetable.time_zone)
        touches = (begins + offset < span[1]) & (ends + offset >= span[0])
        trips = np.flatnonzero(usable & touches & running[timetable.trip_service])
        found.append((trips, np.full(len(trips), offset), np.full(len(trips), days)))
    trip, shift, service_day = (
        np.concatenate(parts).astype(np.int32) for parts in zip(*found, strict=True)
    )
    return trip, shift, service_day


def _service_days(span: tuple[int, int], latest: int) -> Iterator[int]:
    """Service days whose trips may touch the span; an hour of slack for the clocks."""
    yield from range((span[0] - latest - HOUR) // _DAY, (span[1] + HOUR) // _DAY + 1)


def _lines(rows: Rows, line: Int32Array, length: Int32Array, shift: Int32Array) -> Lines:
    """Lay out lines, runs and events; ``line`` is sorted."""
    first_run = np.searchsorted(line, np.arange(int(line.max(initial=-1)) + 2)).astype(np.int32)
    first_event = _offsets(length)
    model = first_run[:-1]
    first_place = _offsets(length[model])
    places = np.repeat(rows.first[model] - first_place[:-1], length[model]) + np.arange(
        first_place[-1]
    )
    return Lines(
        first_place=first_place,
        place_stop=rows.stop[places],
        place_flags=rows.flags[places],
        first_run=first_run,
        run_line=line,
        first_event=first_event,
        arrival_s=spread(rows.first, first_event, shift, rows.arrival_s),
        departure_s=spread(rows.first, first_event, shift, rows.departure_s),
    )


def _following(
    timetable: Timetable, trip: Int32Array, service_day: Int32Array, lines: Lines
) -> tuple[Int32Array, Int32Array]:
    """Pairs of runs of a service day: riders of the first may stay aboard as it becomes the second.

    The second may not begin before the first has ended; a first that takes no time at all is no trip.
    """
    goes_on = timetable.trip_continues[trip]
    first = np.flatnonzero(goes_on >= 0).astype(np.int32)
    run_of = {
        pair: run for run, pair in enumerate(zip(service_day.tolist(), trip.tolist(), strict=True))
    } if len(first) else {}  # fmt: skip
    wanted = zip(service_day[first].tolist(), goes_on[first].tolist(), strict=True)
    second = np.array([run_of.get(pair, -1) for pair in wanted], dtype=np.int32)
    first, second = first[second >= 0], second[second >= 0]
    begins, ends = (
        lines.departure_s[lines.first_event[:-1]],
        lines.arrival_s[lines.first_event[1:] - 1],
    )
    in_time = (begins[second] >= ends[first]) & (begins[second] > begins[first])
    return first[in_time], second[in_time]


def _walks(timetable: Timetable, change_s: int) -> Walks:
    """Take changes at one stop out of the transfers, drop what is not possible.

    To the platform beside nobody gets faster than from door to door at one: where only the way is known,
    it takes ``change_s`` at least.
    """
    stops = len(timetable.stop_id)
    first = timetable.first_transfer
    origin = np.repeat(np.arange(stops, dtype=np.int32), np.diff(first))
    goal, seconds = timetable.transfer_stop, timetable.transfer_s
    seconds = np.where(timetable.transfer_footpath, np.maximum(seconds, change_s), seconds)
    own = origin == goal
    change = np.full(stops, change_s, dtype=np.int32)
    change[origin[own]] = np.where(seconds[own] < 0, NEVER, seconds[own])
    walks = ~own & (seconds >= 0)
    return walks_of(change, origin[walks], goal[walks], seconds[walks])


def _offsets(lengths: Int32Array) -> Int32Array:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
