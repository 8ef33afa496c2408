"""Programs that say so in their user agent are dropped (`rules.md` 1.4)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given

from hoofprint.ingest.steps.bot import STEP
from hoofprint.model.reasons import DropReason

from .agents import CURRENT
from .sample import ANY_TEXT, asked, reason

PROGRAMS = Path(__file__).with_name("programs.txt").read_text().splitlines()


@pytest.mark.parametrize("text", PROGRAMS)
def test_a_user_agent_on_a_list_of_bots_is_dropped(text: str) -> None:
    assert reason(STEP, asked(user_agent=text)) is DropReason.BOT


@pytest.mark.parametrize("text", PROGRAMS[:3])
def test_disable_bot_filter_lets_bots_through(text: str) -> None:
    assert reason(STEP, asked(user_agent=text, disable_bot_filter=True)) is None


@pytest.mark.parametrize("name", CURRENT)
def test_no_browser_of_people_is_taken_for_a_bot(name: str) -> None:
    assert reason(STEP, asked(user_agent=CURRENT[name].text)) is None


@given(ANY_TEXT)
@example("Mozilla/5.0 \ud800")
def test_no_user_agent_is_too_strange(text: str) -> None:
    reason(STEP, asked(user_agent=text))
