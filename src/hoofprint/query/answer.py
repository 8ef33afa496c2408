"""Answers a question: says what keeps a report from answering it, runs it."""

from __future__ import annotations

from typing import Any

from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report


def problems(report: Report, question: Question) -> dict[str, str]:
    """What is wrong with a question to this report, by parameter."""
    wrong = {name: "is required" for name in report.needs if not _is_set(question, name)}
    for name in report.single:
        if (condition := question.condition(name)) is None or condition.one is None:
            wrong[name] = "must be exactly one value"
    if report.is_list and question.sort and question.sort not in report.wire:
        wrong["sort"] = f"must be one of {', '.join(report.wire)}"
    return wrong


def answer(report: Report, question: Question, ask: Ask) -> Any:
    """What the API answers: an object or a list of rows, ready for JSON.

    The question has no `problems`.
    """
    return report.run(report, question, ask)


def _is_set(question: Question, name: str) -> bool:
    if name in {"visitor_id", "session_id"}:
        return question.session is not None
    if name == "funnel_id":
        return bool(question.funnel_id)
    return question.condition(name) is not None
