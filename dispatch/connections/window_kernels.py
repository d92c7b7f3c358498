"""Compiled: when a bus could bring somebody to each of many places at all, or take them on from there.

Optimistic, in constant time per place and gap of a tour: windows, ways and the hours of the shift count;
that others are aboard for too long, or room is taken, does not. What is ruled out here has no place in any
tour; what is not is asked exactly (``dispatch.insertion``).
"""

import numpy as np
from numba import njit

from dispatch.insertion.places_kernels import may_take
from dispatch.schedule.arrays import FAR, Ints, Opened, Road
from dispatch.schedule.driving_kernels import planned
from dispatch.schedule.rows import bus, halt, want

# rows of what is returned
PLACE, FROM_S, UNTIL_S = 0, 1, 2
"""Position in the list of places, and between which two times."""


@njit(cache=True, nogil=True)
def arrivals_at(opened: Opened, limits: Ints, road: Road, w: Ints, places: Ints) -> Ints:
    """Return (n, 3), when riders from the origin of ``w`` could arrive at each place.

    Parameters
    ----------
    w
        The ride, rows as in ``rows.want``; its destination is not read.
    places
        int64[p], indices into the travel tables, -1 where no bus comes.
    """
    spans = np.empty((places.size * (opened.halts.shape[0] + opened.buses.shape[0]), 3), np.int64)
    need, n = np.zeros(limits.shape[1], np.int64), 0
    origin, board_s = w[want.ORIGIN], w[want.STOP_S] + w[want.BOARD_S]
    seconds, _, factor, buffer_s = road
    for s in range(opened.buses.shape[0]):
        b = opened.buses[s]
        if not may_take(b, limits[s], w, need):
            continue
        soonest_s = FAR
        for gap in range(b[bus.FIRST], b[bus.END] + 1):
            before, free_s, after, by_s = _gap(opened, b, gap)
            to_s = planned(seconds[before, origin], factor, buffer_s)
            ready_s = max(w[want.PICK_FROM], free_s + to_s)
            fits = to_s < FAR and ready_s <= w[want.PICK_UNTIL]
            for p in range(places.size):
                place = places[p]
                if place < 0:
                    continue
                direct_s = planned(seconds[origin, place], factor, buffer_s)
                home_s = planned(seconds[place, after], factor, buffer_s)
                if direct_s >= FAR or home_s >= FAR:
                    continue
                from_s = FAR
                if fits:
                    from_s = ready_s + board_s + direct_s
                if soonest_s < FAR:
                    leg_s = planned(seconds[before, place], factor, buffer_s)
                    from_s = min(from_s, max(free_s + leg_s, soonest_s + direct_s))
                if from_s <= by_s - home_s:
                    spans[n] = p, from_s, by_s - home_s
                    n += 1
            if fits:
                soonest_s = min(soonest_s, ready_s + w[want.BOARD_S])
            if gap < b[bus.END] and opened.halts[gap, halt.PLACE] == origin:
                joined_s = max(w[want.PICK_FROM], opened.halts[gap, halt.EARLIEST])
                soonest_s = min(soonest_s, joined_s + w[want.BOARD_S])
    return _merged(spans[:n])


@njit(cache=True, nogil=True)
def departures_from(opened: Opened, limits: Ints, road: Road, w: Ints, places: Ints) -> Ints:
    """Return (n, 3), when riders to the destination of ``w`` could be picked up at each place."""
    spans = np.empty((places.size * (opened.halts.shape[0] + opened.buses.shape[0]), 3), np.int64)
    need, n = np.zeros(limits.shape[1], np.int64), 0
    goal = w[want.DESTINATION]
    seconds, _, factor, buffer_s = road
    for s in range(opened.buses.shape[0]):
        b = opened.buses[s]
        if not may_take(b, limits[s], w, need):
            continue
        latest_s = -FAR
        for gap in range(b[bus.END], b[bus.FIRST] - 1, -1):
            before, free_s, after, by_s = _gap(opened, b, gap)
            home_s = planned(seconds[goal, after], factor, buffer_s)
            if home_s < FAR:
                latest_s = max(latest_s, min(by_s - home_s, w[want.DROP_UNTIL]))
            for p in range(places.size):
                place = places[p]
                if place < 0:
                    continue
                direct_s = planned(seconds[place, goal], factor, buffer_s)
                from_s = free_s + planned(seconds[before, place], factor, buffer_s)
                if gap < b[bus.END] and opened.halts[gap, halt.PLACE] == place:
                    from_s = min(from_s, opened.halts[gap, halt.EARLIEST])
                until_s = latest_s - direct_s - w[want.BOARD_S]
                if from_s <= until_s:
                    spans[n] = p, from_s, until_s
                    n += 1
    return _merged(spans[:n])


@njit(cache=True, nogil=True)
def _gap(opened: Opened, b: Ints, gap: int) -> tuple[int, int, int, int]:
    """Where the bus is before a gap, free from when; where it goes after it, to be there by when."""
    halts = opened.halts
    before, free_s = b[bus.PLACE], b[bus.FREE_NEW_S]
    if gap > b[bus.FIRST]:
        before = halts[gap - 1, halt.PLACE]
        free_s = halts[gap - 1, halt.EARLIEST] + halts[gap - 1, halt.SERVICE]
    ahead = halts[gap, halt.NEXT] if gap < b[bus.END] else b[bus.END]
    if ahead < b[bus.END]:
        return before, free_s, halts[ahead, halt.PLACE], halts[ahead, halt.LATEST]
    return before, free_s, b[bus.END_PLACE], b[bus.END_S]


@njit(cache=True, nogil=True)
def _merged(spans: Ints) -> Ints:
    """Join spans of the same place that touch, by place and time."""
    order = np.argsort(spans[:, FROM_S], kind="mergesort")
    order = order[np.argsort(spans[order, PLACE], kind="mergesort")]
    merged, n = np.empty((order.size, 3), np.int64), 0
    for k in order:
        if (
            n
            and merged[n - 1, PLACE] == spans[k, PLACE]
            and (spans[k, FROM_S] <= merged[n - 1, UNTIL_S])
        ):
            merged[n - 1, UNTIL_S] = max(merged[n - 1, UNTIL_S], spans[k, UNTIL_S])
        else:
            merged[n] = spans[k]
            n += 1
    return merged[:n]
