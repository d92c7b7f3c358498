"""A damaged file: the server says in one sentence what to do, or serves what was stored; never less."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.clock import Clock
from api.opening import open_services
from api.settings import Settings
from api.store.errors import StoreError
from regions.errors import AreaError
from tests.api.conftest import MORNING


@pytest.fixture
def whole(start: Any, tmp_path: Path) -> bytes:
    """Give the file of a server that stopped, with rides and their promises."""
    server = start(improve=False)
    for column in range(6):
        ends = server.place(column, 0), server.place(7 - column, 6)
        server.book(*ends, depart_at=server.at(f"{8 + column % 4:02}:00"))
    server.client.__exit__(None, None, None)
    return (tmp_path / "data/buergerbus.sqlite").read_bytes()


def damaged(whole: bytes, seed: int) -> bytes:
    """Cut a file off somewhere, or change, zero or exchange some of its bytes."""
    dice = Random(seed)
    if seed % 4 == 0:
        return whole[: dice.randrange(len(whole))]
    data = bytearray(whole)
    for _ in range(dice.choice((1, 10, 100))):
        at = dice.randrange(len(data))
        if seed % 4 == 1:
            data[at] ^= 1 << dice.randrange(8)
        elif seed % 4 == 2:
            data[at : at + 512] = bytes(len(data[at : at + 512]))
        else:
            data[at : at + 64] = dice.randbytes(len(data[at : at + 64]))
    return bytes(data)


def opened(settings: Settings, region: Any, seed: int) -> str | None:
    """Start on a damaged file; return why it is refused, None if every ride is there."""
    try:
        services = open_services(settings, Clock(MORNING), {"talheim": region})
    except (StoreError, AreaError) as error:
        return error.message
    with services.context.database.reading() as reader:
        assert len(reader.bookings(MORNING.date())) == 6, seed
    services.context.database.close()
    return None


def test_damaged_files(
    whole: bytes, region: Any, tmp_path: Path, times: Callable[[int, int], int]
) -> None:
    """Refused in one sentence that names the way back, or served with every ride; the file stays as it is.

    What lies inside a text nobody looks up by, such as a letter of a name, SQLite cannot know to be wrong.
    """
    ends: Counter[str] = Counter()
    for seed in range(times(200, 2000)):
        folder = tmp_path / f"copy-{seed}"
        folder.mkdir()
        file = folder / "buergerbus.sqlite"
        data = damaged(whole, seed)
        file.write_bytes(data)
        settings = Settings(data_dir=folder, improve=False, secret="s" * 32)
        refusal = opened(settings, region, seed)
        if refusal is None:
            assert seed % 4 != 0, "a file that was cut off"
            ends["served"] += 1
            continue
        assert "buergerbus restore" in refusal, (seed, refusal)
        assert "\n" not in refusal
        assert file.read_bytes() == data, seed
        ends["refused"] += 1
    assert ends["refused"] > ends["served"]


@pytest.mark.parametrize("data", [b"", b"nonsense" * 1000, None])
def test_the_command_refuses_in_one_line(
    whole: bytes, village: Path, tmp_path: Path, data: bytes | None
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    file = folder / "buergerbus.sqlite"
    file.write_bytes(whole[: len(whole) // 2] if data is None else data)
    before = file.read_bytes()
    program = "from buergerbus.cli import main; main()"
    command = [sys.executable, "-c", program, "serve", str(village), "--data-dir", str(folder)]
    done = subprocess.run(
        [*command, "--port", "0"], capture_output=True, text=True, check=False, timeout=60
    )
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("buergerbus:")]
    assert done.returncode == 2
    assert "buergerbus restore" in line
    assert "Traceback" not in done.stderr
    assert file.read_bytes() == before
