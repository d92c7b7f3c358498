"""Connection scan: the earliest arrival, from connections sorted by departure.

Dibbelt, Pajor, Strasser, Wagner: Connection Scan Algorithm, ACM JEA 2018. Added here: riders who stay aboard
as a run becomes another one, and rides and changes that take no time at all (connections of one second are
scanned again as long as something at that second became reachable).
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from gtfs.net import NEVER, Net

Int32 = npt.NDArray[np.int32]


@njit(cache=True, nogil=True)
def seed(offers: Int32, leaves_s: int, ready: Int32, ready_by: Int32) -> int:
    """Write the offers' stops as reached by those who leave at ``leaves_s``; return the earliest time."""
    earliest = NEVER
    for i in range(len(offers)):
        stop, at = offers[i, 0], max(leaves_s + offers[i, 1], offers[i, 2])
        if at > offers[i, 3]:
            continue
        if at < ready[stop]:
            ready[stop] = at
            ready_by[stop, 0], ready_by[stop, 1] = -1, -1 - i
            earliest = min(earliest, at)
    return earliest


@njit(cache=True, nogil=True)
def chain_offers(offers: Int32, stops: int) -> tuple[Int32, Int32]:
    """Return the first offer of each stop and the next one of the same stop, -1 for none."""
    head = np.full(stops, -1, dtype=np.int32)
    following = np.empty(len(offers), dtype=np.int32)
    for i in range(len(offers)):
        following[i] = head[offers[i, 0]]
        head[offers[i, 0]] = i
    return head, following


@njit(cache=True, nogil=True)
def best_offer(offers: Int32, first: int, following: Int32, at: int) -> tuple[int, int]:
    """Return the earliest arrival at the goal from a stop left from ``at`` on, and the offer used."""
    best, used = NEVER, -1
    i = first
    while i >= 0:
        leaves = max(at, offers[i, 2])
        if leaves <= offers[i, 3] and leaves + offers[i, 1] < best:
            best, used = leaves + offers[i, 1], i
        i = following[i]
    return best, used


@njit(cache=True, nogil=True)
def _first_from(connections: Int32, at: int) -> int:
    low, high = 0, len(connections)
    while low < high:
        middle = (low + high) // 2
        if connections[middle, 0] < at:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def scan(
    net: Net, access: Int32, egress: Int32, leaves_s: int, longest_walk_s: int
) -> tuple[Int32, Int32, Int32]:
    """Find the earliest arrival of somebody who leaves at ``leaves_s``.

    Parameters
    ----------
    access, egress
        int32[n, 4]: stop, seconds, from, until; without egress every stop is a goal.

    Returns
    -------
    arrived
        int32[s], earliest arrival aboard a run (scanned until the goal was reached).
    found
        int32[3]: arrival at the goal or ``NEVER``, egress offer, access offer.
    rides
        int32[n, 2], first and last event of each ride, the last ride first.
    """
    stops = len(net.change_s)
    ready, ready_by = np.full(stops, NEVER, np.int32), np.empty((stops, 2), np.int32)
    arrived = np.full(stops, NEVER, np.int32)
    aboard = np.full(len(net.run_line), -1, np.int32)
    head, following = chain_offers(egress, stops)
    found = np.array([NEVER, -1, -1], np.int32)
    last = np.full(2, -1, np.int32)
    rows = net.connections
    i = _first_from(rows, seed(access, leaves_s, ready, ready_by))
    while i < len(rows) and rows[i, 0] < found[0]:
        now, group, again = rows[i, 0], i, True
        while again:
            again, i = False, group
            while i < len(rows) and rows[i, 0] == now:
                at, event, run, flags = rows[i, 1], rows[i, 2], rows[i, 5], rows[i, 6]
                stop, goal = rows[i, 3], rows[i, 4]
                i += 1
                # boarded at all, and in this second not only further on
                if aboard[run] < 0 or event < aboard[run] < net.first_event[run + 1]:
                    if ready[stop] > now or not flags & 1:
                        continue
                    aboard[run] = event
                if flags & 2 and at < arrived[goal]:
                    arrived[goal] = at
                    if head[goal] >= 0:
                        value, offer = best_offer(egress, head[goal], following, at)
                        if value < found[0]:
                            found[0], found[1] = value, offer
                            last[0], last[1] = aboard[run], event + 1
                    soonest = at + net.change_s[goal]
                    if soonest < ready[goal]:
                        ready[goal] = soonest
                        ready_by[goal, 0], ready_by[goal, 1] = aboard[run], event + 1
                        again |= soonest <= now
                    for walk in range(net.first_walk[goal], net.first_walk[goal + 1]):
                        if net.walk_s[walk] > longest_walk_s:
                            break
                        other, soonest = net.walk_stop[walk], at + net.walk_s[walk]
                        if soonest < ready[other]:
                            ready[other] = soonest
                            ready_by[other, 0], ready_by[other, 1] = aboard[run], event + 1
                            again |= soonest <= now
                if flags & 4:
                    for n in range(net.first_next[run], net.first_next[run + 1]):
                        other = net.next_run[n]
                        begins = net.first_event[other]
                        own = begins <= aboard[other] < net.first_event[other + 1]
                        if aboard[other] < 0 or own:
                            aboard[other] = aboard[run]
                            again |= net.departure_s[begins] <= now
    rides = np.empty((0, 2), np.int32)
    if last[1] >= 0:
        rides, found[2] = _way(net, ready_by, last)
    return arrived, found, rides


@njit(cache=True, nogil=True)
def run_of(net: Net, event: int) -> int:
    """Return the run an event belongs to."""
    return int(np.searchsorted(net.first_event, event, side="right")) - 1


@njit(cache=True, nogil=True)
def stop_of(net: Net, event: int) -> int:
    """Return the stop of an event."""
    run = run_of(net, event)
    place = net.first_place[net.run_line[run]] + event - net.first_event[run]
    return int(net.place_stop[place])


@njit(cache=True, nogil=True)
def _way(net: Net, ready_by: Int32, last: Int32) -> tuple[Int32, int]:
    """Follow the labels back from the last ride; return the rides and the access offer."""
    rides = np.empty((16, 2), np.int32)
    count, board, event = 0, last[0], last[1]
    while event >= 0:
        if count == len(rides):
            rides = np.concatenate((rides, np.empty_like(rides)))
        rides[count, 0], rides[count, 1] = board, event
        count += 1
        stop = stop_of(net, board)
        board, event = ready_by[stop, 0], ready_by[stop, 1]
    return rides[:count].copy(), -1 - event
