"""The contraction hierarchy and everything that searches in it, against scipy and against plain Python."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.hierarchy import (
    Hierarchy,
    build_hierarchy,
    contraction_kernels,
    label_kernels,
    table_kernels,
    way_kernels,
)
from routing.hierarchy.labels import one_label
from routing.kernels import INFINITE, LENGTH_BITS

Arc = tuple[int, int, int, int]
NODES = 24

arcs_of = st.lists(
    st.tuples(
        st.integers(0, NODES - 1),
        st.integers(0, NODES - 1),
        st.integers(0, 60),
        st.integers(0, 60),
    ),
    max_size=110,
)


def keys_of(arcs: list[Arc]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = np.array(arcs, dtype=np.int64).reshape(-1, 4)
    keys = (table[:, 2] << LENGTH_BITS) + table[:, 3]
    return table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), keys


def oracle(arcs: list[Arc], nodes: int = NODES) -> np.ndarray:
    """All pairs by Floyd and Warshall: keys add up and compare like whole numbers."""
    best = np.full((nodes, nodes), INFINITE, dtype=np.int64)
    np.fill_diagonal(best, 0)
    for tail, head, key in zip(*keys_of(arcs), strict=True):
        best[tail, head] = min(best[tail, head], key)
    for via in range(nodes):
        best = np.minimum(best, best[:, via, None] + best[None, via, :])
    return best


def up(h: Hierarchy) -> tuple[Any, Any, Any]:
    return h.up_first, h.up_head, h.up_key


def down(h: Hierarchy) -> tuple[Any, Any, Any]:
    return h.down_first, h.down_tail, h.down_key


def table(h: Hierarchy, sources: list[int], targets: list[int], dtype: Any = np.int64) -> Any:
    """Fill a table node to node by the sweep."""
    shift = 0 if dtype is np.int64 else LENGTH_BITS
    unreached = INFINITE if dtype is np.int64 else 2**30 - 1
    upward, downward = (
        (first, other, (key >> shift).astype(dtype)) for first, other, key in (up(h), down(h))
    )
    above, part, rising = table_kernels.restrict(upward, h.rank[sources], downward=False)
    below, _, falling = table_kernels.restrict(downward, h.rank[targets], downward=True)
    result = np.empty((len(sources), len(targets)), dtype=dtype)
    starts, goals = above[h.rank[sources]][:, None], below[h.rank[targets]][:, None]
    order = np.arange(len(sources), dtype=np.int32)
    nothing = [np.zeros(column.shape, dtype=dtype) for column in (starts, goals)]
    table_kernels.fill_rows(
        rising,
        falling,
        below[part],
        order,
        (starts, nothing[0]),
        (goals, nothing[1]),
        unreached,
        result,
    )
    return result


@given(arcs=arcs_of)
def test_tables_labels_and_ways_equal_the_oracle(arcs: list[Arc]) -> None:
    """Sweep, labels and two-sided search give the least key of all walks; the edges of a way join and add up.

    Loops, parallel arcs, arcs without time or length and unreachable nodes are among the graphs.
    """
    tail, head, key = keys_of(arcs)
    h = build_hierarchy(tail, head, key, NODES)
    expected = oracle(arcs)
    everyone = list(range(NODES))
    np.testing.assert_array_equal(table(h, everyone, everyone), expected)
    times = np.where(expected < INFINITE, expected >> LENGTH_BITS, 2**30 - 1)
    np.testing.assert_array_equal(table(h, everyone, everyone, np.int32), times)

    forward, backward, space = both_labels(h, NODES)
    dense = np.full(NODES, INFINITE, dtype=np.int64)
    for origin in everyone:
        row = label_kernels.least_sums(one_label(forward, origin), backward, NODES, dense)
        np.testing.assert_array_equal(np.minimum(row, INFINITE), expected[origin])
        for target in everyone:
            ends = one_label(forward, origin), one_label(backward, target)
            check_way(h, (tail, head, key), (origin, target), expected[origin, target], ends)
    assert (dense == INFINITE).all()
    keys, _, place, _, parent = space
    assert (keys == INFINITE).all()
    assert (place == -1).all()
    assert (parent == -1).all()


def both_labels(h: Hierarchy, nodes: int) -> Any:
    """Return the forward and the backward labels of all nodes, and the workspace they were made in."""
    space = label_kernels.workspace(nodes)
    seeds = h.rank[:, None], np.zeros((nodes, 1), dtype=np.int64)
    forward = label_kernels.labels_of(up(h), down(h), 0, seeds, space)
    backward = label_kernels.labels_of(down(h), up(h), len(h.up_head), seeds, space)
    return forward, backward, space


def check_way(h: Hierarchy, arcs: Any, ends: tuple[int, int], expected: int, labels: Any) -> None:
    tail, head, key = arcs
    found, first, last, edges = way_kernels.way(*labels, h.up_first, h.down_first, h.part)
    assert found == expected
    if expected >= INFINITE:
        assert first < 0
        assert len(edges) == 0
        return
    assert labels[0][0][first] == h.rank[ends[0]]
    assert labels[1][0][last] == h.rank[ends[1]]
    assert key[edges].sum() == expected
    walk = [ends[0], *head[edges]]
    assert walk[:-1] == tail[edges].tolist()
    assert walk[-1] == ends[1]


@settings(max_examples=15, deadline=None)
@given(arcs=st.lists(st.tuples(*[st.integers(0, 7)] * 2, *[st.integers(1, 9)] * 2), max_size=20))
def test_kernels_in_plain_python(arcs: list[Arc]) -> None:
    """What numba compiles and the same text run by Python contract and search alike."""
    arcs = [
        arc for arc in {(a, b): (a, b, t, m) for a, b, t, m in arcs}.values() if arc[0] != arc[1]
    ]
    tail, head, key = keys_of(arcs)
    compiled = contraction_kernels.contract(tail, head, key, 8)
    plain = contraction_kernels.contract.py_func(tail, head, key, 8)
    for one, other in zip(compiled, plain, strict=True):
        np.testing.assert_array_equal(one, other)
    h = build_hierarchy(tail, head, key, 8)
    forward, backward, _ = both_labels(h, 8)
    for origin, target in itertools.product(range(8), repeat=2):
        asked = (
            one_label(forward, origin),
            one_label(backward, target),
            h.up_first,
            h.down_first,
            h.part,
        )
        one, other = way_kernels.way(*asked), way_kernels.way.py_func(*asked)
        assert one[:3] == other[:3]
        assert one[3].tolist() == other[3].tolist()


def grid(size: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Streets between the corners of a square, both ways, with random times."""
    random = np.random.default_rng(seed)
    corner = np.arange(size * size).reshape(size, size)
    pairs = np.concatenate(
        [
            np.column_stack([corner[:, :-1].ravel(), corner[:, 1:].ravel()]),
            np.column_stack([corner[:-1].ravel(), corner[1:].ravel()]),
        ]
    )
    pairs = np.concatenate([pairs, pairs[:, ::-1]]).astype(np.int32)
    time, length = random.integers(1, 99, (2, len(pairs)))
    return pairs[:, 0], pairs[:, 1], (time.astype(np.int64) << LENGTH_BITS) + length


