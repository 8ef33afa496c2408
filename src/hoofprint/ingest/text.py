"""Cutting and cleaning of text that came from outside."""

from __future__ import annotations

PATH = 2000
TITLE = 512
REFERRER = 200
LANGUAGE = 10
SYSTEM = 20
UTM = 200
TAG = 50
EVENT_NAME = 200
META_KEY = 100
META_VALUE = 2000
HOSTNAME = 253
"""The longest texts that are kept, in characters (`rules.md` 1.5)."""


def cut(text: str | None, longest: int) -> str:
    """The text, at most so long, without what no database keeps: lone surrogates and NULs."""
    if not text:
        return ""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    if "\0" in text:
        text = text.replace("\0", "")
    return text[:longest]


def scalar_text(value: str | float | bool) -> str:
    """A tag's or metadata's value as text: `true`, `42`, `9.5`."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)
