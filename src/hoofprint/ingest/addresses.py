"""IP addresses as they come: with a port, in a list, in brackets."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from socket import AF_INET, inet_ntoa, inet_pton

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST = 1000
"""As much of a list of addresses as is looked at, in characters."""


def address(text: str) -> IPAddress | None:
    """One address, with or without a port; an IPv4 address in IPv6 becomes IPv4."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def client_address(text: str) -> str:
    """The first public address of a list, else the first address; empty if there is none."""
    try:
        # Most are one plain IPv4 address, which costs less to read than to remember.
        return inet_ntoa(inet_pton(AF_INET, text))
    except (OSError, ValueError):
        return _first(text[:LONGEST])


@lru_cache(16_384)
def _first(text: str) -> str:
    found = [a for part in text.split(",") if (a := address(part)) is not None]
    if not found:
        return ""
    first = found[0]
    if len(found) > 1:
        first = next((a for a in found if a.is_global), first)
    return first.compressed
