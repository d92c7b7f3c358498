"""PostgreSQL: one database for many servers; whoever decides about an area holds its row."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from psycopg.errors import (
    DeadlockDetected,
    DiskFull,
    LockNotAvailable,
    QueryCanceled,
    ReadOnlySqlTransaction,
    TooManyConnections,
)
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DatabaseError

from api.store import postgres_backup
from api.store.errors import unusable

BUSY_TIMEOUT_S = 5
_POOL = 20
_BUSY = (LockNotAvailable, DeadlockDetected, QueryCanceled, TooManyConnections)
_FULL = (DiskFull, ReadOnlySqlTransaction)
_NARROW = text("SELECT set_config('buergerbus.areas', :areas, true)")
_BYPASSES = text(
    "SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
)


class Postgres:
    """A database on a server. Readers see a snapshot; writers lock the areas they decide about."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql+psycopg")
        engine = create_engine(
            self.url,
            pool_size=_POOL,
            max_overflow=_POOL,
            pool_pre_ping=True,  # the server may have been restarted
            hide_parameters=True,  # names and numbers of riders do not belong into errors
        )
        event.listen(engine, "connect", _connected)
        self.readers = engine.execution_options(isolation_level="REPEATABLE READ")
        self.writers = engine.execution_options(isolation_level="READ COMMITTED")

    suffix = ".dump"
    missing = False

    @property
    def filled(self) -> bool:
        """Whether there are tables."""
        with self.readers.connect() as connection:
            return bool(inspect(connection).get_table_names())

    @property
    def exists(self) -> bool:
        """Whether the database can be reached."""
        try:
            with self.readers.connect():
                return True
        except DatabaseError:
            return False

    def create(self, fill: Callable[[str], None]) -> None:
        """Nothing to do: the server's administrator makes the database."""

    def check(self, connection: Connection) -> None:
        """Nothing to do: the server looks after its files."""

    def intact(self, connection: Connection) -> None:
        """Raise if the server has given up the transaction; it begins one with the first statement only."""
        driver = connection.connection.driver_connection
        going_on = TransactionStatus.INTRANS, TransactionStatus.IDLE
        if driver is None or driver.info.transaction_status not in going_on:
            raise unusable(str(self.url), "it gave up a transaction")

    def narrow(self, connection: Connection, areas: str) -> None:
        """Let the rest of the transaction see the rows of some areas only, see :mod:`api.store.scope`."""
        connection.execute(_NARROW, {"areas": areas})

    def bypassed(self, connection: Connection) -> str | None:
        """Return why policies do not bind whoever is connected."""
        name = connection.execute(_BYPASSES).scalar()
        return None if name is None else f"its user {name!r} is a superuser or has BYPASSRLS"

    def scrub(self) -> bool:
        """Free the rows as they were before; the server's own log goes as its administrator decided."""
        with self.writers.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(
                "VACUUM booking, visit, event, sealed_event, refusal, idempotency_key"
            )
        return True

    def is_busy(self, error: DatabaseError) -> bool:
        """Whether others hold what is needed: trying again later will do."""
        return isinstance(error.orig, _BUSY)

    def is_full(self, error: DatabaseError) -> bool:
        """Whether it can be read but not written."""
        return isinstance(error.orig, _FULL)

    def back_up(self, target: Path) -> None:
        """Write a dump; everybody goes on meanwhile."""
        postgres_backup.back_up(self.url, target)

    def revision_of(self, backup: Path) -> str:
        """Return the version of the tables in a dump that is whole."""
        return postgres_backup.revision_of(backup)

    def restore(self, backup: Path) -> str | None:
        """Put a dump in place; return where the old tables are."""
        self.readers.dispose()  # our own connections are no reason to refuse
        return postgres_backup.restore(backup, self.url)


def _connected(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{BUSY_TIMEOUT_S}s'")
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()
