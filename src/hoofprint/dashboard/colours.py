"""A theme as a style sheet: known settings become CSS variables, whatever else is left out."""

from __future__ import annotations

from collections.abc import Mapping

from hoofprint.model.looks import COLOURS, DARK, LIGHT, RADIUS, fits

ALWAYS = "primary"
"""This colour counts in the dark, too, unless there is one for it; others would clash there."""


def style_of(settings: Mapping[str, str]) -> str:
    """The CSS of a theme; nothing gets into it that is not a colour or a length."""
    always = _variable("radius", settings, RADIUS) + _variable(ALWAYS, settings, ALWAYS + LIGHT)
    light = "".join(_variable(name, settings, name + LIGHT) for name in COLOURS)
    dark = "".join(_variable(name, settings, name + DARK) for name in COLOURS)
    return (
        f":root {{ {always}}}\n"
        f"@media not all and (prefers-color-scheme: dark) {{ :root {{ {light}}} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark}}} }}\n"
    )


def _variable(variable: str, settings: Mapping[str, str], name: str) -> str:
    return f"--{variable}: {settings[name]}; " if fits(name, settings.get(name)) else ""
