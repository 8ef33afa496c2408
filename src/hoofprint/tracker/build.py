"""Builds the browser script from its source: one text for every name it is served under."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

ALL = frozenset({"views", "events", "sessions"})
BUILDS: dict[str, frozenset[str]] = {
    "pa.js": ALL,
    "pirsch-extended.js": ALL,
    "pirsch.js": frozenset({"views"}),
    "pirsch-events.js": frozenset({"events"}),
    "pirsch-sessions.js": frozenset({"sessions"}),
}
"""File names and the parts of the script that are in them."""

OPEN = "// ["
CLOSE = "// ]"


def build(parts: frozenset[str] = ALL) -> str:
    """The script with these parts, without comments and indentation."""
    source = files("hoofprint.tracker").joinpath("pa.js").read_text("utf-8")
    text = "\n".join(_kept(source, parts)) + "\n"
    if "sessions" in parts and parts != ALL:
        text = text.replace('on("enable-sessions")', "true")  # this file does nothing else
    return text


def _kept(source: str, parts: frozenset[str]) -> Iterator[str]:
    skipping = False
    for raw in source.splitlines():
        line = raw.strip()
        if line.startswith(OPEN):
            skipping = parts.isdisjoint(line.removeprefix(OPEN).split())
        elif line == CLOSE:
            skipping = False
        elif line and not skipping and not line.startswith("//"):
            yield line
