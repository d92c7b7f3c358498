"""How alembic runs the migrations: in the transaction of the connection it is handed."""

from alembic import context

from api.store.tables import TABLES

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TABLES,
    render_as_batch=True,  # SQLite alters a table by copying it
    transactional_ddl=True,  # an interrupted upgrade leaves the old tables
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
