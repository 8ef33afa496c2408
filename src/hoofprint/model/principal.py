"""Who is asking: the caller behind a request once its credentials were checked."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Scope(StrEnum):
    """What a client may touch (`clients.md` section 2); each is granted as r, w or both."""

    HIT = "hit"
    EVENT = "event"
    SESSION = "session"
    STATISTICS = "statistics"
    DOMAINS = "domains"
    ORGANIZATIONS = "organizations"
    THEMES = "themes"
    BILLING = "billing"


class Principal(Struct, frozen=True):
    """An authenticated client, or a person who has logged in.

    `domain_id` is set for a domain client, `user_id` for a user client. A login is a user client
    with every scope, whose `login_id` is set. `scopes` maps a scope to
    `r`, `w` or `rw`; w includes r. `write_only` marks an access key: it may only collect and read
    `GET /domain`.
    """

    client_id: str
    scopes: dict[str, str]
    domain_id: str | None = None
    user_id: str | None = None
    write_only: bool = False
    login_id: str | None = None

    def may(self, scope: Scope, mode: str) -> bool:
        """Whether the scope is granted for `mode` (`r` or `w`)."""
        granted = self.scopes.get(scope, "")
        return mode in granted or (mode == "r" and "w" in granted)
