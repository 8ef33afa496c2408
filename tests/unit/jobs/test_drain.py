"""The drain: it never gives up, says what is wrong, and loses nothing when it stops."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hoofprint.errors import StoreError
from hoofprint.jobs.drain import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    TRIES,
    Drain,
    DrainOptions,
    Interlude,
)
from hoofprint.model.arrival import Arrival, Kind, Visit
from hoofprint.model.reasons import DropReason
from hoofprint.sessions.batch import Facts
from hoofprint.sessions.memory import SessionsInMemory
from hoofprint.spool.journal import Batch
from hoofprint.spool.spool import Spool

T = 1_750_000_000
SECONDS = 1.0
ROWS = 2


class Waits(threading.Event):
    """The drain's event without waiting: notes how long it would have waited, then goes on.

    What happens meanwhile is given for each wait; after the last of them the drain is stopped.
    """

    def __init__(self, *meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self.seconds: list[float | None] = []
        self._meanwhile = list(meanwhile)

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout)
        if self._meanwhile:
            self._meanwhile.pop(0)()
        if not self._meanwhile:
            self.set()
        return self.is_set()


class Shelf:
    """A writer whose store can be broken; a batch has no rows."""

    def __init__(self, clock: Clock) -> None:
        self.error: Exception | None = None
        self.encoded: list[str] = []
        self.stored: list[str] = []
        self._clock = clock

    def encode(self, start: int, end: int, facts: Facts) -> Batch:
        assert facts.ledger
        batch = Batch(start, end, [])
        self.encoded.append(batch.token)
        return batch

    def store(self, batch: Batch) -> None:
        self._clock.now += 0.25
        if self.error is not None:
            raise self.error
        self.stored.append(batch.token)

    def fails(self) -> None:
        self.error = StoreError("no space left")

    def works(self) -> None:
        self.error = None


class Clock:
    """A monotonic clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Notes:
    """An observer that writes down what it is told."""

    def __init__(self) -> None:
        self.flushes: list[float] = []
        self.drops: list[tuple[DropReason, int]] = []

    def flushed(self, seconds: float) -> None:
        self.flushes.append(seconds)

    def dropped(self, reason: DropReason, times: int) -> None:
        self.drops.append((reason, times))


class Counting:
    """A drain over a real spool, and everything around it."""

    def __init__(self, spool: Spool, page_view_limit: int = 200) -> None:
        self.clock = Clock()
        self.shelf = Shelf(self.clock)
        self.notes = Notes()
        self.spool = spool
        self.sessions = SessionsInMemory(lambda _: [], lambda: 0, lambda: float(T))
        options = DrainOptions(SECONDS, ROWS, page_view_limit)
        self.drain = Drain(
            spool, self.sessions, self.shelf, options, self.notes, monotonic=self.clock
        )
        self.problems: list[str] = []

    def run(self, *meanwhile: Callable[[], None]) -> list[float | None]:
        """Run the drain's loop here, without its thread; the waits that it would have made."""
        waits = Waits(*meanwhile)
        self.drain._stopping = waits
        self.drain._run()
        return waits.seconds

    def note_problem(self) -> None:
        self.problems.append(self.drain.problem)

    def hit(self, visitor_id: int = 1, path: str = "/") -> None:
        """One more hit in the spool."""
        arrival = Arrival(
            *(Kind.HIT, "domain0001", T, visitor_id, 0, visitor_id, "example.com", path, ""),
            visit=Visit(),
        )
        self.spool.append([arrival])


def new_spool(directory: Path) -> Spool:
    return Spool(directory, segment_bytes=10_000, sync=False)


@pytest.fixture
def counting(tmp_path: Path) -> Iterator[Counting]:
    spool = new_spool(tmp_path)
    yield Counting(spool)
    spool.release()


def nothing() -> None:
    """A wait in which nothing happens."""


def test_a_store_that_fails_is_tried_again_after_growing_pauses(counting: Counting) -> None:
    counting.hit()
    counting.shelf.fails()
    waits = counting.run(*[nothing] * 9)
    assert waits == [FIRST_PAUSE, 0.5, 1.0, 2.0, 4.0, 8.0, *[LONGEST_PAUSE] * 3]
    assert counting.spool.lag == 1


