"""Frozen dataclasses of arrays on disk: one ``.npy`` a field, memory-mapped when read.

The only place that knows how a road graph or a timetable lies in a region folder. A field is a NumPy
array, a tuple of strings, or a plain scalar (int, float, str, bool).
"""

import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from regions.errors import FormatError

T = TypeVar("T")
_META = "meta.json"


def save_arrays(obj: object, folder: Path) -> None:
    """Write every field of the dataclass ``obj`` into ``folder`` (created; must not hold another)."""
    if not is_dataclass(obj):
        raise TypeError(f"{type(obj).__name__} is no dataclass")
    folder.mkdir(parents=True)
    meta: dict[str, Any] = {"type": type(obj).__name__, "strings": [], "scalars": {}}
    for field in fields(obj):
        value = getattr(obj, field.name)
        if isinstance(value, np.ndarray):
            np.save(folder / f"{field.name}.npy", np.ascontiguousarray(value), allow_pickle=False)
        elif isinstance(value, tuple):
            meta["strings"].append(field.name)
            text = json.dumps(value, ensure_ascii=False)
            (folder / f"{field.name}.json").write_text(text, encoding="utf-8")
        else:
            meta["scalars"][field.name] = value
    (folder / _META).write_text(json.dumps(meta, ensure_ascii=False, indent=1), encoding="utf-8")


def load_arrays(cls: type[T], folder: Path) -> T:
    """Read back what :func:`save_arrays` wrote; arrays are memory-mapped and read-only.

    Raises
    ------
    FormatError
        ``arrays-unreadable`` when a file is missing, damaged or belongs to another type.
    """
    try:
        meta = json.loads((folder / _META).read_text(encoding="utf-8"))
        if meta["type"] != cls.__name__:
            raise FormatError(
                "arrays-unreadable", f"{folder} holds a {meta['type']}, not a {cls.__name__}."
            )
        values: dict[str, Any] = dict(meta["scalars"])
        for field in fields(cls):  # type: ignore[arg-type]  # cls is a dataclass by contract
            if field.name in meta["strings"]:
                text = (folder / f"{field.name}.json").read_text(encoding="utf-8")
                values[field.name] = tuple(json.loads(text))
            elif field.name not in values:
                values[field.name] = _map(folder / f"{field.name}.npy")
        return cls(**values)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FormatError(
            "arrays-unreadable", f"{folder} cannot be read ({error}); build the region again."
        ) from error


def _map(path: Path) -> "np.ndarray[Any, Any]":
    """Memory-map one array; empty arrays cannot be mapped and are read instead."""
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    # a plain view: numba and isinstance checks need no memmap subclass, the pages stay shared
    plain: np.ndarray[Any, Any] = np.asarray(array).view(np.ndarray)
    plain.flags.writeable = False
    return plain
