"""Row-level security on PostgreSQL: what the rights forget, the database still keeps from other operators."""

# ruff: noqa: S608  # names of our own tables

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
import structlog
from fastapi import Request
from psycopg.types.json import Json
from sqlmodel import select

from api import opening
from api.errors import Problem
from api.people import access
from api.rights import PERMISSIONS, Actor, Permission, Role
from api.store import postgres_backup
from api.store.database import Database
from api.store.errors import StoreError
from api.store.policies import OPEN
from api.store.reader import Reader
from api.store.scope import ALL, all_areas, narrow
from api.store.tables import TABLES, BookingRow
from api.store.writer import Writer
from buergerbus import doctor
from tests.api.conftest import MONDAY
from tests.api.people import signed_in
from tests.api.test_rights import DAY, GUARDED, LISTENS, Town, bergheim, send, shown, town

__all__ = ["bergheim", "town"]  # fixtures
POSTGRES = pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
TALHEIM = "Bürgerbusverein Talheim e. V."
AT = datetime(2026, 3, 30, 6, 0, tzinfo=UTC)
BELONGS = {"area_id", "operator_id", "booking_id", "tour_id", "rider_id", "account_id", "device_id"}
WANTED: dict[str, dict[str, Any]] = {
    "account": {"role": "agent"},
    "booking": {"status": "booked"},
    "feedback": {"about": "page", "kind": "idea", "state": "new"},
    "message": {"state": "waiting"},
    "sheet_mail": {"state": "waiting"},
    "shift": {"state": "open", "driver_name": None},
    "standing_order": {"state": "active"},
    "standing_ride": {"direction": "there", "state": "booked"},
    "visit": {"status": "planned"},
    "visit_rider": {"kind": "board"},
}
"""What the tables' own rules ask for."""
NUMBERS = {"a": 1, "b": 2}


def row_of(table: sa.Table, whose: str, own: str = "") -> dict[str, Any]:
    """Return a row of an operator, ``a`` or ``b``, that refers to rows of the same; ``own``: another one."""
    return {column.name: value_of(column, whose, own) for column in table.columns}


def value_of(column: sa.Column[Any], whose: str, own: str) -> Any:
    wanted = {"ends_at": AT + timedelta(hours=1)} | WANTED.get(column.table.name, {})
    if column.name in wanted:
        return wanted[column.name]
    is_reference = bool(column.foreign_keys) or column.name in {"account_id", "area_id"}
    kind = getattr(column.type, "impl", column.type)
    if isinstance(kind, sa.JSON):
        return Json({})
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.Integer):
        return NUMBERS[whose] + (0 if is_reference or not own else 10)
    simple = {sa.Float: 9.0, sa.DateTime: AT, sa.Date: MONDAY}
    for each, value in simple.items():
        if isinstance(kind, each):
            return value
    return whose if is_reference or not own else f"{whose}{own}"


