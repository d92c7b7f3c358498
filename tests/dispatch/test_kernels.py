"""The kernels mean the same compiled and as plain Python."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba.core.registry import CPUDispatcher

from dispatch.insertion import kernels as insertion
from dispatch.insertion import search
from dispatch.insertion.search import Terms, find_all
from dispatch.model import BookingId, PlaceIndex, Request, TimeKind
from dispatch.schedule import kernels as schedule
from dispatch.schedule import snapshot
from dispatch.schedule.snapshot import Snapshot

POINTS = [(0, 0), (5000, 0), (5500, 0), (6000, 100), (12000, 0), (6000, 9000)]
wishes = st.tuples(
    st.permutations(range(1, 6)), st.integers(8 * 12, 12 * 12), st.sampled_from([1, 2, 5])
)


@contextmanager
def interpreted() -> Iterator[None]:
    """Let every kernel call every other one as plain Python."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (schedule, insertion, search, snapshot):
            for name, member in list(vars(module).items()):
                if isinstance(member, CPUDispatcher):
                    patch.setattr(module, name, member.py_func)
        yield


@settings(max_examples=15)
@given(
    booked=st.lists(wishes, max_size=5),
    wish=wishes,
    hour=st.sampled_from([-6, 9, 10]),
    seats=st.integers(4, 8),
)
def test_compiled_equals_interpreted(
    open_day: Callable[..., Any],
    bus: Callable[..., Any],
    booked: list[tuple[list[int], int, int]],
    wish: tuple[list[int], int, int],
    hour: int,
    seats: int,
) -> None:
    """The same schedules, bounds, costs and places, before the day and in the middle of it."""
    day = open_day(POINTS)
    day.open("a", "08:00", "12:00", vehicle=bus("one", seats))
    day.open("b", "09:00", "13:00", depot=1, vehicle=bus("two"))
    for (origin, destination, *_), five_minutes, people in booked:
        time = f"{five_minutes // 12:02}:{five_minutes % 12 * 5:02}"
        answer = day.ask(origin, destination, time, seat=people)
        if isinstance(answer, tuple):
            day.take(answer[0])
    (origin, destination, *_), five_minutes, people = wish
    ends = PlaceIndex(origin), PlaceIndex(destination)
    from_s = five_minutes * 300
    request = Request(BookingId("new"), *ends, TimeKind.DEPART_AT, from_s, (people, 0, 0, 0))
    terms = Terms(request, from_s, from_s + 3600, 0, 10**6, 2700, from_s, 0.5)
    compiled = Snapshot.at(day.state, hour * 3600)
    with interpreted():
        plain = Snapshot.at(day.state, hour * 3600)
        found = find_all(plain, terms)
        tours = [search.tour_with(plain, terms, place) for place in found]
    for one, other in zip(compiled.base, plain.base, strict=True):
        np.testing.assert_array_equal(one, other)
    assert find_all(compiled, terms) == found
    assert [search.tour_with(compiled, terms, place) for place in found] == tours
