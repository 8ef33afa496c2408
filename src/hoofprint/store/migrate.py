"""Brings the fact store's schema up to date: numbered SQL files, one statement at a time."""

from __future__ import annotations

import hashlib
import re
from importlib import resources
from typing import Any, Protocol

import structlog
from msgspec import Struct

from hoofprint.errors import StoreError
from hoofprint.store.port import Parameters

log = structlog.get_logger("hoofprint.store")
_NAME = re.compile(r"(\d{4})_\w+\.sql")
_CREATE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version UInt32, statement UInt32, name String, checksum String, applied_at DateTime('UTC')
)
ENGINE = MergeTree ORDER BY (version, statement)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
"""


class Runs(Protocol):
    """The part of a store that migrations need."""

    def select(self, sql: str, parameters: Parameters | None = None) -> list[list[Any]]:
        """Rows of a SELECT."""
        ...

    def execute(self, sql: str, parameters: Parameters | None = None) -> None:
        """Run a statement."""
        ...


class Migration(Struct, frozen=True):
    """One SQL file."""

    version: int
    name: str
    checksum: str
    statements: tuple[str, ...]


def migrations() -> list[Migration]:
    """The migrations that ship with this version, in order."""
    found: list[Migration] = []
    for file in resources.files("hoofprint.store.migrations").iterdir():
        matched = _NAME.fullmatch(file.name)
        if matched:
            text = file.read_text()
            checksum = hashlib.sha256(text.encode()).hexdigest()
            found.append(Migration(int(matched[1]), file.name, checksum, statements_of(text)))
    return sorted(found, key=lambda m: m.version)


def statements_of(text: str) -> tuple[str, ...]:
    """The statements of a file; a semicolon at the end of a line ends one."""
    bare = re.sub(r"^\s*--.*$", "", text, flags=re.MULTILINE)
    return tuple(
        part.strip() for part in re.split(r";\s*$", bare, flags=re.MULTILINE) if part.strip()
    )


def upgrade(store: Runs, known: list[Migration] | None = None) -> list[str]:
    """Apply what is missing; the names of the migrations that were applied or completed.

    Every statement is remembered by itself, so an interrupted migration goes on where it stopped; a
    statement that ran without being remembered is recognised by its `IF NOT EXISTS`. Raises
    StoreError when the store was made by a newer version or by other files of the same number.
    """
    known = migrations() if known is None else known
    store.execute(_CREATE)
    rows = store.select("SELECT version, statement, checksum FROM schema_migrations")
    done = {(version, statement): checksum for version, statement, checksum in rows}
    newest = max((m.version for m in known), default=0)
    ahead = max((version for version, _ in done), default=0)
    if ahead > newest:
        raise StoreError(f"the store has schema {ahead}, this version knows {newest}: upgrade it")
    applied: list[str] = []
    for migration in known:
        remembered = {c for (version, _), c in done.items() if version == migration.version}
        if remembered - {migration.checksum}:
            raise StoreError(f"{migration.name} is not the file that made this store")
        for number, statement in enumerate(migration.statements):
            if (migration.version, number) not in done:
                store.execute(_repeatable(statement))
                _remember(store, migration, number)
                if migration.name not in applied:
                    applied.append(migration.name)
    if applied:
        log.info("store migrated", migrations=applied)
    return applied


def _repeatable(statement: str) -> str:
    return re.sub(r"^CREATE TABLE (?!IF NOT EXISTS)", "CREATE TABLE IF NOT EXISTS ", statement)


def _remember(store: Runs, migration: Migration, number: int) -> None:
    store.execute(
        "INSERT INTO schema_migrations SELECT {version:UInt32}, {statement:UInt32}, "
        "{name:String}, {checksum:String}, now()",
        {
            "version": migration.version,
            "statement": number,
            "name": migration.name,
            "checksum": migration.checksum,
        },
    )
