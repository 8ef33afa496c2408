"""A deletion of statistics: which facts of a domain shall go (`api.md`, Deleting Statistics)."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class DeletionKind(StrEnum):
    """What is deleted, as the API spells it."""

    EVERYTHING = ""
    ALL = "all"
    """Everything that was collected here, but nothing that was imported."""
    EVENTS = "events"
    IMPORTED = "imported"

    @property
    def takes_sessions(self) -> bool:
        """Whether page views and sessions go, too, not only events or what was imported."""
        return self in {DeletionKind.EVERYTHING, DeletionKind.ALL}

    @property
    def takes_imported(self) -> bool:
        """Whether what was imported goes, too."""
        return self in {DeletionKind.EVERYTHING, DeletionKind.IMPORTED}


class Deletion(Struct, frozen=True):
    """The facts of a domain from second `start` up to, not including, `end` (Unix).

    `position` is the end of the spool at the request: what was accepted before it goes, what comes
    later stays, whatever its time.
    """

    id: str
    domain_id: str
    kind: DeletionKind
    start: int
    end: int
    position: int
