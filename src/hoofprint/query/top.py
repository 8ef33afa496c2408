"""The first rows of a long list, without gathering the visitors of all the others; exact."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from hoofprint.query.imported import IMPORTED
from hoofprint.query.plan import Call, Column, Facts, Node, Order, Select, Union, Value
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Row

LEAST = 200
SPARE = 2
"""How many values are candidates: `SPARE` times the rows that are wanted, but at least `LEAST`."""
GROWTH = 8
TRIES = 2


class Counted(Struct, frozen=True):
    """What is counted by a number of its rows: facts and, if any are, imported rows beside them."""

    number: Node
    facts: Facts
    where: Node
    imported: Node | None = None


def top(
    question: Question,
    counted: Counted,
    run: Callable[[Node | None], list[Row]],
    ask: Ask,
) -> list[Row]:
    """The question's page of the rows with the most visitors, as `run` gives it.

    `counted` is what `run` counts. Counting rows is cheap, counting distinct visitors is not, and
    nobody has more visitors than rows; an imported row is as good as its visitors. So `run` gets a
    condition that only the numbers with the most rows fulfil. If the page is full and its last row
    has more visitors than the next number has rows, no other can be among them; else more
    candidates are tried, and at last all of them.
    """
    most = max(LEAST, SPARE * (question.offset + question.limit))
    for _ in range(TRIES):
        candidates = ask(_heaviest(counted, most + 1))
        if len(candidates) <= most:
            break
        rows = run(one_of(counted.number, [candidate for candidate, _ in candidates[:most]]))
        if len(rows) == question.limit and rows[-1]["visitors"] > candidates[most][1]:
            return rows
        most *= GROWTH
    return run(None)


def _heaviest(counted: Counted, most: int) -> Select:
    """The numbers with the most rows."""
    weighed = _weighed(counted.number, Call("count"), counted.facts, counted.where)
    if counted.imported is not None:
        visitors = Call("sum", (Column("visitors"),))
        others = _weighed(counted.number, visitors, IMPORTED, counted.imported)
        both = Union((weighed, others))
        sums = (("candidate", Column("candidate")), ("weights", Call("sum", (Column("weight"),))))
        weighed = Select(sums, both, group_by=(Column("candidate"),))
    heaviest = Order(Column(weighed.outputs[1][0]), descending=True)
    return replace(weighed, order_by=(heaviest,), limit=most)


def _weighed(number: Node, weight: Node, source: Facts, where: Node) -> Select:
    outputs = (("candidate", number), ("weight", weight))
    return Select(outputs, source, where, group_by=(Column("candidate"),))


def one_of(number: Node, values: list[int]) -> Node:
    """Whether a number is one of the values."""
    return Call("in", (number, Value(tuple(values), "Array(UInt64)")))
