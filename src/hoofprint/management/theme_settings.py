"""The settings of themes: which ones the dashboard knows, and what may be kept under any name.

A theme is texts under names. The known ones are checked; whatever else a client keeps there is kept
as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hoofprint.model.looks import FILES, KNOWN, RADIUS, fits
from hoofprint.records.texts import NUL

MOST_SETTINGS = 200
LONGEST_NAME = 100
LONGEST_VALUE = 1000

A_COLOUR = "must be a colour like #1d4ed8, rgb(29, 78, 216) or hsl(224, 76%, 48%)"
A_LENGTH = "must be a length like 6px or 0.5rem, below 100"


def read_settings_of(sent: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """The settings that were sent, and what is wrong by `settings.NAME`.

    What is null or empty is left out. The addresses of files are no settings: they come from
    uploading and go with `DELETE /theme/file`.
    """
    kept: dict[str, str] = {}
    wrong: dict[str, str] = {}
    if len(sent) > MOST_SETTINGS:
        return {}, {"settings": f"must have at most {MOST_SETTINGS} names"}
    for name, value in sent.items():
        if value is None or value == "" or name in FILES:
            continue
        if found := _mistake(name, value):
            wrong[f"settings.{name[:LONGEST_NAME]}"] = found
        else:
            kept[name] = value
    return kept, wrong


def files_of(settings: Mapping[str, str]) -> dict[str, str]:
    """The addresses of files among settings."""
    return {name: settings[name] for name in FILES if name in settings}


def _mistake(name: str, value: Any) -> str:
    if len(name) > LONGEST_NAME or NUL in name:
        return f"the name must have at most {LONGEST_NAME} characters, none NUL"
    if not isinstance(value, str):
        return "must be a text"
    if len(value) > LONGEST_VALUE or NUL in value:
        return f"must have at most {LONGEST_VALUE} characters, none NUL"
    if name in KNOWN and not fits(name, value):
        return A_LENGTH if name == RADIUS else A_COLOUR
    return ""
