"""What the rest of Hoofprint asks of a fact store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

Row = Sequence[Any]
Parameters = Mapping[str, object]


class Table(StrEnum):
    """The fact tables; their columns are in `store/columns.py`, their schema in `migrations/`."""

    PAGE_VIEWS = "page_views"
    EVENTS = "events"
    SESSIONS = "sessions"
    LEDGER = "ledger"
    USAGE = "usage"
    IMPORTED = "imported"


class Store(Protocol):
    """A fact store. Every method is synchronous and safe to call from several threads."""

    def migrate(self) -> list[str]:
        """Bring the schema up to date; returns the names of the migrations that were applied."""
        ...

    def insert(self, table: Table, rows: Sequence[Row], token: str | None = None) -> None:
        """Append rows (values in the order of the table's columns), durably, all or nothing.

        With a token a second insert of the same token into the same table stores nothing. Raises
        StoreError.
        """
        ...

    def insert_encoded(self, table: Table, data: bytes, token: str | None = None) -> None:
        """`insert` of rows that `store/rows.py:encode_rows` has encoded."""
        ...

    def select(self, sql: str, parameters: Parameters | None = None) -> list[list[Any]]:
        """Rows of a SELECT; values only as bound `{name:Type}` parameters.

        Raises QueryTooLarge, QueryTooSlow or StoreError.
        """
        ...

    def execute(self, sql: str, parameters: Parameters | None = None) -> None:
        """Run a statement that returns no rows. Raises StoreError."""
        ...

    def ping(self) -> None:
        """Raise StoreError when the store does not answer."""
        ...

    def close(self) -> None:
        """Wait for running statements, then close; the store cannot be used afterwards."""
        ...
