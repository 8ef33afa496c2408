"""A visitor's session as it stands after its last arrival."""

from __future__ import annotations

from msgspec import Struct

from hoofprint.model.arrival import Visit

IDLE_SECONDS = 30 * 60
"""A session continues while its last activity is strictly newer than this long ago.

So nothing with the visitor id of a UTC day comes later than this after the end of the day.
"""


class Session(Struct, frozen=True, gc=False):
    """One session (`rules.md` 1.2). Times are whole Unix seconds.

    `start` never changes, unless what came before it is deleted.

    `version` is the spool position behind the last arrival that was applied: a replayed arrival at
    a lower position has been counted already. `day` is the UTC day of the key that made the visitor
    id, as days since 1970-01-01. `hostname` is the one of the latest request.
    """

    domain_id: str
    day: int
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
