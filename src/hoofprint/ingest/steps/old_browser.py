"""Drops browsers that are too old for a person to use them."""

from __future__ import annotations

from functools import lru_cache

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step
from hoofprint.ingest.steps.user_agent import parse_user_agent
from hoofprint.model.reasons import DropReason

OLDEST = {"Chrome": 70, "Firefox": 68, "Safari": 12, "Opera": 65, "Edge": 88, "IE": 11}
"""The first version of each browser that counts."""

_OWN_NUMBERS_ON_IOS = frozenset({"Opera", "Edge"})


def run(request: Request) -> Outcome:
    """Look at the user agent; client hints come only from browsers that are new enough."""
    hit = request.hit
    if hit.disable_bot_filter or not _is_old(hit.user_agent or ""):
        return None
    return DropReason.OLD_BROWSER


@lru_cache(4096)
def _is_old(user_agent: str) -> bool:
    software = parse_user_agent(user_agent)
    oldest = OLDEST.get(software.browser)
    major = software.browser_version.split(".")[0]
    if oldest is None or not major.isdigit():
        return False
    if software.os == "iOS" and software.browser in _OWN_NUMBERS_ON_IOS:
        return False
    if "Opera Mini" in user_agent or "OPT/" in user_agent:
        return False
    return int(major) < oldest


STEP = Step("old_browser", run)
