"""What a round of RAPTOR knows and writes down: labels of stops, and working space."""

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
def make_ready(times: Int32, by: Int32, stop: int, rides: int, at: int, event: int) -> None:
    """Note from when a stop can be boarded with ``rides`` rides, and with more where that is not better."""
    for k in range(rides, times.shape[1]):
        if times[stop, k] <= at:
            break
        times[stop, k] = at
        by[stop, k] = event


@njit(cache=True, nogil=True)
def arrive(
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