def insert(cursor: Any, table: sa.Table, row: dict[str, Any]) -> None:
    names, marks = ", ".join(row), ", ".join(f"%({name})s" for name in row)
    cursor.execute(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", row)


def is_of(table: sa.Table, whose: str) -> tuple[str, dict[str, Any]]:
    """Return a condition for the row of an operator, and its parameters."""
    row, key = row_of(table, whose), [column.name for column in table.primary_key]
    return " AND ".join(f"{name} = %({name})s" for name in key), {name: row[name] for name in key}


PROTECTED = [table for table in TABLES.sorted_tables if table.name not in OPEN]


@pytest.fixture
def filled(postgres_url: str) -> str:
    """Make a database with one row of each table for each of two operators; its address."""
    database = Database(postgres_url)
    database.migrate()
    database.close()
    with seen(postgres_url, ALL) as cursor:
        for table in PROTECTED:
            for whose in NUMBERS:
                insert(cursor, table, row_of(table, whose))
        cursor.connection.commit()
    return postgres_url


@contextmanager
def seen(url: str, areas: str | None) -> Iterator[Any]:
    """Open a transaction about some areas; None: nobody said about which."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        if areas is not None:
            cursor.execute("SELECT set_config('buergerbus.areas', %s, true)", [areas])
        yield cursor
        connection.rollback()


def unbound(url: str) -> set[str]:
    """Return the names of the tables that are not protected, also from their owner."""
    bound = (
        "SELECT relname, relrowsecurity AND relforcerowsecurity AND EXISTS "
        "(SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid) "
        "FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    with seen(url, ALL) as cursor:
        found = dict(cursor.execute(bound).fetchall())
    assert {table.name for table in TABLES.sorted_tables} <= set(found)
    return {name for name, is_bound in found.items() if not is_bound}


def test_every_table_has_a_policy_or_a_reason(filled: str) -> None:
    """Also for its owner; and what is open to all says nothing of whose it is."""
    assert unbound(filled) == set(OPEN)
    for table in TABLES.sorted_tables:
        assert table.name not in OPEN or not BELONGS & set(table.columns.keys()), table.name


def test_nothing_of_another_operator_is_shown(filled: str) -> None:
    with seen(filled, "a") as cursor:
        for table in PROTECTED:
            own, values = is_of(table, "a")
            count = f"SELECT count(*), count(*) FILTER (WHERE {own}) FROM {table.name}"
            assert cursor.execute(count, values).fetchone() == (1, 1), table.name


@pytest.mark.parametrize("areas", [None, "", "c", "A", "a b", "**", "%", "a,,c"])
def test_who_says_nothing_or_something_else_is_shown_nothing(filled: str, areas: str) -> None:
    expected = 1 if areas == "a,,c" else 0
    with seen(filled, areas) as cursor:
        for table in PROTECTED:
            count = cursor.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
            assert count == expected, table.name


def test_a_setting_ends_with_its_transaction(filled: str) -> None:
    with psycopg.connect(filled) as connection:
        connection.execute("SELECT set_config('buergerbus.areas', '*', true)")
        assert connection.execute("SELECT count(*) FROM booking").fetchone() == (2,)
        connection.commit()
        assert connection.execute("SELECT count(*) FROM booking").fetchone() == (0,)


@pytest.mark.parametrize("areas", [ALL, "a,b"])
def test_who_is_shown_both_is_shown_both(filled: str, areas: str) -> None:
    with seen(filled, areas) as cursor:
        for table in PROTECTED:
            count = cursor.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
            assert count == 2, table.name


def test_nothing_of_another_operator_is_changed(filled: str) -> None:
    """Not by its key and not by changing everything; one's own is, or this would prove nothing."""
    with seen(filled, "a") as cursor:
        for table in PROTECTED:
            column = next(iter(table.columns.keys()))
            theirs, values = is_of(table, "b")
            change = f"UPDATE {table.name} SET {column} = {column}"
            assert cursor.execute(f"{change} WHERE {theirs}", values).rowcount == 0, table.name
            assert cursor.execute(change).rowcount == 1, table.name
            gone = cursor.execute(f"DELETE FROM {table.name} WHERE {theirs}", values)
            assert gone.rowcount == 0, table.name
        backwards = reversed(PROTECTED)  # those that refer to others first
        gone = sum(cursor.execute(f"DELETE FROM {table.name}").rowcount for table in backwards)
        assert gone > len(PROTECTED) // 2  # some are shown only because of one that is gone before
        cursor.execute("SELECT set_config('buergerbus.areas', '*', true)")
        for table in PROTECTED:
            theirs, values = is_of(table, "b")
            found = cursor.execute(f"SELECT 1 FROM {table.name} WHERE {theirs}", values).fetchall()
            assert len(found) == 1, table.name


def test_nothing_is_added_to_another_operator(filled: str) -> None:
    with seen(filled, "a") as cursor:
        for table in PROTECTED:
            for row in (row_of(table, "b", "2"), row_of(table, "b")):
                cursor.execute("SAVEPOINT before")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    insert(cursor, table, row)
                cursor.execute("ROLLBACK TO before")
    with seen(filled, "b") as cursor:  # the same rows are taken from whom they belong to
        for name in ("booking", "tour", "driver", "account", "rider"):
            table = TABLES.tables[name]
            if name == "rider":
                cursor.execute("DELETE FROM standing_ride; DELETE FROM standing_order")
                cursor.execute("DELETE FROM rider")
            insert(cursor, table, row_of(table, "b", "2"))


def test_nothing_is_given_to_another_operator(filled: str) -> None:
    with seen(filled, "a") as cursor:
        for table in PROTECTED:
            if table.name == "area":
                continue  # whose it is, the area file says; only a start of the server writes that
            for column in BELONGS & set(table.columns.keys()):
                value = value_of(table.columns[column], "b", "")
                cursor.execute("SAVEPOINT before")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    cursor.execute(f"UPDATE {table.name} SET {column} = %s", [value])
                cursor.execute("ROLLBACK TO before")


def test_a_code_is_new_among_all(filled: str) -> None:
    """What two operators told on the telephone must differ; and looking does not open anything."""
    database = Database(filled)

    def looked(reader: Reader) -> tuple[bool, bool, list[str]]:
        known = reader.code_exists("b"), reader.code_exists("c")
        return *known, list(reader._session.exec(select(BookingRow.area_id)))

    with all_areas():
        narrow(frozenset("a"))
        with database.reading() as reader:
            assert looked(reader) == (True, False, ["a"])
        assert database.write(looked) == (True, False, ["a"])
    database.close()


@contextmanager
def in_turn(database: Database) -> Iterator[Callable[..., None]]:
    """Hold the writing thread while work is brought, each piece by a thread of its own and in this order."""
    go, busy = threading.Event(), threading.Event()

    def hold(_: Writer) -> None:
        busy.set()
        go.wait(30)

    def bring(work: Callable[[Writer], object], areas: frozenset[str] | None) -> None:
        with all_areas(), suppress(ZeroDivisionError):
            narrow(areas)
            database.write(work)

    threads = [threading.Thread(target=bring, args=(hold, None))]
    threads[0].start()
    assert busy.wait(30)

    def add(work: Callable[[Writer], object], *areas: str) -> None:
        count = database.waiting
        threads.append(
            threading.Thread(target=bring, args=(work, frozenset(areas) if areas else None))
        )
        threads[-1].start()
        while database.waiting == count:
            threading.Event().wait(0.001)

    yield add
    go.set()
    for thread in threads:
        thread.join()


def test_work_of_several_operators_in_one_transaction(
    filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sees its own, also after one that failed, and after what another only flushed."""
    monkeypatch.setattr("api.store.scribe.BATCH_S", 60.0)
    database = Database(filled)
    found: list[tuple[str, ...]] = []

    def look(writer: Writer) -> None:
        session = writer._session
        for row in session.exec(select(BookingRow)):
            row.name = f"{row.name}!"  # flushed when its work ends, not when the next begins
            session.add(row)
        found.append(tuple(sorted(session.exec(select(BookingRow.area_id)))))

    def fail(writer: Writer) -> None:
        look(writer)
        raise ZeroDivisionError

    with in_turn(database) as add:
        for work, areas in (
            (look, "a"), (look, "b"), (fail, "a"), (look, "b"), (look, ""), (look, "ab"), (fail, "b"), (look, "a"),
        ):  # fmt: skip
            add(work, *areas)
    assert [*map("".join, found)] == ["a", "b", "a", "b", "ab", "ab", "b", "a"]
    assert database.written.transactions == 1
    with database.reading() as reader:
        names = reader._session.exec(select(BookingRow.name).order_by(BookingRow.id))
        assert list(names) == ["a!!!!", "b!!!!"]
    database.close()


@BOTH
def test_work_of_which_nobody_said_anything(start: Any, store_url: str | None) -> None:
    """PostgreSQL would show it nothing, so it is refused; SQLite has no policies and never asks."""
    database = start().services.context.database
    raised: list[type[Exception] | None] = []

    def ask() -> None:
        for work in (read, write):
            try:
                work()
            except RuntimeError as error:
                raised.append(type(error))
            else:
                raised.append(None)

    def read() -> None:
        with database.reading() as reader:
            reader.count_areas()

    def write() -> None:
        database.write(lambda writer: writer.count_areas())

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert raised == ([RuntimeError] * 2 if store_url else [None] * 2)


@BOTH
def test_days_in_memory_are_kept_from_others(town: Town) -> None:
    """A day built from rows that are not shown would be an empty one, for everybody after."""
    context = town.server.services.context
    with all_areas():
        narrow(frozenset({"talheim"}))
        with context.locked("talheim", MONDAY):
            pass
        with pytest.raises(Problem) as caught, context.locked("bergheim", MONDAY):
            pass
        assert caught.value.code == "area-unknown"
        with pytest.raises(Problem) as caught:
            context.change("bergheim", MONDAY, lambda *_: pytest.fail("it was let in"))
        assert caught.value.code == "area-unknown"
    headers = signed_in(town.server, Role.ADMINISTRATOR)
    tours = town.server.client.get("/v1/tours", params={"date": DAY}, headers=headers).json()[
        "tours"
    ]
    assert {tour["id"].partition(".")[0] for tour in tours if tour["visits"]} == {
        "talheim",
        "bergheim",
    }


def secrets_of(town: Town) -> tuple[str, ...]:
    theirs = town.bergheim
    return (
        theirs.booking_id, theirs.message_id, theirs.rider, theirs.tour_id, theirs.account_id,
        theirs.session_id, theirs.device_id, theirs.key_id, theirs.rider_id, theirs.order_id,
        theirs.feedback_id,
    )  # fmt: skip


@POSTGRES
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AGENT, Role.DRIVER])
@pytest.mark.parametrize("wall", [True, False], ids=["wall", "no-wall"])
def test_rights_that_let_everything_through(
    town: Town, monkeypatch: pytest.MonkeyPatch, role: Role, *, wall: bool
) -> None:
    """Whoever comes is taken for somebody who sees all areas. Without the second wall this leaks."""
    checked = access.check

    def broken(request: Request, permission: Permission) -> Actor:
        return replace(checked(request, permission), areas=None)

    monkeypatch.setattr(access, "check", broken)
    if not wall:
        monkeypatch.setattr(access, "narrow", lambda _: None)
    headers = signed_in(town.server, role, TALHEIM)
    leaks = {
        way.name
        for way in GUARDED
        if way.permission in PERMISSIONS[role] and way.name != LISTENS
        for answer in [send(town, way, town.bergheim, headers)]
        if any(secret in shown(answer) for secret in secrets_of(town))
    }
    assert bool(leaks) is not wall, leaks


@BOTH
def test_the_doctor_says_who_is_bound(
    start: Any, store_url: str | None, postgres_server: str
) -> None:
    settings = start().settings
    found = [finding.level for finding in doctor._rows_kept_apart(settings)]
    assert found == (["ok"] if store_url else [])
    if store_url:
        name = store_url.partition("?")[0].rpartition("/")[2]
        admin = settings.model_copy(update={"database": postgres_server.format(name=name)})
        (finding,) = doctor._rows_kept_apart(admin)
        assert (finding.level, "superuser" in finding.found) == ("bad", True)


def warnings(said: Any) -> list[Any]:
    known = (line for line in said if "row-level security" in line["event"])
    return [line for line in known if line["log_level"] == "warning"]


@POSTGRES
def test_a_start_as_superuser_is_logged(start: Any, postgres_server: str, store_url: str) -> None:
    name = store_url.partition("?")[0].rpartition("/")[2]
    with structlog.testing.capture_logs() as said:
        start()
    assert not warnings(said)
    database = Database(postgres_server.format(name=name))
    with structlog.testing.capture_logs() as said:
        opening._warn(database)
    database.close()
    assert len(warnings(said)) == 1


def test_a_dump_without_rows_is_no_backup(
    filled: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, target = Database(filled), tmp_path / "dump"
    database.back_up(target)
    rows = postgres_backup._rows(target, "booking")
    assert len(rows) == 2
    monkeypatch.setattr(postgres_backup, "_EVERYTHING", "-c buergerbus.areas=c")
    with pytest.raises(StoreError) as caught:
        database.back_up(tmp_path / "other")
    assert caught.value.code == "backup-failed"
    assert [path.name for path in tmp_path.iterdir()] == ["dump"]
    database.close()


def test_what_is_restored_is_bound_again(filled: str, tmp_path: Any) -> None:
    database = Database(filled)
    database.back_up(tmp_path / "dump")
    database.close()
    database.restore(tmp_path / "dump", force=True)
    assert unbound(filled) == set(OPEN)
    with seen(filled, "a") as cursor:
        for table in PROTECTED:
            assert cursor.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (1,)
    with all_areas(), database.reading() as reader:
        assert reader.code_exists("b")
    database.close()