@pytest.mark.parametrize(("sources", "targets"), [(1, 1), (7, 300), (16, 16), (17, 5), (300, 33)])
def test_tables_of_every_width(sources: int, targets: int) -> None:
    """Batches that are full, half empty or alone give what scipy gives."""
    tail, head, key = grid(20, seed=1)
    h = build_hierarchy(tail, head, key, 400)
    random = np.random.default_rng(2)
    starts, goals = (random.choice(400, count).tolist() for count in (sources, targets))
    matrix = csr_array(((key >> LENGTH_BITS).astype(float), (tail, head)), shape=(400, 400))
    expected = dijkstra(matrix, indices=starts)[:, goals]
    np.testing.assert_array_equal(table(h, starts, goals, np.int32), expected)
    np.testing.assert_array_equal(table(h, starts, goals) >> LENGTH_BITS, expected)


def test_closed_edges_are_left_out() -> None:
    tail, head, key = keys_of([(0, 1, 5, 5), (1, 2, 5, 5), (0, 2, 99, 9)])
    key[1] = INFINITE
    h = build_hierarchy(tail, head, key, 3)
    assert table(h, [0], [2])[0, 0] >> LENGTH_BITS == 99
    assert table(h, [1], [2])[0, 0] == INFINITE


def test_no_edge_and_no_node() -> None:
    nothing = np.empty(0, dtype=np.int32)
    for nodes in (0, 3):
        h = build_hierarchy(nothing, nothing, nothing.astype(np.int64), nodes)
        assert (h.nodes, h.arcs) == (nodes, 0)


def test_the_hierarchy_stays_small() -> None:
    """On a road-like graph there are fewer shortcuts than twice the edges: the order of contraction is sensible."""
    tail, head, key = grid(60, seed=3)
    assert build_hierarchy(tail, head, key, 3600).arcs < 3 * len(tail)
