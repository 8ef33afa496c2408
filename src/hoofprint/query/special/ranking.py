"""Rows that are counted by a number, and named only once they are known to be listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from hoofprint.query.counting import Carried
from hoofprint.query.filters import within
from hoofprint.query.imported import IMPORTED
from hoofprint.query.plan import EVERYTHING, Column, Facts, Node, Select, Union, every
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row, sorting
from hoofprint.query.top import one_of

NUMBER = "number"
MOST_TIES = 5000
"""So many rows that sort like the last one are named to find the first of them."""
MOST_NAMED = 1000
"""A page that ends behind so many rows is named, sorted and cut in the store."""


class Names(Struct, frozen=True):
    """Where the names of a number are: facts, a condition, the number's value, and its names.

    `imported` is the condition of the imported rows that are counted, too, if any are.
    """

    facts: Facts
    where: Node
    number: Node
    columns: tuple[tuple[str, Node], ...]
    imported: Node | None = None


Plan = Callable[[Sequence[Carried]], Select]
"""The plan of a list by `number`, not sorted; it has the given names, too."""


def ranked(  # noqa: PLR0917 - a list and how it is sorted and named
    report: Report,
    question: Question,
    sort_by: Mapping[str, str],
    plan: Plan,
    names: Names,
    ask: Ask,
) -> list[Row]:
    """The question's page of the rows of a plan, sorted, with their names.

    `sort_by` gives the output that sorts like a field of the answer.
    """
    fields = tuple(name for name, _ in names.columns)
    last = question.offset + question.limit
    if question.sort not in fields and not is_far(question):
        orders = sorting(report, question, (), sort_by)
        first = replace(plan(()), order_by=orders, limit=last, with_ties=True)
        rows = _rows(
            Select((EVERYTHING,), first, order_by=orders, limit=last + MOST_TIES), first, ask
        )
        if len(rows) < last + MOST_TIES:
            compared = [order.by.name for order in orders if isinstance(order.by, Column)]
            return _in_order(_named(rows, names, question, ask), compared, fields)[
                question.offset : last
            ]
    carried = plan([Carried(name, node) for name, node in names.columns])
    orders = sorting(report, question, fields, {**sort_by, **{name: name for name in fields}})
    page = replace(carried, order_by=orders, limit=question.limit, offset=question.offset)
    return _rows(page, carried, ask)


def is_far(question: Question) -> bool:
    """Whether the question's page ends so far down the list that what is before it stays away."""
    return question.offset + question.limit > MOST_NAMED


def _rows(plan: Select, named: Select, ask: Ask) -> list[Row]:
    names = [name for name, _ in named.outputs]
    return [dict(zip(names, row, strict=True)) for row in ask(plan)]


def _named(rows: list[Row], names: Names, question: Question, ask: Ask) -> list[Row]:
    """The rows with their names: the search for them ends as soon as each has been met.

    A number has the same names everywhere, so filters need not be looked at again.
    """
    if not rows:
        return []
    listed = one_of(names.number, [row[NUMBER] for row in rows])
    # Not called like columns, which the store would take them for in the condition.
    named = ((NUMBER, names.number), *((f"name_{name}", node) for name, node in names.columns))
    plan = Select(named, names.facts, every(within(question.domain.id, question.period), listed))
    if names.imported is not None:
        others = Select(named, IMPORTED, every(names.imported, listed))
        plan = Select(tuple((name, Column(name)) for name, _ in named), Union((plan, others)))
    plan = replace(plan, one_for=Column(NUMBER), limit=len(rows))
    fields = [name for name, _ in names.columns]
    found = {number: dict(zip(fields, texts, strict=True)) for number, *texts in ask(plan)}
    return [row | found[row[NUMBER]] for row in rows]


def _in_order(rows: list[Row], compared: Sequence[str], fields: Sequence[str]) -> list[Row]:
    """Sorted rows, those that compare equal by their names."""
    ordered: list[Row] = []
    for _, same in groupby(rows, lambda row: [row[name] for name in compared]):
        ordered += sorted(same, key=lambda row: [row[name] for name in fields])
    return ordered
