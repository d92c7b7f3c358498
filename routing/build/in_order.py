"""Extracts whose objects are not sorted by id (JOSM writes such): areas need them in order."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import osmium

_SIGN = "out of order"
_Result = TypeVar("_Result")


def in_order(osm: Path, read: Callable[[Path], _Result]) -> _Result:
    """Return ``read(osm)``; where osmium finds the ids out of order, read a sorted copy instead.

    `read` may be called twice and must start afresh each time.
    """
    try:
        return read(osm)
    except RuntimeError as error:
        if _SIGN not in str(error):
            raise
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "sorted.osm.pbf"
        objects = osmium.MergeInputReader()
        objects.add_file(str(osm))
        with osmium.SimpleWriter(str(copy)) as writer:
            objects.apply(writer)
        return read(copy)
