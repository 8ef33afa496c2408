"""Drops what says in its user agent that it is a program."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

import re2
import regex
from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from is_bot import Bots

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step
from hoofprint.ingest.steps.user_agent_shape import TOO_LONG
from hoofprint.ingest.text import cut
from hoofprint.model.reasons import DropReason

_LOOK_AROUND = ("(?!", "(?=", "(?<")


@cache
def _matcher() -> Callable[[str], bool]:
    """All patterns in one automaton; the few with look-arounds, which RE2 lacks, apart."""
    patterns = {p["pattern"]: False for p in CRAWLER_USER_AGENTS_DATA}
    patterns |= dict.fromkeys(sorted(Bots().patterns), True)
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    automaton = re2.Set.SearchSet(options)
    apart: list[regex.Pattern[str]] = []
    for pattern, ignore_case in patterns.items():
        if any(mark in pattern for mark in _LOOK_AROUND):
            apart.append(regex.compile(pattern, regex.IGNORECASE if ignore_case else 0))
        else:
            automaton.Add(f"(?i:{pattern})" if ignore_case else pattern)
    automaton.Compile()

    def matches(text: str) -> bool:
        return bool(automaton.Match(text)) or any(p.search(text) for p in apart)

    return matches


@lru_cache(4096)
def is_bot(user_agent: str) -> bool:
    """Whether a user agent is on a list of bots."""
    return _matcher()(cut(user_agent, TOO_LONG))


def run(request: Request) -> Outcome:
    """Ask the lists."""
    hit = request.hit
    if hit.disable_bot_filter or not is_bot(hit.user_agent or ""):
        return None
    return DropReason.BOT


STEP = Step("bot", run)
