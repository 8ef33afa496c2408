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
    url, ip = hit.url, hit.ip
    if kind is not Kind.KEEP_ALIVE and (not url or parse_url(url) is None):
        found["url"] = "is missing" if _blank(url) else "is not an absolute http or https url"
    if not ip or not client_address(ip):
        found["ip"] = "is missing" if _blank(ip) else "is not an IP address"
    if _blank(hit.user_agent):
        found["user_agent"] = "is missing"
    if kind is Kind.EVENT and _blank(hit.event_name):
        found["event_name"] = "is missing"
    return found


def _blank(text: str | None) -> bool:
    return not text or text.isspace()
