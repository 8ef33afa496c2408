"""What deleting asks of every store: gone at once for whoever reads, and nothing that comes later.

The numbers themselves are the matter of `laws/test_deletion.py`.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hoofprint.model.deletion import Deletion, DeletionKind
from hoofprint.store.columns import VISIT
from hoofprint.store.eraser import Eraser
from hoofprint.store.port import Row, Store, Table

IDS = itertools.count()
JULY = 1_751_328_000
"""2025-07-01 00:00:00 UTC."""
DAY = 86_400


def deletion(start: int, end: int, kind: DeletionKind = DeletionKind.ALL) -> Deletion:
    return Deletion(f"contract{next(IDS):02}", "site", kind, start, end, 0)


def page_view(visitor_id: int, at: int) -> Row:
    """A row of `page_views`."""
    own = ["site", at // DAY, at, visitor_id, 7, 1, 0, "example.com", "/", "", [], []]
    return [*own, *VISIT]


def session(version: int, start: int, end: int) -> Row:
    """A row of `sessions`, of which the visitor is named after the second of its start."""
    own = ["site", start // DAY, start, 7, start, end, version, 1, 0, 0, end - start]
    return [*own, "example.com", "example.com", "/", "", "example.com", "/", "", *VISIT]


def times(store: Store) -> list[int]:
    rows = store.select("SELECT toUnixTimestamp(time) AS t FROM page_views ORDER BY t")
    return [found for [found] in rows]


def sessions(store: Store) -> list[list[int]]:
    return store.select(
        "SELECT toUnixTimestamp(start) AS s, toUnixTimestamp(time), duration FROM sessions FINAL"
        " ORDER BY s"
    )


@contextmanager
def without_removing(store: Store) -> Iterator[None]:
    """The store begins nothing in the background meanwhile."""
    for table in (Table.PAGE_VIEWS, Table.EVENTS, Table.SESSIONS):
        store.execute(f"SYSTEM STOP MERGES {table}")
    try:
        yield
    finally:
        for table in (Table.PAGE_VIEWS, Table.EVENTS, Table.SESSIONS):
            store.execute(f"SYSTEM START MERGES {table}")


def finish(eraser: Eraser, what: Deletion) -> None:
    deadline = time.monotonic() + 60
    while eraser.left(what).steps:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_is_deleted_is_gone_before_it_is_removed(contracted: Store) -> None:
    contracted.insert(Table.PAGE_VIEWS, [page_view(1, JULY + hour * 3600) for hour in range(48)])
    eraser, what = Eraser(contracted), deletion(JULY, JULY + DAY)
    with without_removing(contracted):
        assert eraser.begin(what) == 1
        assert eraser.left(what) == (1, "")
        assert times(contracted) == [JULY + hour * 3600 for hour in range(24, 48)]
    finish(eraser, what)
    assert times(contracted) == [JULY + hour * 3600 for hour in range(24, 48)]
    on_disk = contracted.select(
        "SELECT sum(rows) FROM system.parts WHERE active AND table = 'page_views'"
        " AND database = currentDatabase()"
    )
    assert on_disk == [[24]]


def test_what_is_written_later_stays_whatever_its_time(contracted: Store) -> None:
    contracted.insert(Table.PAGE_VIEWS, [page_view(1, JULY)])
    eraser, what = Eraser(contracted), deletion(JULY - DAY, JULY + DAY)
    with without_removing(contracted):
        eraser.begin(what)
        contracted.insert(Table.PAGE_VIEWS, [page_view(2, JULY + 1)])
        assert times(contracted) == [JULY + 1]
    finish(eraser, what)
    assert times(contracted) == [JULY + 1]


def test_beginning_again_adds_nothing(contracted: Store) -> None:
    """After a crash it is not known whether it had begun: what came since must stay."""
    contracted.insert(Table.PAGE_VIEWS, [page_view(1, JULY)])
    eraser, what = Eraser(contracted), deletion(JULY - DAY, JULY + DAY)
    assert eraser.begin(what) == 1
    contracted.insert(Table.PAGE_VIEWS, [page_view(2, JULY + 1)])
    assert eraser.begin(what) == 1
    finish(eraser, what)
    assert times(contracted) == [JULY + 1]


def test_every_month_is_a_step_of_its_own(contracted: Store) -> None:
    contracted.insert(Table.PAGE_VIEWS, [page_view(1, JULY + 31 * DAY * month) for month in (0, 3)])
    contracted.insert(Table.SESSIONS, [session(1, JULY, JULY + 60)])
    eraser = Eraser(contracted)
    assert eraser.begin(deletion(JULY, JULY + 365 * DAY)) == 3


@pytest.mark.parametrize("merged", [False, True])
def test_a_session_goes_with_all_of_its_rows(contracted: Store, merged: bool) -> None:
    """Else an older row would be the last one, which was active outside the deleted time."""
    begin = JULY - 600
    contracted.insert(Table.SESSIONS, [session(1, begin, begin)])
    contracted.insert(Table.SESSIONS, [session(2, begin, JULY + 60)])
    contracted.insert(Table.SESSIONS, [session(3, JULY - 700, JULY - 1)])
    if merged:
        contracted.execute("OPTIMIZE TABLE sessions FINAL")
    eraser, what = Eraser(contracted), deletion(JULY, JULY + DAY)
    with without_removing(contracted):
        eraser.begin(what)
        assert sessions(contracted) == [[JULY - 700, JULY - 1, 699]]
    finish(eraser, what)
    assert sessions(contracted) == [[JULY - 700, JULY - 1, 699]]


def test_a_session_that_goes_on_behind_the_deleted_time_begins_there(contracted: Store) -> None:
    """Also if the row of an earlier state of it lies in that time."""
    contracted.insert(Table.SESSIONS, [session(1, JULY - 600, JULY - 300)])
    contracted.insert(Table.SESSIONS, [session(2, JULY - 600, JULY + 60)])
    eraser, what = Eraser(contracted), deletion(JULY - DAY, JULY)
    with without_removing(contracted):
        eraser.begin(what)
        assert sessions(contracted) == [[JULY, JULY + 60, 60]]
    finish(eraser, what)
    assert sessions(contracted) == [[JULY, JULY + 60, 60]]


@pytest.mark.parametrize("kind", [DeletionKind.EVENTS, DeletionKind.IMPORTED])
def test_other_kinds_leave_page_views_and_sessions_alone(
    contracted: Store, kind: DeletionKind
) -> None:
    contracted.insert(Table.PAGE_VIEWS, [page_view(1, JULY)])
    contracted.insert(Table.SESSIONS, [session(1, JULY, JULY)])
    eraser, what = Eraser(contracted), deletion(JULY - DAY, JULY + DAY, kind)
    assert eraser.begin(what) == 0
    assert times(contracted) == [JULY]
    assert len(sessions(contracted)) == 1


@pytest.mark.parametrize(
    ("start", "end"), [(-(10**10), JULY + 1), (JULY, 10**12), (-3600, 5_000_000_000)]
)
def test_any_times_can_be_asked_for(contracted: Store, start: int, end: int) -> None:
    """The store knows no times before 1970 and after 2106."""
    contracted.insert(Table.PAGE_VIEWS, [page_view(1, JULY)])
    Eraser(contracted).begin(deletion(start, end))
    assert times(contracted) == []
