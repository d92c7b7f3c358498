"""How much longer than a drive by car a ride takes, learnt from rides that were driven.

GTFS defines ``safe_duration_factor`` and ``safe_duration_offset`` (trips.txt): factor x driving + offset
is the time a rider needs at most in 95 % of the cases. That is a linear quantile regression (Koenker and
Bassett 1978), solved as the linear program it is; a few rides that went wrong do not pull the line, as
they would pull a mean.
"""

from collections.abc import Sequence
from math import ceil

import numpy as np
from scipy.optimize import linprog

from gtfs.export.service import SafeDuration

SHARE = 0.95
FEWEST_RIDES = 100
"""Fewer rides say little about the slowest twentieth: five of a hundred."""


def fit_safe_duration(
    driving_s: Sequence[int], ride_s: Sequence[int], fallback: SafeDuration
) -> SafeDuration:
    """Return the line below which 95 % of the rides lie.

    Parameters
    ----------
    driving_s, ride_s
        Of each ride: seconds of driving there directly, and seconds from the bus's arrival at the pickup to
        its arrival at the drop-off.
    fallback
        What the rules promise at worst; the answer while there are fewer than :data:`FEWEST_RIDES`.
    """
    if len(driving_s) != len(ride_s):
        raise ValueError("every ride needs both of its times")
    count = len(ride_s)
    if count < FEWEST_RIDES:
        return fallback
    line = np.column_stack((driving_s, np.ones(count)))
    # ride = factor x driving + offset + above - below; a second above costs 19 times one below
    each = np.eye(count)
    solved = linprog(
        c=np.concatenate(([0.0, 0.0], np.full(count, SHARE), np.full(count, 1 - SHARE))),
        A_eq=np.hstack((line, each, -each)),
        b_eq=np.asarray(ride_s, dtype=np.float64),
        # no ride is reckoned shorter than the drive
        bounds=[(1.0, None), *[(0.0, None)] * (2 * count + 1)],
        method="highs",
    )
    factor, offset = np.asarray(solved.x)[:2].tolist()
    # rounded up, so that no ride below the line comes to lie above it
    return SafeDuration(ceil(factor * 100 - 1e-6) / 100, ceil(offset - 1e-6))
