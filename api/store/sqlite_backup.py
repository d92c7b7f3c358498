"""Backups of a SQLite file: a copy by SQLite itself, and putting one back in place."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from api.store.errors import StoreError

_LOCKED_FROM, _LOCKED_BYTES = 0x40000002, 510
"""Bytes of the file every open connection holds a lock on (sqlite.org/fileformat, "lock-byte page")."""


def back_up(file: Path, target: Path) -> None:
    """Copy a database that is in use; ``target`` appears when its copy is whole and on the disk.

    Raises
    ------
    StoreError
        ``backup-failed``.
    """
    partial = target.with_name(f".{target.name}.partial")
    try:
        _empty(partial)
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as source:
            source.execute("VACUUM INTO ?", (str(partial),))
        revision_of(partial)
        _settle(partial, target)
    except (OSError, sqlite3.Error, StoreError) as error:
        raise StoreError(
            "backup-failed", f"The backup {target} could not be written ({error}); is there room?"
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def revision_of(backup: Path) -> str:
    """Return the version of the tables in a backup, after having looked at every page of it.

    Raises
    ------
    StoreError
        ``backup-damaged``.
    """
    try:
        address = f"{backup.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as copy:
            found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise _damaged(backup, found)
            row = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise _damaged(backup, str(error)) from error
    if row is None:
        raise _damaged(backup, "it has no version")
    return str(row[0])


def restore(backup: Path, file: Path) -> Path | None:
    """Put a backup in place of a file nobody uses; return where the old one is kept.

    At every moment the file is either the old database or the new one. A log left beside would be taken
    for the new one's: it is merged into the old file first, or kept with it where that is damaged.

    Raises
    ------
    StoreError
        ``database-in-use``, ``backup-failed``.
    """
    fresh, kept = file.with_name(f".{file.name}.restored"), None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _empty(fresh)
        shutil.copyfile(backup, fresh)
        _merge_log(file)
        with _alone(file):
            if file.exists():
                now = datetime.now(UTC)
                kept = file.with_name(f"{file.name}.before-{now:%Y%m%dT%H%M%S%f}")
                os.link(file, kept)
                for suffix in ("-wal", "-shm"):
                    with suppress(FileNotFoundError):
                        file.with_name(file.name + suffix).rename(f"{kept}{suffix}")
            _settle(fresh, file)
    except OSError as error:
        raise StoreError(
            "backup-failed", f"The backup {backup} could not be put in place: {error}."
        ) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    return kept


def _empty(file: Path) -> None:
    """Make an empty file only its owner can read."""
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)


def _settle(source: Path, target: Path) -> None:
    """Rename a file once all of it is on the disk, and see to it that the new name is."""
    for path, then in ((source, True), (target.parent, False)):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if then:
            source.replace(target)


def _merge_log(file: Path) -> None:
    """Write what only the log holds into the file; a damaged one is not touched, nor is its log."""
    with suppress(sqlite3.Error, StoreError):
        revision_of(file)  # without a look at the log
        address = f"{file.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=0)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold the locks of all connections there may be: who has the file open keeps us out, and we them."""
    if not file.is_file():
        yield
        return
    with file.open("r+b") as held:
        try:
            fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCKED_BYTES, _LOCKED_FROM)
        except OSError as error:
            raise StoreError(
                "database-in-use", f"The database {file} is in use; stop the server first."
            ) from error
        yield


def _damaged(backup: Path, why: str) -> StoreError:
    if not backup.is_file():
        return StoreError("backup-damaged", f"There is no backup {backup}.")
    return StoreError("backup-damaged", f"{backup} is no whole backup ({why}); take an older one.")
