"""Values as the engine reads them for bound `{name:Type}` parameters."""

from __future__ import annotations

from hoofprint.store.port import Parameters

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0"})
_QUOTED_ESCAPES = {**_ESCAPES, ord("'"): "\\'"}


def encode_parameters(parameters: Parameters | None) -> dict[str, str]:
    """The text of each value: strings, integers, floats, booleans, and (nested) lists of them."""
    return {name: encode(value) for name, value in (parameters or {}).items()}


def plain_parameters(parameters: Parameters | None) -> dict[str, object]:
    """The values for a driver that writes them down itself, and knows strings, numbers, lists."""
    return {name: _plain(value) for name, value in (parameters or {}).items()}


def encode(value: object) -> str:
    """The text of one value. Raises TypeError for a type that no parameter has."""
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    return _element(value)


def _element(value: object) -> str:
    if isinstance(value, str):
        return f"'{value.translate(_QUOTED_ESCAPES)}'"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_element, value))}]"
    raise TypeError(f"no parameter of the store is a {type(value).__name__}")


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_plain(element) for element in value]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return str(value)
    return value
