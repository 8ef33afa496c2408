"""What a deletion leaves: facts go by their own time, sessions by their last activity."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from hoofprint.model.session import Session

from .facts import World, visit_of


def remaining(sessions: Iterable[Session], start: int, end: int) -> list[Session]:
    """Sessions without those that were last active in the time.

    One that began in it begins at its end.
    """
    kept = [session for session in sessions if not start <= session.time < end]
    return [
        replace(session, start=end) if start <= session.start < end else session for session in kept
    ]


def without(world: World, start: int, end: int, kind: str) -> World:
    """The facts after a deletion of the seconds from `start` up to, not including, `end`."""
    if kind == "imported":
        return world
    events = [event for event in world.events if not start <= event.time < end]
    if kind == "events":
        return World(world.sessions, world.visits, world.views, events)
    sessions = remaining(world.sessions.values(), start, end)
    return World(
        {(session.visitor_id, session.session_id): session for session in sessions},
        [visit_of(session) for session in sessions],
        [view for view in world.views if not start <= view.time < end],
        events,
    )
