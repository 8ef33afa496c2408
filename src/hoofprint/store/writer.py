"""Writes the facts of a batch into the store, exactly once."""

from __future__ import annotations

from hoofprint.sessions.batch import Facts
from hoofprint.spool.journal import Batch, Block
from hoofprint.store.port import Row, Store, Table
from hoofprint.store.rows import (
    encode_rows,
    event_row,
    ledger_row,
    page_view_row,
    session_row,
    usage_row,
)
from hoofprint.store.writes import Writes


class Writer:
    """Turns facts into a batch of encoded rows, and stores batches; used by one thread.

    `writes` is told which days of which domains a batch has changed.
    """

    def __init__(self, store: Store, writes: Writes | None = None) -> None:
        self._store = store
        self._writes = writes or Writes()
        self._encoded: tuple[int, set[tuple[str, int]]] = (0, set())

    def encode(self, start: int, end: int, facts: Facts) -> Batch:
        """The batch that the records from position `start` up to `end` add to the store."""
        rows: list[tuple[Table, list[Row]]] = [
            (Table.PAGE_VIEWS, [page_view_row(s, a) for s, a in facts.page_views]),
            (Table.EVENTS, [event_row(s, a) for s, a in facts.events]),
            (Table.USAGE, [usage_row(key, count) for key, count in facts.usage.items()]),
            (Table.LEDGER, [ledger_row(key, hits) for key, hits in facts.ledger.items()]),
            (Table.SESSIONS, [session_row(session) for session in facts.sessions]),
        ]
        self._encoded = end, {(session.domain_id, session.day) for session in facts.sessions}
        blocks = [Block(table, len(some), encode_rows(some)) for table, some in rows if some]
        return Batch(start, end, blocks)

    def store(self, batch: Batch) -> None:
        """Store a batch; what is there already from an earlier try is not stored again.

        Raises StoreError; the batch may then be in the store in part and has to be stored again.
        """
        for block in batch.blocks:
            self._store.insert_encoded(Table(block.table), block.data, batch.token)
        end, days = self._encoded
        if end == batch.end:
            self._writes.added(days)
        else:  # a batch that was begun before a crash: nobody knows what is in it
            self._writes.rewritten()
