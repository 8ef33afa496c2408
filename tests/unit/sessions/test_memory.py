"""Open sessions in memory: complete for recent times, the store is asked about older ones."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from hoofprint.model.arrival import Visit
from hoofprint.model.session import Session
from hoofprint.sessions.memory import KEEP_SECONDS, SessionsInMemory
from hoofprint.sessions.port import Visitor

T = 1_750_000_000


def session(visitor_id: int, time: int, version: int = 1) -> Session:
    return Session(
        *("domain0001", 20254, visitor_id, 1, time - 10, time, version, 1, True, 0),
        *("example.com", "example.com", "/", "", "example.com", "/", "", Visit()),
    )


class Shelf:
    """A store of sessions that remembers what it was asked."""

    def __init__(self, *sessions: Session) -> None:
        self.asked: list[dict[Visitor, int]] = []
        self.now = float(T)
        self.sessions = {(s.domain_id, s.visitor_id): s for s in sessions}

    def recall(self, wanted: Mapping[Visitor, int]) -> list[Session]:
        self.asked.append(dict(wanted))
        return [s for v, s in self.sessions.items() if v in wanted]

    def newest(self) -> int:
        return max((s.time for s in self.sessions.values()), default=0)

    def memory(self) -> SessionsInMemory:
        return SessionsInMemory(self.recall, self.newest, lambda: self.now)


def visitor(visitor_id: int) -> Visitor:
    return ("domain0001", visitor_id)


def test_after_a_restart_a_session_is_read_back_from_the_store() -> None:
    shelf = Shelf(session(1, T))
    assert shelf.memory().fetch({visitor(1): T + 60}) == {visitor(1): session(1, T)}


def test_a_visitor_who_came_after_the_start_costs_no_question_to_the_store() -> None:
    shelf = Shelf(session(1, T))
    memory = shelf.memory()
    later = T + 1801
    assert memory.fetch({visitor(2): later}) == {}
    memory.save([session(2, later)])
    assert memory.fetch({visitor(2): later + 5}) == {visitor(2): session(2, later)}
    assert shelf.asked == []


def test_a_backdated_arrival_asks_the_store() -> None:
    shelf = Shelf(session(1, T))
    memory = shelf.memory()
    memory.fetch({visitor(3): T - 86_400})
    assert shelf.asked == [{visitor(3): T - 86_400}]


def test_old_sessions_leave_memory_and_are_then_asked_of_the_store() -> None:
    shelf = Shelf()
    memory = shelf.memory()
    memory.fetch({})
    memory.save([session(1, T)])
    shelf.now = T + KEEP_SECONDS + 1.0
    memory.save([session(2, T + KEEP_SECONDS)])
    assert len(memory) == 1
    shelf.sessions = {visitor(1): session(1, T)}
    assert memory.fetch({visitor(1): T + 5})[visitor(1)].time == T


def test_a_session_of_the_past_does_not_hide_the_newer_one_in_the_store() -> None:
    shelf = Shelf(session(1, T))
    memory = shelf.memory()
    memory.fetch({})
    memory.save([session(1, T - 7200, version=5)])
    assert memory.fetch({visitor(1): T + 5}) == {visitor(1): session(1, T)}


def test_the_newer_of_two_sessions_of_a_visitor_is_kept() -> None:
    shelf = Shelf()
    memory = shelf.memory()
    memory.fetch({})
    memory.save([session(1, T + 9), session(1, T, version=7)])
    assert memory.fetch({visitor(1): T + 10}) == {visitor(1): session(1, T + 9)}
    memory.save([replace(session(1, T + 9), version=8)])
    assert memory.fetch({visitor(1): T + 10})[visitor(1)].version == 8


def test_saving_before_anything_was_fetched_hides_nothing_that_is_in_the_store() -> None:
    shelf = Shelf(session(1, T + 9000))
    memory = shelf.memory()
    memory.save([])
    assert memory.fetch({visitor(1): T + 9001}) == {visitor(1): session(1, T + 9000)}
