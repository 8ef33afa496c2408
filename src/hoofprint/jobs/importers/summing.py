"""Sums rows of the same day and values, and makes the totals of days that a source has none of."""

from __future__ import annotations

from datetime import date
from operator import add

from msgspec.structs import replace

from hoofprint.model.imported import ImportedKind, ImportedRow

INSTEAD = (
    *(ImportedKind.PLACES, ImportedKind.PLATFORMS, ImportedKind.BROWSERS, ImportedKind.SYSTEMS),
    *(ImportedKind.SOURCES, ImportedKind.ENTRIES, ImportedKind.EXITS),
)
"""The kinds whose rows add up to a day's totals, since a session is in one of them: best first."""
COUNTS = 5
Key = tuple[date, ImportedKind, tuple[str, ...]]


class Sums:
    """Rows on their way into the store; `len` is how many there are."""

    def __init__(self) -> None:
        self._rows: dict[Key, ImportedRow] = {}
        self._days: dict[tuple[ImportedKind, date], list[int]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: ImportedRow) -> None:
        """One more row."""
        key = row.day, row.kind, row.values
        before = self._rows.get(key)
        self._rows[key] = row if before is None else _sum(before, row)
        day = self._days.setdefault((row.kind, row.day), [0] * COUNTS)
        for place, number in enumerate(_counts(row)):
            day[place] += number

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
        best = next((kind for kind in INSTEAD if kind in kinds), ImportedKind.PAGES)
        totals = [
            ImportedRow(day, ImportedKind.TOTAL, (), *counts)
            for (kind, day), counts in sorted(self._days.items())
            if kind is best
        ]
        if best is ImportedKind.PAGES:
            return [replace(row, visitors=0, sessions=0, bounces=0, seconds=0) for row in totals]
        return totals


def _counts(row: ImportedRow) -> tuple[int, ...]:
    return row.visitors, row.sessions, row.views, row.bounces, row.seconds


def _sum(one: ImportedRow, other: ImportedRow) -> ImportedRow:
    counts = map(add, _counts(one), _counts(other))
    return ImportedRow(one.day, one.kind, one.values, *counts)
