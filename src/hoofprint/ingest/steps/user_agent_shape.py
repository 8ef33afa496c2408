"""Drops user agents that no browser sends: too short, too long, not ASCII, an address, a UUID."""

from __future__ import annotations

import re
from functools import lru_cache

from hoofprint.ingest.addresses import address
from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step
from hoofprint.model.reasons import DropReason

TOO_SHORT = 16
TOO_LONG = 500
LONGEST_ADDRESS = 100
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


def run(request: Request) -> Outcome:
    """Look at the text alone."""
    text = request.hit.user_agent or ""
    if request.hit.disable_bot_filter or (len(text) <= TOO_LONG and _plausible(text)):
        return None
    return DropReason.USER_AGENT


@lru_cache(4096)
def _plausible(user_agent: str) -> bool:
    user_agent = user_agent.strip()
    return (
        len(user_agent) > TOO_SHORT
        and user_agent.isascii()
        and not _UUID.fullmatch(user_agent)
        and (len(user_agent) > LONGEST_ADDRESS or address(user_agent) is None)
    )


STEP = Step("user_agent_shape", run)
