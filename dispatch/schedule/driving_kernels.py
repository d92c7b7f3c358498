"""Compiled driving times."""

import math

import numpy as np
from numba import njit

from dispatch.model import UNREACHABLE
from dispatch.schedule.arrays import FAR, Ints, Road


@njit(cache=True, nogil=True)
def planned(table_s: int, factor: float, buffer_s: int) -> int:
    """Planned seconds for a time of the travel table, as ``Policy.driving_s``; no way: ``FAR``."""
    if table_s == 0:
        return 0
    if table_s >= UNREACHABLE:
        return FAR
    return math.ceil(table_s * factor) + buffer_s


@njit(cache=True, nogil=True)
def driving(road: Road, a: int, b: int) -> int:
    """Planned driving seconds between two places."""
    return planned(road.seconds[a, b], road.factor, road.buffer_s)


@njit(cache=True, nogil=True)
def length(road: Road, a: int, b: int) -> int:
    """Metres between two places; 0 where there is no way."""
    metres = int(road.metres[a, b])
    return metres if metres < UNREACHABLE else 0


@njit(cache=True, nogil=True)
def ways(road: Road, ends: Ints) -> Ints:
    """Planned seconds and metres, shape (n, 2), of n ways with ``ends`` (n, 2)."""
    result = np.empty_like(ends)
    for k in range(ends.shape[0]):
        result[k, 0] = driving(road, ends[k, 0], ends[k, 1])
        result[k, 1] = length(road, ends[k, 0], ends[k, 1])
    return result
