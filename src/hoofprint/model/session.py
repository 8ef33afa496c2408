"""A visitor's session as it stands after its last arrival."""

from __future__ import annotations

from msgspec import Struct

from hoofprint.model.arrival import Visit


class Session(Struct, frozen=True, gc=False):
    """One session (`rules.md` 1.2). Times are whole Unix seconds; `start` never changes.

    `version` is the spool position behind the last arrival that was applied: a replayed arrival at
    a lower position has been counted already. `hostname` is the one of the latest request.
    """

    domain_id: str
    visitor_id: int
    session_id: int
    start: int
    time: int
    version: int
    page_views: int
    is_bounce: bool
    extended: int
    hostname: str
    entry_hostname: str
    entry_path: str
    entry_title: str
    exit_hostname: str
    exit_path: str
    exit_title: str
    visit: Visit

    @property
    def duration(self) -> int:
        """Whole seconds from the start to the last activity, never negative."""
        return max(0, self.time - self.start)
