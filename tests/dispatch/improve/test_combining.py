"""Set partitioning chooses what enumeration chooses, and the search goes on from it."""

from itertools import chain, combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.exact.partition import combine
from dispatch.improve.columns import Columns, drawn

N = 5


def _columns(
    sets: list[frozenset[int]], costs: list[int], kinds: list[int], penalty: list[float]
) -> Columns:
    return Columns(
        rows=np.array([r for each in sets for r in sorted(each)], np.int64),
        first=np.cumsum([0, *(len(each) for each in sets)]),
        cost=np.array(costs, float),
        kind=np.array(kinds),
        available=np.array([1, 2]),
        penalty=np.array(penalty),
    )


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_cheapest_choice_is_found(data: st.DataObject) -> None:
    """Every request once or at its penalty, no more routes of a kind than vehicles: as enumeration finds."""
    some = st.frozensets(st.integers(0, N - 1), min_size=1, max_size=3)
    sets = data.draw(st.lists(some, min_size=1, max_size=9))
    size = len(sets)
    costs = data.draw(st.lists(st.integers(1, 20), min_size=size, max_size=size))
    kinds = data.draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    price = data.draw(st.lists(st.sampled_from([np.inf, 4.0, 15.0]), min_size=N, max_size=N))
    columns = _columns(sets, costs, kinds, price)
    best = np.inf
    for chosen in chain.from_iterable(combinations(range(size), k) for k in range(4)):
        seen = [r for c in chosen for r in sets[c]]
        of_kind = np.bincount([kinds[c] for c in chosen], minlength=2)
        if len(seen) == len(set(seen)) and (of_kind <= columns.available).all():
            out = sum(price[r] for r in range(N) if r not in seen)
            best = min(best, sum(costs[c] for c in chosen) + out)
    answer = combine(columns, 1e6, 10.0)
    found = answer.chosen if answer else None
    if best == np.inf:
        assert found is None
        return
    assert found is not None
    seen = {r for c in found for r in sets[c]}
    assert np.isclose(
        sum(costs[c] for c in found) + sum(price[r] for r in range(N) if r not in seen), best
    )


def test_nothing_cheaper_is_no_answer() -> None:
    """A bound that the best choice only reaches is not beaten."""
    columns = _columns([frozenset(range(N))], [10], [0], [np.inf] * N)
    found = combine(columns, 10.5, 10.0)
    assert found is not None
    assert found.chosen == [0]
    assert found.share == 1
    assert combine(columns, 10.0, 10.0) is None


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_drawn_routes_fit_together(data: st.DataObject) -> None:
    """No request twice, no more routes of a kind than vehicles, nothing the relaxation leaves out."""
    some = st.frozensets(st.integers(0, N - 1), min_size=1, max_size=3)
    sets = data.draw(st.lists(some, min_size=1, max_size=9))
    kinds = data.draw(st.lists(st.integers(0, 1), min_size=len(sets), max_size=len(sets)))
    share = data.draw(
        st.lists(st.sampled_from([0.0, 0.3, 1.0]), min_size=len(sets), max_size=len(sets))
    )
    columns = _columns(sets, [1] * len(sets), kinds, [np.inf] * N)
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    chosen = drawn(columns, np.array(share), rng)
    served = [r for c in chosen for r in sets[c]]
    assert len(served) == len(set(served))
    assert (np.bincount([kinds[c] for c in chosen], minlength=2) <= columns.available).all()
    assert all(share[c] > 0 for c in chosen)
    rest = [c for c in range(len(sets)) if share[c] > 0 and not sets[c] & set(served)]
    assert all(
        sum(kinds[d] == kinds[c] for d in chosen) == columns.available[kinds[c]] for c in rest
    )
