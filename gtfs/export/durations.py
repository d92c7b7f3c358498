"""How much longer than a drive by car a ride takes, learnt from rides that were driven.

GTFS defines ``safe_duration_factor`` and ``safe_duration_offset`` (trips.txt): factor x driving + offset
is the time a rider needs at most in 95 % of the cases. That is a linear quantile regression (Koenker and
Bassett 1978): a few rides that went wrong do not pull the line, as they would pull a mean.
"""

from collections.abc import Sequence
from math import ceil

import numpy as np

from gtfs.export.service import SafeDuration

SHARE = 0.95
FEWEST_RIDES = 100
"""Fewer rides say little about the slowest twentieth: five of a hundred."""
_FACTORS = np.arange(1.0, 5.005, 0.01)
"""No ride is reckoned shorter than the drive; all steps are tried, which is simpler than to descend."""


def fit_safe_duration(
    driving_s: Sequence[int], ride_s: Sequence[int], fallback: SafeDuration
) -> SafeDuration:
    """Return the line below which 95 % of the rides lie, and which is nearest to them.

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
    beyond = np.asarray(ride_s) - np.outer(_FACTORS, driving_s)
    # for each factor the best offset is the quantile of what is left; never below 0
    rank = ceil(SHARE * count) - 1
    offsets = np.maximum(np.partition(beyond, rank, axis=1)[:, rank], 0.0)
    left = beyond - offsets[:, None]
    # a second above the line costs 19 times one below
    loss = np.where(left > 0, SHARE * left, (SHARE - 1) * left).sum(axis=1)
    best = int(np.argmin(loss))
    return SafeDuration(round(float(_FACTORS[best]), 2), ceil(offsets[best]))
