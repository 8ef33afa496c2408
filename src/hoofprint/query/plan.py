"""Plans: frozen trees that say what the store shall compute; `store/sql.py` writes them as SQL.

A value that came from outside is always a `Value`, which becomes a bound parameter.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal as Choice

from msgspec import Struct


class Column(Struct, frozen=True):
    """A column, or the name of an output of an inner select."""

    name: str


class Number(Struct, frozen=True):
    """A constant of ours."""

    value: int


class Value(Struct, frozen=True):
    """A bound value and its type in the store."""

    value: str | int | tuple[str, ...] | tuple[int, ...]
    type: str


class Call(Struct, frozen=True):
    """A function or aggregate of the store."""

    function: str
    arguments: tuple[Node, ...] = ()


class Operation(Struct, frozen=True):
    """Two or more operands with an operator between them, in brackets."""

    operator: Choice["AND", "OR", "=", "!=", "<", "<=", ">", ">=", "-", "/", "+"]
    operands: tuple[Node, ...]


class Not(Struct, frozen=True):
    """The opposite."""

    operand: Node


class In(Struct, frozen=True):
    """Whether a value is among those of a select with one output."""

    value: Node
    rows: Select


class Lambda(Struct, frozen=True):
    """A function of one argument, for the store's array functions."""

    argument: str
    body: Node


class Next(Struct, frozen=True):
    """The value of an expression in the next row of the same session, by time; 0 in the last."""

    expression: Node


Node = Column | Number | Value | Call | Operation | Not | In | Lambda | Next


class Facts(Struct, frozen=True):
    """A table of facts, or of what was imported."""

    table: Choice["page_views", "events", "sessions", "imported"]

    @property
    def final(self) -> bool:
        """Whether only the last version of a row counts."""
        return self.table == "sessions"


class Join(Struct, frozen=True):
    """Two selects, joined where the columns are equal; the right one should be the smaller.

    Every row of the left one stays, unless `inner`.
    """

    left: Select
    right: Select
    using: tuple[str, ...]
    inner: bool = False


class Union(Struct, frozen=True):
    """The rows of several selects."""

    selects: tuple[Select, ...]


class Order(Struct, frozen=True):
    """One key to sort by."""

    by: Node
    descending: bool = False


class Select(Struct, frozen=True):
    """Named outputs over rows.

    `with_ties` keeps the rows that sort like the last one within the limit; `one_for` keeps one row
    for each value. `adds_up` says that what it counts on each UTC day adds up to its answer, by its
    keys, which come first, and that there are few of them (`query/days.py`).
    """

    outputs: tuple[tuple[str, Node], ...]
    source: Facts | Select | Join | Union
    where: Node | None = None
    group_by: tuple[Node, ...] = ()
    order_by: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    with_ties: bool = False
    one_for: Node | None = None
    distinct: bool = False
    adds_up: bool = False


EVERYTHING: tuple[str, Node] = ("*", Column("*"))
"""All columns of the source, as an output."""

VISITOR = Column("visitor_id")
DAY = Column("day")
"""The UTC day that the visitor id belongs to."""
SESSION = Call("bitXor", (Call("multiply", (VISITOR, Number(2048))), Column("session_id")))
"""A session as one number: the visitor's 53 random bits with the session's own 32 mixed in.

Two sessions have the same with a chance of 2^-64; counting distinct pairs would cost three times as
much.
"""


def every(*conditions: Node | None) -> Node | None:
    """All conditions that there are."""
    there = tuple(c for c in conditions if c is not None)
    if len(there) > 1:
        return Operation("AND", there)
    return there[0] if there else None


def some(*conditions: Node | None) -> Node | None:
    """At least one of the conditions that there are."""
    there = tuple(c for c in conditions if c is not None)
    if len(there) > 1:
        return Operation("OR", there)
    return there[0] if there else None


def text(value: str) -> Value:
    """A bound string."""
    return Value(value, "String")


def compare(operator: Choice["=", "!=", "<", "<=", ">", ">="], left: Node, right: Node) -> Node:
    """A comparison."""
    return Operation(operator, (left, right))


EARLIEST, LATEST = 946_684_800, 4_102_444_800
"""The years 2000 and 2100: no fact lies outside, and the store's times can be moved beyond them."""


def moment(seconds: int) -> Node:
    """A bound time, Unix seconds, within what facts can have."""
    seconds = min(max(seconds, EARLIEST), LATEST)
    return Call("toDateTime", (Value(seconds, "UInt32"), text("UTC")))


def utc_day(seconds: int) -> Node:
    """The bound UTC day of a time, Unix seconds, within what facts can have."""
    seconds = min(max(seconds, EARLIEST), LATEST)
    return Value(datetime.fromtimestamp(seconds, UTC).date().isoformat(), "Date")
