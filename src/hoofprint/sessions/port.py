"""Where the open sessions are kept: the one port of the session engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from hoofprint.model.session import Session

Visitor = tuple[str, int]
"""A visitor of a domain: (domain id, visitor id)."""


class OpenSessions(Protocol):
    """The latest session of each visitor, as far as it may still be running."""

    def fetch(self, wanted: Mapping[Visitor, int]) -> dict[Visitor, Session]:
        """The latest session of each wanted visitor that may run at the time given for it.

        `wanted` maps a visitor to the earliest time (Unix seconds) at which a session is asked for.
        A session that ended before may be returned or left out.
        """
        ...

    def save(self, sessions: Iterable[Session]) -> None:
        """Keep these as the latest sessions of their visitors; the store holds them already."""
        ...

    def forget(self) -> None:
        """Keep none: sessions were deleted or changed in the store, which has to be asked again."""
        ...
