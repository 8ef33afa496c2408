"""Which imported days still count when some of them no longer do."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hoofprint.model.imported import ImportedDays, without

START = date(2023, 6, 1)
DAY = st.integers(0, 20).map(lambda n: START + timedelta(days=n))
DAYS = st.builds(
    lambda rows_id, one, two: ImportedDays(rows_id, min(one, two), max(one, two)),
    st.sampled_from(["a", "b"]),
    DAY,
    DAY,
)


def every_day(counted: tuple[ImportedDays, ...]) -> set[tuple[str, date]]:
    return {
        (one.rows_id, one.first + timedelta(days=n))
        for one in counted
        for n in range((one.last - one.first).days + 1)
    }


@given(st.lists(DAYS, max_size=4).map(tuple), DAY, DAY)
def test_exactly_the_days_in_between_go(
    counted: tuple[ImportedDays, ...], one: date, two: date
) -> None:
    first, last = min(one, two), max(one, two)
    left = without(counted, first, last)
    expected = {pair for pair in every_day(counted) if not first <= pair[1] <= last}
    assert every_day(left) == expected
    assert all(days.first <= days.last for days in left)
