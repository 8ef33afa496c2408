"""Visitor ids (`rules.md` 1.1)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hoofprint.sessions.visitors import day_of, visitor_id

KEY = "k" * 16


@given(st.text(), st.text(), st.text())
def test_an_id_is_between_1_and_2_to_the_53(ip: str, agent: str, domain: str) -> None:
    assert 0 < visitor_id(KEY, ip, agent, domain) < 2**53


def test_an_id_depends_on_address_user_agent_domain_and_key() -> None:
    ids = {
        visitor_id(KEY, "1.2.3.4", "agent", "a"),
        visitor_id(KEY, "1.2.3.5", "agent", "a"),
        visitor_id(KEY, "1.2.3.4", "agent 2", "a"),
        visitor_id(KEY, "1.2.3.4", "agent", "b"),
        visitor_id("l" * 16, "1.2.3.4", "agent", "a"),
    }
    assert len(ids) == 5
    assert visitor_id(KEY, "1.2.3.4", "agent", "a") in ids


def test_a_day_is_a_utc_day() -> None:
    assert day_of(86_399) == 0
    assert day_of(86_400) == 1
