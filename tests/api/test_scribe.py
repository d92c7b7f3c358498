"""Group commit: many wait for one disk, each succeeds or fails alone, nobody is told what is not kept."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError

from api.store.database import Database
from api.store.errors import StoreError
from api.store.tables import IdempotencyRow
from api.store.writer import Writer

NOW = datetime(2026, 3, 30, 4, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Open an empty database with all tables."""
    opened = Database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    opened.migrate()
    yield opened
    opened.close()


def keep(key: str) -> Callable[[Writer], str]:
    """Return the work of keeping an answer."""

    def work(writer: Writer) -> str:
        writer.keep_answer("test", key, "print", "{}", NOW)
        return key

    return work


def row(key: str) -> IdempotencyRow:
    """Return the row of an answer."""
    return IdempotencyRow(
        operation="test", key=key, fingerprint="print", answer="{}", created_at=NOW
    )


def kept(database: Database) -> set[str]:
    """Return the keys of all answers kept."""
    with database.reading() as reader:
        return {key for key in map(str, range(40)) if reader.kept_answer("test", key)}


@contextmanager
def held(database: Database) -> Iterator[None]:
    """Let the writing thread wait while a block runs, so that work piles up behind it."""
    begun, goes_on = threading.Event(), threading.Event()

    def wait(_: Writer) -> None:
        begun.set()
        goes_on.wait(20)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(database.write, wait)
        begun.wait(20)
        yield
        goes_on.set()


def all_at_once(database: Database, *works: Callable[[Writer], object]) -> list[object]:
    """Write several things in one transaction; what each returned or raised."""

    def attempt(work: Callable[[Writer], object]) -> object:
        try:
            return database.write(work)
        except Exception as error:  # noqa: BLE001  # it is what the test looks at
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        with held(database):
            waiting = [pool.submit(attempt, work) for work in works]
            while len(database._scribe._waiting) < len(works):
                threading.Event().wait(0.01)
        return [each.result(timeout=20) for each in waiting]


def test_what_waits_is_written_together(database: Database) -> None:
    commits: list[Connection] = []
    event.listen(database._backend.readers, "commit", commits.append)
    answers = all_at_once(database, *(keep(str(k)) for k in range(20)))
    assert answers == [str(k) for k in range(20)]
    assert kept(database) == set(answers)
    assert len(commits) <= 2, "the one that was held, and all that waited"


def test_who_fails_fails_alone(database: Database) -> None:
    def fail(writer: Writer) -> None:
        keep("7")(writer)
        raise KeyError("mine")

    answers = all_at_once(database, keep("1"), fail, keep("2"))
    assert isinstance(answers[1], KeyError)
    assert kept(database) == {"1", "2"}


def test_a_transaction_that_was_given_up_is_nobodys(database: Database) -> None:
    """SQLite rolls back by itself on a full disk, and a commit after that says nothing."""

    def full_disk(writer: Writer) -> None:
        writer._session.connection().exec_driver_sql("ROLLBACK")

    answers = all_at_once(database, keep("1"), full_disk, keep("2"))
    assert isinstance(answers[0], StoreError)
    assert isinstance(answers[1], StoreError)
    assert kept(database) == ({"2"} if answers[2] == "2" else set())
    assert database.write(keep("3")) == "3"


def test_whoever_waits_hears_whether_it_was_kept(database: Database) -> None:
    told: list[bool] = []

    def fail(_: Writer) -> None:
        raise KeyError

    database.write(keep("1"), told.append)
    with pytest.raises(KeyError):
        database.write(fail, told.append)
    assert told == [True, False]


def test_who_fails_at_the_last_moment_tells_before_the_next_begins(database: Database) -> None:
    """Whoever keeps decisions in memory must not decide the next on what is undone."""
    order: list[str] = []

    def fails_when_it_ends(writer: Writer) -> None:
        writer._session.add(row("1"))
        writer._session.flush()
        writer._session.expunge_all()
        writer._session.add(row("1"))  # the same key again, written when the savepoint ends

    def next_one(_: Writer) -> None:
        order.append("next begins")

    def told(kept: bool) -> None:  # noqa: FBT001  # called by the scribe
        order.append(f"kept {kept}")

    with ThreadPoolExecutor(2) as pool:
        with held(database):
            first = pool.submit(database.write, fails_when_it_ends, told)
            while not database._scribe._waiting:
                threading.Event().wait(0.01)
            second = pool.submit(database.write, next_one)
            while len(database._scribe._waiting) < 2:
                threading.Event().wait(0.01)
        assert isinstance(first.exception(timeout=20), IntegrityError)
        second.result(timeout=20)
    assert order == ["kept False", "next begins"]


def test_a_listener_that_fails_stops_nobody(database: Database) -> None:
    def fail(_kept: bool) -> None:  # noqa: FBT001  # called by the scribe
        raise KeyError("mine")

    with pytest.raises(KeyError):
        database.write(keep("1"), fail)
    assert database.write(keep("2")) == "2"


def test_a_closed_database_writes_nothing(database: Database) -> None:
    """What was handed in before is finished."""
    with ThreadPoolExecutor(2) as pool:
        with held(database):
            waiting = pool.submit(database.write, keep("1"))
            while not database._scribe._waiting:
                threading.Event().wait(0.01)
            closing = pool.submit(database.close)
        assert waiting.result(timeout=20) == "1"
        closing.result(timeout=20)
    with pytest.raises(RuntimeError, match="closed"):
        database.write(keep("2"))
    assert kept(database) == {"1"}


def test_who_looks_gives_way_to_who_writes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as somebody writes, at most for a moment; not at all while nobody does."""
    monkeypatch.setattr("api.store.database._GIVE_WAY_S", 30.0)
    database.give_way()
    begun, end, gone_on = threading.Event(), threading.Event(), threading.Event()

    def slow(_: Writer) -> None:
        begun.set()
        assert end.wait(10)

    def look() -> None:
        database.give_way()
        gone_on.set()

    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(database.write, slow)
        assert begun.wait(10)
        looking = pool.submit(look)
        assert not gone_on.wait(0.2)
        end.set()
        writing.result(timeout=10)
        looking.result(timeout=10)
    monkeypatch.setattr("api.store.database._GIVE_WAY_S", 0.05)
    again = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(database.write, lambda _: again.wait(10))
        database.give_way()
        again.set()
        writing.result(timeout=10)
