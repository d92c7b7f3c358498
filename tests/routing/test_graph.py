import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from routing.graph import RoadGraph, frozen
from routing.path_kernels import draw
from routing.warm import warm


def test_arrays_are_read_only_whatever_they_come_from(tmp_path: Path) -> None:
    """Kernels are compiled for one array type: mapped, fresh and strided arrays all become that one."""
    np.save(tmp_path / "a.npy", np.arange(5.0))
    mapped = np.load(tmp_path / "a.npy", mmap_mode="r")
    for array in (np.arange(5.0), mapped, np.arange(10.0)[::2]):
        result = frozen(array)
        assert type(result) is np.ndarray
        assert not result.flags.writeable
        assert result.flags.c_contiguous
    assert np.shares_memory(frozen(mapped), mapped)


def test_a_graph_cannot_be_changed(make_graph: Callable[..., RoadGraph]) -> None:
    graph = make_graph([(9.0, 48.0), (9.1, 48.2)], [(0, 1, 10, 20, 30)])
    with pytest.raises(ValueError, match="read-only"):
        graph.time_ms[0] = 1
    assert graph.bbox == (9.0, 48.0, 9.1, 48.2)
    assert (graph.nodes, graph.edges) == (2, 2)


def test_warm_compiles_everything_the_server_calls() -> None:
    warm()


def test_serving_imports_no_library_of_the_prepare_step() -> None:
    code = "import sys, routing.warm, routing.snap, routing.travel_times, routing.path, routing.profile\n"
    code += "print({'osmium', 'osmnx', 'networkx', 'pandas', 'scipy.sparse'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0.0, 1.0, [(0, 0), (1, 0), (1, 1)]),
        (0.25, 0.75, [(0.5, 0), (1, 0), (1, 0.5)]),
        (0.5, 0.5, [(1, 0), (1, 0)]),
        (0.6, 0.7, [(1, 0.2), (1, 0.4)]),
    ],
)
def test_drawing_a_part_of_a_line(
    start: float, end: float, expected: list[tuple[float, float]]
) -> None:
    """One edge, cut at shares of its length; compiled and plain alike."""
    scale = 1e-3
    shapes = np.array([0, 3]), np.array([0, 1, 1]) * scale, np.array([0, 0, 1]) * scale
    for drawn in (draw, draw.py_func):
        points = drawn(np.zeros(1, dtype=np.int32), start, end, shapes) / scale
        np.testing.assert_allclose(points, expected, atol=1e-6)


def test_drawing_a_line_without_length() -> None:
    shapes = np.array([0, 2]), np.array([9.0, 9.0]), np.array([48.0, 48.0])
    assert draw(np.zeros(1, dtype=np.int32), 0.2, 0.8, shapes).tolist() == [[9.0, 48.0]] * 2
