"""Opening the database, its transactions and its migrations."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError
from sqlmodel import Session

from api.store.errors import StoreBusy, unusable
from api.store.migrations import HEAD
from api.store.reader import Reader
from api.store.scribe import Scribe
from api.store.sqlite import SQLite
from api.store.writer import Writer

T = TypeVar("T")


class Backend(Protocol):
    """What databases do differently."""

    @property
    def readers(self) -> Engine:
        """Opens snapshots."""

    @property
    def writers(self) -> Engine:
        """Opens transactions that write."""

    @property
    def exists(self) -> bool:
        """Whether there is a database yet."""

    def create(self) -> None:
        """Make it if it is missing."""

    def check(self, connection: Connection) -> None:
        """Refuse a damaged one."""

    def intact(self, connection: Connection) -> None:
        """Raise if it gave up the transaction by itself."""

    def scrub(self) -> bool:
        """Remove what is left of erased rows; whether all of it could be."""

    def is_busy(self, error: DatabaseError) -> bool:
        """Whether trying again later will do."""


class Database:
    """Connections, transactions and migrations of one database; a SQLite file or a PostgreSQL server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._backend = _backend_of(url)
        self._scribe = Scribe(self._begin, self._backend.intact)

    @property
    def exists(self) -> bool:
        """Whether there is a database yet."""
        return self._backend.exists

    def migrate(self) -> None:
        """Bring the tables to the present version; all or nothing.

        Raises
        ------
        StoreError
            ``database-unusable``, ``database-newer`` or ``database-busy``.
        """
        self._backend.create()
        with self._begin() as connection:
            self._backend.check(connection)
            if _version_of(connection) == HEAD:
                return
            # costs a quarter of a second to load, and after most starts there is nothing to do
            from api.store.upgrade import upgrade  # noqa: PLC0415

            upgrade(connection, self.name)

    @property
    def name(self) -> str:
        """The address without its password."""
        return make_url(self.url).render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Open a snapshot to ask questions of."""
        with (
            self._clear_errors(),
            Session(self._backend.readers, expire_on_commit=False) as session,
        ):
            yield Reader(session)

    def write(self, work: Callable[[Writer], T], kept: Callable[[bool], None] | None = None) -> T:
        """Do some work in a transaction shared with others; see :meth:`api.store.scribe.Scribe.write`."""
        with self._clear_errors():
            return self._scribe.write(work, kept)

    def scrub(self) -> bool:
        """Remove what is left of erased rows outside the tables; whether all of it could be."""
        try:
            with self._clear_errors():
                return self._backend.scrub()
        except StoreBusy:
            return False

    def close(self) -> None:
        """Finish what is being written and close all connections."""
        self._scribe.close()
        self._backend.readers.dispose()
        self._backend.writers.dispose()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with self._clear_errors(), self._backend.writers.begin() as connection:
            yield connection

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        """Turn the driver's errors about the database as a whole into ours."""
        try:
            yield
        except DatabaseError as error:
            if self._backend.is_busy(error):
                raise StoreBusy(
                    "database-busy", f"Another process holds the database {self.name}; try again."
                ) from error
            if type(error) not in {DatabaseError, OperationalError}:
                raise  # a violated constraint is the caller's business
            raise unusable(self.name, str(error.orig)) from error
        except InterfaceError as error:
            raise unusable(self.name, str(error.orig)) from error


def _version_of(connection: Connection) -> str | None:
    """Return the version of the tables; None before there are any."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _backend_of(url: str) -> Backend:
    try:
        kind = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise unusable(
            url, "it must be named as sqlite:///FILE or postgresql://HOST/NAME"
        ) from error
    if kind != "postgresql":
        return SQLite(url)
    from api.store.postgres import Postgres  # noqa: PLC0415  # its driver is loaded where it is used

    return Postgres(url)
