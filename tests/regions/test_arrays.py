"""What is saved comes back the same, read-only, and damage is named."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from regions.arrays import load_arrays, save_arrays
from regions.errors import FormatError


@dataclass(frozen=True)
class Shelf:
    """Every kind of field a region stores."""

    heights: npt.NDArray[np.int32]
    empty: npt.NDArray[np.float64]
    names: tuple[str, ...]
    first_day: str
    count: int


@dataclass(frozen=True)
class Drawer:
    """Another type with fewer fields."""

    names: tuple[str, ...]


SHELF = Shelf(
    heights=np.array([[3, -1], [2**30, 0]], dtype=np.int32),
    empty=np.empty(0),
    names=("Süßen", "", 'a "quoted" name'),
    first_day="2026-01-01",
    count=2,
)


def test_round_trip(tmp_path: Path) -> None:
    save_arrays(SHELF, tmp_path / "shelf")
    back = load_arrays(Shelf, tmp_path / "shelf")
    assert np.array_equal(back.heights, SHELF.heights)
    assert back.heights.dtype == np.int32
    assert back.empty.shape == (0,)
    assert (back.names, back.first_day, back.count) == (SHELF.names, SHELF.first_day, SHELF.count)


def test_arrays_are_read_only(tmp_path: Path) -> None:
    save_arrays(SHELF, tmp_path / "shelf")
    heights: Any = load_arrays(Shelf, tmp_path / "shelf").heights
    with pytest.raises(ValueError, match="read-only"):
        heights[0, 0] = 1


@pytest.mark.parametrize("file", ["heights.npy", "names.json", "meta.json"])
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    save_arrays(SHELF, tmp_path / "shelf")
    (tmp_path / "shelf" / file).unlink()
    with pytest.raises(FormatError, match="build the region again"):
        load_arrays(Shelf, tmp_path / "shelf")


def test_another_type_is_refused(tmp_path: Path) -> None:
    save_arrays(SHELF, tmp_path / "shelf")
    with pytest.raises(FormatError, match="holds a Shelf, not a Drawer"):
        load_arrays(Drawer, tmp_path / "shelf")
