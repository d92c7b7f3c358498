"""``buergerbus backup`` and ``buergerbus restore``: a copy of everything that was booked."""

from pathlib import Path
from typing import Annotated

import typer

from buergerbus.console import out

DataDir = Annotated[Path, typer.Option(help="Folder of the database (or BUERGERBUS_DATABASE).")]


def backup(
    target: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")],
    data_dir: DataDir = Path("var"),
) -> None:
    """Write a backup of the database; a running server goes on meanwhile."""
    from api.settings import Settings
    from api.store.database import Database
    from api.store.errors import unusable

    database = Database(Settings(data_dir=data_dir).database_url)
    if not database.exists:
        raise unusable(database.name, "it is not there")
    try:
        database.back_up(target)
    finally:
        database.close()
    out.print(f"{target}: {target.stat().st_size / 1e6:.1f} MB", soft_wrap=True)


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    data_dir: DataDir = Path("var"),
    force: Annotated[
        bool, typer.Option("--force", help="Replace the database that is there; it is kept beside.")
    ] = False,
) -> None:
    """Put a backup in place. It is looked through first; stop the server before."""
    from api.settings import Settings
    from api.store.database import Database

    database = Database(Settings(data_dir=data_dir).database_url)
    try:
        kept = database.restore(file, force=force)
    finally:
        database.close()
    out.print(f"{database.name} is now the backup {file}.", soft_wrap=True)
    if kept:
        out.print(f"What was there is kept: {kept}", soft_wrap=True)
