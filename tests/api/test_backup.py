"""A backup holds everything that was booked, and comes back; nothing is lost on the way there."""

import shutil
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from os import utime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.alarms import Alarms
from api.backups import KEPT, Backups, newest
from api.health import check_stored_plans
from api.settings import Settings
from api.store.database import Database
from api.store.errors import StoreError

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
MONDAY = date(2026, 3, 30)


def database_of(server: Any) -> Database:
    database: Database = server.services.context.database
    return database


def booked(server: Any) -> dict[str, Any]:
    return {
        booking["id"]: booking
        for booking in server.client.get("/v1/bookings", params={"date": "2026-03-30"}).json()[
            "bookings"
        ]
    }


def fill(server: Any, over: threading.Event, acknowledged: list[str], row: int) -> None:
    """Book until it is over."""
    for number in range(200):
        if over.is_set():
            return
        time = f"{7 + number % 5:02}:{number * 7 % 60:02}"
        ends = server.place(number % 8, row), server.place((number * 3 + 1) % 8, 7 - row)
        offers = server.ask(*ends, depart_at=server.at(time))["offers"]
        if offers:
            answer = server.take(offers[0])
            if answer.status_code == 201:
                acknowledged.append(answer.json()["id"])


@BOTH
def test_restore_drill(start: Any, village: Path, tmp_path: Path, store_url: str | None) -> None:
    """Booked under load, backed up meanwhile, restored: every ride confirmed before is there, checked."""
    server = start(improve=False)
    over, acknowledged = threading.Event(), []  # type: ignore[var-annotated]
    clients = [
        threading.Thread(target=fill, args=(server, over, acknowledged, row)) for row in range(4)
    ]
    for client in clients:
        client.start()
    while len(acknowledged) < 5:
        over.wait(0.05)
    before = list(acknowledged)
    file = tmp_path / "backup"
    database_of(server).back_up(file)
    while len(acknowledged) < len(before) + 3:
        over.wait(0.05)
    over.set()
    for client in clients:
        client.join()
    shown = booked(server)
    assert set(shown) == set(acknowledged)
    server.client.__exit__(None, None, None)

    database = Database(server.settings.database_url)
    with pytest.raises(StoreError) as caught:
        database.restore(file)
    assert caught.value.code == "database-exists"
    kept = database.restore(file, force=True)
    database.close()
    assert kept
    restored = start(server.clock.now(), improve=False)
    present = booked(restored)
    assert set(before) <= set(present) < set(shown)
    assert all(present[key]["code"] == shown[key]["code"] for key in present)
    settings = Settings(regions=(village,), data_dir=server.settings.data_dir, database=store_url)
    (check,) = check_stored_plans(settings)
    assert (check.rides, check.violations) == (len(present), ())
    assert restored.client.get("/ready").status_code == 200
    offers = [
        restored.ask(restored.place(0, 0), restored.place(2, 2), depart_at=restored.at(f"{h}:00"))
        for h in ("08", "09", "10", "11")
    ]
    taken = [restored.take(o["offers"][0]).status_code for o in offers if o["offers"]]
    assert set(taken) <= {201}


def test_what_was_there_is_kept_beside(start: Any, tmp_path: Path) -> None:
    """The old file is a whole database, too: going back is restoring it."""
    server = start()
    file = tmp_path / "backup"
    database_of(server).back_up(file)
    ride = server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    server.client.__exit__(None, None, None)
    database = Database(server.settings.database_url)
    kept = database.restore(file, force=True)
    database.close()
    server = start()
    assert booked(server) == {}
    server.client.__exit__(None, None, None)
    database = Database(server.settings.database_url)
    database.restore(Path(str(kept)), force=True)
    database.close()
    assert set(booked(start())) == {ride["id"]}


