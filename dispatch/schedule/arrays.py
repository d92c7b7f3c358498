"""What the kernels' arrays hold: int64 seconds and metres, the tours of a day one after the other.

Python packs each tour once (:class:`Packed`); a kernel turns the packed day into what is *open* at a
moment (:class:`Opened`). The rows of both are named in ``dispatch.schedule.rows``.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

FAR = 2**40
"""Later than every time and more than every load (sums of a few do not overflow int64)."""

ALONE_TAKES = 1_000
"""What a party that rides alone takes of the first limit of every bus; any other takes 1 of as many."""


class Packed(NamedTuple):
    """Whole tours of S shifts with V visits and R rides in all; rows as in ``rows.packed``.

    ``legs[k + s]`` are the seconds and metres of the leg to visit k of shift s, behind its last visit
    those of the way home.
    """

    buses: Ints  # (S, packed.BUS_ROWS)
    visits: Ints  # (V, packed.VISIT_ROWS)
    rides: Ints  # (R, packed.LOAD + kinds of load)
    legs: Ints  # (V + S, 2)
    directs: Ints  # (R, 2) seconds and metres of each ride without detours
    limits: (
        Ints  # (S, L, kinds of load + 1) coefficients and room; the first is the one of ``alone``
    )


class Road(NamedTuple):
    """Travel tables, int32 (places, places), read-only, with the factor and buffer of the policy."""

    seconds: Int32s
    metres: Int32s
    factor: float
    buffer_s: int


class Opened(NamedTuple):
    """What is still open of a packed day, and how it stands; rows as in ``rows.bus`` and so on.

    Visits keep their index; the rows of those that are settled mean nothing. ``taken[k + s]`` is the
    room taken in each limit before visit k of shift s: there is one more of these than visits.
    """

    buses: Ints  # (S, bus.ROWS)
    halts: Ints  # (V, halt.ROWS)
    riders: Ints  # (R, rider.ROWS)
    taken: Ints  # (V + S, L)


class Places(NamedTuple):
    """Where a ride boards and alights in a tour, counted in open visits before the insertion.

    It boards in a new visit before visit ``at`` or, if ``join_at`` is 1, in that visit itself; it
    alights likewise at ``to``. ``at`` = -1: nowhere.
    """

    at: int
    join_at: int
    to: int
    join_to: int
