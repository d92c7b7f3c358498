"""The database: migrations, damage, locks, and the last guards."""

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from api.store.database import Database
from api.store.errors import StoreBusy, StoreError
from api.store.migrations import HEAD
from api.store.tables import TABLES, AreaRow, EventRow, VisitRiderRow
from api.store.writer import Writer

NOW = datetime(2026, 3, 30, 4, tzinfo=UTC)


BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database(tmp_path: Path, store_url: str | None) -> Any:
    """Open an empty database with all tables."""
    opened = Database(store_url or f"sqlite:///{tmp_path / 'data' / 'test.sqlite'}")
    opened.migrate()
    area = AreaRow(id="talheim", operator_id=0, name="T", time_zone="Europe/Berlin")
    opened.write(lambda writer: writer.put_area(area, "Verein"))
    yield opened
    opened.close()


def keeping(key: str, answer: str = "{}", at: datetime = NOW) -> Callable[[Writer], None]:
    """Return the work of keeping an answer."""
    return lambda writer: writer.keep_answer("bookings", key, "print", answer, at)


@BOTH
def test_migrations_lead_to_the_tables_of_the_code(database: Database) -> None:
    with database._backend.readers.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, TABLES) == []
    database.migrate()  # nothing left to do


@BOTH
def test_downgrade_leads_back_to_nothing(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", "api.store:migrations")
    with database._backend.writers.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}


def test_durability_settings(database: Database) -> None:
    with database._backend.readers.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragma == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def test_the_log_is_emptied_unless_somebody_reads(database: Database) -> None:
    database.write(keeping("key"))
    with database.reading() as reader:
        reader.count_areas()
        database.write(keeping("other"))
        with database._backend.readers.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=0")
        assert not database.scrub()
    assert database.scrub()
    assert not Path(f"{database._backend.file}-wal").stat().st_size


@BOTH
def test_nothing_stays_of_a_failed_transaction(database: Database) -> None:
    def fail(writer: Writer) -> None:
        keeping("key")(writer)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.write(fail)
    with database.reading() as reader:
        assert reader.kept_answer("bookings", "key") is None


@BOTH
def test_reader_sees_a_snapshot(database: Database) -> None:
    with database.reading() as reader:
        assert reader.count_areas() == 1
        area = AreaRow(id="other", operator_id=0, name="O", time_zone="UTC")
        database.write(lambda writer: writer.put_area(area, "Verein"))
        assert reader.count_areas() == 1
    with database.reading() as reader:
        assert reader.count_areas() == 2


def event(version: int) -> EventRow:
    """Return an event of Monday."""
    return EventRow(
        area_id="talheim",
        service_date=date(2026, 3, 30),
        version=version,
        type="test",
        payload="{}",
        happened_at=NOW,
    )


@BOTH
def test_two_writers_cannot_decide_from_the_same_state(database: Database) -> None:
    database.write(lambda writer: writer.add(event(1)))
    with pytest.raises(IntegrityError):
        database.write(lambda writer: writer.add(event(1)))


@BOTH
def test_nobody_is_on_two_tours(server: Any) -> None:
    booking = server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    rider = VisitRiderRow(
        booking_id=booking["id"],
        kind="board",
        leg=0,
        tour_id=booking["tour_id"],
        visit_id=f"{booking['id']}-alight",
        position=0,
    )
    with pytest.raises(IntegrityError):
        server.services.context.database.write(lambda writer: writer.add(rider))


@BOTH
def test_naive_instants_are_refused(database: Database) -> None:
    from sqlalchemy.exc import StatementError

    with pytest.raises(StatementError):
        database.write(keeping("key", at=datetime(2026, 3, 30)))  # noqa: DTZ001


@BOTH
def test_errors_do_not_tell_what_was_written(database: Database) -> None:
    database.write(keeping("key", "Hedwig Beck"))
    with pytest.raises(IntegrityError) as caught:
        database.write(keeping("key", "Hedwig Beck"))
    assert "Hedwig" not in str(caught.value)


def test_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "test.sqlite"
    path.write_bytes(b"this is no database" * 500)
    with pytest.raises(StoreError) as caught:
        Database(f"sqlite:///{path}").migrate()
    assert caught.value.code == "database-unusable"
    assert path.read_bytes().startswith(b"this is no database")


def test_torn_file_is_noticed(database: Database, tmp_path: Path) -> None:
    for number in range(300):
        database.write(keeping(f"key-{number}", "x" * 500))
    database.close()
    path = tmp_path / "data" / "test.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 // 4096 * 4096])
    with pytest.raises(StoreError) as caught:
        Database(f"sqlite:///{path}").migrate()
    assert caught.value.code == "database-unusable"


@BOTH
def test_database_of_a_newer_program(database: Database) -> None:
    with database._backend.writers.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError) as caught:
        database.migrate()
    assert caught.value.code == "database-newer"


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "nonsense"])
def test_only_files_and_postgresql(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        Database(url)
    assert caught.value.code == "database-unusable"


def test_server_that_is_not_there() -> None:
    """The password is not told."""
    with pytest.raises(StoreError) as caught:
        Database("postgresql://bus:secret@127.0.0.1:1/nothing").migrate()
    assert caught.value.code == "database-unusable"
    assert "secret" not in caught.value.message


def test_folder_instead_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        Database(f"sqlite:///{tmp_path}").migrate()
    assert caught.value.code == "database-unusable"


@pytest.mark.usefixtures("database")
def test_held_database_is_busy_and_nothing_is_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process holds the write lock: a writer gives up in time, readers go on."""
    monkeypatch.setattr("api.store.sqlite.BUSY_TIMEOUT_S", 0.2)
    path = tmp_path / "data" / "test.sqlite"
    hasty = Database(f"sqlite:///{path}")
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy):
        hasty.write(keeping("key"))
    with hasty.reading() as reader:
        assert reader.kept_answer("bookings", "key") is None
    release = threading.Timer(0.05, holder.execute, ("ROLLBACK",))
    release.start()
    hasty.write(keeping("key"))
    release.join()
    holder.close()
    hasty.close()


def test_the_newest_migration_is_known() -> None:
    """Otherwise a database would be taken for up to date that is not."""
    config = Config()
    config.set_main_option("script_location", "api.store:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD
