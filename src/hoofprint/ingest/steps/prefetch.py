"""Drops what a browser fetched in advance and nobody may have looked at."""

from __future__ import annotations

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step
from hoofprint.model.reasons import DropReason

_AHEAD = ("prefetch", "preview")


def run(request: Request) -> Outcome:
    """Look at the headers of a browser's own request."""
    headers = request.headers
    if not headers:
        return None
    purpose = f"{headers.get('purpose', '')} {headers.get('x-purpose', '')}".lower()
    ahead = any(word in purpose for word in _AHEAD)
    if ahead or headers.get("x-moz", "").lower() == "prefetch":
        return DropReason.PREFETCH
    return None


STEP = Step("prefetch", run)
