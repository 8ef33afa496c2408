"""Hostnames: how they are spelled, and which of a domain's a visited page may have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import can_ada

from hoofprint.model.domain import Domain
from hoofprint.records.tables.record import HOSTNAME_LENGTH

WWW = "www."
ANY = "*"
NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
PATTERN = re.compile(r"[a-z0-9_*-]{1,63}")


def bare(hostname: str) -> str:
    """A hostname for comparing: lower case, without a leading `www.` and the root's dot."""
    return hostname.lower().removesuffix(".").removeprefix(WWW)


def read_hostname(text: str) -> str | None:
    """What somebody typed as a hostname, in the spelling of urls; None if it isn't one."""
    return _read(text, NAME)


def read_pattern(text: str) -> str | None:
    """The same for an alternative hostname, which may hold `*`."""
    return _read(text, PATTERN)


def matches(domain: Domain, hostname: str) -> bool:
    """Whether a page on `hostname` is one of the domain's (`rules.md` 1.3).

    `*` stands for any characters, dots too; case and a leading `www.` do not count.
    """
    name = bare(hostname)
    if name == bare(domain.hostname):
        return bool(name)
    return any(_fits(pattern, hostname.lower(), name) for pattern in domain.hostnames)


class HostIndex:
    """Finds a domain by a hostname: main hostnames first, then alternatives, then wildcards.

    Where several have the same one, the first given wins.
    """

    def __init__(self, domains: Iterable[Domain]) -> None:
        self._main: dict[str, Domain] = {}
        self._alternative: dict[str, Domain] = {}
        self._wildcards: list[tuple[str, Domain]] = []
        for domain in domains:
            self._main.setdefault(bare(domain.hostname), domain)
            for hostname in domain.hostnames:
                if ANY in hostname:
                    self._wildcards.append((hostname, domain))
                else:
                    self._alternative.setdefault(bare(hostname), domain)

    def find(self, hostname: str) -> Domain | None:
        """The domain that a page on `hostname` belongs to."""
        name = bare(hostname)
        found = self._main.get(name) or self._alternative.get(name)
        if found is not None or not name:
            return found
        typed = hostname.lower()
        return next((d for pattern, d in self._wildcards if _fits(pattern, typed, name)), None)


def _fits(pattern: str, typed: str, name: str) -> bool:
    if ANY not in pattern:
        return bare(pattern) == name
    # `*.example.com` means `www.example.com` too, although `www.` does not count elsewhere.
    parts = _parts(pattern)
    return bool(name) and (_holds(parts, name) or _holds(parts, typed))


@lru_cache(maxsize=4096)
def _parts(pattern: str) -> list[str]:
    return bare(pattern).split(ANY)


def _holds(parts: Sequence[str], text: str) -> bool:
    """Whether the parts follow each other in the text, the first and last at its ends.

    Taking each at its first place is enough and needs no going back, as a regular expression would.
    """
    first, *middle, last = parts
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _read(text: str, label: re.Pattern[str]) -> str | None:
    name = text.strip().lower().removesuffix(".")
    if not name.isascii():
        try:
            name = str(can_ada.parse(f"http://{name}").hostname)
        except ValueError:
            return None
    fits = all(label.fullmatch(part) for part in name.split("."))
    return name if name and fits and len(name) <= HOSTNAME_LENGTH else None
