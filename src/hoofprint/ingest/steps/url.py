"""The page: hostname, path and query of the url."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

import can_ada
from msgspec import Struct

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Facts, Outcome, Step
from hoofprint.ingest.text import HOSTNAME, PATH, cut

LONGEST = 64 * 1024
_MOST_PARAMETERS = 200


class Url(Struct, frozen=True):
    """A parsed http(s) url: `hostname` in lower case without a port, `path` percent-decoded."""

    hostname: str
    path: str
    query: str


@lru_cache(4096)
def parse_url(text: str) -> Url | None:
    """The parts of an absolute http(s) url, None if it is none."""
    if len(text) > LONGEST:
        return None
    try:
        found = can_ada.parse(text.strip())
    except (ValueError, UnicodeError):
        return None
    if found.protocol not in {"http:", "https:"} or not found.hostname:
        return None
    hostname = found.hostname
    if "xn--" in hostname:
        hostname = can_ada.idna_decode(hostname) or hostname
    path = unquote(found.pathname, errors="replace") or "/"
    return Url(cut(hostname.lower().rstrip("."), HOSTNAME), cut(path, PATH), found.search[1:])


@lru_cache(4096)
def _facts(text: str) -> Mapping[str, object]:
    url = parse_url(text)
    if url is None:
        return NO_PAGE
    return {"hostname": url.hostname, "path": url.path, "query": parameters(url.query)}


@lru_cache(4096)
def parameters(query: str) -> Mapping[str, str]:
    """The query's parameters, the first value of each, names in lower case."""
    if not query:
        return {}
    found: dict[str, str] = {}
    pairs = parse_qsl(query[:8192], keep_blank_values=False, errors="replace")
    for name, value in pairs[:_MOST_PARAMETERS]:
        found.setdefault(name.lower(), value)
    return found


NO_PAGE: Mapping[str, object] = {"hostname": "", "path": "", "query": {}}


def run(request: Request, _: Facts) -> Outcome:
    """Parse the url; a keep-alive needs none."""
    url = request.hit.url
    return _facts(url) if url else NO_PAGE


STEP = Step("url", run, gives=("hostname", "path", "query"))
