"""One round of RAPTOR: ride along the lines through stops that can be boarded earlier, then change and walk.

Added to the textbook: riders who stay aboard as a run becomes another one. There the first run of a line
is not always the best, as a later one may go on where it ends; so all are followed, each once a round.

What is called in the innermost loops takes single arrays: handing on a whole tuple of them costs more than
the work itself (measured: six times the time of a search).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from gtfs.net import NEVER, Net

Int32 = npt.NDArray[np.int32]
Bool = npt.NDArray[np.bool_]


class Labels(NamedTuple):
    """What is known so far; ``[x, k]`` is the best with at most k rides.

    Attributes
    ----------
    arrived, ready
        int32[s, rides + 1]: earliest arrival aboard, earliest time to board the next ride.
    boarded, left
        int32[s, rides + 1]: events of the ride that arrived.
    ready_by
        int32[s, rides + 1]: event of the arrival, or -1 - access offer.
    goal, goal_event, goal_offer
        int32[rides + 1]: earliest arrival at the goal, event and egress offer of it.
    entered
        int32[r], fewest rides with which somebody is known to stay aboard as this run begins.
    """

    arrived: Int32
    ready: Int32
    boarded: Int32
    left: Int32
    ready_by: Int32
    goal: Int32
    goal_event: Int32
    goal_offer: Int32
    entered: Int32


class Desk(NamedTuple):
    """Working space.

    Attributes
    ----------
    from_place, queue
        int32[l]: place from which a line is to be ridden (its length: not at all), lines to ride.
    reached, is_reached
        int32[s], bool[s]: stops reached earlier than ever in this round.
    marked, is_marked
        int32[s], bool[s]: stops that can be boarded earlier than ever.
    stack
        int32[n + 1, 2]: runs to follow with riders who stay aboard, and the event they boarded at.
    """

    from_place: Int32
    queue: Int32
    reached: Int32
    is_reached: Bool
    marked: Int32
    is_marked: Bool
    stack: Int32


@njit(cache=True, nogil=True)
def new_labels(net: Net, rides: int) -> Labels:
    """Return labels of which nothing is known."""
    shape = len(net.change_s), rides + 1
    return Labels(
        np.full(shape, NEVER, np.int32),
        np.full(shape, NEVER, np.int32),
        np.empty(shape, np.int32),
        np.empty(shape, np.int32),
        np.empty(shape, np.int32),
        np.full(rides + 1, NEVER, np.int32),
        np.full(rides + 1, -1, np.int32),
        np.full(rides + 1, -1, np.int32),
        np.full(len(net.run_line), NEVER, np.int32),
    )


@njit(cache=True, nogil=True)
def new_desk(net: Net) -> Desk:
    """Return an empty desk."""
    stops, lines = len(net.change_s), len(net.first_run) - 1
    return Desk(
        net.first_place[1:] - net.first_place[:-1],
        np.empty(lines, np.int32),
        np.empty(stops, np.int32),
        np.zeros(stops, np.bool_),
        np.empty(stops, np.int32),
        np.zeros(stops, np.bool_),
        np.empty((len(net.next_run) + 1, 2), np.int32),
    )


@njit(cache=True, nogil=True)
def first_run(
    first_event: Int32, departure_s: Int32, begin: int, end: int, place: int, at: int
) -> int:
    """Return the first of a line's runs that leaves a place at ``at`` or later, else ``end``."""
    low, high = begin, end
    while low < high:
        middle = (low + high) // 2
        if departure_s[first_event[middle] + place] < at:
            low = middle + 1
        else:
            high = middle
    return int(low)


@njit(cache=True, nogil=True)
def make_ready(times: Int32, by: Int32, stop: int, rides: int, at: int, event: int) -> None:
    """Note from when a stop can be boarded with ``rides`` rides, and with more where that is not better."""
    for k in range(rides, times.shape[1]):
        if times[stop, k] <= at:
            break
        times[stop, k] = at
        by[stop, k] = event


@njit(cache=True, nogil=True)
def _arrive(
    arrived: Int32,
    boarded: Int32,
    left: Int32,
    stop: int,
    rides: int,
    at: int,
    board: int,
    event: int,
) -> None:
    """Note an arrival with ``rides`` rides, and with more where that is not better."""
    for k in range(rides, arrived.shape[1]):
        if arrived[stop, k] <= at:
            break
        arrived[stop, k] = at
        boarded[stop, k] = board
        left[stop, k] = event


@njit(cache=True, nogil=True)
def queue_lines(net: Net, desk: Desk, marks: int) -> int:
    """Queue the lines through the marked stops from the first of these; return how many."""
    queued = 0
    for m in range(marks):
        stop = desk.marked[m]
        desk.is_marked[stop] = False
        for call in range(net.first_call[stop], net.first_call[stop + 1]):
            line, place = net.call_line[call], net.call_place[call]
            if desk.from_place[line] == net.first_place[line + 1] - net.first_place[line]:
                desk.queue[queued] = line
                queued += 1
            desk.from_place[line] = min(desk.from_place[line], place)
    return queued


