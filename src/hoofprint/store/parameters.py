"""Bound parameters as the engine reads them: one text for each value, escaped."""

from __future__ import annotations

from collections.abc import Sequence

from hoofprint.store.port import Parameters

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0"}
_BARE = str.maketrans(_ESCAPES)
_QUOTED = str.maketrans(_ESCAPES | {"'": "\\'"})


def bound(parameters: Parameters | None) -> dict[str, str]:
    """The texts of parameters, for `{name:Type}` in a statement.

    Strings, integers, floats, booleans and (nested) sequences of these.
    """
    return {name: _text(value) for name, value in (parameters or {}).items()}


def _text(value: object) -> str:
    """A value by itself: a string is escaped but not quoted."""
    return value.translate(_BARE) if isinstance(value, str) else _literal(value)


def _literal(value: object) -> str:
    """A value within an array."""
    match value:
        case str():
            return "'" + value.translate(_QUOTED) + "'"
        case bool():
            return str(int(value))
        case int() | float():
            return repr(value)
        case Sequence():
            return "[" + ",".join(_literal(item) for item in value) + "]"
        case _:
            raise TypeError(f"not a parameter: {type(value).__name__}")
