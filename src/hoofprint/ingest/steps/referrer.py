"""Where the visitor came from: a url and a name, or nothing if from the site itself."""

from __future__ import annotations

import ipaddress
import re
from functools import cache, lru_cache

from msgspec import Struct
from publicsuffixlist import PublicSuffixList

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Facts, Outcome, Step
from hoofprint.ingest.referrers import app_name, source_of, spam_domains, without_www
from hoofprint.ingest.steps.url import parse_url
from hoofprint.ingest.text import REFERRER, cut
from hoofprint.model.domain import Domain
from hoofprint.model.reasons import DropReason

BEFORE_HEADER = ("ref", "referer", "referrer")
AFTER_HEADER = ("source", "utm_source")
ANDROID = "android-app://"

_HOSTNAME = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE
)
_INJECTION = re.compile(
    r"<\s*/?\s*script|javascript:|\bunion\s+(?:all\s+)?select\b|\bselect\b.+\bfrom\b"
    r"|\bsleep\s*\(|\bwaitfor\s+delay\b|\bxp_cmdshell\b|['\"]\s*(?:or|and)\s+['\"]?\d"
    r"|\.\./\.\./|/etc/passwd|\$\{jndi:|<\?php|<\s*iframe|\bonerror\s*=",
    re.IGNORECASE,
)


class Referrer(Struct, frozen=True):
    """A referrer as it is stored, and the host it is on (empty for names and apps)."""

    url: str
    name: str
    host: str = ""


NONE = Referrer("", "")


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(4096)
def parse_referrer(text: str) -> Referrer:
    """A referrer from a header or a query parameter."""
    text = text.strip()
    if not text:
        return NONE
    if text.lower().startswith(ANDROID):
        package = text[len(ANDROID) :].strip("/").split("/")[0]
        return Referrer(cut(text, REFERRER), cut(app_name(package), REFERRER)) if package else NONE
    if text[:4].lower() == "http" and "://" in text[:10]:
        return _from_url(text)
    if _HOSTNAME.match(text) and _HOSTNAME.fullmatch(re.split(r"[/?#:]", text, maxsplit=1)[0]):
        return _from_url(f"https://{text}")
    return Referrer("", cut(text, REFERRER))


def _from_url(text: str) -> Referrer:
    """Scheme, host and path of a url; an address as a host is no referrer."""
    url = parse_url(text)
    if url is None or _is_address(url.hostname):
        return NONE
    path = "" if url.path == "/" else url.path
    scheme = "http" if text[:5].lower() == "http:" else "https"
    name = source_of(url.hostname, path).name
    stored = cut(f"{scheme}://{url.hostname}{path}", REFERRER)
    return Referrer(stored, cut(name, REFERRER), url.hostname)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


@lru_cache(4096)
def _is_spam(text: str, host: str) -> bool:
    if _INJECTION.search(text):
        return True
    return bool(host) and (_suffixes().privatesuffix(host) or host) in spam_domains()


@lru_cache(1024)
def own_hosts(domain: Domain) -> re.Pattern[str]:
    """A pattern of the domain's hostnames, with `*` wildcards, without `www.`."""
    names = (domain.hostname, *domain.hostnames)
    parts = [re.escape(without_www(n.lower())).replace(r"\*", ".*") for n in names]
    return re.compile("|".join(parts))


def run(request: Request, facts: Facts) -> Outcome:
    """Choose the referrer's text, parse it, leave out the site itself."""
    text = _chosen(request.hit.referrer, facts["query"])
    if not text:
        return _NOTHING
    referrer = parse_referrer(text)
    if not request.hit.disable_bot_filter and _is_spam(text, referrer.host):
        return DropReason.REFERRER_SPAM
    host = without_www(referrer.host)
    if host and (
        host == without_www(facts["hostname"]) or own_hosts(request.domain).fullmatch(host)
    ):
        return _NOTHING
    return {"referrer": referrer.url, "referrer_name": referrer.name}


def _chosen(header: str | None, query: dict[str, str]) -> str:
    """`ref` and its like beat the header; `source` and `utm_source` stand in for a missing one."""
    if query:
        for name in BEFORE_HEADER:
            if query.get(name):
                return query[name]
    if header and header.strip():
        return header
    if query:
        for name in AFTER_HEADER:
            if query.get(name):
                return query[name]
    return ""


_NOTHING = {"referrer": "", "referrer_name": ""}

STEP = Step("referrer", run, needs=("hostname", "query"), gives=("referrer", "referrer_name"))
