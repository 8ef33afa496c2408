"""What is wrong with a well-typed hit: every failing field at once (`rules.md` 1.3)."""

from __future__ import annotations

from hoofprint.ingest.addresses import client_address
from hoofprint.ingest.hit import Hit
from hoofprint.ingest.steps.url import parse_url
from hoofprint.model.arrival import Kind


def problems(kind: Kind, hit: Hit) -> dict[str, str]:
    """The failing fields and what is wrong with each; empty if the hit can be taken.

    A keep-alive needs no url. A hit of a browser gets address and user agent from its request.
    """
    found: dict[str, str] = {}
    if kind is not Kind.KEEP_ALIVE:
        if not hit.url or not hit.url.strip():
            found["url"] = "is missing"
        elif parse_url(hit.url) is None:
            found["url"] = "is not an absolute http or https url"
    if not hit.ip or not hit.ip.strip():
        found["ip"] = "is missing"
    elif not client_address(hit.ip):
        found["ip"] = "is not an IP address"
    if not hit.user_agent or not hit.user_agent.strip():
        found["user_agent"] = "is missing"
    if kind is Kind.EVENT and (not hit.event_name or not hit.event_name.strip()):
        found["event_name"] = "is missing"
    return found
