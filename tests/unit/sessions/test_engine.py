"""The rules of a session's life (`rules.md` 1.2), to the second."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from hoofprint.model.arrival import Arrival, Kind, Visit
from hoofprint.model.reasons import DropReason
from hoofprint.model.session import Session
from hoofprint.sessions.engine import Transition, advance, find_running, is_newer

NOON = 1_750_000_000 - 1_750_000_000 % 86_400 + 12 * 3600
MIDNIGHT = NOON + 12 * 3600


def arrival(time: int, kind: Kind = Kind.HIT, path: str = "/", **fields: Any) -> Arrival:
    visit = fields.pop("visit", Visit(language="en", country="de"))
    values: dict[str, Any] = {
        "visitor_id": 7,
        "previous_visitor_id": 0,
        "session_id": 1,
        "hostname": "example.com",
        "title": path.strip("/").title(),
    }
    return Arrival(kind, "domain0001", time, path=path, visit=visit, **(values | fields))


def begin(time: int = NOON, **fields: Any) -> Session:
    session = advance(None, arrival(time, **fields), 1, 200).session
    assert session is not None
    return session


def go_on(session: Session, after: Arrival, limit: int = 200) -> Transition:
    latest = {(session.domain_id, session.visitor_id): session}
    return advance(find_running(latest, after), after, session.version + 1, limit)


def continued(session: Session, after: Arrival) -> Session:
    now = go_on(session, after).session
    assert now is not None
    assert now.start == session.start
    assert now.session_id == session.session_id
    return now


def test_a_new_session_begins_and_ends_on_its_page_as_a_bounce_of_no_duration() -> None:
    transition = advance(None, arrival(NOON, path="/a"), 5, 200)
    session = transition.session
    assert session is not None
    assert transition.page_view
    assert not transition.event
    assert (session.start, session.time, session.duration) == (NOON, NOON, 0)
    assert (session.entry_path, session.exit_path, session.entry_title) == ("/a", "/a", "A")
    assert (session.page_views, session.is_bounce, session.extended) == (1, True, 0)
    assert session.version == 5


def test_a_session_continues_29_minutes_59_after_its_last_activity() -> None:
    assert continued(begin(), arrival(NOON + 1799)).page_views == 2


def test_a_session_is_over_30_minutes_after_its_last_activity() -> None:
    late = go_on(begin(), arrival(NOON + 1800, session_id=2)).session
    assert late is not None
    assert (late.start, late.session_id, late.page_views) == (NOON + 1800, 2, 1)


def test_every_activity_starts_the_30_minutes_again() -> None:
    session = begin()
    for i in range(1, 6):
        session = continued(session, arrival(NOON + i * 1700, Kind.KEEP_ALIVE))
    assert session.duration == 5 * 1700


@pytest.mark.parametrize("late", [NOON - 60, NOON + 30])
def test_an_arrival_out_of_order_never_moves_the_last_activity_back(late: int) -> None:
    session = continued(begin(), arrival(NOON + 100, path="/b"))
    session = continued(session, arrival(late, path="/c"))
    assert session.time == NOON + 100
    assert (session.duration, session.exit_path) == (100, "/c")


def test_the_first_request_fixes_what_the_session_is_and_the_hostname_follows() -> None:
    session = begin()
    other = Visit(language="fr", country="us", os="Linux")
    now = continued(session, arrival(NOON + 5, path="/b", visit=other, hostname="shop.example.com"))
    assert now.visit == session.visit
    assert (now.hostname, now.exit_hostname) == ("shop.example.com", "shop.example.com")
    assert (now.entry_hostname, now.entry_path) == ("example.com", "/")


def test_a_second_page_ends_a_bounce_and_a_reload_does_not() -> None:
    reloaded = continued(begin(), arrival(NOON + 5))
    assert (reloaded.page_views, reloaded.is_bounce) == (2, True)
    moved = continued(reloaded, arrival(NOON + 6, path="/b"))
    assert not moved.is_bounce
    back = continued(continued(moved, arrival(NOON + 7)), arrival(NOON + 8))
    assert not back.is_bounce


def test_the_same_path_of_another_hostname_is_another_page() -> None:
    assert not continued(begin(), arrival(NOON + 5, hostname="b.example.com")).is_bounce


def test_an_event_ends_a_bounce_and_changes_neither_page_views_nor_exit_page() -> None:
    transition = go_on(begin(), arrival(NOON + 5, Kind.EVENT, path="/x", event_name="e"))
    session = transition.session
    assert session is not None
    assert (transition.page_view, transition.event) == (False, True)
    assert (session.page_views, session.exit_path, session.is_bounce) == (1, "/", False)
    assert session.duration == 5


def test_a_non_interactive_event_leaves_a_bounce() -> None:
    event = arrival(NOON + 5, Kind.EVENT, event_name="e", non_interactive=True)
    assert continued(begin(), event).is_bounce


@pytest.mark.parametrize("non_interactive", [True, False])
def test_an_event_that_begins_a_session_is_a_page_view_too(non_interactive: bool) -> None:
    event = arrival(NOON, Kind.EVENT, event_name="e", non_interactive=non_interactive)
    transition = advance(None, event, 1, 200)
    assert transition.session is not None
    assert (transition.page_view, transition.event) == (True, True)
    assert transition.session.page_views == 1
    assert transition.session.is_bounce is non_interactive


def test_a_keep_alive_begins_no_session() -> None:
    transition = advance(None, arrival(NOON, Kind.KEEP_ALIVE), 1, 200)
    assert transition == Transition(None, drop=DropReason.NO_SESSION)


def test_a_keep_alive_extends_and_keeps_bounce_and_exit_page() -> None:
    transition = go_on(begin(), arrival(NOON + 60, Kind.KEEP_ALIVE, path="", hostname=""))
    session = transition.session
    assert session is not None
    assert not transition.page_view
    assert not transition.event
    assert (session.extended, session.duration, session.is_bounce) == (1, 60, True)
    assert (session.exit_path, session.hostname, session.page_views) == ("/", "example.com", 1)


@pytest.mark.parametrize(
    "field",
    [
        *("referrer", "referrer_name"),
        *("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"),
    ],
)
@pytest.mark.parametrize("kind", [Kind.HIT, Kind.EVENT])
def test_coming_from_somewhere_else_begins_another_session_of_the_same_visitor(
    field: str, kind: Kind
) -> None:
    other = arrival(NOON + 5, kind, visit=replace(Visit(), **{field: "new"}), session_id=2)
    session = go_on(begin(), other).session
    assert session is not None
    assert (session.session_id, session.start, session.visitor_id) == (2, NOON + 5, 7)


def test_the_same_source_again_continues_the_session() -> None:
    visit = Visit(referrer="https://a.example", referrer_name="a.example", utm_source="news")
    continued(begin(visit=visit), arrival(NOON + 5, visit=visit))


def test_an_empty_source_continues_a_session_that_has_one() -> None:
    visit = Visit(referrer="https://a.example", referrer_name="a.example", utm_source="news")
    assert continued(begin(visit=visit), arrival(NOON + 5, visit=Visit())).visit == visit


def test_a_keep_alive_from_another_source_continues_the_session() -> None:
    continued(begin(), arrival(NOON + 5, Kind.KEEP_ALIVE, visit=Visit(utm_source="x")))


def test_page_views_beyond_the_limit_are_dropped_and_change_nothing() -> None:
    session = begin()
    assert go_on(session, arrival(NOON + 1), limit=1) == Transition(
        None, drop=DropReason.PAGE_VIEW_LIMIT
    )
    assert go_on(session, arrival(NOON + 1), limit=2).page_view
    assert go_on(session, arrival(NOON + 1, Kind.EVENT, event_name="e"), limit=1).event


def test_a_session_runs_across_midnight_under_the_id_of_the_day_before() -> None:
    session = begin(MIDNIGHT - 60)
    after = arrival(MIDNIGHT + 60, visitor_id=8, previous_visitor_id=7, session_id=2)
    assert continued(session, after).visitor_id == 7


def test_todays_id_is_tried_before_yesterdays() -> None:
    yesterday = begin(MIDNIGHT - 60)
    today = begin(MIDNIGHT + 10, visitor_id=8, session_id=2)
    latest = {("domain0001", 7): yesterday, ("domain0001", 8): today}
    after = arrival(MIDNIGHT + 60, visitor_id=8, previous_visitor_id=7)
    assert find_running(latest, after) is today


def test_yesterdays_session_is_not_found_without_a_previous_id() -> None:
    """From 00:30 on the pipe gives no previous id, so the session of the day before is over."""
    session = begin(MIDNIGHT - 60)
    session = continued(session, arrival(MIDNIGHT + 1799 - 60, previous_visitor_id=7, visitor_id=8))
    late = go_on(session, arrival(MIDNIGHT + 1800, visitor_id=8, session_id=2)).session
    assert late is not None
    assert (late.visitor_id, late.session_id) == (8, 2)


def test_another_source_after_midnight_keeps_the_visitor_of_the_session_it_ends() -> None:
    session = begin(MIDNIGHT - 60)
    after = arrival(MIDNIGHT + 60, visitor_id=8, previous_visitor_id=7, visit=Visit(utm_source="x"))
    now = go_on(session, after).session
    assert now is not None
    assert (now.visitor_id, now.start) == (7, MIDNIGHT + 60)


def test_the_latest_session_is_the_one_with_the_newest_activity_then_version() -> None:
    session = begin()
    assert is_newer(session, None)
    assert is_newer(replace(session, version=2), session)
    assert not is_newer(replace(session, time=NOON - 1, version=9), session)
