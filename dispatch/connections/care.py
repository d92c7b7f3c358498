"""What becomes of rides whose lines are late or do not run, and of riders our own bus brings too late."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from dispatch.connections.lines import Lines
from dispatch.events import ConnectionLate, State
from dispatch.handlers.expected import expected
from dispatch.model import BookingId, Connection, RideStatus
from gtfs.net import ALIGHT, BOARD
from gtfs.timetable import Timetable

_DAY = 86_400
_OPEN = (RideStatus.BOOKED, RideStatus.UNASSIGNED)
_TO_LINE = (*_OPEN, RideStatus.ABOARD)
"""Where a ride stands whose rider still has the line before them."""


@dataclass(frozen=True, slots=True)
class LineGone:
    """The line a ride meets does not run, or not any more at this stop: a person looks for a way."""

    booking: BookingId
    to_line: bool


@dataclass(frozen=True, slots=True)
class LineMissed:
    """Our bus arrives when the line has left; the rider is ready for the next one at ``ready_s``."""

    booking: BookingId
    ready_s: int


def late_lines(state: State, lines: Lines | None) -> Iterator[ConnectionLate | LineGone]:
    """Yield what the lines of today mean for rides that have not begun, or have not reached their line.

    ``lines`` is the timetable with what is known about delays today; None: nothing runs.
    """
    for booking in state.bookings.values():
        meets = booking.request.connection
        if meets is None or booking.status not in (_TO_LINE if meets.to_line else _OPEN):
            continue
        time_s = None if lines is None else line_time_s(lines, meets)
        if time_s is None:
            yield LineGone(booking.id, meets.to_line)
        elif not meets.to_line and time_s + meets.transfer_s > booking.promise.pickup_from_s:
            yield ConnectionLate(booking.id, time_s + meets.transfer_s)


def missed_lines(state: State, lines: Lines) -> Iterator[LineMissed]:
    """Yield the riders whose bus, as things stand, arrives too late for their line."""
    for booking in state.bookings.values():
        meets = booking.request.connection
        if meets is None or not meets.to_line:
            continue
        if booking.status not in (RideStatus.BOOKED, RideStatus.ABOARD):
            continue
        times = expected(state, booking.shift).get(booking.id)
        leaves_s = line_time_s(lines, meets)
        if times is None or leaves_s is None:
            continue
        ready_s = times.arrival_s + meets.transfer_s
        if ready_s > leaves_s:
            yield LineMissed(booking.id, ready_s)


def line_time_s(lines: Lines, meets: Connection) -> int | None:
    """When the line leaves, or arrives, today; None if it does not come or nobody may board, or leave.

    Of several calls of a trip at the stop it is the one whose planned time is nearest to the one told.
    Where the trip halts at another platform of the station today, that one counts.
    """
    day, net = lines.day, lines.day.net
    timetable = day.timetable
    if meets.stop not in timetable.stop_id:
        return None
    stop = timetable.stop_id.index(meets.stop)
    times = net.departure_s if meets.to_line else net.arrival_s
    planned = timetable.departure_s if meets.to_line else timetable.arrival_s
    found = []
    for run in _runs(lines, meets):
        line, shift_s = int(net.run_line[run]), int(day.run_shift[run])
        places = slice(int(net.first_place[line]), int(net.first_place[line + 1]))
        usable = (net.place_flags[places] & (BOARD if meets.to_line else ALIGHT)) > 0
        first, row = int(net.first_event[run]), int(timetable.first_stop_time[day.run_trip[run]])
        for place in np.flatnonzero(usable).tolist():
            at = int(net.place_stop[places][place])
            if _station(timetable, at) == _station(timetable, stop):
                off_s = abs(int(planned[row + place]) + shift_s - meets.time_s)
                found.append((at != stop, off_s, int(times[first + place])))
    return min(found)[-1] if found else None


def _runs(lines: Lines, meets: Connection) -> Iterator[int]:
    """Yield the runs of a trip on its service day: as planned, or as the trip that replaces it today."""
    day = lines.day
    for trip in _named(day.timetable.trip_id, meets.trip):
        for run in np.flatnonzero(day.run_trip == trip).tolist():
            # half a day is more than any clock change
            days = (int(day.run_shift[run]) + _DAY // 2) // _DAY
            if day.day + timedelta(days=days) == meets.service_day:
                yield run


def _named(names: tuple[str, ...], name: str) -> Iterator[int]:
    """Yield where a name stands: what is told today may run under the name of a trip it replaces."""
    at = -1
    with suppress(ValueError):
        while True:
            at = names.index(name, at + 1)
            yield at


def _station(timetable: Timetable, stop: int) -> int:
    """Return the station of a platform; a stop without one is its own."""
    station = int(timetable.stop_station[stop])
    return stop if station < 0 else station
