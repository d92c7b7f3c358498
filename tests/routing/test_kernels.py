"""The compiled kernels and the same functions as plain Python give the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from routing import kernels, snap_kernels

KEY_OF_MS = 1 << kernels.LENGTH_BITS


def none() -> tuple[np.ndarray, np.ndarray]:
    return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64)


def csr(nodes: int, arcs: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = np.array(sorted(arcs), dtype=np.int64).reshape(-1, 3)
    first = np.searchsorted(table[:, 0], np.arange(nodes + 1)).astype(np.int32)
    return first, table[:, 1].astype(np.int32), table[:, 2] * KEY_OF_MS


@settings(max_examples=25)
@given(
    nodes=st.integers(1, 30),
    arcs=st.lists(
        st.tuples(st.integers(0, 29), st.integers(0, 29), st.integers(1, 99)), max_size=120
    ),
    seeds=st.lists(st.tuples(st.integers(0, 29), st.integers(0, 50)), min_size=1, max_size=3),
)
def test_search_equals_scipy(
    nodes: int, arcs: list[tuple[int, int, int]], seeds: list[tuple[int, int]]
) -> None:
    """Distances from several seeds are the least of those from each; jitted, plain and scipy agree."""
    arcs = list({(a % nodes, b % nodes): (a % nodes, b % nodes, w) for a, b, w in arcs}.values())
    graph = csr(nodes, arcs)
    seed_nodes = np.array([node % nodes for node, _ in seeds], dtype=np.int32)
    seed_keys = np.array([key for _, key in seeds], dtype=np.int64) * KEY_OF_MS
    keys, parent = kernels.search(*graph, (seed_nodes, seed_keys), none())
    plain, plain_parent = kernels.search.py_func(*graph, (seed_nodes, seed_keys), none())
    np.testing.assert_array_equal(keys, plain)
    np.testing.assert_array_equal(parent, plain_parent)

    rows, columns, weights = np.array(arcs, dtype=np.int64).reshape(-1, 3).T
    matrix = coo_array((weights.astype(float), (rows, columns)), shape=(nodes, nodes)).tocsr()
    each = dijkstra(matrix, indices=seed_nodes) + (seed_keys // KEY_OF_MS)[:, None]
    expected = each.min(axis=0)
    found = np.where(keys < kernels.INFINITE, keys // KEY_OF_MS, np.inf)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("search", [kernels.search, kernels.search.py_func])
def test_search_may_stop_at_the_best_goal(search) -> None:  # noqa: ANN001 - jitted or plain
    """Of two goals the one with the smaller sum counts; what lies behind it is never visited."""
    graph = csr(5, [(0, 1, 5), (1, 2, 5), (2, 3, 5), (3, 4, 5)])
    seeds = (np.array([0], dtype=np.int32), np.zeros(1, dtype=np.int64))
    goals = (np.array([1, 2], dtype=np.int32), np.array([9, 1], dtype=np.int64) * KEY_OF_MS)
    keys, parent = search(*graph, seeds, goals)
    assert keys[2] == 10 * KEY_OF_MS
    assert parent[2] == 1
    assert keys[4] == kernels.INFINITE


@pytest.mark.parametrize("kernel", [kernels.rise, kernels.sink])
def test_heap_moves_in_plain_python(kernel) -> None:  # noqa: ANN001 - jitted
    for move in (kernel, kernel.py_func):
        keys = np.array([4, 2, 9, 1], dtype=np.int64)
        heap, place = np.array([0, 2, 1, 3], dtype=np.int32), np.array([0, 2, 1, 3], dtype=np.int32)
        move(heap, place, keys, 3, 3)
        assert heap[place[3]] == 3


def test_grid_and_nearest_in_plain_python() -> None:
    column, row = np.array([0, 1], dtype=np.int32), np.array([0, 0], dtype=np.int32)
    last_column, last_row = np.array([1, 1], dtype=np.int32), np.array([0, 1], dtype=np.int32)
    arguments = (column, row, last_column, last_row, 2, 2)
    for fill in (snap_kernels.fill_grid, snap_kernels.fill_grid.py_func):
        first, pieces = fill(*arguments)
        assert first.tolist() == [0, 1, 3, 3, 4]
        assert pieces.tolist() == [0, 0, 1, 1]

    shapes = (
        np.array([0, 2, 4], dtype=np.int64),
        np.array([0.0, 0.02, 0.015, 0.015]),
        np.array([0.0, 0.0, 0.0, 0.02]),
    )
    grid = (0.0, 0.0, 0.01, 0.01, 2, 2)
    members = (np.arange(2, dtype=np.int32), np.array([0, 2], dtype=np.int64))
    cells = snap_kernels.fill_grid(*arguments)
    both_ways = np.zeros(2, dtype=np.bool_)
    for nearest in (snap_kernels.nearest, snap_kernels.nearest.py_func):
        place = nearest(0.005, 0.001, 500.0, both_ways, grid, cells, members, shapes)
        edge, share, lon, lat, away, left = place
        assert left
        assert (edge, share) == (0, pytest.approx(0.25))
        assert (lon, lat) == pytest.approx((0.005, 0.0))
        assert away == pytest.approx(111.195, abs=0.01)
        assert nearest(0.005, 0.001, 50.0, both_ways, grid, cells, members, shapes)[0] == -1