@njit(cache=True, nogil=True)
def ride(net: Net, labels: Labels, desk: Desk, rides: int, queued: int) -> int:
    """Ride along the queued lines; return how many stops were reached earlier than ever."""
    count = 0
    arrived, boarded, left = labels.arrived, labels.boarded, labels.left
    first_event, departure_s = net.first_event, net.departure_s
    for q in range(queued):
        line = desk.queue[q]
        start = net.first_place[line]
        length = net.first_place[line + 1] - start
        end = net.first_run[line + 1]
        run, base, boarded_at = end, 0, -1
        for place in range(desk.from_place[line], length):
            stop, flags = net.place_stop[start + place], net.place_flags[start + place]
            if run < end and flags & 2:
                at = net.arrival_s[base + place]
                if at < arrived[stop, rides] and at < labels.goal[rides]:
                    board, event = base + boarded_at, base + place
                    _arrive(arrived, boarded, left, stop, rides, at, board, event)
                    if not desk.is_reached[stop]:
                        desk.is_reached[stop] = True
                        desk.reached[count] = stop
                        count += 1
            if flags & 1:
                ready = labels.ready[stop, rides - 1]
                if ready >= labels.goal[rides]:
                    continue
                if run < end and ready > departure_s[base + place]:
                    continue
                first = net.first_run[line]
                earlier = first_run(first_event, departure_s, first, run, place, ready)
                if earlier < run:
                    run, base, boarded_at = earlier, first_event[earlier], place
        desk.from_place[line] = length
        if run < end and net.first_next[run] < net.first_next[end]:
            count = _follow(net, labels, desk, rides, run, boarded_at, count)
    return count


@njit(cache=True, nogil=True)
def _follow(
    net: Net, labels: Labels, desk: Desk, rides: int, run: int, boarded_at: int, count: int
) -> int:
    """Follow ``run`` and the later ones of its line beyond their ends, boarded at a place."""
    arrived, boarded, left = labels.arrived, labels.boarded, labels.left
    for later in range(run, net.first_run[net.run_line[run] + 1]):
        if net.arrival_s[net.first_event[later + 1] - 1] >= labels.goal[rides]:
            break
        board = net.first_event[later] + boarded_at
        size = _stay(net, labels, desk, rides, later, board, 0)
        while size > 0:
            size -= 1
            other, board = desk.stack[size, 0], desk.stack[size, 1]
            shift = net.first_place[net.run_line[other]] - net.first_event[other]
            for event in range(net.first_event[other] + 1, net.first_event[other + 1]):
                at, stop = net.arrival_s[event], net.place_stop[event + shift]
                if at >= labels.goal[rides]:
                    break
                if net.place_flags[event + shift] & 2 and at < arrived[stop, rides]:
                    _arrive(arrived, boarded, left, stop, rides, at, board, event)
                    if not desk.is_reached[stop]:
                        desk.is_reached[stop] = True
                        desk.reached[count] = stop
                        count += 1
            size = _stay(net, labels, desk, rides, other, board, size)
    return count


@njit(cache=True, nogil=True)
def _stay(net: Net, labels: Labels, desk: Desk, rides: int, run: int, board: int, size: int) -> int:
    """Put the runs as which ``run`` goes on upon the stack, if nobody got there with fewer rides."""
    for n in range(net.first_next[run], net.first_next[run + 1]):
        other = net.next_run[n]
        if labels.entered[other] > rides:
            labels.entered[other] = rides
            desk.stack[size, 0], desk.stack[size, 1] = other, board
            size += 1
    return size


@njit(cache=True, nogil=True)
def change(
    net: Net, labels: Labels, desk: Desk, rides: int, count: int, longest_walk_s: int
) -> int:
    """Change and walk from the stops reached; return how many stops can be boarded earlier than ever."""
    marks = 0
    for r in range(count):
        stop = desk.reached[r]
        desk.is_reached[stop] = False
        at, event = labels.arrived[stop, rides], labels.left[stop, rides]
        own = net.first_walk[stop] - 1
        # the stop itself comes first, then those within a walk
        for walk in range(own, net.first_walk[stop + 1]):
            if walk == own:
                other, ready = stop, at + net.change_s[stop]
            elif net.walk_s[walk] <= longest_walk_s:
                other, ready = net.walk_stop[walk], at + net.walk_s[walk]
            else:
                break
            if ready < labels.ready[other, rides]:
                make_ready(labels.ready, labels.ready_by, other, rides, ready, event)
                if not desk.is_marked[other]:
                    desk.is_marked[other] = True
                    desk.marked[marks] = other
                    marks += 1
    return marks
