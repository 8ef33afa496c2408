"""Counts facts by keys: the cheapest plan that is exact (docs/adr/0019, 0020)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal as Choice

from msgspec import Struct
from msgspec.structs import replace

from hoofprint.query.dimensions import Dimension
from hoofprint.query.filters import SESSION_KEY, VISIT_COLUMNS, Base, bounced, touching, within
from hoofprint.query.imported import COUNTS, IMPORTED, imported_beside
from hoofprint.query.metrics import outputs
from hoofprint.query.plan import (
    DAY,
    SESSION,
    VISITOR,
    Call,
    Column,
    Facts,
    Node,
    Number,
    Operation,
    Select,
    Union,
    compare,
    every,
)
from hoofprint.query.question import Question

Output = tuple[str, Node]


class Key(Struct, frozen=True):
    """What facts are grouped by: an output's name, and a value of each fact.

    A `number` is cheap to group by. A text with `many` values would make too many groups if each of
    them was split by day. Where the value is costly to make, `hashed` is a number that differs
    where the value does, and `picked` makes the value of a group of equal ones. `daily` is what it
    is of an imported row, if not the same; `of_page` says that each value belongs to one page.
    """

    name: str
    node: Node
    number: bool = False
    many: bool = False
    hashed: Node | None = None
    picked: Node | None = None
    daily: Node | None = None
    of_page: bool = False


class Carried(Struct, frozen=True):
    """A further output: an aggregate of a value, for which it does not matter in which parts."""

    name: str
    node: Node
    function: Choice["max", "groupUniqArrayArray"] = "max"

    @property
    def part(self) -> Output:
        """The aggregate of some of the facts."""
        return _part_of(self.name), Call(self.function, (self.node,))

    @property
    def whole(self) -> Output:
        """The aggregate of the parts."""
        return self.name, Call(self.function, (Column(_part_of(self.name)),))


def key_of(dimension: Dimension) -> Key:
    """The key of a dimension; not named as its column, which the store would take it for."""
    return Key(f"key_{dimension.field}", dimension.node, many=dimension.many)


def count_by(  # noqa: PLR0917 - what is counted, and how
    keys: Sequence[Key],
    names: Sequence[str],
    base: Base,
    question: Question,
    where: Node,
    carried: Sequence[Carried] = (),
) -> Select:
    """The counts called `names` of the facts for which `where` holds, by keys.

    Without keys that is one row. A visitor id belongs to one UTC day, and all that it did too: so
    distinct visitors and sessions are counted for each day and added up, since many small sets are
    cheaper than a large one. Imported statistics that can answer the same are added, too.
    """
    here = tuple(names)
    parts: list[Select] = []
    if base is Base.PAGE_VIEWS and "bounces" in names and not question.looks_at_tags:
        here = tuple(name for name in names if name != "bounces")
        bounces = Call("uniqExact", (SESSION,))
        parts = [_part(keys, (("bounces", bounces),), carried, _bounces(question), where)]
    parts = [_part(keys, outputs(here, base, question), carried, base.facts, where), *parts]
    imported = _imported(keys, names, base, question, where, carried)
    if imported is not None:
        parts.append(imported)
    if len(parts) > 1:
        parts = [_with_all(names, part) for part in parts]
    return Select(
        (
            *((key.name, Column(key.name)) for key in keys),
            *(one.whole for one in carried),
            *((name, Call("sum", (Column(_part_of(name)),))) for name in names),
        ),
        Union(tuple(parts)) if len(parts) > 1 else parts[0],
        group_by=tuple(Column(key.name) for key in keys),
        adds_up=imported is None and not carried and not any(key.many for key in keys),
    )


def count_visitors(source: Select, conditions: Sequence[Node]) -> Select:
    """For each condition the distinct visitors of the rows for which it holds, in one row.

    The rows have a `day` and a `visitor_id`, by which they are counted as in `count_by`.
    """
    counts = tuple(
        (f"count_{i}", Call("uniqExactIf", (VISITOR, condition)))
        for i, condition in enumerate(conditions)
    )
    return Select(
        tuple((f"visitors_{name}", Call("sum", (Column(name),))) for name, _ in counts),
        Select(counts, source, group_by=(DAY,)),
    )


def _part(
    keys: Sequence[Key],
    counts: Sequence[Output],
    carried: Sequence[Carried],
    source: Facts | Select,
    where: Node | None,
) -> Select:
    """Counts that the rows with equal keys are to be added up from."""
    split = any(_is_distinct(count) for _, count in counts) and not any(key.many for key in keys)
    values = (*(one.part for one in carried), *((_part_of(name), count) for name, count in counts))
    if all(key.number for key in keys):
        days = (DAY,) if split else ()
        named = tuple((key.name, key.node) for key in keys)
        by = (*(Column(key.name) for key in keys), *days)
        return Select((*named, *values), source, where, group_by=by)
    named = tuple((key.name, key.picked or _any(key.node)) for key in keys)
    return Select((*named, *values), source, where, group_by=(hash_of(keys, split=split),))


def _imported(  # noqa: PLR0917 - as `count_by` has them
    keys: Sequence[Key],
    names: Sequence[str],
    base: Base,
    question: Question,
    where: Node,
    carried: Sequence[Carried],
) -> Select | None:
    """The counts of the imported statistics that can answer the same; None if none can."""
    if not question.domain.imported or base is Base.EVENTS or not COUNTS.keys() >= set(names):
        return None
    mine = [key if key.daily is None else replace(key, node=key.daily) for key in keys]
    made = [node for key in mine for node in (key.node, key.hashed, key.picked) if node is not None]
    kept = imported_beside(
        question,
        where,
        [*made, *(one.node for one in carried)],
        by_page=any(key.of_page for key in keys),
    )
    if kept is None:
        return None
    return _part(mine, [(name, COUNTS[name]) for name in names], carried, IMPORTED, kept)


def hash_of(keys: Sequence[Key], *, split: bool = False) -> Node:
    """One number for several values and the day: the engine groups by texts far more slowly.

    Each text has a hash of its own, which is made once for each entry of a column's dictionary.
    """
    by_value = mixed(*(key.hashed or Call("cityHash64", (key.node,)) for key in keys))
    return Call("bitXor", (by_value, Call("toUInt16", (DAY,)))) if split else by_value


def mixed(*numbers: Node) -> Node:
    """One number for several."""
    if len(numbers) == 1:
        return numbers[0]
    parts = (Call("multiply", (number, Number(2 * i + 1))) for i, number in enumerate(numbers))
    return Operation("+", tuple(parts))


def _with_all(names: Iterable[str], part: Select) -> Select:
    """A part with all counts in the same order: 0 where it has none."""
    there = dict(part.outputs)
    wanted = [_part_of(name) for name in names]
    others = tuple(output for output in part.outputs if output[0] not in wanted)
    counts = tuple((name, there.get(name, Number(0))) for name in wanted)
    return Select((*others, *counts), part.source, part.where, group_by=part.group_by)


def _bounces(question: Question) -> Select:
    """The page views of bounced sessions.

    A session tells all about its first page view itself, but for the tags, and most bounces have no
    other: so they need not be looked up for each page view. The others are reloads.
    """
    same = tuple(
        (name, Column(name))
        for name in (*_SAME, "time", "hostname", "path", "title", "path_number")
    )
    reloads = Select(
        same,
        Base.PAGE_VIEWS.facts,
        every(
            within(question.domain.id, question.period),
            compare("=", Column("reload"), Number(1)),
            bounced(question, compare(">", Column("page_views"), Number(1))),
        ),
    )
    return Select(same, Union((_first_views(question), reloads)))


_SAME = ("domain_id", "day", *SESSION_KEY, *VISIT_COLUMNS)
"""What a session and its page views have in common."""


def _first_views(question: Question) -> Select:
    """The first page views of bounced sessions, made of the sessions."""
    entry = {"time": "start", **{name: f"entry_{name}" for name in ("hostname", "path", "title")}}
    return Select(
        (
            *((name, Column(name)) for name in _SAME),
            *((name, Column(column)) for name, column in entry.items()),
            ("path_number", Column("entry_path_number")),
        ),
        Base.SESSIONS.facts,
        every(
            touching(question.domain.id, question.period),
            compare("=", Column("is_bounce"), Number(1)),
        ),
    )


def _is_distinct(count: Node) -> bool:
    return isinstance(count, Call) and count.function.startswith("uniqExact")


def _any(node: Node) -> Node:
    return Call("any", (node,))


def _part_of(name: str) -> str:
    """What the part of a count is called: not like the whole, which would be taken for it."""
    return f"part_{name}"
