"""Whom a tour carries and which visits it has, remembered for as long as it is the very same tour."""

from typing import NamedTuple

from dispatch.model import BookingId, Tour, VisitId

_REMEMBERED = 4_096


class Contents(NamedTuple):
    """Ids of a tour's visits, and of all who board or leave at them."""

    visits: frozenset[VisitId]
    riders: frozenset[BookingId]


_memory: dict[int, tuple[Tour, Contents]] = {}
"""By the identity of the tour, which is kept alive with it: tours are immutable."""


def contents(tour: Tour) -> Contents:
    """Tell what is in a tour. Of a day with one new booking only one tour is gone through."""
    known = _memory.get(id(tour))
    if known is not None and known[0] is tour:
        return known[1]
    riders = frozenset(key for visit in tour.visits for key in (*visit.board, *visit.alight))
    found = Contents(frozenset(visit.id for visit in tour.visits), riders)
    if len(_memory) >= _REMEMBERED:
        _memory.clear()
    _memory[id(tour)] = tour, found
    return found
