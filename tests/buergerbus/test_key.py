"""``buergerbus key``: made, listed, revoked."""

import re
from pathlib import Path

import pytest

from api.settings import Settings
from api.store.database import Database
from api.store.tables import AreaRow
from buergerbus.cli import run


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Make a database with one operator."""
    database = Database(Settings(data_dir=tmp_path).database_url)
    database.migrate()
    area = AreaRow(id="talheim", operator_id=0, name="Talheim", time_zone="Europe/Berlin")
    database.write(lambda writer: writer.put_area(area, "Verein"))
    database.close()
    return tmp_path


def test_a_key_is_made_listed_and_revoked(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--data-dir", str(data_dir)]
    assert run(["key", "add", "Praxis Roth", *where]) == 0
    printed = capsys.readouterr().out
    key_id, secret = re.findall(r"bb_([0-9a-f]{10})_([A-Za-z0-9_-]{43})", printed)[0]
    assert run(["key", "list", *where]) == 0
    listed = capsys.readouterr().out
    assert key_id in listed
    assert secret not in listed
    assert run(["key", "revoke", key_id, *where]) == 0
    assert run(["key", "list", *where]) == 0
    assert "revoked" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["key", "revoke", "0000000000"],
        ["key", "add", " "],
        ["key", "add", "Praxis", "--operator", "Niemand"],
    ],
)
def test_wrong_input_is_one_line(
    data_dir: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, "--data-dir", str(data_dir)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
