"""How long sessions last and visitors stay on a page, over time (`rules.md` 2.4, duration)."""

from __future__ import annotations

from typing import Any

from hoofprint.query.calendar import bucket_node
from hoofprint.query.counting import count_by
from hoofprint.query.filters import Base, rows
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row
from hoofprint.query.series import key_of_scale, over_time
from hoofprint.query.special.pages import TIME
from hoofprint.query.special.staying import average, stays_over_time

DURATIONS = ("seconds", "lasting")


def session_durations(_: Report, question: Question, ask: Ask) -> list[Row]:
    """The average duration of the sessions that lasted at all, by the time of their end.

    Filters on pages keep the sessions that saw such a page, each with its whole duration.
    """
    base = Base.SESSIONS
    key = key_of_scale(question)
    found = ask(count_by((key,), DURATIONS, base, question, rows(base, question)))
    return _averages(question, found, {})


def page_durations(_: Report, question: Question, ask: Ask) -> list[Row]:
    """The average time on the pages that the filters keep, and which page if it is a single one."""
    found = ask(stays_over_time(question, bucket_node(question.scale, question.period)))
    return _averages(question, found, {"path": _single_path(question)})


def _averages(question: Question, found: list[list[Any]], more: Row) -> list[Row]:
    """A series of averages, from buckets with their seconds and what these are divided by."""
    averages = {bucket: more | {TIME: average(*counts)} for bucket, *counts in found}
    return over_time(question, averages, more | {TIME: 0})


def _single_path(question: Question) -> str:
    """The one path that a filter names as a whole; empty without it."""
    condition = question.condition("path")
    if condition is None or condition.refused or condition.contains or len(condition.equal) > 1:
        return ""
    return condition.equal[0]
