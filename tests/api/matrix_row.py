"""A row of the access matrix: an operation, what it asks for and how it is asked rightly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hoofprint.management.access import RIGHTS, Action, Right

from .matrix_things import Place, Sent, Thing

API = "/api/v1"
What = Action | Right
"""An action of the table, or a right that stands elsewhere."""


@dataclass(frozen=True)
class Demand:
    """One thing that a request needs: a right, and in a place a role.

    Without a `place` it is about the caller's own things, or about nothing. `or_else`: what the
    same request may need elsewhere, which nobody can tell who doesn't know the place. Whoever has
    the `seat` needs `seats` instead. `otherwise` is the status of whoever fails it, if `only` is
    not empty of those with these seats.
    """

    what: What
    place: Place | None = None
    or_else: What | None = None
    seat: str = ""
    seats: What | None = None
    otherwise: int = 0
    only: tuple[str, ...] = ()

    @property
    def whats(self) -> Iterator[What]:
        """All that it may need."""
        yield from (one for one in (self.what, self.or_else, self.seats) if one is not None)


@dataclass(frozen=True)
class Row:
    """An operation and a valid request to it; without demands it is open to everybody.

    `named` is what stands in the path, `files` what is uploaded, beside
    `json` or the `fields` of a form. `guests`: nothing
    counts but access links, whatever credentials are sent; `programs`: no logins.
    `answer` is what those are answered who may: not 200 where something outside isn't there.
    """

    method: str
    path: str
    demands: tuple[Demand, ...]
    json: Any
    query: Sent
    named: Sent = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    headers: Sent = field(default_factory=dict)
    guests: bool = False
    programs: bool = False
    fields: Sent = field(default_factory=dict)
    answer: int = 200

    @property
    def changes(self) -> bool:
        """Whether the records may be others afterwards."""
        return self.method != "GET"

    @property
    def things(self) -> dict[str, Thing]:
        """What the request names, by parameter or field."""
        return dict(_things(self.query, self.json, self.headers, self.fields))

    @property
    def name(self) -> str:
        """The operation and what is named, which tells it from others of the same operation."""
        flags = [name for name, value in self.query.items() if value == "true"]
        named = [f"{name}={thing.name.replace(' ', '-')}" for name, thing in self.things.items()]
        about = ",".join([*named, *flags])
        return f"{self.method}-{self.path.removeprefix(API)}" + (f"-{about}" if about else "")


def row(
    method: str, path: str, *needs: What | Demand, json: Any = None, query: Sent | None = None
) -> Row:
    """A row below `/api/v1`; an action counts in the place of the first thing that is named."""
    place = next((thing.place for _, thing in _things(query, json)), None)
    demands = [one if isinstance(one, Demand) else Demand(one, place) for one in needs]
    return Row(method, API + path, tuple(demands), json, query or {})


def open_row(
    method: str, path: str, json: Any = None, query: Sent | None = None, named: Sent | None = None
) -> Row:
    """A row for which nobody needs credentials."""
    return Row(method, path, (), json, query or {}, named or {})


def right_of(what: What) -> Right:
    """What the access table asks for."""
    return RIGHTS[what] if isinstance(what, Action) else what


def _things(*sent: Any) -> Iterator[tuple[str, Thing]]:
    for one in sent:
        for inner in one if isinstance(one, list) else [one]:
            for name, value in (inner or {}).items():
                if isinstance(value, Thing):
                    yield name, value
