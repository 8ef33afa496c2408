"""The history of the management database's schema, run by Alembic."""
