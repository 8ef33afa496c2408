"""The page: hostname, path and query of the url."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote

import can_ada
from msgspec import Struct

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step
from hoofprint.ingest.text import HOSTNAME, PATH, cut

LONGEST = 64 * 1024
LONGEST_CACHED = 2048
"""Longer urls are parsed every time: a few thousand of them would fill the memory."""
_MOST_PARAMETERS = 200
_LONGEST_QUERY = 8192


class Url(Struct, frozen=True):
    """A parsed http(s) url: `hostname` in lower case without a port, `path` percent-decoded.

    An international hostname is in the ASCII spelling of urls, as the hostnames of domains are.
    """

    hostname: str
    path: str
    query: str


def parse_url(text: str) -> Url | None:
    """The parts of an absolute http(s) url, None if it is none."""
    return _parse(text) if len(text) <= LONGEST_CACHED else _parse.__wrapped__(text)


@lru_cache(8192)
def _parse(text: str) -> Url | None:
    found = split_url(text)
    if found is None:
        return None
    path = unquote(found.pathname, errors="replace")
    return Url(hostname_of(found), cut(path, PATH), found.search[1:])


def split_url(text: str) -> Any:
    """An absolute http(s) url with a hostname as the WHATWG parser splits it, else None."""
    if len(text) > LONGEST:
        return None
    try:
        found = can_ada.parse(cut(text.strip(), LONGEST))
    except ValueError:
        return None
    return found if found.protocol in {"http:", "https:"} and hostname_of(found) else None


def hostname_of(found: Any) -> str:
    """The hostname of a split url, without the dot of the root."""
    return cut(found.hostname.rstrip("."), HOSTNAME)


def parameters(query: str) -> Mapping[str, str]:
    """The query's parameters, the first value of each, names in lower case."""
    if not query:
        return {}
    found: dict[str, str] = {}
    pairs = parse_qsl(query[:_LONGEST_QUERY], keep_blank_values=False, errors="replace")
    for name, value in pairs[:_MOST_PARAMETERS]:
        found.setdefault(name.lower(), value)
    return found


def run(request: Request) -> Outcome:
    """Parse the url; a keep-alive needs none."""
    text = request.hit.url
    url = parse_url(text) if text else None
    if url is None:
        return "", "", {}
    return url.hostname, url.path, parameters(url.query)


STEP = Step("url", run, gives=("hostname", "path", "query"))
