"""Imported statistics, read the slow way: which of them answer the same as the facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hoofprint.model.imported import VALUES, ImportedKind, ImportedRow

OF_SESSIONS = {"visitor_id", "session_id", "event", "tag"}
ONE_PAGE = {"hostname", "path", "title"}


@dataclass(frozen=True)
class Sum:
    """The sums of an imported row; `text` are its values by name, as a fact has them."""

    day: date
    kind: ImportedKind
    text: dict[str, str]
    visitors: int
    sessions: int
    views: int
    bounces: int
    duration: int

    @property
    def path(self) -> str:
        return self.text["path"]

    @property
    def title(self) -> str:
        return self.text["title"]


def sums_of(rows: Iterable[ImportedRow]) -> list[Sum]:
    """What was imported, as the reference sees it."""
    return [
        Sum(
            row.day,
            row.kind,
            dict(zip(VALUES[row.kind], row.values, strict=True)),
            *(row.visitors, row.sessions, row.views, row.bounces, row.seconds),
        )
        for row in rows
    ]


def kind_with(names: set[str], *, one_page: bool) -> ImportedKind | None:
    """The first kind that has all of these values; of pages only if one of them is meant."""
    for kind, values in VALUES.items():
        if names <= set(values) and (one_page or kind is not ImportedKind.PAGES):
            return kind
    return None
