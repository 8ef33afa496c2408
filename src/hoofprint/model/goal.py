"""What a goal counts: page views of matching paths, or sessions with a matching event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Goal(Struct, frozen=True):
    """A filter (`rules.md` 2.4, goals); what is empty does not count.

    `pattern` is a regular expression (RE2) on the path: of the page view, or with `event` of the
    page on which it happened. `tags` are those of the page view, or metadata of the event. `shown`
    are the fields by which answers name the goal.
    """

    name: str
    shown: Mapping[str, Any] = {}
    pattern: str = ""
    event: str = ""
    meta_key: str = ""
    meta_value: str = ""
    tags: tuple[tuple[str, str], ...] = ()
