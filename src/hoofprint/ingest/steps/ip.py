"""The visitor's address; it stays within the pipe."""

from __future__ import annotations

from hoofprint.ingest.addresses import client_address
from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step


def run(request: Request) -> Outcome:
    """Bring the address into one form."""
    return (client_address(request.hit.ip or ""),)


STEP = Step("ip", run, gives=("ip",))
