"""Imported statistics in the store: added for one try of an import, removed when none counts."""

from __future__ import annotations

from collections.abc import Sequence

from hoofprint.model.imported import ImportedDays, ImportedRow
from hoofprint.store.port import Parameters, Store, Table
from hoofprint.store.rows import imported_row

_ROWS = "rows_id = {rows_id:String}"


class ImportedStore:
    """Adds and removes imported rows; every method raises StoreError when the store refuses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, domain_id: str, rows_id: str, rows: Sequence[ImportedRow], token: str) -> None:
        """Store rows, once for each token; nobody sees them until the domain says so."""
        encoded = [imported_row(domain_id, rows_id, row) for row in rows]
        self._store.insert(Table.IMPORTED, encoded, token)

    def written(self) -> list[str]:
        """The ids of all rows there are."""
        rows = self._store.select("SELECT DISTINCT rows_id FROM imported")
        return [str(rows_id) for [rows_id] in rows]

    def keep(self, rows_id: str, days: Sequence[ImportedDays]) -> bool:
        """Remove rows but those of some days, in the background; whether there were any."""
        bound: dict[str, object] = {"rows_id": rows_id}
        kept: list[str] = []
        for place, one in enumerate(days):
            bound |= {f"first{place}": f"{one.first}", f"last{place}": f"{one.last}"}
            kept.append(f"day BETWEEN {{first{place}:Date}} AND {{last{place}:Date}}")
        others = f"{_ROWS} AND NOT ({' OR '.join(kept)})" if kept else _ROWS
        return self._remove(others, bound)

    def _remove(self, where: str, bound: Parameters) -> bool:
        if not self._store.select(f"SELECT 1 FROM imported WHERE {where} LIMIT 1", bound):  # noqa: S608 - constants
            return False
        self._store.execute(
            f"ALTER TABLE imported DELETE WHERE {where} SETTINGS mutations_sync = 0", bound
        )
        return True
