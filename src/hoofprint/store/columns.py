"""The columns of the fact tables, in the order in which rows are written."""

from __future__ import annotations

from hoofprint.model.arrival import Visit
from hoofprint.model.imported import VALUES
from hoofprint.store.port import Table

VISIT: tuple[str, ...] = Visit.__struct_fields__
IMPORTED_VALUES = tuple(name for names in VALUES.values() for name in names)
"""No two kinds of imported statistics share a value."""

COLUMNS: dict[Table, tuple[str, ...]] = {
    Table.PAGE_VIEWS: (
        *("domain_id", "day", "time", "visitor_id", "session_id", "n", "reload"),
        *("hostname", "path", "title", "tag_keys", "tag_values"),
        *VISIT,
    ),
    Table.EVENTS: (
        *("domain_id", "day", "time", "visitor_id", "session_id", "n"),
        *("hostname", "path", "title"),
        *("name", "duration", "meta_keys", "meta_values"),
        *VISIT,
    ),
    Table.SESSIONS: (
        *("domain_id", "day", "visitor_id", "session_id", "start", "time", "version"),
        *("page_views", "is_bounce", "extended", "duration", "hostname"),
        *("entry_hostname", "entry_path", "entry_title"),
        *("exit_hostname", "exit_path", "exit_title"),
        *VISIT,
    ),
    Table.LEDGER: ("domain_id", "minute", "outcome", "hits"),
    Table.USAGE: ("domain_id", "day", "kind", "count"),
    Table.IMPORTED: (
        *("domain_id", "rows_id", "kind", "day"),
        *IMPORTED_VALUES,
        *("visitors", "sessions", "views", "bounces", "seconds"),
    ),
}
