"""Cutting and cleaning of text (`rules.md` 1.5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofprint.ingest import text as limits
from hoofprint.ingest.text import cut, scalar_text

from .steps.sample import ANY_TEXT


def test_the_lengths_are_those_of_the_rules() -> None:
    assert (limits.PATH, limits.TITLE, limits.REFERRER) == (2000, 512, 200)
    assert (limits.LANGUAGE, limits.SYSTEM, limits.UTM, limits.TAG) == (10, 20, 200, 50)
    assert (limits.META_KEY, limits.META_VALUE) == (100, 2000)


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [
        (None, 5, ""),
        ("", 5, ""),
        ("short", 5, "short"),
        ("longer", 5, "longe"),
        ("äöüßé!", 5, "äöüßé"),
        ("😀😀😀", 2, "😀😀"),
        ("a\0b\0c", 2, "ab"),
        ("a\ud83d", 5, "a?"),
    ],
)
def test_text_is_cut_by_characters_silently(text: str | None, longest: int, expected: str) -> None:
    assert cut(text, longest) == expected


@given(ANY_TEXT, st.integers(0, 100))
def test_what_was_cut_can_be_stored_and_is_never_too_long(text: str, longest: int) -> None:
    found = cut(text, longest)
    assert len(found) <= longest
    assert "\0" not in found
    assert found.encode().decode() == found
    assert cut(found, longest) == found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text", "text"),
        (True, "true"),
        (False, "false"),
        (42, "42"),
        (0, "0"),
        (-7, "-7"),
        (9.5, "9.5"),
        (42.0, "42"),
        (-0.25, "-0.25"),
        (2**60, str(2**60)),
        (1e300, "1e+300"),
    ],
)
def test_numbers_and_booleans_become_strings_as_json_writes_them(
    value: str | float | bool, expected: str
) -> None:
    assert scalar_text(value) == expected
