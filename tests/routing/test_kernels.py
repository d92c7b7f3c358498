"""The compiled kernels and the same functions as plain Python give the same."""

import numpy as np
import pytest

from routing import kernels, snap_kernels


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