@BOTH
def test_backups_of_restored_databases_can_be_restored(start: Any, tmp_path: Path) -> None:
    """Again and again: what the last restore kept beside gets into no backup and in nobody's way."""
    server = start()
    ride = server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    server.client.__exit__(None, None, None)
    for number in range(3):
        database = Database(server.settings.database_url)
        file = tmp_path / f"backup-{number}"
        database.back_up(file)
        database.close()
        assert file.stat().st_mode & 0o777 == 0o600
        database.restore(file, force=True)
        database.close()
    assert set(booked(start())) == {ride["id"]}


def test_a_file_in_use_is_not_replaced(start: Any, tmp_path: Path) -> None:
    """Another process has it open, though it does nothing at the moment."""
    server = start()
    file = tmp_path / "backup"
    database_of(server).back_up(file)
    server.client.__exit__(None, None, None)
    path = server.settings.data_dir / "buergerbus.sqlite"
    hold = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode=WAL');"
        "c.execute('SELECT count(*) FROM booking').fetchone(); print('held', flush=True); sys.stdin.read()"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", hold, path], stdin=pipe, stdout=pipe) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        before = path.read_bytes()
        with pytest.raises(StoreError) as caught:
            Database(server.settings.database_url).restore(file, force=True)
        assert caught.value.code == "database-in-use"
        assert path.read_bytes() == before
        holder.communicate(b"")
    Database(server.settings.database_url).restore(file, force=True)


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_served_postgresql_database_is_not_replaced(start: Any, tmp_path: Path) -> None:
    server = start()
    file = tmp_path / "backup"
    database_of(server).back_up(file)
    other = Database(server.settings.database_url)
    with pytest.raises(StoreError) as caught:
        other.restore(file, force=True)
    other.close()
    assert caught.value.code == "database-in-use"


