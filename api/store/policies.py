"""Row-level security of PostgreSQL: who works for one operator sees no row of another.

Every table has a policy, put there by the migration that makes it, or a reason in :data:`OPEN`; a test goes
through them. Each policy begins with the case of all areas, which costs next to nothing. Migrations use
these functions: what they write must not change.
"""

from collections.abc import Callable

OPEN = {
    "alembic_version": "the version of the tables",
    "idempotency_key": "found by the sender's own key and the hash of what was sent; kept for a day",
    "job_run": "which jobs are done",
    "lease": "which process does them",
    "sign_in_tries": "counts under keyed hashes, before anybody knows whose",
}
"""Tables that belong to no operator, and why."""
_ALL = "(SELECT current_setting('buergerbus.areas', true)) = '*'"
_SHOWN = "(SELECT string_to_array(current_setting('buergerbus.areas', true), ','))::text[]"


def of_area(column: str = "area_id") -> str:
    """Return the condition for rows that name their area."""
    return f"{column} = ANY ({_SHOWN})"


def through(table: str, column: str, parent: str, key: str = "id") -> str:
    """Return the condition for rows of ``table`` that belong to a row of another, which must be shown."""
    shown = f"{parent}.{key} = {table}.{column}"
    return f"EXISTS (SELECT 1 FROM {parent} WHERE {shown})"  # noqa: S608  # names of our own tables


def of_operator(table: str, column: str = "operator_id") -> str:
    """Return the condition for rows that name their operator: one of its areas must be shown."""
    return through(table, column, "area", "operator_id")


def protect(execute: Callable[[str], object], table: str, *conditions: str) -> None:
    """Show and take only rows that meet all conditions; the owner of the table is bound, too."""
    shown = " AND ".join(conditions)
    execute(f"CREATE POLICY areas ON {table} USING ({_ALL} OR ({shown}))")
    execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def unprotect(execute: Callable[[str], object], table: str) -> None:
    """Undo it."""
    execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    execute(f"DROP POLICY areas ON {table}")
