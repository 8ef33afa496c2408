"""Where the visitor came from: a url and a name, or nothing if from the site itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import unquote_plus

from msgspec import Struct

from hoofprint.ingest.addresses import address
from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step
from hoofprint.ingest.referrers import app_name, source_of, spam_domains, without_www
from hoofprint.ingest.steps.url import hostname_of, split_url
from hoofprint.ingest.text import REFERRER, cut
from hoofprint.model.domain import Domain
from hoofprint.model.reasons import DropReason

BEFORE_HEADER = ("ref", "referer", "referrer")
AFTER_HEADER = ("source", "utm_source")
ANDROID = "android-app://"
LONGEST = 2048
"""As much of a referrer as is looked at, in characters."""

_HOSTNAME = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE
)
_END_OF_HOST = re.compile(r"[/?#:]")
_INJECTION = re.compile(
    r"<\s*/?\s*script|javascript:|\bunion\s+(?:all\s+)?select\b|\bselect\s[\w\s*,.()@]{1,99}\sfrom\s"
    r"|\bsleep\s*\(|\bwaitfor\s+delay\b|\bxp_cmdshell\b|['\"]\s*(?:or|and)\s+['\"]?\d"
    r"|\.\./\.\./|/etc/passwd|\$\{jndi:|<\?php|<\s*iframe|[\s\"'/]on(?:error|load)\s*=",
    re.IGNORECASE,
)


class Referrer(Struct, frozen=True):
    """A referrer as it is stored, and the host it is on (empty for names and apps)."""

    url: str
    name: str
    host: str = ""


NONE = Referrer("", "")


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
    if _HOSTNAME.fullmatch(_END_OF_HOST.split(text, maxsplit=1)[0]):
        return _from_url(f"https://{text}")
    if address(text.partition("/")[0]) is not None:
        return NONE
    return Referrer("", cut(text, REFERRER))


def _from_url(text: str) -> Referrer:
    """A url without user, query and fragment; an address as a host is no referrer."""
    url = split_url(text)
    if url is None or address(url.hostname) is not None:
        return NONE
    host = hostname_of(url)
    path = "" if url.pathname == "/" else url.pathname
    port = f":{url.port}" if url.port else ""
    name = source_of(host, path).name
    stored = cut(f"{url.protocol}//{host}{port}{path}", REFERRER)
    return Referrer(stored, cut(name, REFERRER), host)


@lru_cache(4096)
def _is_spam(text: str, host: str) -> bool:
    plain = unquote_plus(text)
    if _INJECTION.search(text) or (plain != text and _INJECTION.search(plain)):
        return True
    labels = host.split(".")
    spam = spam_domains()
    return any(".".join(labels[i:]) in spam for i in range(len(labels) - 1))


@lru_cache(1024)
def own_hosts(domain: Domain) -> re.Pattern[str]:
    """A pattern of the domain's hostnames, with `*` wildcards, without `www.`."""
    names = (domain.hostname, *domain.hostnames)
    return re.compile("|".join(_pattern(without_www(name.lower())) for name in names))


def _pattern(hostname: str) -> str:
    """A regular expression of a hostname; what lies between two `*` is taken at its first place.

    That is enough, and needs no going back over the text, which could take for ever.
    """
    first, *rest = map(re.escape, hostname.split("*"))
    if not rest:
        return first
    *middle, last = rest
    return first + "".join(f"(?>.*?{part})" for part in middle) + f".*{last}"


def run(request: Request, hostname: str, query: Mapping[str, str]) -> Outcome:
    """Choose the referrer's text, parse it, leave out the site itself."""
    text = _chosen(request.hit.referrer, query)[:LONGEST]
    if not text:
        return _NOTHING
    referrer = parse_referrer(text)
    if not request.hit.disable_bot_filter and _is_spam(text, referrer.host):
        return DropReason.REFERRER_SPAM
    if referrer.host and _is_own(referrer.host, hostname, request.domain):
        return _NOTHING
    return referrer.url, referrer.name


@lru_cache(4096)
def _is_own(host: str, visited: str, domain: Domain) -> bool:
    """Whether a host is the site's; `*.example.com` means `www.example.com` too."""
    bare = without_www(host)
    if bare == without_www(visited):
        return True
    own = own_hosts(domain)
    return bool(own.fullmatch(bare) or own.fullmatch(host))


def _chosen(header: str | None, query: Mapping[str, str]) -> str:
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


_NOTHING = ("", "")

STEP = Step("referrer", run, needs=("hostname", "query"), gives=("referrer", "referrer_name"))
