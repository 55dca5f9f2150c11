"""What Alembic runs. The connection, already in a transaction that holds the write lock, comes from
`stile.adapters.storage.schema`."""

from alembic import context

from stile.adapters.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
