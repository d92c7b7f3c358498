"""``buergerbus person``: a copy and an erasure from the command line."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from api.store.database import Database
from api.store.tables import AreaRow, BookingRow
from buergerbus.cli import EXIT_USAGE, run
from dispatch.model import LOAD_KINDS


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Make a database with two rides of Hedwig Beck, long over."""
    then = datetime(2026, 3, 30, 9, tzinfo=UTC)
    database = Database(f"sqlite:///{tmp_path}/buergerbus.sqlite")
    database.migrate()
    area = AreaRow(id="talheim", operator_id=0, name="Talheim", time_zone="Europe/Berlin")
    database.write(lambda writer: writer.put_area(area, "Verein"))
    rides = [
        BookingRow(
            id=key, code=key, area_id="talheim", service_date=date(2026, 3, 30), name="Hedwig Beck",
            phone="+4971234567", origin_lon=9.1003, origin_lat=48.4002, origin_label="Ahornweg 1",
            destination_lon=9.13, destination_lat=48.42, destination_label="Ulmenweg 8",
            time_kind="depart_at", time_at=then, **dict.fromkeys(LOAD_KINDS, 1), pickup_from=then,
            pickup_until=then, arrive_by=then, ride_at_most_s=900, shift_id="frueh", status="done",
            fare_cents=200, details={}, created_at=then, changed_at=then,
        )
        for key in ("one", "two")
    ]  # fmt: skip
    database.write(lambda writer: writer.add(*rides))
    database.close()
    return tmp_path


def test_copy_then_erase(data: Path, tmp_path: Path, capsys: Any) -> None:
    who = ["--phone", "07123 4567", "--name", "Hedwig Beck", "--data-dir", str(data)]
    out = tmp_path / "copy.json"
    assert run(["person", "export", *who, "--out", str(out)]) == 0
    copy = json.loads(out.read_text(encoding="utf-8"))
    assert [ride["origin"]["label"] for ride in copy["rides"]] == ["Ahornweg 1"] * 2
    assert copy["responsible"][0]["controller"] == "Verein"
    assert out.stat().st_mode & 0o077 == 0
    assert run(["person", "export", *who, "--out", str(tmp_path / "copy.pdf")]) == 0
    assert (tmp_path / "copy.pdf").read_bytes().startswith(b"%PDF")
    assert run(["person", "erase", *who]) == 0
    assert "2 rides name nobody" in capsys.readouterr().out
    assert b"Hedwig Beck" not in (data / "buergerbus.sqlite").read_bytes()
    assert run(["person", "erase", *who]) == EXIT_USAGE
    assert "Nothing is stored" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "--phone", "1", "--out", "x.json"], "phone number"),
        (["export", "--phone", "+4971234567", "--out", "x.txt"], ".json or .pdf"),
        (["erase", "--phone", "+4971234567", "--data-dir", "nowhere"], "no database"),
    ],
)
def test_mistakes_are_one_line(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(data)
    here = [] if "--data-dir" in arguments else ["--data-dir", "."]
    assert run(["person", *arguments, *here]) == EXIT_USAGE
    error = " ".join(capsys.readouterr().err.split())
    assert said in error
    assert error.startswith("buergerbus: ")
