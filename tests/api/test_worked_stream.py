"""A stream sent over HTTP answers every question as counted by hand from the rules.

The stream and its derivation are in `worked_stream.py`; the questions and their whole answers are
the tables of the `worked_*.py` beside it.
"""

from __future__ import annotations

from collections import Counter
from urllib.parse import parse_qsl

import pytest

from hoofprint.api.params import FILTERS
from hoofprint.query.reports import REPORTS

from .worked_questions import QUESTIONS
from .worked_site import Asked, Site
from .worked_stream import ACCEPTED, DROPPED, PEOPLE, STREAM


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: f"{asked.route}: {asked.rule}")
def test_the_whole_answer_is_what_the_rules_say(site: Site, asked: Asked) -> None:
    assert site.ask(asked.route, asked.query) == asked.answer


def test_every_request_is_accounted_for(site: Site) -> None:
    assert site.outcomes() == {"accepted": ACCEPTED, **DROPPED}
    assert sum(site.outcomes().values()) == len(STREAM)


def test_neither_addresses_nor_user_agents_are_in_the_spool(site: Site) -> None:
    files = [p for p in site.spool_directory.rglob("*") if p.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert b"/blog/post" in content
    for person in PEOPLE:
        assert person.ip.encode() not in content
        assert person.user_agent.encode() not in content


def test_no_two_questions_are_called_the_same() -> None:
    again = [
        name for name, times in Counter((a.route, a.rule) for a in QUESTIONS).items() if times > 1
    ]
    assert again == []


def test_every_report_is_asked_for() -> None:
    assert {asked.route for asked in QUESTIONS} == {report.route for report in REPORTS}


def test_every_parameter_is_used() -> None:
    used = {name for asked in QUESTIONS for name, _ in parse_qsl(asked.query.replace("+", "%2B"))}
    others = {
        *("from", "to", "from_time", "to_time", "tz", "start", "scale", "pattern", "search"),
        *("sort", "direction", "limit", "offset", "visitor_id", "session_id"),
        *("custom_metric_key", "custom_metric_type", "tag_author", "meta_plan"),
        *("include_avg_time_on_page", "include_title", "funnel_id", "apply_filter"),
    }
    assert set(FILTERS) | others <= used
