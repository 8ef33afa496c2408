"""Passwords: what one must be, and how it is kept."""

from __future__ import annotations

from argon2 import PasswordHasher

SHORTEST = 8
LONGEST = 1024
"""Hashing an endless text would keep a processor busy for anybody who asks."""

_hasher = PasswordHasher()


def what_is_wrong_with(password: str) -> str | None:
    """Why this can't be a password; None when it can."""
    if len(password) < SHORTEST:
        return f"must have at least {SHORTEST} characters"
    if len(password) > LONGEST:
        return f"must have at most {LONGEST} characters"
    return None


def hash_password(password: str) -> str:
    """The argon2id hash, with its salt and parameters; takes tens of milliseconds on purpose."""
    return _hasher.hash(password)
