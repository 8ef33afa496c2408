"""Plans: conditions that may be missing, and times within what the store can hold."""

from __future__ import annotations

import pytest

from hoofprint.query.plan import (
    EARLIEST,
    LATEST,
    Call,
    Column,
    Facts,
    Node,
    Operation,
    Value,
    every,
    moment,
    some,
    text,
)

A, B = Column("a"), Column("b")


@pytest.mark.parametrize(("join", "operator"), [(every, "AND"), (some, "OR")])
def test_conditions_that_are_missing_are_left_out(join: object, operator: str) -> None:
    assert callable(join)
    both: Node = join(A, None, B)
    assert isinstance(both, Operation)
    assert (both.operator, both.operands) == (operator, (A, B))
    assert join(None, A) == A
    assert join() is None
    assert join(None, None) is None


def test_a_text_is_bound_whatever_it_says() -> None:
    assert text("'; DROP") == Value("'; DROP", "String")


@pytest.mark.parametrize(
    ("seconds", "kept"),
    [
        (1_774_958_400, 1_774_958_400),
        (-5, EARLIEST),
        (EARLIEST - 1, EARLIEST),
        (LATEST + 1, LATEST),
        (1 << 60, LATEST),
    ],
)
def test_a_time_stays_within_what_facts_can_have(seconds: int, kept: int) -> None:
    """The store's times are 32 bits wide: a time outside would come back as another one."""
    found = moment(seconds)
    assert isinstance(found, Call)
    assert found.arguments[0] == Value(kept, "UInt32")


def test_only_sessions_are_written_more_than_once() -> None:
    assert Facts("sessions").final
    assert not Facts("page_views").final
    assert not Facts("events").final
