"""Questions for the tests of this folder."""

from __future__ import annotations

from datetime import date

from hoofprint.api.params import read_question
from hoofprint.model.domain import Domain
from hoofprint.query.plan import Node
from hoofprint.query.question import Question
from hoofprint.query.report import Report
from hoofprint.query.reports import REPORTS
from hoofprint.store.sql import _Writer

NOW = 1_774_958_400
"""2026-03-31 12:00 UTC, 14:00 in Berlin."""
TODAY = date(2026, 3, 31)
DAYS = {"from": "2026-03-30", "to": "2026-03-31"}
SITE = Domain("domain0001", "example.com", "Europe/Berlin")
BY_ROUTE: dict[str, Report] = {report.route: report for report in REPORTS}


def question(params: dict[str, str | list[str]] | None = None, /, **more: str) -> Question:
    """A question about two days in Berlin, unless the parameters say otherwise."""
    pairs = [
        (name, value)
        for name, values in (DAYS | (params or {}) | more).items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    asked, wrong = read_question(pairs, SITE, NOW)
    assert not wrong
    return asked


def sql(node: Node | None) -> str:
    """A condition with its values in their places, to be read; never to be run."""
    if node is None:
        return ""
    writer = _Writer()
    written = writer.node(node)
    for value, name in reversed(writer._names.items()):
        written = written.replace(f"{{{name}:{value.type}}}", repr(value.value))
    return written
