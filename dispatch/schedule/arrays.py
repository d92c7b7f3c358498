"""The arrays the kernels work on: int64 seconds and metres, tours one after the other.

The kernels see *open* visits only: what was driven, or is about to be, is summed up by the place and
time from which the bus is free again. ``dispatch.schedule.snapshot`` builds these.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

FAR = 2**40
"""Later than every time and more than every load (sums of a few do not overflow int64)."""


class Road(NamedTuple):
    """Travel tables, int32 (places, places), read-only, with the factor and buffer of the policy."""

    seconds: npt.NDArray[np.int32]
    metres: npt.NDArray[np.int32]
    factor: float
    buffer_s: int


class Tours(NamedTuple):
    """S tours with V open visits and R riders on them in all; tour s has visits first[s]:first[s+1]."""

    first: Ints  # (S+1,)
    origin: Ints  # (S,) place where the bus becomes free
    free_s: Ints  # (S,) time from which the bus drives to its first open visit
    free_new_s: Ints  # (S,) the same for a visit that is inserted before that
    end_place: Ints  # (S,)
    end_s: Ints  # (S,) the bus is back by then
    unused: Ints  # (S,) 1 where the shift carries nobody at all
    aboard: Ints  # (S, L) room taken in each limit when the bus becomes free
    room: Ints  # (S, L)
    place: Ints  # (V,)
    lo: Ints  # (V,) doors open not before
    hi: Ints  # (V,) doors open not after
    service: Ints  # (V,) seconds from doors open to departure
    use: Ints  # (V, L) room taken when leaving the visit
    rider_first: Ints  # (S+1,)
    pick: Ints  # (R,) open visit within the tour, -1 for who is aboard already
    drop: Ints  # (R,) open visit within the tour
    limit: Ints  # (R,) longest ride
    departed: Ints  # (R,) departure with the rider where pick is -1
    direct: Ints  # (R,)
    persons: Ints  # (R,)


class Base(NamedTuple):
    """The tours as they stand: schedule, limits that hold even when reality is late, cost."""

    planned: Ints  # (V,) canonical schedule
    earliest: Ints  # (V,)
    latest: Ints  # (V,) later than this somebody's limit breaks, ride times aside
    hi: Ints  # (V,) at least the promise; where reality is later than that, what can be kept
    limit: Ints  # (R,) the same for the longest ride
    end_s: Ints  # (S,) the same for the end of the shift
    drive_s: Ints  # (S,)
    metres: Ints  # (S,)
    excess_s: Ints  # (S,) passenger-seconds beyond the direct ride


class Want(NamedTuple):
    """The ride to insert; ``need`` (S, L) is the room it takes in each vehicle's limits."""

    origin: int
    destination: int
    pick_from: int
    pick_until: int
    drop_from: int
    drop_until: int
    limit: int
    direct: int
    persons: int
    handling: int
    stop_s: int
    wish_s: int
    wish_is_arrival: int
    need: Ints


class Places(NamedTuple):
    """Where a ride boards and alights in a tour, counted in open visits before the insertion.

    It boards in a new visit before visit ``at`` or, if ``join_at`` is 1, in that visit itself; it
    alights likewise at ``to``. ``at`` = -1: nowhere.
    """

    at: int
    join_at: int
    to: int
    join_to: int


class Case(NamedTuple):
    """One question to the kernels: these tours, as they stand, and this ride."""

    tours: Tours
    base: Base
    road: Road
    want: Want


class Draft(NamedTuple):
    """Scratch for one tour of n visits and r riders, columns as in :class:`Tours`."""

    place: Ints
    lo: Ints
    hi: Ints
    service: Ints
    leg: Ints  # (n,) driving time to each visit; leg[0] is contained in lo[0]
    alights: Ints  # (n,) 1 where somebody leaves the bus
    t: Ints  # (n,) the schedule
    pick: Ints
    drop: Ints
    limit: Ints
    departed: Ints
    direct: Ints
    persons: Ints
