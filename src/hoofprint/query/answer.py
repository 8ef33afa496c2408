"""Answers a question: checks that the report's filters are set, runs it."""

from __future__ import annotations

from typing import Any

from hoofprint.errors import Invalid
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report


def answer(report: Report, question: Question, ask: Ask) -> Any:
    """What the API answers: an object or a list of rows, ready for JSON.

    Raises Invalid, naming what is missing or unknown.
    """
    missing = {name: "is missing" for name in report.needs if not _is_set(question, name)}
    if missing:
        raise Invalid(missing)
    return report.run(report, question, ask)


def _is_set(question: Question, name: str) -> bool:
    if name in {"visitor_id", "session_id"}:
        return question.session is not None
    return question.condition(name) is not None
