"""The life of a session: how one arrival moves it on (`rules.md` 1.2); pure.

Every rule about sessions is in this file. Nothing here looks at a clock: an arrival brings its own
time, whichever order arrivals come in.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from hoofprint.model.arrival import Arrival, Kind, Visit
from hoofprint.model.reasons import DropReason
from hoofprint.model.session import IDLE_SECONDS, Session
from hoofprint.sessions.port import Visitor
from hoofprint.sessions.visitors import day_of


class Transition(Struct, frozen=True, gc=False):
    """What one arrival does: the session as it stands now, and the facts that are stored.

    `drop` is set when the arrival changes nothing; `session` is then None.
    """

    session: Session | None
    page_view: bool = False
    event: bool = False
    drop: DropReason | None = None


def is_running(session: Session, time: int) -> bool:
    """Whether the session still runs at `time`: 29:59 after its last activity, but not at 30:00."""
    return session.time > time - IDLE_SECONDS


def is_newer(session: Session, other: Session | None) -> bool:
    """Whether a session replaces the other as its visitor's latest: newest activity, then version.

    A late arrival that begins a session of its own in the past does not end the one that runs.
    """
    if other is None or session.time != other.time:
        return other is None or session.time > other.time
    return session.version >= other.version


def find_running(latest: Mapping[Visitor, Session], arrival: Arrival) -> Session | None:
    """The running session that the arrival belongs to, if there is one.

    Today's id is tried first, then, where the last 30 minutes reach into the day before, the id of
    that day: until 00:30 such a session goes on.
    """
    session = latest.get((arrival.domain_id, arrival.visitor_id))
    if session is not None and is_running(session, arrival.time):
        return session
    if arrival.previous_visitor_id:
        session = latest.get((arrival.domain_id, arrival.previous_visitor_id))
        if session is not None and is_running(session, arrival.time):
            return session
    return None


def advance(
    running: Session | None, arrival: Arrival, version: int, page_view_limit: int
) -> Transition:
    """Apply an arrival to the running session it belongs to (see `find_running`).

    `version` is the arrival's position in the spool, which only grows.
    """
    if running is None:
        if arrival.kind is Kind.KEEP_ALIVE:
            return Transition(None, drop=DropReason.NO_SESSION)
        return _begun(arrival, day_of(arrival.time), arrival.visitor_id, version)
    if arrival.kind is Kind.KEEP_ALIVE:
        return Transition(_kept_alive(running, arrival, version))
    if _came_again(running.visit, arrival.visit):
        return _begun(arrival, running.day, running.visitor_id, version)
    if arrival.kind is Kind.EVENT:
        return Transition(_with_event(running, arrival, version), event=True)
    return _seen(running, arrival, version, page_view_limit)


def _came_again(before: Visit, now: Visit) -> bool:
    """Whether the visitor came from somewhere else, which starts a new session.

    Empty values never do.
    """
    return bool(
        (now.referrer and now.referrer != before.referrer)
        or (now.referrer_name and now.referrer_name != before.referrer_name)
        or (now.utm_source and now.utm_source != before.utm_source)
        or (now.utm_medium and now.utm_medium != before.utm_medium)
        or (now.utm_campaign and now.utm_campaign != before.utm_campaign)
        or (now.utm_content and now.utm_content != before.utm_content)
        or (now.utm_term and now.utm_term != before.utm_term)
    )


def _begun(arrival: Arrival, day: int, visitor_id: int, version: int) -> Transition:
    """A new session; an event that begins one stores a page view of its page too."""
    event = arrival.kind is Kind.EVENT
    session = Session(
        domain_id=arrival.domain_id,
        day=day,
        visitor_id=visitor_id,
        session_id=arrival.session_id,
        start=arrival.time,
        time=arrival.time,
        version=version,
        page_views=1,
        is_bounce=not event or arrival.non_interactive,
        extended=0,
        hostname=arrival.hostname,
        entry_hostname=arrival.hostname,
        entry_path=arrival.path,
        entry_title=arrival.title,
        exit_hostname=arrival.hostname,
        exit_path=arrival.path,
        exit_title=arrival.title,
        visit=arrival.visit,
    )
    return Transition(session, page_view=True, event=event)


def _seen(session: Session, arrival: Arrival, version: int, page_view_limit: int) -> Transition:
    """One more page view, up to the limit; only a reload of its one page leaves it a bounce."""
    if session.page_views >= page_view_limit:
        return Transition(None, drop=DropReason.PAGE_VIEW_LIMIT)
    reload = arrival.path == session.exit_path and arrival.hostname == session.exit_hostname
    grown = replace(
        session,
        time=max(session.time, arrival.time),
        version=version,
        page_views=session.page_views + 1,
        is_bounce=session.is_bounce and reload,
        hostname=arrival.hostname,
        exit_hostname=arrival.hostname,
        exit_path=arrival.path,
        exit_title=arrival.title,
    )
    return Transition(grown, page_view=True)


def _with_event(session: Session, arrival: Arrival, version: int) -> Session:
    """The session with an event: no longer a bounce, unless the event came without the visitor."""
    return replace(
        session,
        time=max(session.time, arrival.time),
        version=version,
        is_bounce=session.is_bounce and arrival.non_interactive,
        hostname=arrival.hostname,
    )


def _kept_alive(session: Session, arrival: Arrival, version: int) -> Session:
    """The session, active for longer; a keep-alive names no page."""
    return replace(
        session,
        time=max(session.time, arrival.time),
        version=version,
        extended=session.extended + 1,
    )
