"""The fields of a management request, in its body or its query, and what is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.datastructures import State

from hoofprint.api.lenient import Refused, flag, mended, number, pairs, parse
from hoofprint.errors import Invalid
from hoofprint.ingest.hit import Scalar
from hoofprint.ingest.text import scalar_text
from hoofprint.management.access import first_value

T = TypeVar("T")

YES, NO = frozenset({"true", "1"}), frozenset({"false", "0"})
NEVER = 1
"""The year of a time that some clients send for none."""


def read_body_of(body: bytes) -> Body:
    """The object that a body holds; an empty body is an empty one. Raises Invalid."""
    value = parse(body) if body.strip() else {}
    if not isinstance(value, dict):
        raise Invalid({}, "expected an object")
    return Body(value)


def required(request: Request[Any, Any, State], name: str) -> str:
    """A query parameter that must be set. Raises Invalid."""
    value = first_value(list(request.query_params.multi_items()), name)
    if not value:
        raise Invalid({name: "is required"})
    return value


class Body:
    """Reads fields by name and collects complaints; a field that is null counts as not there.

    `within` is where an object inside of another one is, which complaints name, too.
    """

    def __init__(
        self, fields: Mapping[str, Any], within: str = "", wrong: dict[str, str] | None = None
    ) -> None:
        self.wrong: dict[str, str] = {} if wrong is None else wrong
        self._fields = fields
        self._within = within

    def check(self, mistakes: Mapping[str, str] | None = None) -> None:
        """Raise Invalid that names every field that was read and is wrong.

        `mistakes` are those of fields that could be read.
        """
        wrong = {**(mistakes or {}), **self.wrong}
        if wrong:
            raise Invalid(wrong)

    def has(self, name: str) -> bool:
        """Whether a field is there."""
        return self._fields.get(name) is not None

    def text(self, name: str) -> str:
        """A text without space around it, empty if it is not there."""
        value = self._fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._complain(name, "must be a text")
            return ""
        return mended(value).strip()

    def name(self, name: str) -> str:
        """A text that must be there, such as an id."""
        value = self.text(name)
        if not value:
            self.wrong.setdefault(self._within + name, "is required")
        return value

    def exact(self, name: str) -> str:
        """A text that must be there exactly as it was sent, such as a password."""
        value = self._fields.get(name)
        if value is None or value == "":
            self.wrong.setdefault(self._within + name, "is required")
            return ""
        if not isinstance(value, str):
            self._complain(name, "must be a text")
            return ""
        return value

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
            self._complain(name, "must be a time like 2024-10-01T00:00:00Z")
            return None

    def number(self, name: str) -> float:
        """A number, 0 if it is not there."""
        return self._read(name, number) or 0

    def flag(self, name: str) -> bool:
        """True or false; false if it is not there."""
        return self._read(name, flag) or False

    def choice(self, name: str) -> bool:
        """The same as a query has it, in a word; false if it is empty."""
        word = self.text(name).lower()
        if word and word not in YES | NO:
            self._complain(name, "must be true or false")
        return word in YES

    def texts(self, name: str) -> tuple[str, ...]:
        """Texts that are not empty, or only one; numbers and booleans become texts."""
        value = self._fields.get(name)
        listed = value if isinstance(value, list) else [] if value is None else [value]
        if any(isinstance(one, dict | list) for one in listed):
            self._complain(name, "must be a list of texts")
            return ()
        return tuple(filter(str.strip, (_text(one) for one in listed)))

    def pairs(self, name: str) -> dict[str, str]:
        """Texts by name; numbers and booleans become texts."""
        found = self._read(name, pairs) or {}
        return {key: _text(value) for key, value in found.items()}

    def json_object(self, name: str) -> dict[str, Any]:
        """An object of any form, empty if it is not there."""
        return {_mended(key): _mended(one) for key, one in self.part(name)._fields.items()}

    def part(self, name: str) -> Body:
        """An object inside of this one, empty if it is not there."""
        value = self._fields.get(name)
        if value is None or value == []:  # PHP writes an empty object so
            value = {}
        return self._object(name, value)

    def parts(self, name: str) -> list[Body]:
        """Objects in a list, which is empty if it is not there."""
        value = self._fields.get(name)
        if value is not None and not isinstance(value, list):
            self._complain(name, "must be a list")
        listed = value if isinstance(value, list) else []
        return [self._object(f"{name}[{place}]", one) for place, one in enumerate(listed)]

    def _object(self, name: str, value: object) -> Body:
        if not isinstance(value, dict):
            self._complain(name, "must be an object")
            value = {}
        return Body(value, f"{self._within}{name}.", self.wrong)

    def _read(self, name: str, read: Callable[[object], T]) -> T | None:
        value = self._fields.get(name)
        if value is None:
            return None
        try:
            return read(value)
        except Refused as error:
            self._complain(name, str(error))
            return None

    def _complain(self, name: str, complaint: str) -> None:
        self.wrong[self._within + name] = complaint


def _mended(value: Any) -> Any:
    """JSON without what no encoder or database takes: lone surrogates, NULs, no numbers."""
    match value:
        case str():
            return mended(value).replace("\0", "")
        case dict():
            return {_mended(key): _mended(one) for key, one in value.items()}
        case list():
            return [_mended(one) for one in value]
        case float() if not math.isfinite(value):
            return None
        case _:
            return value


def _text(value: Scalar) -> str:
    return "" if value is None else mended(scalar_text(value))
