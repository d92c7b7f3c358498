"""``buergerbus key``: keys for partners' programs."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from buergerbus.console import out, print_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.store.database import Database

app = typer.Typer(help="Keys for partners' programs.", no_args_is_help=True)

DataDir = Annotated[Path, typer.Option(help="Folder of the database.")]
KeyId = Annotated[str, typer.Argument(help="The ten letters after bb_.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Whom it is for, e.g. 'Praxis Dr. Roth'.")],
    operator: Annotated[str | None, typer.Option(help="Operator, if there are several.")] = None,
    data_dir: DataDir = Path("var"),
) -> None:
    """Make a key and print it; that happens once."""
    from api import keys
    from api.clock import Clock

    if not name.strip().isprintable() or not any(letter.isalnum() for letter in name):
        raise typer.BadParameter("Say whom the key is for.", param_hint="NAME")
    with _opened(data_dir) as database:
        owner = _operator(database, operator)
        row, secret = keys.create(database, Clock().now(), owner, name.strip())
    out.print(f"Key {row.id} for {row.name}. It is shown now and never again:", markup=False)
    out.print(secret, markup=False, soft_wrap=True)


@app.command("list")
def list_keys(data_dir: DataDir = Path("var")) -> None:
    """List all keys; none of their secrets."""
    with _opened(data_dir) as database, database.reading() as reader:
        rows = reader.api_keys()
    print_table(
        f"{len(rows)} keys",
        [
            (
                row.id,
                row.name,
                f"{row.created_at:%Y-%m-%d}",
                f"{row.last_used:%Y-%m-%d %H:%M}" if row.last_used else "never",
                f"revoked {row.revoked_at:%Y-%m-%d}" if row.revoked_at else "in force",
            )
            for row in rows
        ],
        "key", "for", "made", "last used (UTC)", "state",
    )  # fmt: skip


@app.command()
def revoke(key_id: KeyId, data_dir: DataDir = Path("var")) -> None:
    """Let a key open nothing any more."""
    from api import keys
    from api.clock import Clock
    from api.errors import Problem

    with _opened(data_dir) as database:
        try:
            keys.end(database, Clock().now(), key_id)
        except Problem as problem:
            raise typer.BadParameter(problem.detail("en"), param_hint="KEY_ID") from problem
    out.print(f"Key {key_id} opens nothing any more.", markup=False)


def _operator(database: "Database", name: str | None) -> int:
    """Return the operator named, or the only one there is."""
    with database.reading() as reader:
        known = {row.name: row.id for row in reader.operators()}
    if name is None and len(known) == 1:
        name = next(iter(known))
    found = known.get(name or "")
    if found is None:
        names = ", ".join(sorted(known)) or "none: start the server once"
        raise typer.BadParameter(f"Name one of: {names}.", param_hint="--operator")
    return found


@contextmanager
def _opened(data_dir: Path) -> "Iterator[Database]":
    from api.settings import Settings
    from api.store.database import Database

    database = Database(Settings(data_dir=data_dir).database_url)
    if not database.exists:
        raise typer.BadParameter(f"There is no database in {data_dir}.", param_hint="--data-dir")
    database.migrate()
    try:
        yield database
    finally:
        database.close()
