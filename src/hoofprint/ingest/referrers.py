"""Names and kinds of the sources that visitors come from, out of the lists."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from msgspec import Struct

from hoofprint.ingest.data import read_json, read_words

_GOOGLE = re.compile(r"(?:^|\.)google\.(?:com|[a-z]{2}|com?\.[a-z]{2})$")

_SIGNS = re.compile(r"[\W_]+")
_LISTS = ("referrers.json", "referrers_overlay.json")
"""The later one wins."""
OTHER = "other"


class Source(Struct, frozen=True):
    """A known source: its name, and its kind (`search`, `social`, `video`, `shopping`, ...)."""

    name: str
    kind: str


@cache
def _sources() -> dict[str, Source]:
    """Known sources by host or host and path."""
    found: dict[str, Source] = {}
    for name in _LISTS:
        for kind, groups in read_json(name).items():
            for group, places in groups.items():
                for place in places:
                    found[place] = Source(group, kind)
    return found


@cache
def _apps() -> dict[str, str]:
    apps: dict[str, str] = read_json("android_apps.json")
    return apps


@cache
def _kinds_by_name() -> dict[str, str]:
    """Kinds by what a utm_source says: a source's host, its name, or an alias of the name.

    A name counts without spaces and signs too. Where a name has several kinds, any but `other`
    wins, and the later list.
    """
    names: dict[str, str] = {}
    for name in _LISTS:
        kinds = read_json(name)
        names |= {group.lower(): OTHER for group in kinds.get(OTHER, ())}
        for kind, groups in kinds.items():
            if kind != OTHER:
                names |= {group.lower(): kind for group in groups}
    found = {place: source.kind for place, source in _sources().items()}
    found |= {_SIGNS.sub("", name): kind for name, kind in names.items()} | names
    aliases: dict[str, list[str]] = read_json("source_aliases.json")
    for group, words in aliases.items():
        found |= dict.fromkeys(words, names[group.lower()])
    return {word: kind for word, kind in found.items() if word and kind != OTHER}


@cache
def spam_domains() -> frozenset[str]:
    """Registrable domains that send fake referrers."""
    return read_words("referrer_spam.txt")


def without_www(host: str) -> str:
    """A host without a leading `www.`."""
    return host.removeprefix("www.")


@lru_cache(4096)
def source_of(host: str, path: str) -> Source:
    """The source behind a referrer's host and path; unknown ones are named after the host."""
    bare = without_www(host)
    sources = _sources()
    if path:
        parts = path.strip("/").split("/")
        for i in range(min(len(parts), 2), 0, -1):
            found = sources.get(f"{bare}/{'/'.join(parts[:i])}")
            if found is not None:
                return found
    found = sources.get(bare)
    if found is not None:
        return found
    if _GOOGLE.search(bare):
        return Source("Google", "search")
    labels = bare.split(".")
    for i in range(1, len(labels) - 1):
        found = sources.get(".".join(labels[i:]))
        if found is not None and found.kind != OTHER:
            return found
    return Source(bare, "")


def app_name(package: str) -> str:
    """The name of an Android app; unknown ones keep their package name."""
    return _apps().get(package, package)


@cache
def _names() -> dict[str, str]:
    """The names of known sources by what they are called, in lower case."""
    names = {source.name.lower(): source.name for source in _sources().values()}
    aliases: dict[str, list[str]] = read_json("source_aliases.json")
    for group, words in aliases.items():
        for word in words:
            names.setdefault(word, group)
    return names


def known_name(name: str) -> str:
    """The name of a source as it is written here, if it is known."""
    return _names().get(name.lower(), name)


def kind_of_name(name: str) -> str:
    """The kind of a source by its name, or by what a utm_source calls it; empty if unknown."""
    return _kinds_by_name().get(name.lower(), "")
