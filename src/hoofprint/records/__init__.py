"""The management database: tables, engine, migrations."""
