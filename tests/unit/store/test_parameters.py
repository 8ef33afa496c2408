"""Bound values as text for the engine; that they arrive is in `tests/contracts`."""

from __future__ import annotations

import pytest

from hoofprint.store.parameters import encode, encode_parameters, plain_parameters


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("it's", "it's"),
        ("a\\b\tc\n", "a\\\\b\\tc\\n"),
        (7, "7"),
        (2**53 - 1, "9007199254740991"),
        (0.1, "0.1"),
        (True, "1"),
        ([], "[]"),
        ([1, 2], "[1,2]"),
        (("it's", "\\"), "['it\\'s','\\\\']"),
        ([["a"], ["b"]], "[['a'],['b']]"),
    ],
)
def test_a_text_is_escaped_and_within_an_array_quoted_too(value: object, text: str) -> None:
    assert encode(value) == text


@pytest.mark.parametrize("value", [None, b"bytes", {"a": 1}, [None], object()])
def test_what_no_parameter_is_gets_refused(value: object) -> None:
    with pytest.raises(TypeError):
        encode(value)


def test_no_parameters_are_an_empty_mapping() -> None:
    assert encode_parameters(None) == plain_parameters(None) == {}


def test_a_driver_gets_plain_values() -> None:
    """It knows neither tuples as arrays nor booleans as numbers."""
    assert plain_parameters({"a": ("x", (True,)), "b": 1}) == {"a": ["x", [1]], "b": 1}
