"""The first character of a filter's value (`rules.md` 2.3)."""

from __future__ import annotations

import pytest

from hoofprint.query.operators import Condition, read_condition


@pytest.mark.parametrize(
    ("value", "condition"),
    [
        ("a", Condition(equal=("a",))),
        ("!a", Condition(unequal=("a",))),
        ("~a", Condition(contains=("a",))),
        ("^a", Condition(lacks=("a",))),
        # Only the first character is an operator.
        ("!!a", Condition(unequal=("!a",))),
        ("~~", Condition(contains=("~",))),
        ("a!", Condition(equal=("a!",))),
    ],
)
def test_the_first_character_says_how_a_value_is_compared(value: str, condition: Condition) -> None:
    assert read_condition([value]) == condition


def test_null_is_the_empty_value_where_whole_values_are_compared() -> None:
    assert read_condition(["null", "!null"]) == Condition(equal=("",), unequal=("",))
    assert read_condition(["~null", "^null"]) == Condition(contains=("null",), lacks=("null",))


def test_an_operator_alone_asks_for_the_empty_value_or_for_nothing() -> None:
    """Every text contains the empty one, so looking for it says nothing."""
    assert read_condition(["!"]) == Condition(unequal=("",))
    assert not read_condition(["~", "^"])


def test_compared_values_are_brought_into_stored_form_and_parts_are_not() -> None:
    """Containing ignores case anyway, and `null` is no value that could be normalised."""
    read = read_condition(["DE", "!US", "~De", "^uS", "null"], str.lower)
    assert read == Condition(("de", ""), ("De",), ("us",), ("uS",))
    assert read_condition(["null"], lambda _: "normal") == Condition(equal=("",))


def test_values_keep_their_order() -> None:
    assert read_condition(["b", "~y", "a", "~x"]) == Condition(("b", "a"), ("y", "x"))


def test_a_condition_has_a_part_that_is_wanted_and_one_that_is_refused() -> None:
    """Both are written as what they look for."""
    read = read_condition(["a", "~b", "!c", "^d"])
    assert read.wanted == Condition(("a",), ("b",))
    assert read.refused == Condition(("c",), ("d",))


@pytest.mark.parametrize("value", ["a", "~a", "!a", "^a"])
def test_a_condition_is_true_if_it_asks_for_anything(value: str) -> None:
    assert read_condition([value])
    assert not read_condition([])


def test_one_value_is_what_is_asked_for_alone_and_as_a_whole() -> None:
    assert read_condition(["a"]).one == "a"
    assert read_condition(["null"]).one == ""
    for values in ([], ["a", "b"], ["a", "a"], ["~a"], ["!a"], ["^a"], ["a", "~b"], ["a", "!b"]):
        assert read_condition(values).one is None, values
