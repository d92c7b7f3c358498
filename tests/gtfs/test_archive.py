"""A hostile or damaged zip is refused before anything parses it."""

import struct
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from gtfs.archive import Limits, unpack
from gtfs.errors import FeedError

Zipped = Callable[[Mapping[str, str | bytes]], Path]
TABLES = ("stops", "trips")


def refused(archive: Path, into: Path, limits: Limits | None = None) -> str:
    with pytest.raises(FeedError) as caught:
        unpack(archive, into, TABLES, limits or Limits())
    assert caught.value.message.endswith((".", "refused"))
    return caught.value.code


def test_only_the_tables_asked_for_are_written(zipped: Zipped, tmp_path: Path) -> None:
    into = tmp_path / "out"
    into.mkdir()
    archive = zipped({"stops.txt": "a\n", "shapes.txt": "b\n", "__MACOSX/._trips.txt": "c"})
    assert unpack(archive, into, TABLES, Limits()) == {"stops"}
    assert [path.name for path in into.iterdir()] == ["stops.txt"]


@pytest.mark.parametrize("name", ["../stops.txt", "/stops.txt", "a/../../stops.txt", "..\\x.txt"])
def test_a_path_that_points_outside_is_refused(zipped: Zipped, tmp_path: Path, name: str) -> None:
    assert refused(zipped({name: "a", "trips.txt": "b"}), tmp_path) == "unsafe-path"
    assert not (tmp_path / "trips.txt").exists()


def test_tables_in_a_folder_are_refused_with_advice(zipped: Zipped, tmp_path: Path) -> None:
    assert refused(zipped({"gtfs/stops.txt": "a", "gtfs/trips.txt": "b"}), tmp_path) == (
        "nested-files"
    )


def test_a_table_that_inflates_like_a_bomb_is_refused(zipped: Zipped, tmp_path: Path) -> None:
    archive = zipped({"stops.txt": "a\n" * 5_000_000})
    assert refused(archive, tmp_path) == "zip-bomb"
    assert (tmp_path / "stops.txt").stat().st_size <= 2 << 20


def test_declared_sizes_are_not_believed(zipped: Zipped, tmp_path: Path) -> None:
    archive = zipped({"stops.txt": "a\n" * 5_000_000})
    data = bytearray(archive.read_bytes())
    for signature, field in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(signature) + field, 10)
    archive.write_bytes(data)
    # python's zipfile stops at the declared size and then misses the checksum
    assert refused(archive, tmp_path) == "damaged-zip"


def test_size_limits_hold(zipped: Zipped, tmp_path: Path) -> None:
    archive = zipped({"stops.txt": "a\n" * 50, "trips.txt": "b\n" * 50})
    assert refused(archive, tmp_path, Limits(packed_bytes=10)) == "feed-too-large"
    assert refused(archive, tmp_path, Limits(unpacked_bytes=150)) == "feed-too-large"
    unpack(archive, tmp_path, TABLES, Limits(unpacked_bytes=200))


def test_an_endless_line_is_refused(zipped: Zipped, tmp_path: Path) -> None:
    archive = zipped({"stops.txt": "a" * 3000})
    assert refused(archive, tmp_path, Limits(line_bytes=2000)) == "line-too-long"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"name\nM\xfchle\n", 2),
        (b"name\nok\n\xff\xfe\n", 3),
        (b"name\n\0\n", 2),
        ("stop_id\nki\n".encode("utf-16"), 1),
        (b"name\nhalf a letter \xc3", 2),
    ],
)
def test_what_is_no_utf8_is_refused_with_its_line(
    zipped: Zipped, tmp_path: Path, text: bytes, line: int
) -> None:
    with pytest.raises(FeedError, match=f"stops.txt, line {line}:") as caught:
        unpack(zipped({"stops.txt": text}), tmp_path, TABLES, Limits())
    assert caught.value.code == "not-utf8"


def test_letters_across_block_borders_are_read(zipped: Zipped, tmp_path: Path) -> None:
    text = "ü\n" * 700_000
    into = tmp_path / "out"
    into.mkdir()
    archive = zipped({"stops.txt": "x" + text})
    unpack(archive, into, TABLES, Limits(ratio=10_000))
    assert (into / "stops.txt").read_text(encoding="utf-8") == "x" + text


@pytest.mark.parametrize("content", [b"", b"not a zip", b"<!doctype html><html></html>"])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "feed.zip"
    path.write_bytes(content)
    assert refused(path, tmp_path) == "not-a-zip"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "nothing.zip", tmp_path) == "feed-missing"


def test_a_truncated_or_damaged_zip_is_refused(zipped: Zipped, tmp_path: Path) -> None:
    archive = zipped({"stops.txt": "".join(f"{n * 7919 % 10_007}\n" for n in range(9_000))})
    data = archive.read_bytes()
    archive.write_bytes(data[: len(data) // 2])
    assert refused(archive, tmp_path) == "not-a-zip"
    archive.write_bytes(data[:900] + bytes(100) + data[1000:])
    assert refused(archive, tmp_path) == "damaged-zip"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_any_byte_may_be_damaged(tmp_path: Path, method: int) -> None:
    """Whichever it is, headers, names and packed tables alike: FeedError or a table, nothing else."""
    archive = tmp_path / "feed.zip"
    with zipfile.ZipFile(archive, "w", method) as opened:
        opened.writestr("stops.txt", "stop_id\n" * 50)
        opened.writestr("fähre.txt", "x")
    whole = archive.read_bytes()
    for place, right in enumerate(whole):
        for wrong in (0, 0xFF, right ^ 1, right ^ 0x40):
            archive.write_bytes(whole[:place] + bytes([wrong]) + whole[place + 1 :])
            with suppress(FeedError):
                unpack(archive, tmp_path, TABLES, Limits())


def test_encrypted_and_doubled_tables_are_refused(zipped: Zipped, tmp_path: Path) -> None:
    archive = zipped({"stops.txt": "a\n"})
    data = bytearray(archive.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    assert refused(archive, tmp_path) == "encrypted"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("stops.txt", "a\n")
        with pytest.warns(UserWarning, match="Duplicate name"):
            opened.writestr("stops.txt", "b\n")
    assert refused(archive, tmp_path) == "duplicate-file"


def test_a_member_without_a_name_is_passed_over(zipped: Zipped, tmp_path: Path) -> None:
    """Random damage found it: Python 3.11 stumbles over asking whether such a member is a folder."""
    archive = zipped({"a": "x", "stops.txt": "a\n"})
    data = bytearray(archive.read_bytes())
    data[data.index(b"PK\x01\x02") + 46] = 0
    archive.write_bytes(data)
    assert unpack(archive, tmp_path, TABLES, Limits()) == {"stops"}
