"""Compiled search for the best insertion of a ride: places by their bounds, the cheapest scheduled exactly.

A place whose bound exceeds the best cost found is never scheduled (branch by cost), so of some hundred
places a handful is. The result is that of scheduling all of them.
"""

import numpy as np
from numba import njit

from dispatch.insertion import rows
from dispatch.insertion.arrays import Ask, Scratch
from dispatch.insertion.places_kernels import LEGS, list_places, may_take
from dispatch.insertion.price_kernels import price, write_draft
from dispatch.schedule.arrays import Floats, Ints, Opened, Road
from dispatch.schedule.rows import bus, draft, rider, want
from dispatch.schedule.times_kernels import settle

_TIE = 1e-6
_ROOM_AT_FIRST = 1_024

BEST, OF_EACH, ANY = 0, 1, 2
"""What to find: the best over all shifts, the best of each shift, anything that is feasible."""


@njit(cache=True, nogil=True)
def search(
    opened: Opened,
    limits: Ints,
    road: Road,
    wanted: Ints,
    slices: Ints,
    weights: Floats,
    risk_slack_s: int,
    what: int,
) -> tuple[Floats, Ints]:
    """Find the cheapest places for a ride in each slice of time.

    Parameters
    ----------
    opened, limits, road
        The day, see ``dispatch.schedule.arrays``.
    wanted
        The ride, rows as in ``rows.want``; the rows of the times are overwritten by the slices'.
    slices
        (slices, 4), as in :class:`dispatch.insertion.terms.Slice`.
    weights
        (rows.WEIGHTS,).
    what
        ``BEST``, ``OF_EACH`` or ``ANY``.

    Returns
    -------
    Costs (slices, results), inf where there is none, and hits (slices, results, rows.HIT); one result
    a slice, or with ``OF_EACH`` one for every shift.
    """
    size, visits = opened.buses.shape[0], opened.halts.shape[0]
    results = size if what == OF_EACH else 1
    costs = np.full((slices.shape[0], results), np.inf)
    hits = np.zeros((slices.shape[0], results, rows.HIT), np.int64)
    w = wanted.copy()
    legs = np.empty((visits + size, LEGS), np.int64)
    legs[:, LEGS - 1] = 0
    ask = Ask(w, np.zeros(limits.shape[1], np.int64), weights, risk_slack_s)
    places = np.empty((_ROOM_AT_FIRST, rows.CANDIDATE), np.int64)
    bounds = np.empty(_ROOM_AT_FIRST)
    longest, most = 0, 0
    for s in range(size):
        b = opened.buses[s]
        longest = max(longest, b[bus.END] - b[bus.FIRST])
        most = max(most, b[bus.RIDERS_UNTIL] - b[bus.RIDERS_FROM])
    d = np.empty((draft.ROWS, longest + 3), np.int64)
    q = np.empty((rider.ROWS, most + 1), np.int64)
    scratch = Scratch(legs, places, bounds, d, q)
    for part in range(slices.shape[0]):
        for row in range(4):
            w[want.PICK_FROM + row] = slices[part, row]
        count, s = 0, 0
        while s < size:
            more = count
            if may_take(opened.buses[s], limits[s], w, ask.need):
                more = list_places(opened, road, limits[s], ask, s, scratch, count)
            if more < 0:
                places, bounds = np.concatenate((places, places)), np.concatenate((bounds, bounds))
                scratch = Scratch(legs, places, bounds, d, q)
            else:
                count, s = more, s + 1
        choose(opened, road, ask, scratch, count, what, costs[part], hits[part])
    return costs, hits


@njit(cache=True, nogil=True)
def choose(
    opened: Opened,
    road: Road,
    ask: Ask,
    scratch: Scratch,
    count: int,
    what: int,
    costs: Floats,
    hits: Ints,
) -> None:
    """Schedule places in the order of their bounds as long as one of them may be the best."""
    places, bounds = scratch.places, scratch.bounds
    heap = np.arange(count)
    for root in range(count // 2 - 1, -1, -1):
        sift(heap, count, root, bounds)
    hit = np.zeros(rows.HIT, np.int64)
    while count > 0:
        top = heap[0]
        count -= 1
        heap[0] = heap[count]
        sift(heap, count, 0, bounds)
        result = places[top, rows.BUS] if what == OF_EACH else 0
        if bounds[top] > costs[result] + _TIE:
            if what == OF_EACH:
                continue
            return
        hit[: rows.CANDIDATE] = places[top]
        cost = price(opened, road, ask, hit, scratch.draft, scratch.riders)
        if is_better(cost, hit, costs[result], hits[result]):
            costs[result] = cost
            hits[result] = hit
            if what == ANY:
                return


@njit(cache=True, nogil=True)
def is_better(cost: float, hit: Ints, best: float, known: Ints) -> bool:
    """Whether a hit beats the best so far: by cost, then by time, then by the order of places."""
    if cost < best - _TIE:
        return True
    if cost > best + _TIE or cost == np.inf:
        return False
    for row in (rows.PICKUP_S, rows.ARRIVAL_S):
        if hit[row] != known[row]:
            return bool(hit[row] < known[row])
    for row in range(rows.JOIN_TO + 1):
        if hit[row] != known[row]:
            return bool(hit[row] < known[row])
    return False


@njit(cache=True, nogil=True)
def sift(heap: Ints, count: int, root: int, bounds: Floats) -> None:
    """Let the entry at ``root`` sink to where no child has a smaller bound."""
    item = heap[root]
    while True:
        child = 2 * root + 1
        if child >= count:
            break
        if child + 1 < count and bounds[heap[child + 1]] < bounds[heap[child]]:
            child += 1
        if bounds[item] <= bounds[heap[child]]:
            break
        heap[root] = heap[child]
        root = child
    heap[root] = item


@njit(cache=True, nogil=True)
def price_one(
    opened: Opened, road: Road, w: Ints, weights: Floats, risk_slack_s: int, hit: Ints
) -> float:
    """Price one given place and complete it to a hit; inf where it is infeasible."""
    b = opened.buses[hit[rows.BUS]]
    d = np.empty((draft.ROWS, b[bus.END] - b[bus.FIRST] + 3), np.int64)
    q = np.empty((rider.ROWS, b[bus.RIDERS_UNTIL] - b[bus.RIDERS_FROM] + 1), np.int64)
    return price(opened, road, Ask(w, w, weights, risk_slack_s), hit, d, q)


@njit(cache=True, nogil=True)
def times_with(opened: Opened, road: Road, w: Ints, hit: Ints) -> tuple[bool, Ints, Ints]:
    """Feasibility, arrival and service of every open visit of a tour with the wanted ride in it."""
    b = opened.buses[hit[rows.BUS]]
    d = np.empty((draft.ROWS, b[bus.END] - b[bus.FIRST] + 3), np.int64)
    riders = b[bus.RIDERS_UNTIL] - b[bus.RIDERS_FROM] + 1
    q = np.empty((rider.ROWS, riders), np.int64)
    n = write_draft(opened, road, w, hit, d, q)
    inside = settle(d, n, q, riders)
    return inside, d[draft.T, :n].copy(), d[draft.SERVICE, :n].copy()
