"""Plans as SQL: whatever comes from outside is bound, and every node has its brackets."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofprint.api.params import FILTERS, read_question
from hoofprint.model.domain import Domain
from hoofprint.query.answer import answer, problems
from hoofprint.query.plan import (
    Call,
    Column,
    Facts,
    In,
    Join,
    Lambda,
    Next,
    Node,
    Not,
    Number,
    Operation,
    Order,
    Select,
    Union,
    Value,
    compare,
    text,
)
from hoofprint.query.question import Question
from hoofprint.query.reports import REPORTS
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.sql import Statement, write

NOW = 1_774_958_400
MARK = "x7q"
HOSTILE = (
    *("'", '"', "`", "\\", "\\'", ";", "--", "/*", "#", ")", "(", "{p0:String}", "{p1:UInt8}", "}"),
    *("\n", "\t", "\0", "%", "_", "é", "😀", " OR 1=1", "'; DROP TABLE sessions; --", "$1", "?"),
)
NAMES = (
    *FILTERS,
    *("search", "pattern", "tag_k", "meta_k", "custom_metric_key"),
)
BY_KEY = ("tag_", "meta_")


def hostile() -> st.SearchStrategy[str]:
    """Texts that would do harm in SQL; a mark makes them known again."""
    part = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=3))
    return st.builds(
        lambda operator, before, after: f"{operator}{before}{MARK}{after}",
        st.sampled_from(("", "!", "~", "^")),
        *(st.lists(part, max_size=3).map("".join) for _ in range(2)),
    )


def params() -> st.SearchStrategy[list[tuple[str, str]]]:
    """Filters with hostile values, and hostile keys of tags and metadata."""
    named = st.tuples(st.sampled_from(NAMES), hostile())
    keyed = st.tuples(st.sampled_from(BY_KEY), hostile()).map("".join)
    return st.lists(st.one_of(named, st.tuples(keyed, hostile())), min_size=1, max_size=5)


def statements(pairs: list[tuple[str, str]]) -> list[Statement]:
    """What every report asks the store, which knows nothing."""
    asked: list[Statement] = []

    def ask(select: Select) -> list[list[Any]]:
        asked.append(write(select))
        return [] if select.group_by or select.limit else [[0] * len(select.outputs)]

    question = _question(pairs)
    for report in REPORTS:
        if question is not None and not problems(report, question):
            answer(report, question, ask)
    return asked


def _question(pairs: list[tuple[str, str]]) -> Question | None:
    """None where a pattern is none: that is refused before any statement is written."""
    fixed = [("from", "2026-03-30"), ("to", "2026-03-31"), ("custom_metric_type", "float")]
    fixed += [("visitor_id", "1"), ("session_id", "2")]
    question, wrong = read_question([*fixed, *pairs], Domain("d1", "example.com", "UTC"), NOW)
    assert set(wrong) <= {"pattern"}
    return None if wrong else question


def values_of(parameters: dict[str, object]) -> list[str]:
    found: list[str] = []
    for value in parameters.values():
        found += [str(part) for part in value] if isinstance(value, tuple) else [str(value)]
    return found


@given(params())
def test_no_text_from_outside_is_ever_part_of_the_sql(pairs: list[tuple[str, str]]) -> None:
    """Neither a filter's value nor the key of a tag: they are bound."""
    for sql, _ in statements(pairs):
        assert MARK not in sql.lower()
        assert re.fullmatch(r"[\w\s(){}:,.*=!<>+/-]+", re.sub(r"\{p\d+:[\w()]+\}", "", sql))


@pytest.mark.parametrize("name", [*NAMES, f"tag_{MARK}", f"meta_{MARK}"])
@pytest.mark.parametrize("operator", ["", "!", "~", "^"])
def test_a_hostile_value_reaches_the_store_as_it_is(name: str, operator: str) -> None:
    """So that the rule above doesn't hold because the value was lost."""
    value = f"'{MARK}\\'; --"
    if name == "pattern":
        value = f"'{MARK}; --"
    pairs = [(name, operator + value), ("event", "Buy")]
    if name in {"event_meta_key", "event"}:
        pairs = [("event", f"{operator}{value}"), ("event_meta_key", operator + value)]
    bound = [v for _, parameters in statements(pairs) for v in values_of(parameters)]
    assert name == "platform" or any(MARK in v.lower() for v in bound)
    assert not any(MARK in sql.lower() for sql, _ in statements(pairs))


