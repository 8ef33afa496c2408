"""The visitor's id, under the key of the day; address and user agent end here."""

from __future__ import annotations

from collections.abc import Callable

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Facts, Outcome, Step

DAY = 86_400
IDLE = 30 * 60
"""How far a session may reach back into the day before (`rules.md` 1.2)."""

Identify = Callable[[int, str, str, str], int]
"""(time, address, user agent, domain id) -> visitor id under the key of the time's UTC day."""


def step(identify: Identify) -> Step:
    """The step on the keys of the days."""

    def run(request: Request, facts: Facts) -> Outcome:
        who = (facts["ip"], request.hit.user_agent or "", request.domain.id)
        time = request.time
        yesterday = time % DAY < IDLE
        return {
            "visitor_id": identify(time, *who),
            "previous_visitor_id": identify(time - IDLE, *who) if yesterday else 0,
        }

    return Step("visitor", run, needs=("ip",), gives=("visitor_id", "previous_visitor_id"))
