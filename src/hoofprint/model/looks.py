"""The settings of a theme that dashboards know, and what their values have to look like.

Whoever keeps them checks them, and whoever makes a style sheet of them checks them again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

COLOURS = ("primary", "background", "surface", "text", "muted", "border")
"""Each is set by `NAME_color` and, where the system prefers dark ones, by `NAME_color_dark`."""
LIGHT, DARK = "_color", "_color_dark"
RADIUS = "border_radius"
FILES = ("logo_light", "logo_dark", "favicon")
"""The settings that hold the paths of files; `logo_dark` is the logo before a dark background."""

_NUMBER = r"-?\d{1,4}(\.\d{1,4})?%?"
A_COLOUR = re.compile(
    r"#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})"
    rf"|(rgb|hsl)a?\({_NUMBER}([ ,]{{1,2}}{_NUMBER}){{2}}( ?[,/] ?{_NUMBER})?\)",
    re.ASCII,
)
A_LENGTH = re.compile(r"\d{1,2}(\.\d{1,2})?(px|rem|em)|0", re.ASCII)
A_PATH = re.compile(r"/image/[A-Za-z0-9]{10}/[a-z_]{1,16}\.[0-9a-f]{16}\.[a-z]{3,4}")
KNOWN: Mapping[str, re.Pattern[str]] = {
    **{name + ending: A_COLOUR for name in COLOURS for ending in (LIGHT, DARK)},
    RADIUS: A_LENGTH,
}


def fits(name: str, value: object) -> bool:
    """Whether the value of a known setting is one that a style sheet or a page may hold."""
    pattern = A_PATH if name in FILES else KNOWN[name]
    return isinstance(value, str) and pattern.fullmatch(value) is not None
