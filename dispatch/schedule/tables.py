"""Travel tables as the kernels take them, and how to know them again.

A table that grows with the places of a day may be a corner of a larger array: adding a place then moves
nothing, and what was there stays as it was.
"""

from weakref import ref

import numpy as np

from dispatch.model import Travel
from dispatch.policy import Policy
from dispatch.schedule.arrays import Int32s, Road


class Tables:
    """Which travel tables something was made from; does not keep them in memory.

    Two are equal if they are the very tables, or if one has more places in the same arrays.
    """

    __slots__ = ("_arrays", "_corners")

    def __init__(self, travel: Travel) -> None:
        tables = travel.seconds, travel.metres
        self._arrays = tuple(ref(_array_of(table)) for table in tables)
        self._corners = tuple(_address(table) for table in tables)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tables) or self._corners != other._corners:
            return False
        pairs = zip(self._arrays, other._arrays, strict=True)
        return all(one() is other() and one() is not None for one, other in pairs)

    __hash__ = None  # type: ignore[assignment]  # arrays that are gone are equal to none


def road_of(travel: Travel, policy: Policy) -> Road:
    """Wrap the travel tables for the kernels (read-only and contiguous: one type, compiled once)."""
    seconds, metres = _contiguous(travel.seconds), _contiguous(travel.metres)
    seconds.flags.writeable = metres.flags.writeable = False
    return Road(seconds, metres, float(policy.travel_factor), int(policy.travel_buffer_s))


def _contiguous(table: Int32s) -> Int32s:
    """Return a view of the table; of a corner, a view of the whole array, which has the same indices."""
    if table.flags.c_contiguous:
        return table.view()
    whole = _array_of(table)
    if whole.ndim == table.ndim and whole.flags.c_contiguous and _address(whole) == _address(table):
        return whole.view()
    return np.ascontiguousarray(table)


def _array_of(table: Int32s) -> Int32s:
    return table.base if isinstance(table.base, np.ndarray) else table


def _address(table: Int32s) -> int:
    return int(table.__array_interface__["data"][0])
