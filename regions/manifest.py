"""The manifest of a region folder: what it was made of, with which format, what was found odd."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from regions.errors import FormatError

FORMAT_VERSION = 4
MANIFEST = "manifest.json"
_BLOCK = 1 << 20

Counts = dict[str, dict[str, int | float]]
"""What was counted, by part (roads, timetable, addresses)."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file the region was made from."""

    kind: str
    file: str
    sha256: str
    bytes: int

    @classmethod
    def of(cls, kind: str, path: Path) -> "Source":
        """Describe ``path`` with its hash; the folder is left out, it says something of the machine."""
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        return cls(kind=kind, file=path.name, sha256=digest.hexdigest(), bytes=path.stat().st_size)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``manifest.json`` says. ``bbox`` is west, south, east, north in degrees."""

    name: str
    invented: bool
    bbox: tuple[float, float, float, float]
    attribution: str
    sources: tuple[Source, ...] = ()
    counts: Counts = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    feed_warnings: tuple[str, ...] = ()
    """What is odd about the feeds; replaced with the timetable."""
    timetable: str = "timetable"
    """Folder of the timetable in force, from the region folder."""
    format_version: int = FORMAT_VERSION

    def write(self, folder: Path) -> None:
        """Write ``manifest.json`` into ``folder``, in one step."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2)
        fresh = folder / f".{MANIFEST}"
        fresh.write_text(text + "\n", encoding="utf-8")
        fresh.replace(folder / MANIFEST)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read ``manifest.json`` of a region folder.

        Raises
        ------
        FormatError
            ``not-a-region``, ``format-version``, ``manifest-unreadable``.
        """
        path = folder / MANIFEST
        if not path.is_file():
            raise FormatError(
                "not-a-region",
                f"{folder} is no region folder (no {MANIFEST}); make one with `buergerbus region build`.",
            )
        try:
            data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            version = data["format_version"]
        except (ValueError, KeyError, TypeError) as error:
            raise FormatError(
                "manifest-unreadable", f"{path} is damaged; build the region again."
            ) from error
        if version != FORMAT_VERSION:
            raise FormatError(
                "format-version",
                f"{folder} has region format {version}, this program reads format {FORMAT_VERSION}; "
                "build the region again.",
            )
        try:
            data["sources"] = tuple(Source(**source) for source in data["sources"])
            data["bbox"] = tuple(data["bbox"])
            data["warnings"] = tuple(data["warnings"])
            data["feed_warnings"] = tuple(data["feed_warnings"])
            return cls(**data)
        except (KeyError, TypeError) as error:
            raise FormatError(
                "manifest-unreadable", f"{path} is damaged; build the region again."
            ) from error
