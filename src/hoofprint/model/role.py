"""What a person may be on a domain (`clients.md` section 2)."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A role as answers spell it; every role may do what the ones after it may."""

    OWNER = "Owner"
    ADMIN = "Admin"
    VIEWER = "Viewer"

    def reaches(self, least: Role) -> bool:
        """Whether this role may do what `least` may."""
        order = list(Role)
        return order.index(self) <= order.index(least)
