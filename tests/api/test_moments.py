"""The times of batch items (rules.md 1.2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from hoofprint.api.moments import in_order, moment
from hoofprint.ingest.hit import Hit

NOW = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC).timestamp()


def at(**shift: float) -> datetime:
    return datetime.fromtimestamp(NOW, UTC) + timedelta(**shift)


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        (None, NOW),
        (datetime(1, 1, 1, tzinfo=UTC), NOW),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=10))), NOW),
        (at(hours=24), NOW + 86_400),
        (at(seconds=-1.5), NOW - 1.5),
        (datetime(2026, 5, 4, 12), NOW),  # noqa: DTZ001 - a time without a zone is the case
        (datetime(2026, 5, 4, 14, tzinfo=timezone(timedelta(hours=2))), NOW),
        (datetime(2000, 1, 1, tzinfo=UTC), 946_684_800),
    ],
)
def test_a_time_that_counts(time: datetime | None, seconds: float) -> None:
    assert moment(time, NOW) == seconds


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (at(hours=24, seconds=1), "24 hours in the future"),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-23))), "24 hours"),
        (datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), "before the year 2000"),
        (datetime(2, 1, 1, tzinfo=timezone(timedelta(hours=23))), "before the year 2000"),
    ],
)
def test_a_time_that_does_not(time: datetime, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        moment(time, NOW)


def test_items_are_ordered_by_their_full_time_and_cut_to_seconds() -> None:
    hits = [
        Hit(time=at(seconds=0.9)),
        Hit(time=at(seconds=0.1)),
        Hit(),
        Hit(time=at(seconds=0.1)),
        Hit(time=at(seconds=-5)),
    ]
    order, wrong = in_order(hits, NOW)
    second = int(NOW)
    assert order == [(4, second - 5), (2, second), (1, second), (3, second), (0, second)]
    assert wrong == {}


def test_unusable_times_are_named_by_index() -> None:
    _, wrong = in_order(
        [Hit(), Hit(time=at(days=2)), Hit(time=datetime(1980, 1, 1, tzinfo=UTC))], NOW
    )
    assert set(wrong) == {1, 2}
