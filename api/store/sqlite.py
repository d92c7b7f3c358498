"""SQLite: one file, one writer at a time, readers that never wait."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DatabaseError

from api.store import sqlite_backup
from api.store.errors import full, unusable

BUSY_TIMEOUT_S = 5
_POOL = 40
"""As many connections as the server has worker threads, so that none waits for another's."""
_BUSY_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FULL_CODES = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}


class SQLite:
    """A database in a file.

    Readers see a snapshot. Writers take the write lock first (``BEGIN IMMEDIATE``): a deferred transaction
    that wants to write later fails at once when another one is writing.

    Raises
    ------
    StoreError
        ``database-unusable``: the address names no file.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.file = _file_of(url)
        self.readers = _engine(url)
        self.writers = self.readers.execution_options(writes=True)

    suffix = ".sqlite"
    narrow = None

    @property
    def missing(self) -> bool:
        """Whether the file is not there."""
        return not self.file.exists()

    @property
    def filled(self) -> bool:
        """Whether there is something to lose."""
        return self.file.is_file()

    @property
    def exists(self) -> bool:
        """Whether there is a file yet."""
        return self.file.is_file()

    def create(self, fill: Callable[[str], None]) -> None:
        """Make a missing file, whole or not at all, readable by its owner only: it will hold names.

        ``fill`` is given the address of an empty one and makes the tables in it. An empty file that is there
        already was a database once, as was one whose log is left: nothing is put in their place.
        """
        if self.file.exists():
            if self.file.is_file() and self.file.stat().st_size == 0:
                raise unusable(self.url, "the file is empty")
            return
        if self.file.with_name(f"{self.file.name}-wal").exists():
            raise unusable(self.url, "the file is gone, only its log is left")
        fresh = self.file.with_name(f".{self.file.name}.{os.getpid()}.new")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            fresh.touch(mode=0o600)
            fill(f"sqlite:///{fresh}")
            with suppress(FileExistsError):  # another process was faster
                os.link(fresh, self.file)
        except OSError as error:
            raise unusable(self.url, str(error)) from error
        finally:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)

    def check(self, connection: Connection) -> None:
        """Refuse a damaged file."""
        found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        if found != "ok":
            raise unusable(self.url, str(found))

    def bypassed(self, connection: Connection) -> None:
        """Nothing to say: it has no rows that only some may see."""

    def intact(self, connection: Connection) -> None:
        """Raise if SQLite has rolled back by itself (full disk, out of memory)."""
        driver = connection.connection.driver_connection
        if driver is None or not driver.in_transaction:
            raise full(self.url, "it gave up a transaction")

    def is_full(self, error: DatabaseError) -> bool:
        """Whether it can be read but not written."""
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _FULL_CODES

    def scrub(self) -> bool:
        """Bring the log of changes into the file and empty it: it holds pages as they were before.

        It waits for readers of old snapshots as long as for any lock; False: they did not end.
        """
        connection: Any = self.readers.raw_connection()  # no transaction around it
        try:
            cursor = connection.cursor()
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()
        return not busy

    def is_busy(self, error: DatabaseError) -> bool:
        """Whether somebody else holds the database: trying again later will do."""
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _BUSY_CODES

    def back_up(self, target: Path) -> None:
        """Write a copy; writers go on meanwhile."""
        sqlite_backup.back_up(self.file, target)

    def revision_of(self, backup: Path) -> str:
        """Return the version of the tables in a backup that is whole."""
        return sqlite_backup.revision_of(backup)

    def restore(self, backup: Path) -> str | None:
        """Put a backup in place; return where the old file is."""
        kept = sqlite_backup.restore(backup, self.file)
        return str(kept) if kept else None


def _file_of(url: str) -> Path:
    path = make_url(url).database if url.startswith("sqlite:///") else None
    if not path or path == ":memory:":
        raise unusable(url, "it must be named as sqlite:///FILE or postgresql://HOST/NAME")
    return Path(path)


def _engine(url: str) -> Engine:
    address = f"{_file_of(url).absolute().as_uri()}?mode=rw"  # never makes a file

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, BUSY_TIMEOUT_S, check_same_thread=False, uri=True)

    engine = create_engine(
        url,
        creator=connect,
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
        # what is erased is overwritten, not only unlinked; not every build does so by itself
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine
