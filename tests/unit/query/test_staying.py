from __future__ import annotations

import pytest

from hoofprint.query.special.staying import average


@pytest.mark.parametrize(
    ("seconds", "stays", "rounded"),
    [(5, 2, 2), (7, 2, 4), (1, 2, 0), (3, 2, 2), (10, 3, 3), (11, 3, 4), (0, 0, 0), (7, 1, 7)],
)
def test_an_average_is_rounded_half_to_even(seconds: int, stays: int, rounded: int) -> None:
    assert average(seconds, stays) == rounded


def test_an_average_of_many_seconds_is_exact() -> None:
    """As fractions of 53 bits these would be the same."""
    stays = 2**60
    assert average(stays // 2 * 3, stays) == 2
    assert average(stays // 2 * 3 - 1, stays) == 1
