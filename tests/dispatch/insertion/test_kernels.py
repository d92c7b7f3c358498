"""The kernels mean the same compiled and as plain Python."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba.core.registry import CPUDispatcher

from dispatch.insertion import places_kernels, price_kernels, search, search_kernels
from dispatch.insertion.search import find_all, find_best, planned_with, tour_with
from dispatch.schedule import (
    driving_kernels,
    opening_kernels,
    packing,
    snapshot,
    times_kernels,
)
from dispatch.schedule.snapshot import Snapshot

MODULES = (
    driving_kernels,
    times_kernels,
    opening_kernels,
    packing,
    snapshot,
    places_kernels,
    price_kernels,
    search_kernels,
    search,
)


@contextmanager
def interpreted() -> Iterator[None]:
    """Let every kernel call every other one as plain Python, and nothing be known from before."""
    packing.forget()
    snapshot.forget()
    with pytest.MonkeyPatch.context() as patch:
        for module in MODULES:
            for name, member in list(vars(module).items()):
                if isinstance(member, CPUDispatcher):
                    patch.setattr(module, name, member.py_func)
        yield
    packing.forget()
    snapshot.forget()


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10**9),
    rides=st.integers(0, 8),
    now_s=st.sampled_from([-6 * 3600, 9 * 3600, 10 * 3600]),
)
def test_compiled_equals_interpreted(
    draw_day: Any, draw_terms: Any, seed: int, rides: int, now_s: int
) -> None:
    """The same schedules, bounds, costs and places, before the day and in the middle of it."""
    chance = Random(seed)
    state = draw_day(chance, rides)
    terms = draw_terms(chance, state, now_s)
    with interpreted():
        plain = Snapshot.at(state, now_s)
        found = find_all(plain, terms)
        best = find_best(plain, terms, (terms.times,))
        again = [planned_with(plain, terms, place) for place in found]
        tours = [tour_with(plain, terms, place) for place in found]
    compiled = Snapshot.at(state, now_s)
    for one, other in zip(compiled.opened, plain.opened, strict=True):
        np.testing.assert_array_equal(one, other)
    assert find_all(compiled, terms) == found
    assert find_best(compiled, terms, (terms.times,)) == best
    assert [planned_with(compiled, terms, place) for place in found] == again
    assert [tour_with(compiled, terms, place) for place in found] == tours
