"""Reads a body that the strict decoder refused: accepts what real clients send, else says why not.

Slow and thorough, where the typed decoder is fast and stops at the first fault: every failing field
is named. The kindnesses are those of `clients.md` section 6.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Container
from datetime import datetime
from typing import Any, NoReturn, TypeVar

import msgspec

from hoofprint.errors import Invalid
from hoofprint.ingest.hit import Hit, Scalar

LONGEST_NUMBER = 300
"""Digits of a whole number that are worth reading; more of them is out of every range."""


UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What the strict decoder raises."""


class Refused(ValueError):
    """A value that cannot be understood; the text says what was expected."""


def parse(body: bytes) -> Any:
    """Any JSON document. Raises Invalid that says where the text stops being JSON.

    Texts may hold lone halves of surrogate pairs (a title cut inside an emoji): see `mended`.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid({}, f"the body is not valid UTF-8 (byte {error.start})") from None
    try:
        return json.loads(text, parse_int=_whole, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise Invalid(
            {}, f"the body is not valid JSON: {error.msg} (character {error.pos})"
        ) from None
    except Refused as error:
        raise Invalid({}, f"the body is not valid JSON: {error}") from None
    except RecursionError:
        raise Invalid({}, "the body is nested too deeply") from None


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= LONGEST_NUMBER else math.inf


def _constant(name: str) -> NoReturn:
    raise Refused(f"{name} is no number")


def mended(text: str) -> str:
    """The text without lone halves of surrogate pairs, which no encoder takes."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


Form = TypeVar("Form", bound=Hit)


def understand(
    form: type[Form], value: object, ignore: Container[str] = ()
) -> tuple[Form, dict[str, str]]:
    """A value as a hit, with every field that could not be understood and why.

    Fields named in `ignore` are left unset whatever they hold; failing ones are unset too.
    Raises Refused when the value is no object.
    """
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise Refused("expected an object")
    known: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in msgspec.structs.fields(form):
        given = value.get(field.encode_name)
        if given is None or field.name in ignore:
            continue
        read = SPECIAL.get(field.name) or CONVERTERS[field.type]
        try:
            known[field.name] = read(given)
        except Refused as error:
            wrong[field.encode_name] = str(error)
    return form(**known), wrong


def _text(value: object) -> str:
    if isinstance(value, str):
        return mended(value)
    raise Refused("must be a text")


def _address(value: object) -> str:
    """An address, or a list of them as some proxies' clients send it."""
    if isinstance(value, list):
        return ",".join(_text(part) for part in value)
    return _text(value)


def _header(value: object) -> str:
    """The text of a header that holds a number."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(_finite(value))
    return _text(value)


def number(value: object) -> int | float | None:
    """A number, also as a text; an empty text is unset."""
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise Refused("must be a number") from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refused("must be a number")
    return _finite(value)


def _finite(value: float) -> int | float:
    if isinstance(value, float) and not math.isfinite(value):
        raise Refused("must be a finite number")
    return value


def flag(value: object) -> bool:
    """True or false, and nothing like it."""
    if isinstance(value, bool):
        return value
    raise Refused("must be true or false")


def pairs(value: object) -> dict[str, Scalar]:
    """Names with scalar values; an empty list is how PHP writes an empty object."""
    if value == []:
        return {}
    if not isinstance(value, dict):
        raise Refused("must be an object of texts, numbers and booleans")
    return {mended(key): _scalar(mended(key), part) for key, part in value.items()}


def _scalar(key: str, value: object) -> Scalar:
    if isinstance(value, str):
        return mended(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return _finite(value)
    raise Refused(f"must hold texts, numbers and booleans only, {key[:100]} is nested")


def _moment(value: object) -> datetime:
    try:
        return msgspec.convert(_text(value), datetime)
    except (msgspec.ValidationError, Refused):
        raise Refused("must be a time as in 2023-01-02T14:15:32Z") from None


CONVERTERS: dict[Any, Callable[[object], Any]] = {
    str | None: _text,
    int | float | None: number,
    bool | None: flag,
    dict[str, Scalar] | None: pairs,
    datetime | None: _moment,
}
"""How a field's declared type is read."""

SPECIAL: dict[str, Callable[[object], Any]] = {
    "ip": _address,
    "sec_ch_width": _header,
    "sec_ch_viewport_width": _header,
}
"""Fields that are read with more kindness than their type says."""
