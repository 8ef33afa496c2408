"""Equal plans run once at a time; answers are kept for as long as they are true, or two seconds."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, cast

import pytest

from hoofprint.errors import QueryTooLarge
from hoofprint.query.plan import Column, Facts, Select, compare, every, text, utc_day
from hoofprint.store.answers import CLOSED_SECONDS, OPEN_SECONDS, Answers, Memory, Source
from hoofprint.store.port import Parameters, Store
from hoofprint.store.writes import Writes

DAY = 86_400
TODAY = 20_577
NOON = TODAY * DAY + DAY // 2
MEMORY = Memory(most_bytes=1_000_000)


class Clock:
    def __init__(self) -> None:
        self.now = float(NOON)

    def __call__(self) -> float:
        return self.now


class Shelf:
    """A store of one number, that counts what it is asked; it waits while `gate` is closed."""

    def __init__(self) -> None:
        self.value = 1
        self.size = 1
        self.asked: Counter[Any] = Counter()
        self.begun = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()
        self.error: BaseException | None = None

    def select(self, sql: str, parameters: Parameters | None = None) -> list[list[Any]]:
        assert sql.startswith("SELECT")
        value, size, gate = self.value, self.size, self.gate
        self.asked[(parameters or {})["p0"]] += 1
        self.begun.release()
        assert gate.wait(10)
        if self.error is not None:
            raise self.error
        return [[value, "é", 1.5, None, ["x"], 2**64 - 1]] * size

    @property
    def times(self) -> int:
        return self.asked.total()


class Watch:
    """Notes where answers came from."""

    def __init__(self) -> None:
        self.sources: list[Source] = []
        self.queries = 0

    def queried(self, seconds: float) -> None:
        assert seconds >= 0
        self.queries += 1

    def answered(self, source: Source) -> None:
        self.sources.append(source)


class Desk:
    """Answers over a shelf."""

    def __init__(self, memory: Memory = MEMORY, *, alone: bool = True) -> None:
        self.shelf, self.clock, self.watch, self.writes = Shelf(), Clock(), Watch(), Writes()
        store = cast("Store", self.shelf)
        writes = self.writes if alone else None
        self.answers = Answers(store, writes, self.clock, memory, self.watch)

    def ask(self, plan: Select) -> int:
        return int(self.answers.ask(plan)[0][0])


@pytest.fixture
def desk() -> Desk:
    return Desk()


def days(first: int, last: int, domain_id: str = "a") -> Select:
    """The facts of a domain from one day to another, counted from today."""
    where = every(
        compare("=", Column("domain_id"), text(domain_id)),
        compare(">=", Column("day"), utc_day((TODAY + first) * DAY)),
        compare("<=", Column("day"), utc_day((TODAY + last) * DAY)),
    )
    return Select((("n", Column("n")),), Facts("sessions"), where)


PAST, OPEN = days(-7, -1), days(-7, 0)
ANYTHING = Select((("n", Column("n")),), Facts("events"), compare("=", Column("x"), text("y")))


def in_threads(*work: Callable[[], int]) -> list[Future[int]]:
    pool = ThreadPoolExecutor(len(work))
    futures = [pool.submit(one) for one in work]
    pool.shutdown(wait=False)
    return futures


def test_rows_are_the_same_wherever_they_come_from_and_everybodys_own(desk: Desk) -> None:
    rows = [desk.answers.ask(PAST) for _ in range(3)]
    assert rows[0] == rows[1] == rows[2] == [[1, "é", 1.5, None, ["x"], 2**64 - 1]]
    rows[0][0][0] = rows[1][0][0] = 7
    assert desk.ask(PAST) == 1
    assert desk.shelf.times == 1


@pytest.mark.parametrize("plan", [OPEN, ANYTHING], ids=["with today", "unknown days"])
def test_an_open_answer_is_two_seconds_old_at_most(desk: Desk, plan: Select) -> None:
    assert desk.ask(plan) == 1
    desk.shelf.value = 2
    desk.clock.now += OPEN_SECONDS - 0.01
    assert desk.ask(plan) == 1
    desk.clock.now += 0.01
    assert desk.ask(plan) == 2
    assert desk.watch.sources == [Source.STORE, Source.KEPT, Source.STORE]


def test_the_age_counts_from_the_begin_of_the_look_up(desk: Desk) -> None:
    """A slow answer is as old as the facts it saw."""
    desk.shelf.gate.clear()
    [slow] = in_threads(lambda: desk.ask(OPEN))
    assert desk.shelf.begun.acquire(timeout=10)
    desk.clock.now += OPEN_SECONDS
    desk.shelf.gate.set()
    assert slow.result() == 1
    desk.ask(OPEN)
    assert desk.shelf.times == 2


@pytest.mark.parametrize("plan", [OPEN, ANYTHING], ids=["with today", "unknown days"])
def test_an_open_answer_ends_with_what_is_written_to_its_days(desk: Desk, plan: Select) -> None:
    """Else a share of a total might be more than the whole."""
    desk.ask(plan)
    desk.shelf.value = 2
    desk.writes.added([("a", TODAY)])
    assert desk.ask(plan) == 2


def test_past_days_are_kept_until_something_is_written_to_them(desk: Desk) -> None:
    assert desk.ask(PAST) == 1
    desk.shelf.value = 2
    desk.writes.added([("a", TODAY), ("a", TODAY - 8), ("b", TODAY - 1)])
    desk.clock.now += CLOSED_SECONDS - 1
    assert desk.ask(PAST) == 1
    desk.writes.added([("a", TODAY - 7)])
    assert desk.ask(PAST) == 2
    desk.clock.now += CLOSED_SECONDS
    desk.shelf.value = 3
    assert desk.ask(PAST) == 3


def test_a_write_during_the_look_up_makes_the_answer_old(desk: Desk) -> None:
    desk.shelf.gate.clear()
    [slow] = in_threads(lambda: desk.ask(PAST))
    assert desk.shelf.begun.acquire(timeout=10)
    desk.shelf.value = 2
    desk.writes.added([("a", TODAY - 1)])
    [later] = in_threads(lambda: desk.ask(PAST))
    assert desk.shelf.begun.acquire(timeout=10)
    desk.shelf.gate.set()
    assert (slow.result(), later.result()) == (1, 2)
    assert desk.ask(PAST) == 2


@pytest.mark.parametrize("plan", [PAST, OPEN, ANYTHING], ids=["past", "with today", "unknown"])
@pytest.mark.parametrize("domain_id", ["a", None])
def test_rewritten_facts_count_at_once(desk: Desk, plan: Select, domain_id: str | None) -> None:
    desk.ask(plan)
    desk.shelf.value = 2
    desk.writes.rewritten(domain_id)
    assert desk.ask(plan) == 2


def test_where_others_write_too_every_answer_is_open() -> None:
    desk = Desk(alone=False)
    desk.ask(PAST)
    desk.shelf.value = 2
    desk.clock.now += OPEN_SECONDS - 0.01
    assert desk.ask(PAST) == 1
    desk.clock.now += 0.01
    assert desk.ask(PAST) == 2


@pytest.mark.parametrize("plan", [PAST, OPEN], ids=["past", "with today"])
def test_a_clock_that_was_set_back_makes_no_answer_young(desk: Desk, plan: Select) -> None:
    desk.ask(plan)
    desk.shelf.value = 2
    desk.clock.now -= 1
    assert desk.ask(plan) == 2


def test_what_was_today_is_past_tomorrow(desk: Desk) -> None:
    """An answer from before midnight is no answer about a past day."""
    desk.clock.now = (TODAY + 1) * DAY - 1.0
    desk.ask(OPEN)
    desk.shelf.value = 2
    desk.clock.now += OPEN_SECONDS
    assert desk.ask(OPEN) == 2
    desk.clock.now += 600
    assert desk.ask(OPEN) == 2
    assert desk.shelf.times == 2


def test_equal_plans_at_the_same_time_run_once() -> None:
    """Also when nothing is kept: they share what runs."""
    desk = Desk(Memory(0))
    desk.shelf.gate.clear()
    futures = in_threads(*[lambda: desk.ask(days(-7, -1))] * 8, lambda: desk.ask(OPEN))
    for _ in range(2):
        assert desk.shelf.begun.acquire(timeout=10)
    desk.shelf.gate.set()
    assert [future.result() for future in futures] == [1] * 9
    # Who came when all was over has run it again; at least those who were there have shared.
    assert desk.shelf.times + desk.watch.sources.count(Source.SHARED) == 9
    assert desk.ask(PAST) == 1
    assert desk.watch.sources[-1] is Source.STORE


def test_a_failure_reaches_all_who_wait_and_the_next_one_tries_anew(desk: Desk) -> None:
    desk.shelf.gate.clear()
    desk.shelf.error = QueryTooLarge("no memory")
    [first] = in_threads(lambda: desk.ask(PAST))
    assert desk.shelf.begun.acquire(timeout=10)
    waiting = in_threads(*[lambda: desk.ask(PAST)] * 3)
    _until_they_wait(desk, 3)
    desk.shelf.gate.set()
    for future in [first, *waiting]:
        with pytest.raises(QueryTooLarge):
            future.result()
    assert desk.shelf.times == 1
    desk.shelf.error = None
    assert desk.ask(PAST) == 1
    assert desk.watch.queries == 2


def _until_they_wait(desk: Desk, number: int) -> None:
    """Return when so many threads wait for the answer to `PAST`."""
    condition = desk.answers._running[PAST].encoded._condition
    for _ in range(10_000):
        with condition:
            if len(condition._waiters) >= number:  # type: ignore[attr-defined]
                return
        threading.Event().wait(0.001)
    raise AssertionError("they do not wait")


def test_nobody_joins_what_began_too_long_ago(desk: Desk) -> None:
    desk.shelf.gate.clear()
    [early] = in_threads(lambda: desk.ask(OPEN))
    assert desk.shelf.begun.acquire(timeout=10)
    desk.shelf.value = 2
    desk.clock.now += OPEN_SECONDS
    old_gate, desk.shelf.gate = desk.shelf.gate, threading.Event()
    desk.shelf.gate.set()
    assert desk.ask(OPEN) == 2
    old_gate.set()
    assert early.result() == 1
    assert desk.ask(OPEN) == 2
    assert desk.shelf.times == 2


def test_memory_is_bounded_and_what_was_asked_for_last_stays() -> None:
    desk = Desk(Memory(most_bytes=20_000))
    for _ in range(3):
        for number in range(20):
            desk.ask(days(-7, -1, f"domain{number}"))
            desk.ask(PAST)
            assert 0 < desk.answers.kept_bytes <= 20_000
    assert 2 < desk.answers.kept < 20
    assert desk.shelf.asked["a"] == 1


def test_the_number_of_answers_is_bounded() -> None:
    desk = Desk(Memory(1_000_000, most_answers=2))
    for number in (1, 2, 3, 3, 2, 1):
        desk.ask(days(-7, -1, f"domain{number}"))
    assert desk.answers.kept == 2
    assert desk.shelf.asked == {"domain1": 2, "domain2": 1, "domain3": 1}


def test_a_very_large_answer_is_not_kept(desk: Desk) -> None:
    desk.shelf.size = 100_000
    assert len(desk.answers.ask(PAST)) == 100_000
    assert (desk.answers.kept, desk.answers.kept_bytes) == (0, 0)


def test_an_answer_that_is_looked_up_again_is_counted_once(desk: Desk) -> None:
    desk.ask(OPEN)
    size = desk.answers.kept_bytes
    desk.clock.now += OPEN_SECONDS
    desk.ask(OPEN)
    assert (desk.answers.kept, desk.answers.kept_bytes) == (1, size)


def test_without_memory_nothing_is_kept() -> None:
    desk = Desk(Memory(0))
    desk.ask(PAST)
    desk.ask(PAST)
    assert desk.shelf.times == 2
    assert desk.answers.kept == 0