@BOTH
@pytest.mark.parametrize("damage", ["half", "nothing", "nonsense", "missing", "other"])
def test_what_is_no_backup_is_not_restored(start: Any, tmp_path: Path, damage: str) -> None:
    server = start()
    file = tmp_path / "backup"
    database_of(server).back_up(file)
    whole = file.read_bytes()
    if damage == "missing":
        file.unlink()
    elif damage == "other":
        file.unlink()
        other = sqlite3.connect(file)
        other.execute("CREATE TABLE t (x)")
        other.close()
    else:
        parts = {"half": whole[: len(whole) // 2], "nothing": b"", "nonsense": b"nonsense" * 999}
        file.write_bytes(parts[damage])
    server.client.__exit__(None, None, None)
    database = Database(server.settings.database_url)
    with pytest.raises(StoreError) as caught:
        database.restore(file, force=True)
    database.close()
    assert caught.value.code == "backup-damaged"
    assert booked(start()) == {}


def test_a_backup_of_a_newer_program(start: Any, tmp_path: Path) -> None:
    server = start()
    file = tmp_path / "backup"
    database_of(server).back_up(file)
    newer = sqlite3.connect(file)
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.commit()
    newer.close()
    with pytest.raises(StoreError) as caught:
        database_of(server).restore(file, force=True)
    assert caught.value.code == "backup-newer"


def test_a_damaged_database_is_replaced_and_kept_with_its_log(start: Any, tmp_path: Path) -> None:
    server = start()
    ride = server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    file = tmp_path / "backup"
    database_of(server).back_up(file)
    server.client.__exit__(None, None, None)
    path = server.settings.data_dir / "buergerbus.sqlite"
    path.write_bytes(b"nonsense" * 1000)
    log = path.with_name(path.name + "-wal")
    log.write_bytes(b"log")
    database = Database(server.settings.database_url)
    kept = Path(str(database.restore(file, force=True)))
    database.close()
    assert kept.read_bytes() == b"nonsense" * 1000
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"log"
    assert set(booked(start())) == {ride["id"]}


def test_fourteen_nights_are_kept(start: Any) -> None:
    """The newest by the files' own time; whatever else lies in the folder stays."""
    server = start()
    backups = Backups(database_of(server), server.settings.data_dir)
    folder = server.settings.data_dir / "backups"
    for day in range(20):
        made = backups.make(f"2026-04-{day + 1:02}")
        utime(made, (1_000_000 + day, 1_000_000 + day))
        (folder / "mine.sqlite").touch()
    names = sorted(path.name for path in folder.iterdir())
    kept = [f"buergerbus-2026-04-{day:02}.sqlite" for day in range(7, 21)]
    assert names == [*kept, "mine.sqlite"]
    assert len(kept) == KEPT
    backups.make("2026-04-20")  # the same night again
    assert len(list(folder.iterdir())) == KEPT + 1


def test_a_backup_that_fails_leaves_nothing_behind(
    start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start()
    backups = Backups(database_of(server), server.settings.data_dir)

    def no_room(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_room)
    with pytest.raises(StoreError) as caught:
        backups.make("2026-04-01")
    assert caught.value.code == "backup-failed"
    assert list((server.settings.data_dir / "backups").iterdir()) == []


def test_health_tells_the_last_backup_and_who_does_the_jobs(start: Any) -> None:
    server = start()
    health = server.client.get("/health").json()
    assert (health["last_backup"], health["alarms"]) == (None, [])
    scheduler = server.client.app.state.scheduler
    while not scheduler.lease.held:
        threading.Event().wait(0.01)
    scheduler.do(scheduler.jobs["backup"])
    health = server.client.get("/health").json()
    assert health["jobs"] == {"holder": scheduler.lease.me, "here": True}
    age = datetime.now(UTC) - datetime.fromisoformat(health["last_backup"])
    assert age.total_seconds() < 60
    (made,) = (server.settings.data_dir / "backups").iterdir()
    assert made.name == "buergerbus-2026-03-30.sqlite"


def test_an_old_backup_rings(start: Any) -> None:
    server = start()
    backups, alarms = Backups(database_of(server), server.settings.data_dir), Alarms()
    made = backups.make("2026-04-01")
    backups.look(alarms)
    assert alarms.ringing() == ()
    old = datetime.now(UTC).timestamp() - 2 * 86400 - 60
    utime(made, (old, old))
    backups.look(alarms)
    assert [alarm.code for alarm in alarms.ringing()] == ["backup-old"]
    backups.make("2026-04-03")
    backups.look(alarms)
    assert alarms.ringing() == ()


def test_a_database_that_is_gone_is_not_begun_anew(start: Any) -> None:
    """Its backups tell that there was one: the disk is not mounted, or somebody deleted it."""
    server = start()
    Backups(database_of(server), server.settings.data_dir).make("2026-04-01")
    server.client.__exit__(None, None, None)
    path = server.settings.data_dir / "buergerbus.sqlite"
    path.unlink()
    with pytest.raises(StoreError) as caught:
        start()
    assert caught.value.code == "database-missing"
    assert "buergerbus restore" in caught.value.message
    assert not path.exists()


def test_passwords_are_on_no_command_line(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What runs is recorded: the password is in its environment only."""
    calls: list[Any] = []
    real = subprocess.run

    def watched(command: list[str], **options: Any) -> Any:
        calls.append((command, options.get("env", {})))
        return real(command, **options)

    secret = f"s{uuid4().hex}"
    database = Database(postgres_url.replace("bus@", f"bus:{secret}@"))
    database.migrate()
    monkeypatch.setattr(subprocess, "run", watched)
    database.back_up(tmp_path / "dump")
    database.close()
    database.restore(tmp_path / "dump", force=True)
    database.close()
    assert len(calls) >= 4
    assert not any(secret in part for command, _ in calls for part in command)
    assert any(env.get("PGPASSWORD") == secret for _, env in calls)


def test_without_the_programs_of_postgresql(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(postgres_url)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(StoreError) as caught:
        database.back_up(tmp_path / "dump")
    assert caught.value.code == "backup-failed"
    assert "postgresql-client" in caught.value.message
    assert newest(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
