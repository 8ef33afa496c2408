"""Which facts a question counts, and as which conditions its filters are written."""

from __future__ import annotations

import pytest

from hoofprint.query.dimensions import VISIT
from hoofprint.query.filters import Base, base_of, fits, rows, within
from hoofprint.query.operators import read_condition
from hoofprint.query.plan import Column

from .asking import question, sql


@pytest.mark.parametrize(
    ("name", "value"),
    [("path", "/a"), ("path", "!/a"), ("pattern", "^/a"), ("tag", "k"), ("tag_k", "v")],
)
def test_a_filter_on_pages_counts_page_views(name: str, value: str) -> None:
    assert base_of(question({name: value})) is Base.PAGE_VIEWS


@pytest.mark.parametrize(
    "name", [*(dimension.name for dimension in VISIT), "entry_path", "exit_path", "event"]
)
def test_every_other_filter_counts_sessions(name: str) -> None:
    assert base_of(question({name: "x"})) is Base.SESSIONS
    assert base_of(question({name: "x"}), by_page=True) is Base.PAGE_VIEWS


@pytest.mark.parametrize(
    ("values", "written"),
    [
        (["a"], "(os = 'a')"),
        (["a", "b"], "has(('a', 'b'), toString(os))"),
        (["!a"], "(NOT (os = 'a'))"),
        (["!a", "!b"], "(NOT has(('a', 'b'), toString(os)))"),
        (["~a"], "(positionCaseInsensitiveUTF8(toString(os), 'a') > 0)"),
        (["null"], "(os = '')"),
    ],
)
def test_one_operator_is_one_comparison(values: list[str], written: str) -> None:
    assert sql(fits(Column("os"), read_condition(values))) == written


def test_wanted_values_are_alternatives_and_refused_ones_are_all_refused() -> None:
    """Equals and contains are OR-ed, their negations AND-ed, the two groups AND-ed."""
    written = sql(fits(Column("os"), read_condition(["a", "~b", "!c", "^d"])))
    inside = "(positionCaseInsensitiveUTF8(toString(os), '{}') > 0)"
    wanted = f"((os = 'a') OR {inside.format('b')})"
    refused = f"((os = 'c') OR {inside.format('d')})"
    assert written == f"({wanted} AND (NOT {refused}))"


def test_a_condition_that_asks_for_nothing_is_no_condition() -> None:
    assert fits(Column("os"), read_condition([])) is None


def test_facts_are_always_those_of_one_domain_and_period() -> None:
    asked = question()
    written = sql(within(asked.domain.id, asked.period))
    assert written.startswith("(((domain_id = 'domain0001') AND (day >= ")
    assert str(asked.period.start) in written
    assert str(asked.period.end) in written


def test_metadata_needs_an_event() -> None:
    """Without one the filter is as if it weren't there."""
    alone = question({"meta_k": "v", "event_meta_key": "k"})
    assert sql(rows(Base.SESSIONS, alone)) == sql(rows(Base.SESSIONS, question()))
    with_event = sql(rows(Base.SESSIONS, question({"meta_k": "v", "event": "Buy"})))
    assert "indexOf(meta_keys, 'k')" in with_event


def test_a_path_makes_the_pattern_count_for_nothing() -> None:
    both = question({"path": "/a", "pattern": "^/b"})
    assert sql(rows(Base.PAGE_VIEWS, both)) == sql(rows(Base.PAGE_VIEWS, question({"path": "/a"})))


def test_with_an_event_a_pattern_is_about_the_event_s_page() -> None:
    """It is looked for among events, and no page view is."""
    written = sql(rows(Base.PAGE_VIEWS, question({"pattern": "^/b", "event": "Buy"})))
    matches = "match(path, '(?-s)^/b')"
    assert written.count(matches) == 1
    assert written.index("FROM events") < written.index(matches)
    alone = sql(rows(Base.PAGE_VIEWS, question({"pattern": "^/b"})))
    assert "FROM events" not in alone
    assert matches in alone


def test_of_several_patterns_one_must_match_and_no_refused_one() -> None:
    asked = question({"pattern": ["a", "b", "!c"]})
    wanted = "(match(path, '(?-s)a') OR match(path, '(?-s)b'))"
    assert f"({wanted} AND (NOT match(path, '(?-s)c')))" in sql(rows(Base.PAGE_VIEWS, asked))


def test_tags_are_metadata_where_events_are_counted() -> None:
    asked = question({"tag_k": "v", "event": "Buy"})
    value = "(arrayElement(meta_values, indexOf(meta_keys, 'k')) = 'v')"
    assert value in sql(rows(Base.EVENTS, asked))
    assert "has(tag_numbers, cityHash64('k', 'v'))" in sql(rows(Base.PAGE_VIEWS, asked))


def test_values_of_a_tag_are_found_by_number_unless_they_are_parts_of_one() -> None:
    written = sql(rows(Base.PAGE_VIEWS, question({"tag_k": ["v", "w", "!x", "~y"]})))
    numbers = "array(cityHash64('k', 'v'), cityHash64('k', 'w'))"
    assert f"(hasAny(tag_numbers, {numbers}) OR (positionCaseInsensitiveUTF8(" in written
    assert "(NOT has(tag_numbers, cityHash64('k', 'x')))" in written


def test_entry_and_exit_page_are_looked_up_where_no_session_is_counted() -> None:
    asked = question({"entry_path": "/a"})
    assert "FROM sessions" in sql(rows(Base.PAGE_VIEWS, asked))
    assert "FROM sessions FINAL" not in sql(rows(Base.SESSIONS, asked))


def test_visitor_and_session_id_count_only_together() -> None:
    assert "session_id = 2" in sql(
        rows(Base.SESSIONS, question({"visitor_id": "1", "session_id": "2"}))
    )
    assert sql(rows(Base.SESSIONS, question({"visitor_id": "1"}))) == sql(
        rows(Base.SESSIONS, question())
    )
