"""The facts as the reference sees them: everything of a row in one plain object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from hoofprint.model.arrival import Arrival, Visit
from hoofprint.model.session import Session
from hoofprint.sessions.batch import Facts

from .imported import Sum

Key = tuple[int, int]
"""Visitor id and session id."""


@dataclass(frozen=True)
class Fact:
    """A session, a page view or an event; `text` are its attributes by their filter's name."""

    key: Key
    time: int
    text: dict[str, str]
    n: int = 0
    duration: int = 0
    title: str = ""
    name: str = ""
    pairs: dict[str, str] = field(default_factory=dict)
    """The tags of a page view, the metadata of an event."""

    @property
    def visitor(self) -> int:
        return self.key[0]

    @property
    def path(self) -> str:
        return self.text["path"]


@dataclass(frozen=True)
class World:
    """Everything that happened on one domain."""

    sessions: dict[Key, Session]
    visits: list[Fact]
    views: list[Fact]
    events: list[Fact]
    imported: list[Sum] = field(default_factory=list)
    start: date | None = None
    """The first day of own facts: what was imported counts before it."""

    def bounced(self, keys: Iterable[Key]) -> int:
        """How many of these sessions are bounces; one that is deleted is none."""
        return sum(key in self.sessions and self.sessions[key].is_bounce for key in keys)


def world_of(facts: Facts) -> World:
    """The facts of one batch that held everything."""
    sessions = {(s.visitor_id, s.session_id): s for s in facts.sessions}
    return World(
        sessions,
        [visit_of(session) for session in facts.sessions],
        [_fact(session, arrival) for session, arrival in facts.page_views],
        [_fact(session, arrival, event=True) for session, arrival in facts.events],
    )


def _attributes(visit: Visit, hostname: str) -> dict[str, str]:
    return {name: getattr(visit, name) for name in Visit.__struct_fields__} | {"hostname": hostname}


def visit_of(session: Session) -> Fact:
    """A session as a fact."""
    text = _attributes(session.visit, session.hostname)
    text |= {"entry_path": session.entry_path, "exit_path": session.exit_path}
    key = (session.visitor_id, session.session_id)
    return Fact(key, session.time, text, duration=session.duration)


def _fact(session: Session, arrival: Arrival, *, event: bool = False) -> Fact:
    keys, values = arrival.tag_keys, arrival.tag_values
    if event:
        keys, values = arrival.meta_keys, arrival.meta_values
    return Fact(
        (session.visitor_id, session.session_id),
        arrival.time,
        _attributes(session.visit, arrival.hostname) | {"path": arrival.path},
        n=session.page_views,
        duration=arrival.event_duration if event else 0,
        title=arrival.title,
        name=arrival.event_name,
        pairs=dict(zip(keys, values, strict=True)),
    )
