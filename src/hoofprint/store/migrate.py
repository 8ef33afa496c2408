"""Brings the schema of a store up to date, one migration file after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.resources import files
from typing import Any, Protocol

from msgspec import Struct

from hoofprint.errors import StoreError
from hoofprint.store.port import Parameters

_FILE_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
# Strings and quoted names are kept whole; comments and the space around statements go.
_PIECES = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<end>;)|'(?:[^'\\]|\\.)*'|[^;]", re.DOTALL
)

_BOOK = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version UInt32,
    name String,
    checksum String,
    applied_at DateTime('UTC') DEFAULT now()
)
ENGINE = MergeTree
ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
"""
_REMEMBER = """
INSERT INTO schema_migrations (version, name, checksum)
SELECT {version:UInt32}, {name:String}, {checksum:String}
"""


class Runner(Protocol):
    """The part of a store that migrating needs."""

    def select(self, sql: str, parameters: Parameters | None = None) -> list[list[Any]]:
        """Rows of a SELECT."""
        ...

    def execute(self, sql: str, parameters: Parameters | None = None) -> None:
        """Run a statement that returns no rows."""
        ...


class Migration(Struct, frozen=True):
    """One file of `migrations/`: `NNNN_name.sql`."""

    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """What was applied; comments and spacing may change, statements may not."""
        return sha256(";".join(self.statements).encode()).hexdigest()

    @property
    def statements(self) -> tuple[str, ...]:
        """The statements in order, without comments."""
        return tuple(_statements(self.sql))


def shipped() -> list[Migration]:
    """The migrations of this version of Hoofprint, in order."""
    found = (
        Migration(int(match[1]), file.name.removesuffix(".sql"), file.read_text())
        for file in files("hoofprint.store.migrations").iterdir()
        if (match := _FILE_NAME.fullmatch(file.name))
    )
    return sorted(found, key=lambda m: m.version)


def migrate(store: Runner, migrations: Sequence[Migration] | None = None) -> list[str]:
    """Apply what is missing; returns the names of what was applied.

    A migration is remembered after its last statement. One that was interrupted is run again from
    its first statement, so every statement must be harmless the second time (IF NOT EXISTS, ...).
    Raises StoreError for a schema that is newer than the code, or not the one that the code knows.
    """
    migrations = shipped() if migrations is None else migrations
    store.execute(_BOOK)
    rows = store.select("SELECT DISTINCT version, name, checksum FROM schema_migrations")
    applied = {int(version): (str(name), str(checksum)) for version, name, checksum in rows}
    _check(applied, {m.version: m for m in migrations})
    done: list[str] = []
    for migration in migrations:
        if migration.version in applied:
            continue
        for statement in migration.statements:
            try:
                store.execute(statement)
            except StoreError as error:
                raise StoreError(f"migration {migration.name} failed: {error}") from error
        store.execute(
            _REMEMBER,
            {
                "version": migration.version,
                "name": migration.name,
                "checksum": migration.checksum,
            },
        )
        done.append(migration.name)
    return done


def _check(applied: dict[int, tuple[str, str]], known: dict[int, Migration]) -> None:
    for version, (name, checksum) in sorted(applied.items()):
        migration = known.get(version)
        if migration is None:
            raise StoreError(
                f"the store was written by a newer version of Hoofprint: it has the migration "
                f"{name}, which this version does not know; install that version again"
            )
        if (migration.name, migration.checksum) != (name, checksum):
            raise StoreError(
                f"the store has the migration {name} with other statements than {migration.name} "
                f"has here: a migration that has been released must not change"
            )


def _statements(sql: str) -> Iterator[str]:
    text: list[str] = []
    for piece in _PIECES.finditer(sql + ";"):
        if piece["comment"] is not None:
            text.append(" ")
        elif piece["end"] is None:
            text.append(piece[0])
        elif statement := " ".join("".join(text).split()):
            yield statement
            text.clear()
        else:
            text.clear()
