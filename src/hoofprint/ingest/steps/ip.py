"""The visitor's address; it stays within the pipe."""

from __future__ import annotations

from functools import lru_cache

from hoofprint.ingest.addresses import LONGEST, client_address
from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Facts, Outcome, Step


@lru_cache(4096)
def _facts(text: str) -> dict[str, str]:
    found = client_address(text)
    return {"ip": "" if found is None else found.compressed}


def run(request: Request, _: Facts) -> Outcome:
    """Bring the address into one form."""
    return _facts((request.hit.ip or "")[:LONGEST])


STEP = Step("ip", run, gives=("ip",))
