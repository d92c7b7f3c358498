"""What the kernels search: everything that runs on one span, as plain arrays in one direction of time.

*Runs* are trips of one service day; runs of the same *line* serve the same stops under the same conditions
and never overtake each other. *Events* are their stop times, laid out line by line, run by run. Turned
around in time (:func:`turned`), a search for the earliest arrival is one for the latest departure.
"""

from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from gtfs.net_kernels import line_stops, sorted_connections
from gtfs.timetable import Int32Array

Scalar = TypeVar("Scalar", bound=np.generic)

NEVER = 2**30
"""A time that never comes, a walk nobody can make."""
BOARD = 1
"""Bit of a place: one may board here."""
ALIGHT = 2
"""Bit of a place: one may leave here."""


class Net(NamedTuple):
    """Lines, runs and connections; times are int32 seconds of the asked service day.

    Attributes
    ----------
    first_place
        int32[l + 1], CSR of lines into their places (the stops they serve, in order).
    place_stop, place_flags
        int32[p], uint8[p]: the stop, and ``BOARD`` and ``ALIGHT``.
    first_run
        int32[l + 1], CSR of lines into runs, which are sorted by time.
    run_line
        int32[r].
    first_event
        int32[r + 1], CSR of runs into events; event i of a run is at place i of its line.
    arrival_s, departure_s
        int32[e].
    first_next, next_run
        int32[r + 1], int32[n]: CSR of the runs as which the vehicle of a run goes on with its riders.
    first_call, call_line, call_place
        int32[s + 1], int32[c], int32[c]: CSR of stops into the places where one can board.
    change_s
        int32[s], least seconds between two rides at the same stop, ``NEVER`` if not possible.
    first_walk, walk_stop, walk_s
        int32[s + 1], int32[w], int32[w]: CSR of walks to other stops, shortest first.
    connections
        int32[e - r, 7]: departure, arrival, event of the departure, stops from and to, run, flags (may
        board at the first, may leave at the second, + 4: it is the run's last); sorted by departure.
    """

    first_place: Int32Array
    place_stop: Int32Array
    place_flags: npt.NDArray[np.uint8]
    first_run: Int32Array
    run_line: Int32Array
    first_event: Int32Array
    arrival_s: Int32Array
    departure_s: Int32Array
    first_next: Int32Array
    next_run: Int32Array
    first_call: Int32Array
    call_line: Int32Array
    call_place: Int32Array
    change_s: Int32Array
    first_walk: Int32Array
    walk_stop: Int32Array
    walk_s: Int32Array
    connections: Int32Array


class Lines(NamedTuple):
    """The part of a :class:`Net` that describes lines, runs and events."""

    first_place: Int32Array
    place_stop: Int32Array
    place_flags: npt.NDArray[np.uint8]
    first_run: Int32Array
    run_line: Int32Array
    first_event: Int32Array
    arrival_s: Int32Array
    departure_s: Int32Array


class Walks(NamedTuple):
    """The part of a :class:`Net` that describes what is between two rides."""

    change_s: Int32Array
    first_walk: Int32Array
    walk_stop: Int32Array
    walk_s: Int32Array


def net_of(lines: Lines, following: tuple[Int32Array, Int32Array], walks: Walks) -> Net:
    """Put together a net; ``following`` holds pairs of runs, the second goes on with riders of the first."""
    calls = line_stops(lines.first_place, lines.place_stop, lines.place_flags, len(walks.change_s))
    first_next, next_run = csr(following[0], following[1], len(lines.run_line))
    connections = sorted_connections(
        lines.first_place,
        lines.place_stop,
        lines.place_flags,
        lines.run_line,
        lines.first_event,
        lines.arrival_s,
        lines.departure_s,
    )
    net = Net(*lines, first_next, next_run, *calls, *walks, connections)
    return Net._make(frozen(array) for array in net)


def frozen(array: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    """Return a view that cannot be written to; so numba compiles a kernel once, mapped arrays or not."""
    view = array.view()
    view.flags.writeable = False
    return view


def turned(net: Net) -> Net:
    """Return the net with time running backwards: index i of lines, runs, events becomes size - 1 - i."""
    lines, runs = len(net.first_run) - 1, len(net.run_line)
    flags = net.place_flags[::-1]
    return net_of(
        Lines(
            first_place=_mirrored(net.first_place),
            place_stop=np.ascontiguousarray(net.place_stop[::-1]),
            place_flags=(((flags & BOARD) << 1) | ((flags & ALIGHT) >> 1)).astype(np.uint8),
            first_run=_mirrored(net.first_run),
            run_line=np.ascontiguousarray(lines - 1 - net.run_line[::-1]),
            first_event=_mirrored(net.first_event),
            arrival_s=np.ascontiguousarray(-net.departure_s[::-1]),
            departure_s=np.ascontiguousarray(-net.arrival_s[::-1]),
        ),
        (runs - 1 - net.next_run, runs - 1 - _owners(net.first_next)),
        walks_of(net.change_s, net.walk_stop, _owners(net.first_walk), net.walk_s),
    )


def walks_of(
    change_s: Int32Array, origin: Int32Array, goal: Int32Array, walk_s: Int32Array
) -> Walks:
    """Sort walks by origin, then by seconds."""
    order = np.lexsort((goal, walk_s, origin))
    counts = np.bincount(origin, minlength=len(change_s))
    return Walks(
        change_s=change_s,
        first_walk=_int32(np.concatenate([[0], np.cumsum(counts)])),
        walk_stop=_int32(goal[order]),
        walk_s=_int32(walk_s[order]),
    )


def csr(owner: Int32Array, value: Int32Array, size: int) -> tuple[Int32Array, Int32Array]:
    """Group values by owner; return the CSR offsets and the values."""
    order = np.argsort(owner, kind="stable")
    counts = np.bincount(owner, minlength=size)
    return _int32(np.concatenate([[0], np.cumsum(counts)])), _int32(value[order])


def _owners(first: Int32Array) -> Int32Array:
    return np.repeat(np.arange(len(first) - 1, dtype=np.int32), np.diff(first))


def _mirrored(first: Int32Array) -> Int32Array:
    return np.ascontiguousarray(first[-1] - first[::-1])


def _int32(values: npt.NDArray[np.integer]) -> Int32Array:
    return np.ascontiguousarray(values, dtype=np.int32)
