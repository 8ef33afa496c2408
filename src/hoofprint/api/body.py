"""The fields of a JSON object in the body of a management request, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from hoofprint.api.lenient import mended, parse
from hoofprint.errors import Invalid

LARGEST = 1e15
"""Numbers beyond it are mistakes."""


def _fits(value: float) -> bool:
    return -LARGEST <= value <= LARGEST


NEVER = 1
"""The year of a time that some clients send for none."""


def read_body_of(body: bytes) -> Body:
    """The object that a body holds; an empty body is an empty one. Raises Invalid."""
    value = parse(body) if body.strip() else {}
    if not isinstance(value, dict):
        raise Invalid({}, "expected an object")
    return Body(value)


class Body:
    """Reads fields by name and collects complaints; a field that is null counts as not there."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.wrong: dict[str, str] = {}
        self._fields = fields

    def check(self) -> None:
        """Raise Invalid that names every field that was read and is wrong."""
        if self.wrong:
            raise Invalid(self.wrong)

    def text(self, name: str) -> str:
        """A text without space around it, empty if it is not there."""
        value = self._fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong[name] = "must be a text"
            return ""
        return mended(value).strip()

    def name(self, name: str) -> str:
        """A text that must be there, such as an id."""
        value = self.text(name)
        if not value:
            self.wrong.setdefault(name, "is required")
        return value

    def number(self, name: str) -> float:
        """A finite number, 0 if it is not there."""
        value = self._fields.get(name)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int | float) or not _fits(value):
            self.wrong[name] = "must be a number"
            return 0
        return value

    def flag(self, name: str) -> bool:
        """True or false, which it is if it is not there."""
        value = self._fields.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.wrong[name] = "must be true or false"
        return False

    def texts(self, name: str) -> dict[str, str]:
        """An object of texts, empty if it is not there."""
        value = self._fields.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            self.wrong[name] = "must be an object of texts"
            return {}
        return {mended(key): mended(text) for key, text in value.items()}

    def moment(self, name: str) -> datetime | None:
        """A time, UTC where it names no zone; None if it is not there, empty or of the year 1."""
        text = self.text(name)
        if not text:
            return None
        try:
            found = msgspec.convert(text, datetime)
            if found.year == NEVER:
                return None
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (msgspec.ValidationError, OverflowError):
            self.wrong[name] = "must be a time like 2024-10-01T00:00:00Z"
            return None
