"""Backup and restore on the command line: what they say, and exit code 2 where they refuse."""

from datetime import UTC, datetime
from os import utime
from pathlib import Path

import pytest

from api.backups import Backups
from api.store.database import Database
from buergerbus.cli import run
from buergerbus.doctor import _last_backup


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Give a data folder with a database."""
    folder = tmp_path / "data"
    database = Database(f"sqlite:///{folder / 'buergerbus.sqlite'}")
    database.migrate()
    database.close()
    return folder


def line(capsys: pytest.CaptureFixture[str]) -> str:
    (said,) = capsys.readouterr().err.splitlines()
    return said


def test_there_and_back(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, elsewhere = tmp_path / "b.sqlite", tmp_path / "elsewhere"
    assert run(["backup", "--data-dir", str(data), "--out", str(file)]) == 0
    assert run(["restore", str(file), "--data-dir", str(elsewhere)]) == 0
    assert (elsewhere / "buergerbus.sqlite").stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    assert run(["restore", str(file), "--data-dir", str(data)]) == 2
    assert "--force" in line(capsys)
    assert run(["restore", str(file), "--data-dir", str(data), "--force"]) == 0
    assert "is kept" in capsys.readouterr().out
    assert len(list(data.glob("buergerbus.sqlite.before-*"))) == 1


@pytest.mark.parametrize("what", ["no database", "no folder", "no backup", "no whole backup"])
def test_refused_in_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    empty = tmp_path / "empty.sqlite"
    empty.touch()
    arguments = {
        "no database": ["backup", "--data-dir", str(tmp_path / "x"), "--out", str(tmp_path / "b")],
        "no folder": ["backup", "--data-dir", str(data), "--out", str(tmp_path / "none/b")],
        "no backup": ["restore", str(tmp_path / "b"), "--data-dir", str(data), "--force"],
        "no whole backup": ["restore", str(empty), "--data-dir", str(data), "--force"],
    }
    before = (data / "buergerbus.sqlite").read_bytes()
    assert run(arguments[what]) == 2
    assert line(capsys).startswith("buergerbus: ")
    assert (data / "buergerbus.sqlite").read_bytes() == before
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(("hours", "level"), [(None, "note"), (1, "ok"), (47, "ok"), (49, "bad")])
def test_the_doctor_says_how_old_the_last_backup_is(
    data: Path, hours: int | None, level: str
) -> None:
    if hours is not None:
        database = Database(f"sqlite:///{data / 'buergerbus.sqlite'}")
        made = Backups(database, data).make("2026-04-01")
        database.close()
        then = datetime.now(UTC).timestamp() - hours * 3600
        utime(made, (then, then))
    assert _last_backup(data).level == level
