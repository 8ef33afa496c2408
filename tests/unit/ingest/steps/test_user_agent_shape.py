"""User agents that no browser sends are dropped (`rules.md` 1.4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofprint.ingest.steps.user_agent_shape import STEP
from hoofprint.model.reasons import DropReason

from .agents import CURRENT
from .sample import asked, reason


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "   ",
        "a" * 16,
        " " * 10 + "a" * 16 + " " * 10,
        "a" * 501,
        "a" * 100 + " " * 401,
        "Mozilla/5.0 (Wïndows NT 10.0; Win64; x64)",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) 😀",
        "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
        "[2001:db8:85a3::8a2e:370:7334]",
        "[2001:db8:85a3::8a2e:370:7334]:8080",
        "192.168.100.200:65000",
        "123e4567-e89b-12d3-a456-426614174000",
        "123E4567-E89B-12D3-A456-426614174000",
        "123e4567e89b12d3a456426614174000",
    ],
)
def test_empty_short_long_not_ascii_an_address_or_a_uuid_is_dropped(text: str | None) -> None:
    assert reason(STEP, asked(user_agent=text)) is DropReason.USER_AGENT


@pytest.mark.parametrize("length", [17, 500])
def test_17_to_500_bytes_are_enough_and_not_too_many(length: int) -> None:
    assert reason(STEP, asked(user_agent="a" * length)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Mozilla/5.0 123e4567-e89b-12d3-a456-426614174000",
        "Mozilla/5.0 (192.168.100.200)",
        "123e4567-e89b-12d3-a456-42661417400",
    ],
)
def test_a_text_with_an_address_or_a_uuid_in_it_stays(text: str) -> None:
    assert reason(STEP, asked(user_agent=text)) is None


@pytest.mark.parametrize("name", CURRENT)
def test_the_user_agents_of_people_stay(name: str) -> None:
    assert reason(STEP, asked(user_agent=CURRENT[name].text)) is None


@given(st.text(max_size=40) | st.uuids().map(str) | st.ip_addresses().map(str))
def test_disable_bot_filter_lets_every_user_agent_through(text: str) -> None:
    assert reason(STEP, asked(user_agent=text, disable_bot_filter=True)) is None


@given(st.uuids(), st.ip_addresses(v=6))
def test_every_uuid_and_every_address_is_dropped(uuid: object, ip: object) -> None:
    for text in (uuid, ip):
        assert reason(STEP, asked(user_agent=str(text))) is DropReason.USER_AGENT
