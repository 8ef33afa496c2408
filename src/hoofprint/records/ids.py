"""The random texts of records: ids, codes and secrets, all letters and digits."""

from __future__ import annotations

import secrets
import string

ALPHABET = string.ascii_letters + string.digits
ID_LENGTH = 10
CODE_LENGTH = 32
SECRET_LENGTH = 64
ACCESS_KEY_PREFIX = "pa_"
ACCESS_KEY_LENGTH = 45
"""Characters behind the prefix."""


def random_text(length: int) -> str:
    """Letters and digits, each drawn from the system's secure source."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def is_text_of(text: str, length: int) -> bool:
    """Whether a text could be one of ours; spares the database whatever else callers send."""
    return len(text) == length and text.isascii() and text.isalnum()


def is_access_key(text: str) -> bool:
    """Whether a bearer has the form of an access key."""
    behind = text.removeprefix(ACCESS_KEY_PREFIX)
    return behind != text and is_text_of(behind, ACCESS_KEY_LENGTH)


def new_id() -> str:
    """The id of a record."""
    return random_text(ID_LENGTH)


def new_code() -> str:
    """An identification code, a client id or the code of an access link."""
    return random_text(CODE_LENGTH)


def new_secret() -> str:
    """The secret of an OAuth client."""
    return random_text(SECRET_LENGTH)


def new_access_key() -> str:
    """A key that is its own bearer."""
    return ACCESS_KEY_PREFIX + random_text(ACCESS_KEY_LENGTH)
