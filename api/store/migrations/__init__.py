"""Changes of the tables, one file each, run by alembic when the server starts."""

HEAD = "0010"
"""The newest one: a database of this version is not looked at any further."""
