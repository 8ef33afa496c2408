"""The job that carries out deletions: what it writes down, and how it goes on after failures."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from hoofprint.errors import HoofprintError, StoreError, Unavailable
from hoofprint.jobs.deletion import (
    FIRST_LOOK,
    FIRST_PAUSE,
    LONGEST_LOOK,
    LONGEST_PAUSE,
    DeletionJob,
    Told,
)
from hoofprint.jobs.drain import TRIES, Interlude
from hoofprint.management.deletions import Progress
from hoofprint.model.deletion import Deletion, DeletionKind
from hoofprint.records.tables import DeletionState

DELETION = Deletion("AAAAAAAAAA", "domain0001", DeletionKind.EVERYTHING, 100, 200, 42)
WAITING, DELETING, DONE = DeletionState


class Left(NamedTuple):
    steps: int
    problem: str = ""


class Shop:
    """Everything around the job: records, a store, a drain and whoever is told."""

    def __init__(self) -> None:
        self.now = 0.0
        self.book: dict[str, Progress] = {}
        self.notes: list[Progress] = []
        self.records_error: Unavailable | None = None
        self.store_error: StoreError | None = None
        self.unfinished_: list[tuple[Deletion, Progress]] = []
        self.begun: list[Deletion] = []
        self.steps = 2
        self.problem = ""
        self.interludes: list[Interlude] = []
        self.said: list[str] = []
        told = Told(lambda: self.said.append("forget"), self.said.append)
        self.job = DeletionJob(self, self, self, told, lambda: self.now)

    # The records.

    def unfinished(self) -> list[tuple[Deletion, Progress]]:
        return self.unfinished_

    def note(self, deletion_id: str, progress: Progress) -> None:
        if self.records_error is not None:
            raise self.records_error
        self.book[deletion_id] = progress
        self.notes.append(progress)

    # The store.

    def begin(self, deletion: Deletion) -> int:
        if self.store_error is not None:
            raise self.store_error
        self.begun.append(deletion)
        return self.steps

    def left(self, deletion: Deletion) -> Left:
        assert deletion in self.begun or self.unfinished_
        if self.store_error is not None:
            raise self.store_error
        return Left(self.steps, self.problem)

    # The drain.

    def schedule(self, interlude: Interlude) -> None:
        self.interludes.append(interlude)

    def drain(self) -> None:
        """What the drain does with what is due."""
        while self.interludes:
            try:
                self.interludes[0].run()
            except HoofprintError:
                self.interludes[0].failures += 1
                if not self.interludes[0].given_up:
                    return
            self.interludes.pop(0)

    def look(self) -> float | None:
        """Look when it is due, and no earlier."""
        wait = self.job.look()
        if wait is not None:
            self.now += wait
        return wait


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_a_deletion_waits_for_its_place_in_the_spool(shop: Shop) -> None:
    shop.job.begin(DELETION)
    assert [interlude.position for interlude in shop.interludes] == [42]
    shop.look()
    assert shop.begun == []
    assert shop.notes == []
    shop.drain()
    assert shop.begun == [DELETION]


def test_how_far_it_is_is_written_down(shop: Shop) -> None:
    shop.steps = 4
    shop.job.begin(DELETION)
    shop.drain()
    for shop.steps in (4, 4, 1, 0):
        assert shop.look() is None or shop.steps
    assert shop.notes == [
        Progress(DELETING, 4, 0.0),
        Progress(DELETING, 4, 0.75),
        Progress(DONE, 4, 1.0),
    ]
    assert shop.job.look() is None


def test_a_deletion_of_nothing_is_done_at_once(shop: Shop) -> None:
    shop.steps = 0
    shop.job.begin(DELETION)
    shop.drain()
    shop.look()
    assert shop.notes == [Progress(DELETING, 0, 0.0), Progress(DONE, 0, 1.0)]


def test_what_has_begun_is_written_down_before_counting_goes_on(shop: Shop) -> None:
    """Else a process that ends now would begin again, behind facts that came later."""
    shop.job.begin(DELETION)
    shop.drain()
    assert shop.book == {DELETION.id: Progress(DELETING, 2, 0.0)}


def test_counting_waits_until_the_records_have_what_has_begun(shop: Shop) -> None:
    """Meanwhile nobody remembers what is gone."""
    shop.job.begin(DELETION)
    shop.records_error = Unavailable("the records cannot be used")
    shop.drain()
    assert shop.begun == [DELETION]
    assert len(shop.interludes) == 1
    assert shop.said == ["forget", "domain0001"]
    shop.records_error = None
    shop.drain()
    assert shop.interludes == []
    assert shop.notes == [Progress(DELETING, 2, 0.0)]


@pytest.mark.parametrize("kind", list(DeletionKind))
def test_a_deletion_that_fails_in_the_middle_is_told(shop: Shop, kind: DeletionKind) -> None:
    """Some of the facts may be gone already."""
    shop.store_error = StoreError("no answer")
    shop.job.begin(replace(DELETION, kind=kind))
    shop.drain()
    assert shop.said[-1] == "domain0001"


@pytest.mark.parametrize("kind", list(DeletionKind))
def test_open_sessions_and_kept_answers_are_told(shop: Shop, kind: DeletionKind) -> None:
    """Before the drain goes on; without sessions nothing has to be forgotten."""
    shop.job.begin(replace(DELETION, kind=kind))
    shop.drain()
    forgotten = ["forget"] if kind in {DeletionKind.EVERYTHING, DeletionKind.ALL} else []
    assert shop.said == [*forgotten, "domain0001"]


def test_after_a_restart_what_was_not_done_goes_on(shop: Shop) -> None:
    """What has begun is only watched; what waits is begun."""
    waiting = replace(DELETION, id="BBBBBBBBBB", position=7)
    shop.unfinished_ = [(DELETION, Progress(DELETING, 4, 0.5)), (waiting, Progress())]
    shop.job.resume()
    assert [interlude.position for interlude in shop.interludes] == [7]
    shop.steps = 1
    shop.look()
    assert shop.notes == [Progress(DELETING, 4, 0.75)]
    shop.drain()
    assert shop.begun == [waiting]
    shop.steps = 0
    shop.look()
    shop.look()
    assert {deletion_id: page.state for deletion_id, page in shop.book.items()} == {
        DELETION.id: DONE,
        waiting.id: DONE,
    }


def test_a_store_that_refuses_is_written_down_and_tried_again(shop: Shop) -> None:
    """Counting waits for it a few times; later it is begun at whatever point counting is then."""
    shop.store_error = StoreError("too many mutations")
    shop.job.begin(DELETION)
    for _ in range(TRIES):
        shop.drain()
    assert shop.interludes == []
    shop.look()
    assert shop.notes == [Progress(WAITING, error="too many mutations")]
    assert len(shop.interludes) == 1
    shop.store_error = None
    shop.drain()
    shop.look()
    assert shop.notes[-1] == Progress(DELETING, 2, 0.0)
    assert shop.said[-2:] == ["forget", "domain0001"]


def test_what_hinders_the_store_is_written_down_until_it_goes_on(shop: Shop) -> None:
    shop.job.begin(DELETION)
    shop.drain()
    shop.problem = "no space left"
    shop.look()
    shop.problem = ""
    shop.store_error = StoreError("no answer")
    shop.look()
    shop.store_error, shop.steps = None, 0
    shop.look()
    assert shop.notes == [
        Progress(DELETING, 2, 0.0),
        Progress(DELETING, 2, 0.0, "no space left"),
        Progress(DELETING, 2, 0.0, "no answer"),
        Progress(DONE, 2, 1.0),
    ]


def test_it_looks_less_often_the_longer_it_takes(shop: Shop) -> None:
    shop.job.begin(DELETION)
    shop.drain()
    waits = [shop.look() for _ in range(8)]
    assert waits[:3] == pytest.approx([2 * FIRST_LOOK, 4 * FIRST_LOOK, 8 * FIRST_LOOK])
    assert waits[-1] == LONGEST_LOOK


def test_it_tries_again_after_growing_pauses(shop: Shop) -> None:
    """And looks often again when it succeeds."""
    shop.job.begin(DELETION)
    shop.drain()
    shop.store_error = StoreError("no answer")
    waits = [shop.look() for _ in range(12)]
    assert waits[:3] == [FIRST_PAUSE, 2.0, 4.0]
    assert waits[-1] == LONGEST_PAUSE
    shop.store_error = None
    assert shop.look() == pytest.approx(FIRST_LOOK)


def test_records_that_are_away_lose_no_progress(shop: Shop) -> None:
    shop.job.begin(DELETION)
    shop.drain()
    shop.steps = 0
    shop.records_error = Unavailable("the records cannot be used")
    assert [shop.look(), shop.look()] == [FIRST_PAUSE, 2.0]
    assert shop.notes == [Progress(DELETING, 2, 0.0)]
    shop.records_error = None
    assert shop.look() is None
    assert shop.notes[1:] == [Progress(DONE, 2, 1.0)]


def test_the_thread_looks_when_there_is_something_and_ends_when_it_is_told(shop: Shop) -> None:
    noted = threading.Event()
    note: Callable[[str, Progress], None] = shop.note

    def note_and_say(deletion_id: str, progress: Progress) -> None:
        note(deletion_id, progress)
        if progress.state is DONE:
            noted.set()

    shop.note = note_and_say  # type: ignore[method-assign]
    shop.steps = 0
    shop.job.start()
    shop.job.begin(DELETION)
    shop.drain()
    assert noted.wait(30)
    shop.job.stop()
    assert shop.notes == [Progress(DELETING, 0, 0.0), Progress(DONE, 0, 1.0)]


def test_a_job_that_never_started_can_be_stopped(shop: Shop) -> None:
    shop.job.stop()
