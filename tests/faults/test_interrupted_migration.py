"""A migration killed at any moment: the tables are the old ones or the new ones, the rides all there."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DRIVER = """
import json, os, random, shutil, signal, sqlite3, sys, time
from alembic import command
from sqlalchemy import event
from sqlalchemy.engine import Engine
from api.store.database import Database

old, folder, seeds = sys.argv[1], sys.argv[2], int(sys.argv[3])

def look(path):
    con = sqlite3.connect(path)
    tables = {row[0] for row in con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    found = {
        "version": con.execute("SELECT version_num FROM alembic_version").fetchone()[0],
        "new": sorted(tables & {"lease", "job_run"}),
        "rides": con.execute("SELECT count(*) FROM booking").fetchone()[0],
        "sound": con.execute("PRAGMA integrity_check").fetchone()[0],
    }
    con.close()
    return found

def upgrade(path, seed):
    dice = random.Random(seed)
    left = dice.randrange(1, 12)

    def count(*_):
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if seed % 2:
        event.listen(Engine, "after_cursor_execute", count)
    Database(f"sqlite:///{path}").migrate()
    os._exit(0)

for seed in range(seeds):
    path = f"{folder}/{seed}.sqlite"
    shutil.copyfile(old, path)
    child = os.fork()
    if child == 0:
        upgrade(path, seed)
    if seed % 2 == 0:
        time.sleep(random.Random(seed).uniform(0.005, 0.04))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    after = look(path)
    again = Database(f"sqlite:///{path}")
    again.migrate()
    again.close()
    print(json.dumps({"seed": seed, "died": os.WIFSIGNALED(status), "killed": after, "again": look(path)}), flush=True)
"""


@pytest.fixture
def old(start: Any, tmp_path: Path) -> Path:
    """Give a database of the first version, with rides."""
    from alembic import command
    from alembic.config import Config

    from api.store.database import Database

    server = start(improve=False)
    for column in range(3):
        server.book(server.place(column, 0), server.place(column, 6), depart_at=server.at("09:00"))
    server.client.__exit__(None, None, None)
    path = tmp_path / "data/buergerbus.sqlite"
    database, config = Database(f"sqlite:///{path}"), Config()
    config.set_main_option("script_location", "api.store:migrations")
    with database._begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    database.close()
    return path


def test_killed_while_upgrading(
    old: Path, tmp_path: Path, times: Callable[[int, int], int]
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    seeds = times(10, 50)
    command = [sys.executable, "-c", DRIVER, str(old), str(folder), str(seeds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) == seeds
    new = {"new": ["job_run", "lease"], "rides": 3, "sound": "ok"}
    head = results[0]["again"]["version"]
    for result in results:
        killed, again = result["killed"], result["again"]
        assert again == {"version": head, **new}, result
        assert killed in (again, {"version": "0001", "new": [], "rides": 3, "sound": "ok"}), result
    assert sum(result["died"] for result in results) >= seeds / 3
    assert any(result["killed"]["version"] == "0001" for result in results)


def test_killed_while_the_first_tables_are_made(tmp_path: Path) -> None:
    """There is no database, or a whole one: never an empty file that looks like one."""
    program = (
        "import os, signal, sys; from sqlalchemy import event; from sqlalchemy.engine import Engine;"
        "left = int(sys.argv[2])\n"
        "def count(*_):\n"
        "    global left\n"
        "    left -= 1\n"
        "    if left == 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "event.listen(Engine, 'after_cursor_execute', count)\n"
        "from api.store.database import Database\n"
        "Database(f'sqlite:///{sys.argv[1]}').migrate()"
    )
    path = tmp_path / "data/buergerbus.sqlite"
    for statements in (1, 12):
        command = [sys.executable, "-c", program, str(path), str(statements)]
        assert subprocess.run(command, check=False).returncode == -9
        assert not path.exists()
    assert (
        subprocess.run([sys.executable, "-c", program, str(path), "0"], check=False).returncode == 0
    )
    assert path.stat().st_size > 0
