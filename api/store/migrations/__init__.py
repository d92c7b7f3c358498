"""Changes of the tables, one file each, run by alembic when the server starts."""
