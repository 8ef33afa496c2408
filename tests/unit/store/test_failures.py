"""What the engine says becomes an error of ours, in one line."""

from __future__ import annotations

import pytest

from hoofprint.errors import QueryTooLarge, QueryTooSlow, StoreError
from hoofprint.store.failures import failure


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Code: 241. DB::Exception: Query memory limit exceeded", QueryTooLarge),
        ("Streaming insert failed: Code: 241. DB::Exception: limit", QueryTooLarge),
        ("Code: 159. DB::Exception: Timeout exceeded", QueryTooSlow),
        ("Code: 60. DB::Exception: Unknown table", StoreError),
        ("the connection is gone", StoreError),
    ],
)
def test_the_engines_number_decides_the_kind(text: str, kind: type[StoreError]) -> None:
    assert type(failure(text)) is kind


def test_a_number_from_elsewhere_beats_the_text() -> None:
    assert type(failure("something about time", 159)) is QueryTooSlow


def test_only_the_first_line_is_kept_and_not_all_of_it() -> None:
    """What follows is a stack trace."""
    error = failure("Code: 60. DB::Exception: Unknown table\nStack trace:\n0. main")
    assert str(error) == "Code: 60. DB::Exception: Unknown table"
    assert len(str(failure("x" * 10_000))) <= 500


def test_an_error_without_a_word_still_says_something() -> None:
    assert str(failure("")) == "the fact store refused a statement without saying why"
