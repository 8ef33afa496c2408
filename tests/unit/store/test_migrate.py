"""Migrations: in order, once, safe to interrupt, never against a schema that is not ours."""

from __future__ import annotations

import re
from typing import Any

import pytest

from hoofprint.errors import StoreError
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.migrate import Migration, migrate, shipped
from hoofprint.store.port import Parameters

FIRST = Migration(1, "0001_first", "CREATE TABLE a; -- the first; of two\nCREATE TABLE b;")
SECOND = Migration(2, "0002_second", "CREATE TABLE c")


class Journal:
    """A store that remembers statements; it dies (once) before the one that is named."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.applied: list[list[Any]] = []
        self.dies_before = ""

    def select(self, sql: str, parameters: Parameters | None = None) -> list[list[Any]]:
        assert "schema_migrations" in sql
        assert not parameters
        return self.applied

    def execute(self, sql: str, parameters: Parameters | None = None) -> None:
        if self.dies_before and self.dies_before in sql:
            self.dies_before = ""
            raise StoreError("killed")
        if "INSERT INTO schema_migrations" in sql:
            assert parameters is not None
            self.applied.append(list(parameters.values()))
        elif "schema_migrations" not in sql:
            self.ran.append(sql)


def test_what_is_missing_is_applied_in_order_and_once() -> None:
    store = Journal()
    assert migrate(store, [FIRST]) == ["0001_first"]
    assert migrate(store, [FIRST, SECOND]) == ["0002_second"]
    assert migrate(store, [FIRST, SECOND]) == []
    assert store.ran == ["CREATE TABLE a", "CREATE TABLE b", "CREATE TABLE c"]


@pytest.mark.parametrize("statement", ["TABLE a", "TABLE b", "INSERT INTO schema_migrations"])
def test_an_interrupted_migration_is_run_again_from_its_start(statement: str) -> None:
    store = Journal()
    store.dies_before = statement
    with pytest.raises(StoreError):
        migrate(store, [FIRST, SECOND])
    store.ran.clear()
    assert migrate(store, [FIRST, SECOND]) == ["0001_first", "0002_second"]
    assert store.ran == ["CREATE TABLE a", "CREATE TABLE b", "CREATE TABLE c"]


def test_a_failing_statement_names_its_migration() -> None:
    store = Journal()
    store.dies_before = "TABLE b"
    with pytest.raises(StoreError, match="migration 0001_first failed: killed"):
        migrate(store, [FIRST])


def test_a_schema_of_a_newer_version_is_refused() -> None:
    store = Journal()
    migrate(store, [FIRST, SECOND])
    with pytest.raises(StoreError, match=r"newer version of Hoofprint: it has .* 0002_second"):
        migrate(store, [FIRST])


def test_a_migration_that_was_changed_after_it_was_applied_is_refused() -> None:
    store = Journal()
    migrate(store, [FIRST])
    with pytest.raises(StoreError, match="0001_first with other statements"):
        migrate(store, [Migration(1, "0001_first", "CREATE TABLE a; CREATE TABLE d"), SECOND])
    assert store.ran == ["CREATE TABLE a", "CREATE TABLE b"]


def test_comments_and_spacing_of_a_migration_may_change() -> None:
    store = Journal()
    migrate(store, [FIRST])
    tidied = Migration(1, "0001_first", "-- New words.\nCREATE\n  TABLE a;\n\nCREATE TABLE b;\n")
    assert migrate(store, [tidied]) == []


def test_a_semicolon_within_quotes_or_a_comment_ends_nothing() -> None:
    sql = "SELECT ';', '\\';', '--'; /* a; b */ SELECT '/*'; -- c; d\nSELECT 1"
    assert Migration(1, "0001_x", sql).statements == (
        "SELECT ';', '\\';', '--'",
        "SELECT '/*'",
        "SELECT 1",
    )


def test_the_shipped_migrations_are_numbered_without_gaps() -> None:
    assert [m.version for m in shipped()] == list(range(1, len(shipped()) + 1))


def test_every_shipped_statement_is_harmless_the_second_time(store: EmbeddedStore) -> None:
    """An interrupted migration is run again from its first statement."""
    for migration in shipped():
        for statement in migration.statements:
            repeatable = r"\bIF (NOT )?EXISTS\b|^ALTER TABLE \w+ (MODIFY|MATERIALIZE) "
            assert re.search(repeatable, statement), statement
            store.execute(statement)
    assert store.migrate() == []
