"""Reads the data files in `lists/`."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

_LISTS = resources.files("hoofprint.ingest.lists")


def read_json(name: str) -> Any:
    """The content of a JSON file."""
    return json.loads((_LISTS / name).read_text(encoding="utf-8"))


def read_words(name: str) -> frozenset[str]:
    """The words of a text file; `#` begins a comment."""
    lines = (_LISTS / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines for word in line.partition("#")[0].split())
