"""Unpack the tables of a feed from its zip, safely: bounded, in plain UTF-8, nothing outside the target.

The declared sizes of a zip may lie, therefore bytes are counted while they come out. Only the tables
asked for are written, so nothing else of an archive ever reaches the disk or a parser.
"""

import codecs
import lzma
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from gtfs.errors import FeedError

_BLOCK = 1 << 20
_ENCRYPTED = 0x1
_DAMAGE = (
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    UnicodeDecodeError,  # the name of a member
)
"""What reading a damaged zip raises besides BadZipFile."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a feed may be before it is refused; the sizes fit a whole country, the memory a state.

    Parameters
    ----------
    packed_bytes, unpacked_bytes
        Size of the zip, and of all tables read from it.
    ratio, ratio_from_bytes
        Longest inflation of one table, looked at once it has come to ``ratio_from_bytes``.
    line_bytes
        Longest line of a table.
    stop_times
        Rows of the timetable after frequencies are spelt out.
    days
        Days of service kept, counted from the first (or from a year before ``today``).
    memory_bytes, seconds
        Address space and time of the process that reads, see :func:`gtfs.reading.read_apart`.
    """

    packed_bytes: int = 1 << 30
    unpacked_bytes: int = 6 << 30
    ratio: int = 200
    ratio_from_bytes: int = 1 << 20
    line_bytes: int = 1 << 20
    stop_times: int = 100_000_000
    days: int = 3_660
    memory_bytes: int = 4 << 30
    seconds: float = 600.0


def unpack(archive: Path, into: Path, tables: Collection[str], limits: Limits) -> frozenset[str]:
    """Write those of ``tables`` (other files than ``.txt`` with their suffix) to the folder ``into``.

    Returns the names of the tables found, empty ones included.

    Raises
    ------
    FeedError
        ``feed-missing``, ``feed-too-large``, ``not-a-zip``, ``unsafe-path``, ``nested-files``,
        ``duplicate-file``, ``encrypted``, ``damaged-zip``, ``zip-bomb``, ``line-too-long``, ``not-utf8``.
    """
    if not archive.is_file():
        raise FeedError("feed-missing", f"There is no feed {archive}.")
    if archive.stat().st_size > limits.packed_bytes:
        raise FeedError(
            "feed-too-large",
            f"{archive.name} has {archive.stat().st_size} bytes, at most {limits.packed_bytes} are read.",
        )
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _members(opened, tables)
            left = limits.unpacked_bytes
            for table, member in members.items():
                name = table if "." in table else f"{table}.txt"
                with opened.open(member) as source, (into / name).open("wb") as target:
                    left -= _copy(source, target, member, limits, left)
    except zipfile.BadZipFile as error:
        raise FeedError(
            "not-a-zip" if not zipfile.is_zipfile(archive) else "damaged-zip",
            f"{archive.name} is no readable zip file ({error}); fetch the feed again.",
        ) from error
    except _DAMAGE as error:
        raise FeedError(
            "damaged-zip", f"{archive.name} cannot be unpacked ({error}); fetch the feed again."
        ) from error
    return frozenset(members)


def _members(opened: zipfile.ZipFile, tables: Collection[str]) -> dict[str, zipfile.ZipInfo]:
    """Members of the zip by table name, after looking at every path in it."""
    found: dict[str, zipfile.ZipInfo] = {}
    nested: list[str] = []
    for member in opened.infolist():
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[:1]:
            raise FeedError(
                "unsafe-path", f"The zip holds {member.filename!r}, which points outside; refused."
            )
        name = path.stem if path.suffix == ".txt" else path.name
        if name not in tables or member.is_dir():
            continue
        if len(path.parts) > 1:
            nested.append(member.filename)
            continue
        if name in found:
            raise FeedError("duplicate-file", f"The zip holds {member.filename} twice.")
        if member.flag_bits & _ENCRYPTED:
            raise FeedError("encrypted", f"{member.filename} is encrypted; fetch an open feed.")
        found[name] = member
    if nested and not found:
        raise FeedError(
            "nested-files",
            f"The tables lie in a folder inside the zip ({nested[0]}); zip the files themselves.",
        )
    return found


def _copy(
    source: IO[bytes], target: IO[bytes], member: zipfile.ZipInfo, limits: Limits, left: int
) -> int:
    """Copy one table and return its size; every limit and the encoding are checked on the way."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = lines = unbroken = 0
    while block := source.read(_BLOCK):
        size += len(block)
        bomb = size > limits.ratio_from_bytes and size > limits.ratio * member.compress_size
        if bomb or size > left:
            raise FeedError(
                "zip-bomb" if bomb else "feed-too-large",
                f"{member.filename} unpacks to more than {size - 1} bytes; refused.",
            )
        _check_text(decoder, block, member.filename, lines)
        target.write(block)
        lines += block.count(b"\n")
        last_break = max(block.rfind(b"\n"), block.rfind(b"\r"))
        unbroken = unbroken + len(block) if last_break < 0 else len(block) - last_break - 1
        if unbroken > limits.line_bytes and member.filename.endswith(".txt"):
            raise FeedError(
                "line-too-long",
                f"{member.filename} has a line of more than {limits.line_bytes} bytes; refused.",
            )
    _check_text(decoder, b"", member.filename, lines, final=True)
    return size


def _check_text(
    decoder: codecs.IncrementalDecoder, block: bytes, name: str, lines: int, *, final: bool = False
) -> None:
    """Refuse what is no UTF-8 text; ``lines`` is the number of line ends before the block."""
    try:
        clean = "\0" not in decoder.decode(block, final)
        broken_at = block.find(b"\0")
    except UnicodeDecodeError as error:
        clean, broken_at = False, min(error.start, len(block))
    if not clean:
        line = lines + block[:broken_at].count(b"\n") + 1
        raise FeedError(
            "not-utf8", f"{name}, line {line}: this is no UTF-8 text; save the file as UTF-8."
        )
