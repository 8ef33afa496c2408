"""A dashboard as its page shows it: a frozen copy of its domain's record and its theme."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Dashboard(Struct, frozen=True):
    """Whose numbers are shown, under which name, and how they look.

    `timezone` is an IANA name. `settings` are those of the base theme under the domain's own; who
    shows them has to check them.
    """

    domain_id: str
    name: str
    timezone: str
    public: bool
    settings: Mapping[str, str]
