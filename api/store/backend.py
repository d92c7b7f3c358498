"""What databases do differently."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError


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

    @property
    def missing(self) -> bool:
        """Whether it is a file that is not there."""

    @property
    def filled(self) -> bool:
        """Whether there is something in it to lose."""

    @property
    def suffix(self) -> str:
        """How the names of its backups end."""

    @property
    def narrow(self) -> Callable[[Connection, str], None] | None:
        """Lets the rest of a transaction see the rows of some areas only; None where it cannot."""

    def bypassed(self, connection: Connection) -> str | None:
        """Return why it shows all rows to everybody although it could do better; None if it does not."""

    def create(self, fill: Callable[[str], None]) -> None:
        """Make it if it is missing; ``fill`` makes the tables at the address it is given."""

    def check(self, connection: Connection) -> None:
        """Refuse a damaged one."""

    def intact(self, connection: Connection) -> None:
        """Raise if it gave up the transaction by itself."""

    def scrub(self) -> bool:
        """Remove what is left of erased rows; whether all of it could be."""

    def is_busy(self, error: DatabaseError) -> bool:
        """Whether trying again later will do."""

    def is_full(self, error: DatabaseError) -> bool:
        """Whether it can be read but not written."""

    def back_up(self, target: Path) -> None:
        """Write everything to a file."""

    def revision_of(self, backup: Path) -> str:
        """Return the version of the tables in a backup; refuse a damaged one."""

    def restore(self, backup: Path) -> str | None:
        """Put a backup in place; return where the old content is kept, None if there was none."""
