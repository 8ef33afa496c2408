"""Desktop, mobile and unknown devices (`rules.md` 2.4, platform)."""

from __future__ import annotations

from hoofprint.query.breakdown import unfiltered
from hoofprint.query.counting import count_by, key_of
from hoofprint.query.dimensions import PLATFORM
from hoofprint.query.filters import base_of, rows
from hoofprint.query.metrics import divide
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row

NAMES = {"desktop": "desktop", "mobile": "mobile", "": "unknown"}


def platforms(_: Report, question: Question, ask: Ask) -> Row:
    """Visitors of each kind, and their share of all visitors of the period."""
    base = base_of(question)
    plan = count_by((key_of(PLATFORM),), ("visitors",), base, question, rows(base, question))
    found = dict.fromkeys(NAMES, 0) | dict(map(tuple, ask(plan)))
    total = unfiltered(question, base, ("visitors",), ask)["visitors"]
    named = {NAMES[platform]: count for platform, count in found.items()}
    counts = {f"platform_{name}": count for name, count in named.items()}
    return counts | {f"relative_{name}": divide(count, total) for name, count in counts.items()}
