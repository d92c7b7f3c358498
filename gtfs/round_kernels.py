"""One round of RAPTOR: ride along the lines through stops that can be boarded earlier, then change and walk.

Added to the textbook: riders who stay aboard as a run becomes another one. There the first run of a line
is not always the best, as a later one may go on where it ends; so all are followed, each once a round.

What is called in the innermost loops takes single arrays: handing on a whole tuple of them costs more than
the work itself (measured: six times the time of a search).
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from gtfs.label_kernels import Desk, Labels, arrive, make_ready
from gtfs.net import Net

Int32 = npt.NDArray[np.int32]


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
                    arrive(arrived, boarded, left, stop, rides, at, board, event)
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
                    arrive(arrived, boarded, left, stop, rides, at, board, event)
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
