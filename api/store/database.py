"""Opening the database, its transactions and its migrations."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import Session

from api.store.errors import StoreBusy, StoreError
from api.store.reader import Reader
from api.store.writer import Writer

_BUSY_TIMEOUT_S = 5
_POOL = 40
"""As many connections as the server has worker threads, so that none waits for another's."""
_BUSY_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class Database:
    """Connections, transactions and migrations of one database.

    Readers see a snapshot and never wait. Writers take the write lock first (``BEGIN IMMEDIATE``): a
    deferred transaction that wants to write later fails at once when another one is writing.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._file = _file_of(url)
        self._readers = _engine(url)
        self._writers = self._readers.execution_options(writes=True)

    @property
    def exists(self) -> bool:
        """Whether there is a file yet."""
        return self._file.is_file()

    def migrate(self) -> None:
        """Bring the tables to the present version; all or nothing.

        Raises
        ------
        StoreError
            ``database-unusable``, ``database-newer`` or ``database-busy``.
        """
        self._create()
        config = Config()
        config.set_main_option("script_location", "api.store:migrations")
        try:
            with _clear_errors(self.url), self._writers.begin() as connection:
                _check_undamaged(connection, self.url)
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(
                "database-newer",
                f"The database {self.url} was written by a newer program ({error}); update this one.",
            ) from error

    def _create(self) -> None:
        """Make a missing file readable by its owner only: it will hold names and telephone numbers."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.touch(mode=0o600)
        except OSError as error:
            raise _unusable(self.url, str(error)) from error

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Open a snapshot to ask questions of."""
        with _clear_errors(self.url), Session(self._readers, expire_on_commit=False) as session:
            yield Reader(session)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Open a transaction: kept when the block ends, undone when it raises."""
        with _clear_errors(self.url), Session(self._writers, expire_on_commit=False) as session:
            yield Writer(session)
            session.commit()

    def close(self) -> None:
        """Close all connections."""
        self._readers.dispose()


def _file_of(url: str) -> Path:
    path = make_url(url).database if url.startswith("sqlite:///") else None
    if not path or path == ":memory:":
        raise _unusable(url, "only SQLite files are understood, as sqlite:///FILE")
    return Path(path)


def _engine(url: str) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": _BUSY_TIMEOUT_S},
        pool_size=_POOL,
        max_overflow=0,
        hide_parameters=True,  # names and numbers of riders do not belong into errors
    )

    def connected(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own
        connection.isolation_level = None  # transactions are begun below, not by the driver
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine


def _check_undamaged(connection: Connection, url: str) -> None:
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        raise _unusable(url, str(found))


@contextmanager
def _clear_errors(url: str) -> Iterator[None]:
    """Turn the driver's errors about the database as a whole into ours."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _BUSY_CODES:
            raise StoreBusy(
                "database-busy", f"Another process holds the database {url}; try again."
            ) from error
        raise _unusable(url, str(error.orig)) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:  # a violated constraint is the caller's business
            raise
        raise _unusable(url, str(error.orig)) from error


def _unusable(url: str, why: str) -> StoreError:
    return StoreError(
        "database-unusable",
        f"The database {url} cannot be used ({why}); restore it from a backup or choose another.",
    )
