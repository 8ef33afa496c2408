"""Who is a visitor: an id that only the key of the day can make (`rules.md` 1.1); pure."""

from __future__ import annotations

import siphashc

ID_BITS = 53
"""Ids are exact as JSON numbers in JavaScript."""

KEY_CHARACTERS = 16
DAY_SECONDS = 86_400


def visitor_id(key: str, ip: str, user_agent: str, domain_id: str) -> int:
    """The id of whoever sends from `ip` with `user_agent` to a domain under the key of a day.

    Never 0, which stands for nobody.
    """
    text = f"{ip}\n{user_agent}\n{domain_id}"
    hashed: int
    try:
        hashed = siphashc.siphash(key, text)
    except UnicodeEncodeError:  # a lone surrogate
        hashed = siphashc.siphash(key, text.encode(errors="replace"))
    return hashed & ((1 << ID_BITS) - 1) or 1


def day_of(time: int) -> int:
    """The UTC day of a time, as days since 1970-01-01."""
    return time // DAY_SECONDS
