"""What Alembic runs around a migration: it uses the connection and transaction it is given."""

from __future__ import annotations

from alembic import context

from hoofprint.records.tables import Record

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Record.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
