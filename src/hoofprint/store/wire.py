"""Rows as the engine reads and writes them: JSON arrays, one a line."""

from __future__ import annotations

from typing import Any

import msgspec

FORMAT = "JSONCompactEachRow"
_decode_lines = msgspec.json.Decoder(list[Any]).decode_lines


def decode_rows(data: bytes) -> list[list[Any]]:
    """The rows of an answer in FORMAT."""
    return _decode_lines(data)
