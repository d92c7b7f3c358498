"""Backups of a PostgreSQL database by its own programs, ``pg_dump`` and ``pg_restore``.

The password goes to them in the environment: command lines can be read by everybody on the machine.
"""

import os
import shutil
import subprocess
from contextlib import suppress
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from api.store.errors import StoreError
from api.store.scope import ALL

_KEPT = "before_restore_"
_EVERYTHING = f"-c buergerbus.areas={ALL}"
_NOT_TOLD = "password", "options"


def back_up(url: URL, target: Path) -> None:
    """Write a dump in PostgreSQL's own format; ``target`` appears when it is whole.

    Raises
    ------
    StoreError
        ``backup-failed``.
    """
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        # the owner is bound by the policies of the tables, too: what is dumped is what they show
        wanted = (
            "--format=custom",
            "--enable-row-security",
            f"--exclude-schema={_KEPT}*",
            f"--file={partial}",
        )
        _run("pg_dump", *wanted, f"--dbname={_address(url)}", url=url)
        revision_of(partial)
        _check_shown(partial, url)
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(target)
    except OSError as error:
        raise StoreError("backup-failed", f"The backup {target}: {error}.") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _check_shown(backup: Path, url: URL) -> None:
    """Refuse a dump without any area where there are some: it was made by somebody who is shown none."""
    with psycopg.connect(_address(url, secret=True)) as connection:
        connection.execute("SELECT set_config('buergerbus.areas', %s, true)", [ALL])
        found = connection.execute("SELECT EXISTS (SELECT 1 FROM area)").fetchone()
    dumped = _rows(backup, "area")
    if found is not None and found[0] and not dumped:
        raise StoreError("backup-failed", "pg_dump was shown no rows; see buergerbus.areas.")


def _rows(backup: Path, table: str) -> list[str]:
    """Return the rows of a table in a dump, as text."""
    wanted = "--data-only", f"--table={table}", "--file=-"
    lines = iter(_run("pg_restore", *wanted, str(backup)).splitlines())
    for line in lines:
        if line.startswith("COPY "):
            return list(takewhile(lambda row: row != "\\.", lines))
    return []


def revision_of(backup: Path) -> str:
    """Return the version of the tables in a dump, after having read all of it.

    Raises
    ------
    StoreError
        ``backup-damaged``, ``backup-failed``.
    """
    if not backup.is_file():
        raise StoreError("backup-damaged", f"There is no backup {backup}.")
    try:
        _run("pg_restore", "--file=/dev/null", str(backup))
        rows = _rows(backup, "alembic_version")
    except StoreError as error:
        raise StoreError(
            "backup-damaged", f"{backup} is no whole backup ({error}); take an older one."
        ) from error
    if not rows:
        raise StoreError("backup-damaged", f"{backup} is no backup of this program.")
    return rows[0].strip()


def restore(backup: Path, url: URL) -> str | None:
    """Put a dump in place; the old tables stay in a schema of their own, whose name is returned.

    Raises
    ------
    StoreError
        ``database-in-use``, ``backup-failed``: the tables are as they were.
    """
    kept = f"{_KEPT}{datetime.now(UTC):%Y%m%d_%H%M%S_%f}"
    _aside(url, kept)
    try:
        whole = "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"
        _run("pg_restore", *whole, f"--dbname={_address(url)}", str(backup), url=url)
    except StoreError:
        _execute(
            url,
            sql.SQL("DROP SCHEMA public CASCADE"),
            sql.SQL("ALTER SCHEMA {} RENAME TO public").format(sql.Identifier(kept)),
        )
        raise
    return f"schema {kept}"


def _aside(url: URL, kept: str) -> None:
    """Give the present tables' schema another name; refuse while somebody uses them."""
    others = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(_address(url, secret=True)) as connection:
        found = connection.execute(others).fetchone()
    if found is not None and found[0]:
        raise StoreError(
            "database-in-use", f"The database {_address(url)} is in use; stop the server first."
        )
    _execute(
        url,
        sql.SQL("ALTER SCHEMA public RENAME TO {}").format(sql.Identifier(kept)),
        sql.SQL("CREATE SCHEMA public"),
    )


def _execute(url: URL, *statements: sql.SQL | sql.Composed) -> None:
    """Execute statements, all or none."""
    with psycopg.connect(_address(url, secret=True)) as connection:
        for statement in statements:
            connection.execute(statement)


def _address(url: URL, *, secret: bool = False) -> str:
    """Return the address as libpq reads it.

    For programs it is without the password and the options, which come to them in the environment.
    """
    if secret:
        return url.set(drivername="postgresql").render_as_string(hide_password=False)
    query = {name: value for name, value in url.query.items() if name not in _NOT_TOLD}
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    return plain.render_as_string()


def _run(program: str, *arguments: str, url: URL | None = None) -> str:
    """Run one of PostgreSQL's programs; return what it says."""
    found = shutil.which(program)
    if found is None:
        raise StoreError(
            "backup-failed",
            f"{program} is not installed; it is in Debian's package postgresql-client.",
        )
    password = (url.password or url.query.get("password")) if url is not None else None
    secret = {"PGPASSWORD": str(password)} if password else {}
    own = url.query.get("options", "") if url is not None else ""
    options = f"{own} {_EVERYTHING}".strip()
    done = subprocess.run(  # noqa: S603  # PostgreSQL's own, with our arguments
        [found, *arguments],
        env={**os.environ, **secret, "PGOPTIONS": options},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.split()) or f"it ended with {done.returncode}"
        raise StoreError("backup-failed", f"{program} failed: {said}")
    return done.stdout