def test_after_a_success_pauses_begin_small_again(counting: Counting) -> None:
    """And every batch is stored once."""
    counting.hit()
    counting.shelf.fails()

    def fails_with_a_new_hit() -> None:
        counting.hit(2)
        counting.shelf.fails()

    waits = counting.run(nothing, counting.shelf.works, fails_with_a_new_hit, nothing)
    assert waits == [FIRST_PAUSE, 0.5, SECONDS - 0.25, FIRST_PAUSE]
    assert len(counting.shelf.stored) == 1


def test_the_problem_is_said_while_there_is_one(counting: Counting) -> None:
    counting.hit()
    counting.shelf.fails()

    def heal() -> None:
        counting.note_problem()
        counting.shelf.works()

    assert counting.drain.problem == ""
    counting.run(counting.note_problem, heal, counting.note_problem)
    said = "counting failed: no space left"
    assert counting.problems == [said, said, ""]


@pytest.mark.parametrize("error", [OSError("disk is gone"), ValueError("a defect of ours")])
def test_whatever_goes_wrong_the_drain_goes_on(counting: Counting, error: Exception) -> None:
    counting.hit()
    counting.shelf.error = error

    def heal() -> None:
        counting.note_problem()
        counting.shelf.works()

    counting.run(heal)
    assert counting.problems == [f"counting failed: {error}"]
    assert counting.spool.lag == 0