@given(params())
def test_every_parameter_in_the_sql_has_a_value_and_every_value_is_used(
    pairs: list[tuple[str, str]],
) -> None:
    for sql, parameters in statements(pairs):
        assert set(re.findall(r"\{(p\d+):[\w()]+\}", sql)) == set(parameters)


@given(params())
def test_brackets_and_selects_are_closed(pairs: list[tuple[str, str]]) -> None:
    for sql, _ in statements(pairs):
        depth = 0
        for character in sql:
            depth += (character == "(") - (character == ")")
            assert depth >= 0
        assert depth == 0


A, B, C = Column("a"), Column("b"), Column("c")
ROWS = Select((("a", A),), Facts("events"))


@pytest.mark.parametrize(
    ("node", "written"),
    [
        (A, "a"),
        (Number(-1), "-1"),
        (Value("x", "String"), "{p0:String}"),
        (Call("now"), "now()"),
        (Call("f", (A, Number(1))), "f(a, 1)"),
        (Operation("AND", (A, Operation("OR", (B, C)))), "(a AND (b OR c))"),
        (Operation("OR", (Operation("AND", (A, B)), C)), "((a AND b) OR c)"),
        (Not(Operation("OR", (A, B))), "(NOT (a OR b))"),
        (Not(Not(A)), "(NOT (NOT a))"),
        (compare("<", Operation("-", (A, B)), C), "((a - b) < c)"),
        (Operation("-", (A, Operation("-", (B, C)))), "(a - (b - c))"),
        (In(A, ROWS), "(a IN (SELECT a AS a FROM events))"),
        (Not(In(A, ROWS)), "(NOT (a IN (SELECT a AS a FROM events)))"),
        (Call("arrayExists", (Lambda("k", Not(A)), B)), "arrayExists(k -> (NOT a), b)"),
        (
            Next(A),
            (
                "leadInFrame(a) OVER (PARTITION BY day, visitor_id, session_id ORDER BY time, n "
                "ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING)"
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_node_has_brackets_wherever_another_could_bind_tighter(node: Node, written: str) -> None:
    [_, sql] = write(Select((("x", node),), Facts("events")))[0].split("SELECT ", 1)
    assert sql == f"{written} AS x FROM events"


def test_a_select_is_written_part_by_part() -> None:
    select = Select(
        (("a", A), ("n", Call("count"))),
        Facts("sessions"),
        where=compare("=", B, text("x")),
        group_by=(A, B),
        order_by=(Order(C, descending=True), Order(A)),
        limit=10,
        offset=5,
        distinct=True,
    )
    sql, parameters = write(select)
    assert parameters == {"p0": "x"}
    assert sql == (
        "SELECT DISTINCT a AS a, count() AS n FROM sessions FINAL WHERE (b = {p0:String}) "
        "GROUP BY a, b ORDER BY c DESC, a LIMIT 10 OFFSET 5"
    )


def test_a_source_may_be_a_select_a_join_or_a_union() -> None:
    rows, _ = write(ROWS)

    def source(source: Select | Join | Union) -> str:
        return write(Select((("*", A),), source))[0].removeprefix("SELECT * FROM ")

    assert source(ROWS) == f"({rows})"
    assert source(Union((ROWS, ROWS))) == f"({rows} UNION ALL {rows})"
    joined = source(Join(ROWS, ROWS, ("a", "b")))
    assert joined == f"({rows}) AS l LEFT JOIN ({rows}) AS r USING (a, b)"


def test_a_value_that_is_needed_twice_is_bound_once_for_each_type() -> None:
    """The same text as another type is another parameter."""
    values = (Value("1", "String"), Value("1", "LowCardinality(String)"), Value("1", "String"))
    sql, parameters = write(Select((("x", Call("f", values)),), Facts("events")))
    assert "f({p0:String}, {p1:LowCardinality(String)}, {p0:String})" in sql
    assert parameters == {"p0": "1", "p1": "1"}


def test_a_hostile_value_is_compared_as_the_text_that_it_is(store: EmbeddedStore) -> None:
    """All of them, in the real engine, alone and within an array."""
    for value in (*HOSTILE, "".join(HOSTILE)):
        within = Call("has", (Value((value, "other"), "Array(String)"), text(value)))
        outputs = (("same", text(value)), ("within", within), ("n", Call("count")))
        assert store.select(*write(Select(outputs, Facts("page_views")))) == [[value, 1, 0]]
