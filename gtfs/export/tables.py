"""Tables of a feed as text, and the zip they are sent in: the same content gives the same bytes."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

Cell = str | int | float
Table = tuple[Sequence[str], list[Sequence[Cell]]]
"""Column names and rows."""

REQUIRED = ("stops.txt",)
"""Written without rows too: a feed of zones only may leave it out, but some readers want it."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_HOUR, _MINUTE = 3600, 60


def write_zip(files: Mapping[str, Table | str]) -> bytes:
    """Return a zip of tables and of files that are text already; tables without rows are left out.

    Parameters
    ----------
    files
        By their names, such as ``stops.txt``.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if isinstance(content, str) or content[1] or name in REQUIRED:
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, content if isinstance(content, str) else _text(*content))
    return buffer.getvalue()


def columns_of(names: str) -> tuple[str, ...]:
    """Column names separated by blanks."""
    return tuple(names.split())


def clock(seconds: int) -> str:
    """Spell a time of the service day: ``26:05:00`` is five past two in the night after."""
    return f"{seconds // _HOUR:02d}:{seconds // _MINUTE % 60:02d}:{seconds % 60:02d}"


def flags(weekdays: Iterable[bool]) -> list[int]:
    """Spell yes and no as 1 and 0."""
    return [int(runs) for runs in weekdays]


def _text(columns: Sequence[str], rows: list[Sequence[Cell]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    # a line break inside a cell is legal but breaks simple readers
    writer.writerows([" ".join(str(cell).split()) for cell in row] for row in rows)
    return text.getvalue()