def test_a_disk_that_refuses_the_journal_loses_nothing(
    counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read but not written down is read again."""
    counting.hit()

    def refuse(_: Batch) -> None:
        raise OSError("read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(counting.spool, "begin", refuse)
        with pytest.raises(OSError, match="read-only"):
            counting.drain.count_all()
    assert counting.drain.count_all() == 1
    assert len(set(counting.shelf.encoded)) == 1
    assert counting.spool.lag == 0


def test_the_time_that_counting_takes_is_part_of_the_interval(counting: Counting) -> None:
    """Counting that takes longer than the interval is followed by no wait at all."""
    counting.hit()

    def many() -> None:
        for visitor_id in range(2, 12):
            counting.hit(visitor_id)

    assert counting.run(many, nothing) == [SECONDS - 0.25, 0.0]
    assert len(counting.shelf.stored) == 6


def test_a_stop_counts_what_is_left(counting: Counting) -> None:
    """A hit that was accepted before the stop is counted, however many batches that takes."""

    def some_more() -> None:
        for visitor_id in range(5):
            counting.hit(visitor_id + 1)

    assert counting.run(some_more) == [SECONDS]
    assert len(counting.shelf.stored) == 3
    assert counting.spool.lag == 0


def test_a_failing_store_is_not_waited_for_at_a_stop(counting: Counting) -> None:
    """The thread tries once more and ends; the spool keeps what is left."""
    counting.hit()
    counting.shelf.fails()
    drain = counting.drain
    drain._stopping.set()
    drain.start()
    drain.stop()
    assert not drain._thread.is_alive()
    assert drain.problem == "counting failed: no space left"
    assert counting.spool.lag == 1


def test_the_thread_counts_until_it_is_stopped(counting: Counting) -> None:
    counting.hit()
    counting.drain.start()
    counting.hit(2)
    counting.drain.stop()
    assert counting.spool.lag == 0


def test_a_drain_that_never_started_can_be_stopped(counting: Counting) -> None:
    counting.drain.stop()


def test_the_observer_hears_of_a_batch_once_it_is_stored(counting: Counting) -> None:
    for visitor_id in range(3):
        counting.hit(visitor_id + 1)
    counting.shelf.fails()

    def heal() -> None:
        assert counting.notes.flushes == []
        counting.shelf.works()

    counting.run(heal)
    assert counting.notes.flushes == [0.25, 0.25]
    assert counting.notes.drops == []


def test_the_observer_hears_of_drops_once_whatever_fails(tmp_path: Path) -> None:
    """The session engine dropped them; they count when their batch is stored."""
    counting = Counting(new_spool(tmp_path), page_view_limit=1)
    counting.hit(path="/a")
    counting.hit(path="/b")
    counting.shelf.fails()

    def heal() -> None:
        assert counting.notes.drops == []
        counting.shelf.works()

    counting.run(nothing, heal)
    counting.spool.release()
    assert counting.notes.drops == [(DropReason.PAGE_VIEW_LIMIT, 1)]


def test_sessions_are_open_only_once_they_are_stored(counting: Counting) -> None:
    """Otherwise a batch that is computed again would continue itself."""
    counting.hit()
    counting.shelf.fails()
    with pytest.raises(StoreError):
        counting.drain.count_all()
    assert len(counting.sessions) == 0
    counting.shelf.works()
    counting.drain.count_all()
    assert len(counting.sessions) == 1


def test_a_batch_of_before_a_crash_is_stored_again_as_it_was_and_first(tmp_path: Path) -> None:
    """Nothing of it is computed again; then come the records behind it."""
    before = Counting(new_spool(tmp_path))
    for visitor_id in range(3):
        before.hit(visitor_id + 1)
    before.shelf.fails()
    with pytest.raises(StoreError):
        before.drain.count_all()
    before.spool.release()

    after = Counting(new_spool(tmp_path))
    assert after.drain.count_all() == 3
    after.spool.release()
    [pending] = before.shelf.encoded
    [following] = after.shelf.encoded
    assert after.shelf.stored == [pending, following]
    assert following != pending


class Noting:
    """An interlude that notes how much was stored when it ran, and fails as long as it is told."""

    def __init__(self, counting: Counting, fails: int = 0, position: int | None = None) -> None:
        self.stored: list[list[str]] = []
        self._counting = counting
        self._fails = fails
        where = counting.spool.end if position is None else position
        self.interlude = Interlude(where, self._run)

    def _run(self) -> None:
        self.stored.append([*self._counting.shelf.stored])
        if len(self.stored) <= self._fails:
            raise StoreError("not now")


def test_an_interlude_comes_exactly_between_what_was_before_it_and_what_came_later(
    counting: Counting,
) -> None:
    """A batch ends where it has to be done, also when more records are there."""
    start = counting.spool.end
    for visitor_id in range(3):
        counting.hit(visitor_id + 1)
    noting = Noting(counting)
    counting.drain.schedule(noting.interlude)
    for visitor_id in range(3):
        counting.hit(visitor_id + 4)
    counting.drain.count_all()
    ends = [f"{start + a}-{start + b}" for a, b in ((0, 2), (2, 3), (3, 5), (5, 6))]
    assert counting.shelf.stored == ends
    assert noting.stored == [ends[:2]]


def test_an_interlude_waits_for_nothing_when_all_before_it_is_counted(counting: Counting) -> None:
    """Also one of a place that the spool no longer has, as after a restored backup."""
    counting.hit()
    counting.drain.count_all()
    noting = [Noting(counting), Noting(counting, position=counting.spool.end + 1000)]
    for one in noting:
        counting.drain.schedule(one.interlude)
    assert counting.drain.count_all() == 0
    assert [len(one.stored) for one in noting] == [1, 1]


def test_counting_waits_for_an_interlude_that_fails(counting: Counting) -> None:
    noting = Noting(counting, fails=2)
    counting.drain.schedule(noting.interlude)
    counting.hit()
    waits = counting.run(nothing, nothing, nothing)
    assert waits == [FIRST_PAUSE, 0.5, SECONDS - 0.25]
    assert noting.stored == [[], [], []]
    assert len(counting.shelf.stored) == 1


def test_counting_goes_on_without_an_interlude_that_fails_too_often(counting: Counting) -> None:
    noting = Noting(counting, fails=TRIES)
    counting.drain.schedule(noting.interlude)
    counting.hit()
    counting.run(*[nothing] * (TRIES + 1))
    assert noting.interlude.given_up
    assert len(noting.stored) == TRIES
    assert counting.spool.lag == 0


def test_an_interlude_never_comes_between_the_parts_of_a_batch(counting: Counting) -> None:
    """A batch that may be stored in part is stored whole first, whatever the interlude's place."""
    counting.hit()
    place = counting.spool.end - 1
    counting.shelf.fails()
    with pytest.raises(StoreError):
        counting.drain.count_all()
    noting = Noting(counting, position=place)
    counting.drain.schedule(noting.interlude)
    counting.shelf.works()
    counting.drain.count_all()
    assert noting.stored == [counting.shelf.stored]
    assert len(counting.shelf.stored) == 1
