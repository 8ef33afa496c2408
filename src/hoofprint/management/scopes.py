"""Scopes: which of them a client may be given, and how they are kept."""

from __future__ import annotations

from collections.abc import Mapping

from hoofprint.errors import Invalid
from hoofprint.model.principal import Scope

READ = "r"
WRITE = "w"
NOT_HERE = "is nothing that an access key may have: it only collects"

# What each scope can grant (`api.md`, Creating a Client).
POSSIBLE: Mapping[str, str] = {
    Scope.HIT: WRITE,
    Scope.EVENT: WRITE,
    Scope.SESSION: WRITE,
    Scope.STATISTICS: READ,
    Scope.DOMAINS: READ + WRITE,
    Scope.ORGANIZATIONS: READ + WRITE,
    Scope.THEMES: READ + WRITE,
    Scope.BILLING: READ,
}
COLLECTING = {Scope.HIT.value: WRITE, Scope.EVENT.value: WRITE, Scope.SESSION.value: WRITE}
"""All that an access key may be given."""
USUAL = {**COLLECTING, Scope.STATISTICS.value: READ, Scope.DOMAINS.value: READ}
"""What an OAuth client gets when nobody chose: to collect and to look."""


def read_scopes(given: Mapping[str, str], possible: Mapping[str, str]) -> dict[str, str]:
    """Scopes as they are kept: each name with the most it grants, `w` (which includes r) or `r`.

    Asking for both where only one is possible is no mistake. Raises Invalid naming every scope
    that is unknown, malformed or not possible here.
    """
    kept: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for name, mode in given.items():
        grants = possible.get(name, "")
        asked = set(mode) | ({READ} if WRITE in mode else set())
        if name not in {scope.value for scope in Scope}:
            wrong[f"scope_{name}"] = f"is no scope; there are {', '.join(Scope)}"
        elif set(mode) - {READ, WRITE}:
            wrong[f"scope_{name}"] = "must be r, w or rw"
        elif mode and not asked & set(grants):
            wrong[f"scope_{name}"] = f"can only be {' or '.join(grants)}" if grants else NOT_HERE
        elif mode:
            kept[name] = WRITE if WRITE in asked & set(grants) else READ
    if wrong:
        raise Invalid(wrong)
    return kept
