"""Opening the database, its transactions and its migrations."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from sqlalchemy import Connection, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError
from sqlmodel import Session

from api.store import scope
from api.store.backend import Backend
from api.store.errors import StoreBusy, StoreError, full, unusable
from api.store.migrations import HEAD
from api.store.reader import Reader
from api.store.scribe import Scribe
from api.store.sqlite import SQLite
from api.store.writer import Writer

T = TypeVar("T")

_GIVE_WAY_S = 0.1
"""How long who only looks lets those go first who write."""


@dataclass(slots=True)
class Written:
    """What was written since the start: transactions, the changes in them, seconds they took."""

    transactions: int = 0
    changes: int = 0
    seconds: float = 0.0


class Database:
    """Connections, transactions and migrations of one database; a SQLite file or a PostgreSQL server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._backend = _backend_of(url)
        self._scribe = Scribe(self._begin, self._backend.intact, self._backend.narrow)
        self.written = Written()

    @property
    def exists(self) -> bool:
        """Whether there is a database yet."""
        return self._backend.exists

    @property
    def missing(self) -> bool:
        """Whether it is a file that is not there."""
        return self._backend.missing

    def migrate(self) -> None:
        """Bring the tables to the present version; all or nothing.

        Raises
        ------
        StoreError
            ``database-unusable``, ``database-newer`` or ``database-busy``.
        """
        self._backend.create(_fill)
        self._upgrade()

    def back_up(self, target: Path) -> None:
        """Write everything to ``target``, whole or not at all; writers go on meanwhile.

        Raises
        ------
        StoreError
            ``backup-failed``.
        """
        with self._clear_errors():
            self._backend.back_up(target)

    def restore(self, backup: Path, *, force: bool = False) -> str | None:
        """Put a backup in place of what is there; return where that is kept, None if there was nothing.

        Raises
        ------
        StoreError
            ``backup-damaged``, ``backup-newer``, ``database-exists`` (unless ``force``),
            ``database-in-use`` or ``backup-failed``. The database is as it was.
        """
        with self._clear_errors():
            revision = self._backend.revision_of(backup)
            if revision > HEAD:
                raise StoreError(
                    "backup-newer",
                    f"The backup {backup} was made by a newer program (tables {revision}); "
                    "update this one first.",
                )
            if self._backend.filled and not force:
                raise StoreError(
                    "database-exists",
                    f"There is a database already at {self.name}; --force puts the backup in its place "
                    "and keeps the old one beside.",
                )
            return self._backend.restore(backup)

    @property
    def separates(self) -> bool:
        """Whether it can keep operators apart by itself."""
        return self._backend.narrow is not None

    def bypassed(self) -> str | None:
        """Return why the database shows areas to whom they are not, although it could do better."""
        with self._clear_errors(), self._backend.readers.connect() as connection:
            return self._backend.bypassed(connection)

    @property
    def waiting(self) -> int:
        """How many changes wait for the writing thread."""
        return self._scribe.waiting

    def give_way(self) -> None:
        """Let those write first who wait to, for a moment: for who looks and is in no hurry."""
        self._scribe.give_way(_GIVE_WAY_S)

    @property
    def suffix(self) -> str:
        """How the names of its backups end."""
        return self._backend.suffix

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
            if self._backend.narrow is not None:
                self._backend.narrow(session.connection(), scope.present())
            yield Reader(session)

    def write(self, work: Callable[[Writer], T], kept: Callable[[bool], None] | None = None) -> T:
        """Do some work in a transaction shared with others; see :meth:`api.store.scribe.Scribe.write`."""

        def counted(writer: Writer) -> T:
            self.written.changes += 1  # only the writing thread comes here
            return work(writer)

        with self._clear_errors():
            return self._scribe.write(counted, kept)

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

    def _upgrade(self) -> None:
        with self._begin() as connection:
            self._backend.check(connection)
            if self._backend.narrow is not None:
                self._backend.narrow(connection, scope.ALL)
            if _version_of(connection) == HEAD:
                return
            # costs a quarter of a second to load, and after most starts there is nothing to do
            from api.store.upgrade import upgrade  # noqa: PLC0415

            upgrade(connection, self.name)

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with self._clear_errors(), self._backend.writers.begin() as connection:
            begun = perf_counter()
            yield connection
        self.written.transactions += 1
        self.written.seconds += perf_counter() - begun

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
            if self._backend.is_full(error):
                raise full(self.name, str(error.orig)) from error
            if type(error) not in {DatabaseError, OperationalError}:
                raise  # a violated constraint is the caller's business
            raise unusable(self.name, str(error.orig)) from error
        except InterfaceError as error:
            raise unusable(self.name, str(error.orig)) from error
        except UnicodeDecodeError as error:  # the driver repeats damaged text of the file
            raise unusable(self.name, "its text is damaged") from error


def _fill(url: str) -> None:
    """Make the tables in a database that is empty."""
    fresh = Database(url)
    try:
        fresh._upgrade()  # noqa: SLF001  # its own
    finally:
        fresh.close()


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
