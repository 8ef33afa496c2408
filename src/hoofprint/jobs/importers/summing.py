"""Sums rows of the same day and values, and makes the totals of days that a source has none of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from msgspec.structs import replace

from hoofprint.model.imported import ImportedKind, ImportedRow

INSTEAD = (
    *(ImportedKind.PLACES, ImportedKind.PLATFORMS, ImportedKind.BROWSERS, ImportedKind.SYSTEMS),
    *(ImportedKind.SOURCES, ImportedKind.ENTRIES, ImportedKind.EXITS),
)
"""The kinds whose rows add up to a day's totals, since a session is in one of them: best first."""
K = TypeVar("K")
Key = tuple[date, ImportedKind, tuple[str, ...]]


class Sums:
    """Rows on their way into the store; `len` is how many there are."""

    def __init__(self) -> None:
        self._rows: dict[Key, ImportedRow] = {}
        self._days: dict[tuple[ImportedKind, date], ImportedRow] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: ImportedRow) -> None:
        """One more row."""
        _add(self._rows, (row.day, row.kind, row.values), row)
        bare = replace(row, kind=ImportedKind.TOTAL, values=())
        _add(self._days, (row.kind, row.day), bare)

    def take(self) -> list[ImportedRow]:
        """The rows so far, by day; there are none after it."""
        rows, self._rows = self._rows, {}
        return sorted(rows.values(), key=lambda row: (row.day, row.kind, row.values))

    def totals(self) -> list[ImportedRow]:
        """The totals of all days, if there was none: those of the best kind there is.

        Of pages alone only views add up: nobody knows how many visitors had seen several of them.
        """
        kinds = {kind for kind, _ in self._days}
        if not kinds or ImportedKind.TOTAL in kinds:
            return []
        best = next((kind for kind in INSTEAD if kind in kinds), None)
        if best is None:
            return sorted(self._of_pages(), key=lambda row: row.day)
        return [row for (kind, _), row in sorted(self._days.items()) if kind is best]

    def _of_pages(self) -> Iterable[ImportedRow]:
        for row in self._days.values():
            yield replace(row, visitors=0, sessions=0, bounces=0, seconds=0)


def _add(sums: dict[K, ImportedRow], key: K, row: ImportedRow) -> None:
    before = sums.get(key)
    sums[key] = row if before is None else _sum(before, row)


def _sum(one: ImportedRow, other: ImportedRow) -> ImportedRow:
    return ImportedRow(
        one.day,
        one.kind,
        one.values,
        one.visitors + other.visitors,
        one.sessions + other.sessions,
        one.views + other.views,
        one.bounces + other.bounces,
        one.seconds + other.seconds,
    )
