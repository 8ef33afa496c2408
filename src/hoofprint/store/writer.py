"""Writes the facts of a batch into the store, exactly once."""

from __future__ import annotations

from hoofprint.sessions.batch import Facts
from hoofprint.spool.journal import Batch, Block
from hoofprint.store.port import Row, Store, Table
from hoofprint.store.rows import encode_rows, event_row, ledger_row, page_view_row, session_row

SHORTEST_SPAN = 3600


class Writer:
    """Turns facts into a batch of encoded rows, and stores batches; used by one thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        found = store.select("SELECT domain_id, max(seconds) FROM session_spans GROUP BY domain_id")
        self._spans: dict[str, int] = {domain_id: int(seconds) for domain_id, seconds in found}

    def encode(self, start: int, end: int, facts: Facts) -> Batch:
        """The batch that the records from position `start` up to `end` add to the store."""
        rows: list[tuple[Table, list[Row]]] = [
            (Table.SESSION_SPANS, self._grown_spans(facts)),
            (Table.PAGE_VIEWS, [page_view_row(s, a) for s, a in facts.page_views]),
            (Table.EVENTS, [event_row(s, a) for s, a in facts.events]),
            (Table.LEDGER, [ledger_row(key, hits) for key, hits in facts.ledger.items()]),
            (Table.SESSIONS, [session_row(session) for session in facts.sessions]),
        ]
        blocks = [Block(table, len(some), encode_rows(some)) for table, some in rows if some]
        return Batch(start, end, blocks)

    def store(self, batch: Batch) -> None:
        """Store a batch; what is there already from an earlier try is not stored again.

        Raises StoreError; the batch may then be in the store in part and has to be stored again.
        """
        for block in batch.blocks:
            self._store.insert_encoded(Table(block.table), block.data, batch.token)

    def _grown_spans(self, facts: Facts) -> list[Row]:
        """Rows for the domains that now have a longer session than any before.

        Spans are powers of two times the shortest, so that a domain has few rows. A page view that
        came late may lie before its session's start: the session spans it, too.
        """
        longest: dict[str, int] = {}
        for session in facts.sessions:
            seconds = session.time - session.start
            if seconds > longest.get(session.domain_id, -1):
                longest[session.domain_id] = seconds
        for session, arrival in facts.page_views:
            if arrival.time < session.start:
                seconds = session.time - arrival.time
                longest[session.domain_id] = max(seconds, longest.get(session.domain_id, 0))
        grown: dict[str, int] = {}
        for domain_id, seconds in longest.items():
            span = self._spans.get(domain_id, 0)
            if seconds >= span:
                span = span or SHORTEST_SPAN
                while span <= seconds:
                    span *= 2
                grown[domain_id] = self._spans[domain_id] = span
        return list(grown.items())
