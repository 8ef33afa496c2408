"""The visitor's id, under the key of the day; address and user agent end here."""

from __future__ import annotations

from collections.abc import Callable

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step

DAY = 86_400
IDLE = 30 * 60
"""How far a session may reach back into the day before (`rules.md` 1.2)."""

Identify = Callable[[int, str, str, str], int]
"""(time, address, user agent, domain id) -> visitor id under the key of the time's UTC day."""


def step(identify: Identify) -> Step:
    """The step on the keys of the days."""

    def run(request: Request, ip: str) -> Outcome:
        time, agent, domain_id = request.time, request.hit.user_agent or "", request.domain.id
        visitor_id = identify(time, ip, agent, domain_id)
        if time % DAY >= IDLE:
            return visitor_id, 0
        return visitor_id, identify(time - IDLE, ip, agent, domain_id)

    return Step("visitor", run, needs=("ip",), gives=("visitor_id", "previous_visitor_id"))
