"""What people typed into a search engine (`api.md`, Keywords)."""

from __future__ import annotations

from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row


def keywords(_: Report, __: Question, ___: Ask) -> list[Row]:
    """Nothing: only a connection to a search console would know, and no domain has one yet."""
    return []
