"""The visitor's language."""

from __future__ import annotations

import re
from functools import cache

from hoofprint.ingest.data import read_words
from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step

_END = re.compile(r"[;,-]")


@cache
def _codes() -> frozenset[str]:
    return read_words("iso639_1.txt")


def _language(header: str) -> str:
    """Up to the first `;`, `,` or `-`, if that is a code of ISO 639-1."""
    code = _END.split(header, maxsplit=1)[0].strip().lower()
    return code if code in _codes() else ""


def run(request: Request) -> Outcome:
    """Read Accept-Language."""
    return (_language((request.hit.accept_language or "")[:64]),)


STEP = Step("language", run, gives=("language",))
