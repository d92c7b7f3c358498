"""Loops that group the runs of a day into lines and sort its connections."""

import numpy as np
import numpy.typing as npt
from numba import njit

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
UInt8 = npt.NDArray[np.uint8]

_PRIME = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True)
def pattern_hashes(run_row: Int32, run_length: Int32, stop: Int32, flags: UInt8) -> UInt64:
    """Return uint64[r], equal for runs with equal stops and flags; ``run_row`` is a run's first stop time."""
    hashes = np.empty(len(run_row), dtype=np.uint64)
    for run in range(len(run_row)):
        value = np.uint64(run_length[run])
        for row in range(run_row[run], run_row[run] + run_length[run]):
            value = (value ^ np.uint64(stop[row] * 4 + flags[row])) * _PRIME
            value ^= value >> np.uint64(29)
        hashes[run] = value
    return hashes


@njit(cache=True, nogil=True)
def split_into_lines(
    hashes: UInt64,
    run_row: Int32,
    run_length: Int32,
    run_shift: Int32,
    stop: Int32,
    flags: UInt8,
    arrival_s: Int32,
    departure_s: Int32,
) -> Int32:
    """Return int32[r], the line of each run; runs are sorted by hash, then by first departure.

    A run joins the first line of its stops whose last run is nowhere later than it; so no run of a line
    overtakes another one.
    """
    runs = len(run_row)
    line_of = np.empty(runs, dtype=np.int32)
    last_run = np.empty(runs, dtype=np.int32)
    lines, group = 0, 0
    for run in range(runs):
        if run > 0 and hashes[run] != hashes[run - 1]:
            group = lines
        found = -1
        for line in range(group, lines):
            other, fits = last_run[line], run_length[run] == run_length[last_run[line]]
            if fits:
                later = run_shift[run] - run_shift[other]
                for place in range(run_length[run]):
                    a, b = run_row[other] + place, run_row[run] + place
                    if (
                        stop[a] != stop[b]
                        or flags[a] != flags[b]
                        or arrival_s[b] + later < arrival_s[a]
                        or departure_s[b] + later < departure_s[a]
                    ):
                        fits = False
                        break
            if fits:
                found = line
                break
        if found < 0:
            found = lines
            lines += 1
        line_of[run] = found
        last_run[found] = run
    return line_of


@njit(cache=True, nogil=True)
def put_in_order(first: Int32, times: Int32) -> Int32:
    """Return the arrivals and departures of trips (CSR ``first``), none before the one before it."""
    result = np.empty(times.shape, dtype=np.int32)
    for trip in range(len(first) - 1):
        latest = np.int32(-(2**31))
        for stop in range(first[trip], first[trip + 1]):
            for end in range(2):
                latest = max(latest, np.int32(times[stop, end]))
                result[stop, end] = latest
    return result


@njit(cache=True, nogil=True)
def spread(run_row: Int32, first_event: Int32, run_shift: Int32, times: Int32) -> Int32:
    """Return int32[e], the times of the runs' stop times, shifted."""
    result = np.empty(first_event[-1], dtype=np.int32)
    for run in range(len(run_row)):
        row = run_row[run] - first_event[run]
        for event in range(first_event[run], first_event[run + 1]):
            result[event] = times[row + event] + run_shift[run]
    return result


@njit(cache=True, nogil=True)
def line_stops(
    first_place: Int32, place_stop: Int32, place_flags: UInt8, stops: int
) -> tuple[Int32, Int32, Int32]:
    """Return the CSR of stops into the places (line, position in it) where one can board."""
    first = np.zeros(stops + 1, dtype=np.int32)
    for place in range(len(place_stop)):
        if place_flags[place] & 1:
            first[place_stop[place] + 1] += 1
    for stop in range(stops):
        first[stop + 1] += first[stop]
    fill = first[:-1].copy()
    call_line = np.empty(first[-1], dtype=np.int32)
    call_place = np.empty(first[-1], dtype=np.int32)
    for line in range(len(first_place) - 1):
        for place in range(first_place[line], first_place[line + 1]):
            if place_flags[place] & 1:
                slot = fill[place_stop[place]]
                fill[place_stop[place]] += 1
                call_line[slot] = line
                call_place[slot] = place - first_place[line]
    return first, call_line, call_place


@njit(cache=True, nogil=True)
def _connection_keys(first_event: Int32, departure_s: Int32) -> Int64:
    """Return a key for each pair of neighbouring events: departure, then event."""
    keys = np.empty(len(departure_s) - (len(first_event) - 1), dtype=np.int64)
    at = 0
    for run in range(len(first_event) - 1):
        for event in range(first_event[run], first_event[run + 1] - 1):
            keys[at] = (np.int64(departure_s[event]) << 32) | np.int64(event)
            at += 1
    return keys


@njit(cache=True, nogil=True)
def _connection_rows(
    keys: Int64,
    first_place: Int32,
    place_stop: Int32,
    place_flags: UInt8,
    run_line: Int32,
    first_event: Int32,
    arrival_s: Int32,
    departure_s: Int32,
) -> Int32:
    """Return the row of each key."""
    run_of = np.empty(len(departure_s), dtype=np.int32)
    for run in range(len(run_line)):
        run_of[first_event[run] : first_event[run + 1]] = run
    rows = np.empty((len(keys), 7), dtype=np.int32)
    for i in range(len(keys)):
        event = np.int32(keys[i] & 0xFFFFFFFF)
        run = run_of[event]
        place = first_place[run_line[run]] + event - first_event[run]
        last = event + 2 == first_event[run + 1]
        rows[i, 0] = departure_s[event]
        rows[i, 1] = arrival_s[event + 1]
        rows[i, 2] = event
        rows[i, 3] = place_stop[place]
        rows[i, 4] = place_stop[place + 1]
        rows[i, 5] = run
        rows[i, 6] = (place_flags[place] & 1) | (place_flags[place + 1] & 2) | (4 if last else 0)
    return rows


def sorted_connections(
    first_place: Int32,
    place_stop: Int32,
    place_flags: UInt8,
    run_line: Int32,
    first_event: Int32,
    arrival_s: Int32,
    departure_s: Int32,
) -> Int32:
    """Return the connections of :class:`gtfs.net.Net`, by departure, then by event."""
    keys = _connection_keys(first_event, departure_s)
    keys.sort()
    return _connection_rows(
        keys, first_place, place_stop, place_flags, run_line, first_event, arrival_s, departure_s
    )
