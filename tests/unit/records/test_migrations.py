"""Every migration keeps what is in the records, in both directions and in both databases.

Whatever revisions there are is found out here: a new one needs no line in this file, unless it
means to lose something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, select
from sqlalchemy.exc import IntegrityError

from hoofprint.records.engine import open_records
from hoofprint.records.migrate import SCRIPTS, migrate
from hoofprint.records.tables import Record

Row = dict[str, Any]
Rows = dict[str, dict[str, Row]]
"""Rows by table and id."""

LITERAL = re.compile(r"'([^']*)'")
VERSION_TABLE = "alembic_version"
LOST: Mapping[str, set[str]] = {"0008": {"members", "domains.organization_id"}}
"""Tables and columns (`table.column`) of which a step down to a revision may lose what came after.

By that revision. Whatever was there at the revision itself has to be kept.
"""
VALUES: Mapping[type, Any] = {
    bool: True,
    int: 1,
    float: 0.5,
    date: date(2026, 5, 4),
    datetime: datetime(2026, 5, 4, 13, 6, 40, 123456, tzinfo=UTC),
    dict: {"a": ["b"]},
    object: {"a": ["b"]},
    bytes: b"\0\xff",
}


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    found = ScriptDirectory.from_config(config).walk_revisions()
    return [script.revision for script in found][::-1]


@pytest.fixture
def engine(empty_database: str) -> Iterator[Engine]:
    records = open_records(empty_database)
    yield records._engine
    records.close()


def add_rows(engine: Engine, generation: int) -> Rows:
    """One more row in every table there is now; what it needs of others is of its generation."""
    with engine.begin() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            if table.name != VERSION_TABLE:
                add_row(connection, table, generation)
        return rows(connection, str(generation).zfill(10))


def add_row(connection: Connection, table: Table, generation: int) -> None:
    """As many columns have a value as the table's constraints allow, and as can mean something."""
    allowed = literals(connection, table)
    full = {
        c.name: allowed.get(c.name) or value_of(c, generation)
        for c in table.columns
        if not names_nothing(c)
    }
    optional = [c.name for c in table.columns if c.nullable]
    one_owner = [[other for other in optional if other != name] for name in optional]
    for without in ([], *([name] for name in optional), *one_owner, optional):
        try:
            with connection.begin_nested():
                given = {name: value for name, value in full.items() if name not in without}
                connection.execute(table.insert().values(given))
        except IntegrityError:
            continue
        return
    pytest.fail(f"no row fits the constraints of {table.name}")


def literals(connection: Connection, table: Table) -> dict[str, str]:
    """A text that a check allows, by column."""
    found: dict[str, str] = {}
    for check in inspect(connection).get_check_constraints(table.name):
        said = [text for text in LITERAL.findall(check["sqltext"]) if text]
        for column in table.columns:
            if said and re.search(rf"\b{column.name}\b", check["sqltext"].partition("'")[0]):
                found[column.name] = said[0]
    return found


def names_nothing(column: Column[Any]) -> bool:
    """Whether it is for the id of something that has no table at this revision."""
    stem = column.name.removesuffix("_id")
    known = stem == column.name or f"{stem}s" in column.table.metadata.tables
    return bool(column.nullable) and not known and not column.foreign_keys


def value_of(column: Column[Any], generation: int) -> Any:
    """Texts differ from row to row; those of the length of an id are all the generation's id."""
    if column.type.python_type is not str:
        return VALUES[column.type.python_type]
    length = column.type.length if isinstance(column.type, String) else None
    text = str(generation).zfill(10) if length == 10 else f"{generation} {column.name}"
    return text[:length]


def rows(connection: Connection, only: str = "") -> Rows:
    """All rows, or those with an id."""
    metadata = MetaData()
    metadata.reflect(connection)
    return {
        name: {
            row["id"]: dict(row)
            for row in connection.execute(select(table)).mappings()
            if only in ("", row["id"])
        }
        for name, table in metadata.tables.items()
        if name != VERSION_TABLE
    }


def shape(engine: Engine) -> dict[str, set[str]]:
    """Columns and constraints of every table, in words."""
    with engine.connect() as connection:
        found = inspect(connection)
        return {
            table: {
                *(f"{c['name']} {c['type']!r} {c['nullable']}" for c in found.get_columns(table)),
                *(f"{i['name']} {i['column_names']}" for i in found.get_indexes(table)),
                *(f"{u['name']} {u['column_names']}" for u in found.get_unique_constraints(table)),
                *(f"{c['name']} {c['sqltext']}" for c in found.get_check_constraints(table)),
                *(f"{k['name']} {k['options']}" for k in found.get_foreign_keys(table)),
            }
            for table in found.get_table_names()
        }


def differences(before: Rows, after: Rows, lost: set[str], then: int) -> list[str]:
    """What of the rows of tables that are on both sides is not the same.

    Of what is `lost`, only rows up to the generation `then` are looked at.
    """
    wrong: list[str] = []
    for table in before.keys() & after.keys():
        for row_id, row in before[table].items():
            excused = lost if int(row_id) > then else set()
            now = after[table].get(row_id)
            if now is None:
                wrong += [] if table in excused else [f"{table} lost {row_id}"]
                continue
            changed = {name for name in row.keys() & now.keys() if row[name] != now[name]}
            wrong += sorted({f"{table}.{name}" for name in changed} - excused)
    return wrong


def test_rows_of_every_revision_are_kept_all_the_way_up_and_down(engine: Engine) -> None:
    shapes: dict[str, Any] = {}
    made: list[tuple[str, Rows]] = []
    for generation, revision in enumerate(revisions(), 1):
        migrate(engine, revision)
        made.append((revision, add_rows(engine, generation)))
        shapes[revision] = shape(engine)
    assert all(made[-1][1].values()), "a table stayed empty"
    with engine.connect() as connection:
        newest = rows(connection)
    for revision, then in made:
        assert differences(then, newest, set(), 0) == [], f"up from {revision}"
    lost: set[str] = set()
    for generation, revision in [*enumerate(revisions(), 1)][-2::-1]:
        migrate(engine, revision, down=True)
        assert shape(engine) == shapes[revision]
        with engine.connect() as connection:
            lost |= LOST.get(revision, set())
            wrong = differences(newest, rows(connection), lost, generation)
        assert wrong == [], f"down to {revision}"
    migrate(engine, "base", down=True)
    assert set(shape(engine)) == {VERSION_TABLE}
    migrate(engine)
    assert shape(engine) == shapes[revisions()[-1]]
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Record.metadata) == []
