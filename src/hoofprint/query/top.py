"""The first rows of a long list, without gathering the visitors of all the others; exact."""

from __future__ import annotations

from collections.abc import Callable

from hoofprint.query.plan import Call, Column, Facts, Node, Order, Select, Value
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Row

LEAST = 200
SPARE = 2
"""How many values are candidates: `SPARE` times the rows that are wanted, but at least `LEAST`."""
GROWTH = 8
TRIES = 2


def top(
    question: Question,
    number: Node,
    facts: tuple[Facts, Node],
    run: Callable[[Node | None], list[Row]],
    ask: Ask,
) -> list[Row]:
    """The question's page of the rows with the most visitors, as `run` gives it.

    `facts` are what `run` counts, a table and a condition, by a number of theirs. Counting rows is
    cheap, counting distinct visitors is not, and nobody has more visitors than rows. So `run` gets
    a condition that only the numbers with the most rows fulfil. If the page is full and its last
    row has more visitors than the next number has rows, no other can be among them; else more
    candidates are tried, and at last all of them.
    """
    source, where = facts
    most = max(LEAST, SPARE * (question.offset + question.limit))
    for _ in range(TRIES):
        candidates = ask(
            Select(
                (("candidate", number), ("weight", Call("count"))),
                source,
                where,
                group_by=(Column("candidate"),),
                order_by=(Order(Column("weight"), descending=True),),
                limit=most + 1,
            )
        )
        if len(candidates) <= most:
            break
        rows = run(one_of(number, [candidate for candidate, _ in candidates[:most]]))
        if len(rows) == question.limit and rows[-1]["visitors"] > candidates[most][1]:
            return rows
        most *= GROWTH
    return run(None)


def one_of(number: Node, values: list[int]) -> Node:
    """Whether a number is one of the values."""
    return Call("in", (number, Value(tuple(values), "Array(UInt64)")))
