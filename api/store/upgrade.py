"""Bringing the tables to the present version, by alembic."""

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from api.store.errors import StoreError


def upgrade(connection: Connection, name: str) -> None:
    """Run the migrations that are missing, in the transaction of ``connection``.

    Raises
    ------
    StoreError
        ``database-newer``: the database ``name`` has a version this program does not know.
    """
    config = Config()
    config.set_main_option("script_location", "api.store:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            "database-newer",
            f"The database {name} was written by a newer program ({error}); update this one, "
            "or restore a backup with `buergerbus restore FILE --force`.",
        ) from error
