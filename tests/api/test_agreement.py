"""The doctor sees where the tables say otherwise than the plan built from them."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from api.health import check_stored_plans
from api.settings import Settings
from tests.api.test_restart import fill

BREAKAGES = {
    "UPDATE booking SET pickup_from = datetime(pickup_from, '-5 minutes') || '.000000'": "not the last one it was told",
    "DELETE FROM promise_history": "nothing in its promise history",
    "INSERT INTO shift (area_id, service_date, shift_id, state, offered, version, created_at, created_by,"
    " changed_at, changed_by) VALUES ('talheim', '2026-03-30', 'frueh', 'withdrawn', 0, 1,"
    " '2026-03-30 04:00:00', 'x', '2026-03-30 04:00:00', 'x')": "withdrawn, but in the plan",
    "UPDATE visit_rider SET leg = 3 WHERE kind = 'board'": "only in the plan",
    "UPDATE visit_rider SET position = 7 WHERE kind = 'alight'": "only in the table",
    "UPDATE visit SET sequence = sequence + 1": "sequence of halt",
    "DELETE FROM visit_rider WHERE kind = 'alight'": "",
    "UPDATE booking SET shift_id = 'spaet'": "",
    "UPDATE visit SET depart = datetime(depart, '+3 hours') || '.000000'": "",
}


def test_after_a_day_of_everything_both_agree(start: Any, village: Path) -> None:
    """Booked, cancelled, driven, not come: what is written down again is what was written down."""
    server = start()
    fill(server)
    settings = Settings(regions=(village,), data_dir=server.settings.data_dir)
    (check,) = check_stored_plans(settings)
    assert check.violations == ()


@pytest.mark.parametrize("statement", BREAKAGES)
def test_whatever_is_changed_behind_its_back_is_named(
    start: Any, village: Path, statement: str
) -> None:
    server = start()
    for column in range(3):
        ends = server.place(column, 0), server.place(column, 6)
        server.book(*ends, depart_at=server.at("09:00"))
    server.client.__exit__(None, None, None)
    database = sqlite3.connect(server.settings.data_dir / "buergerbus.sqlite")
    database.execute(statement)
    database.commit()
    database.close()
    settings = Settings(regions=(village,), data_dir=server.settings.data_dir)
    (check,) = check_stored_plans(settings)
    assert check.violations
    assert BREAKAGES[statement] in " ".join(check.violations)
