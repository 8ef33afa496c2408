"""IP addresses as they come: with a port, in a list, in brackets."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

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


def client_address(text: str) -> IPAddress | None:
    """The first public address of a list, else the first address; None if there is none."""
    return _first(text[:LONGEST])


@lru_cache(4096)
def _first(text: str) -> IPAddress | None:
    found = [a for part in text.split(",") if (a := address(part)) is not None]
    return next((a for a in found if a.is_global), found[0] if found else None)
