"""All useful journeys of a window: RAPTOR, from the last departure to the first.

Delling, Pajor, Werneck: Round-Based Public Transit Routing, Transportation Science 2015 (rRAPTOR). Round k
finds what can be reached with k rides; labels of later departures stay, so that an earlier one only finds
what arrives earlier or needs fewer rides.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from gtfs.label_kernels import Desk, Labels, make_ready, new_desk, new_labels
from gtfs.net import NEVER, Net
from gtfs.round_kernels import change, first_run, queue_lines, ride
from gtfs.scan_kernels import best_offer, chain_offers, stop_of

Int32 = npt.NDArray[np.int32]


@njit(cache=True, nogil=True)
def leaving_times(net: Net, access: Int32, since_s: int, until_s: int) -> Int32:
    """Return when to leave for the departures at the offers' stops, within the window; latest first."""
    times = np.empty(16, np.int32)
    count = 0
    for i in range(len(access)):
        stop, seconds, since, until = access[i, 0], access[i, 1], access[i, 2], access[i, 3]
        for call in range(net.first_call[stop], net.first_call[stop + 1]):
            line, place = net.call_line[call], net.call_place[call]
            end = net.first_run[line + 1]
            begin, at = net.first_run[line], max(since, since_s + seconds)
            first = first_run(net.first_event, net.departure_s, begin, end, place, at)
            for run in range(first, end):
                at = min(net.departure_s[net.first_event[run] + place], until)
                if at < since or not since_s <= at - seconds <= until_s:
                    break
                if count == len(times):
                    times = np.concatenate((times, np.empty(count, np.int32)))
                times[count] = at - seconds
                count += 1
    return np.unique(times[:count])[::-1].copy()


@njit(cache=True, nogil=True)
def journeys_between(
    net: Net,
    access: Int32,
    egress: Int32,
    leaving: Int32,
    after_s: int,
    most_rides: int,
    longest_walk_s: int,
) -> tuple[Int32, Int32]:
    """Find the Pareto set of departure, arrival and rides over all times of leaving.

    Parameters
    ----------
    access, egress
        int32[n, 4]: stop, seconds, from, until.
    leaving
        int32[d], when to leave, latest first.
    after_s
        Who could leave then at the latest is not listed, but what he reaches makes others useless;
        ``NEVER`` if there is no such time.

    Returns
    -------
    found
        int32[n, 5]: leaving, arrival, rides, access offer, egress offer.
    rides
        int32[n, most_rides, 2], first and last event of each ride, in order.
    """
    labels, desk = new_labels(net, most_rides), new_desk(net)
    head, following = chain_offers(egress, len(net.change_s))
    found = np.empty((16, 5), np.int32)
    ways = np.empty((16, most_rides, 2), np.int32)
    listed = 0
    for turn in range(-1, len(leaving)):
        leaves = after_s if turn < 0 else leaving[turn]
        if leaves == NEVER:
            continue
        marks = _seed(labels, desk, access, leaves)
        for rides in range(1, most_rides + 1):
            count = ride(net, labels, desk, rides, queue_lines(net, desk, marks))
            better = _reach_goal(labels, desk, egress, head, following, rides, count)
            marks = change(net, labels, desk, rides, count, longest_walk_s)
            if better and turn >= 0:
                if listed == len(found):
                    found = np.concatenate((found, np.empty_like(found)))
                    ways = np.concatenate((ways, np.empty_like(ways)))
                found[listed, 0], found[listed, 1] = leaves, labels.goal[rides]
                found[listed, 2], found[listed, 4] = rides, labels.goal_offer[rides]
                found[listed, 3] = _way(net, labels, rides, ways[listed])
                listed += 1
            if marks == 0:
                break
        desk.is_marked[desk.marked[:marks]] = False
    return found[:listed], ways[:listed]


@njit(cache=True, nogil=True)
def _seed(labels: Labels, desk: Desk, access: Int32, leaves_s: int) -> int:
    """Mark the offers' stops that are reached earlier than ever; return how many."""
    count = 0
    for i in range(len(access)):
        stop, at = access[i, 0], max(leaves_s + access[i, 1], access[i, 2])
        if at > access[i, 3] or at >= labels.ready[stop, 0]:
            continue
        make_ready(labels.ready, labels.ready_by, stop, 0, at, -1 - i)
        if not desk.is_marked[stop]:
            desk.is_marked[stop] = True
            desk.marked[count] = stop
            count += 1
    return count


@njit(cache=True, nogil=True)
def _reach_goal(
    labels: Labels,
    desk: Desk,
    egress: Int32,
    head: Int32,
    following: Int32,
    rides: int,
    count: int,
) -> bool:
    """Go on to the goal from the stops reached; return whether that is earlier than ever."""
    better = False
    for r in range(count):
        stop = desk.reached[r]
        if head[stop] < 0:
            continue
        value, offer = best_offer(egress, head[stop], following, labels.arrived[stop, rides])
        if value < labels.goal[rides]:
            better = True
            for k in range(rides, len(labels.goal)):
                if value < labels.goal[k]:
                    labels.goal[k], labels.goal_offer[k] = value, offer
                    labels.goal_event[k] = labels.left[stop, rides]
    return better


@njit(cache=True, nogil=True)
def _way(net: Net, labels: Labels, rides: int, way: Int32) -> int:
    """Write the rides that lead to the goal, return the access offer."""
    event = labels.goal_event[rides]
    for k in range(rides, 0, -1):
        stop = stop_of(net, event)
        board = labels.boarded[stop, k]
        way[k - 1, 0], way[k - 1, 1] = board, labels.left[stop, k]
        event = labels.ready_by[stop_of(net, board), k - 1]
    return int(-1 - event)
