"""Answers a question: says what keeps a report from answering it, runs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row


def problems(report: Report, question: Question) -> dict[str, str]:
    """What is wrong with a question to this report, by parameter."""
    needed = (*report.needs, *report.single)
    wrong = {name: "is required" for name in needed if not _is_set(question, name)}
    for name in report.single:
        if (condition := question.condition(name)) is not None and condition.one is None:
            wrong[name] = "must be exactly one value"
    fields = report.sortable or report.wire
    if report.is_list and question.sort and question.sort not in fields:
        wrong["sort"] = f"must be one of {', '.join(fields)}"
    return wrong


def answer(report: Report, question: Question, ask: Ask) -> Any:
    """What the API answers: an object or a list of rows, ready for JSON.

    The question has no `problems`.
    """
    return report.run(report, question, ask)


def whole_answer(report: Report, question: Question, ask: Ask, most: int) -> Iterator[list[Row]]:
    """All rows that a report has, whatever the question's limit, in lists of at most `most` rows.

    What is no list (`Report.is_list`) comes in one piece, an object as its only row. Between two
    pieces facts may be added, so a row may move from one into the other, as it may between two
    pages of the API.
    """
    if not report.is_list:
        found = answer(report, question, ask)
        yield found if isinstance(found, list) else [found]
        return
    offset = 0
    while True:
        rows: list[Row] = answer(report, replace(question, limit=most, offset=offset), ask)
        yield rows
        if len(rows) < most:
            return
        offset += most


def _is_set(question: Question, name: str) -> bool:
    if name in {"visitor_id", "session_id"}:
        return question.session is not None
    if name == "funnel_id":
        return bool(question.funnel_id)
    return question.condition(name) is not None
