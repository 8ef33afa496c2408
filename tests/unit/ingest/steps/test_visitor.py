"""The visitor's id of today and, just after midnight, of yesterday (`rules.md` 1.1, 1.2)."""

from __future__ import annotations

from typing import Any

import pytest

from hoofprint.ingest.steps.visitor import DAY, step
from hoofprint.model.domain import Domain

from .sample import CHROME, DOMAIN, NOON, asked, done, identify

STEP = step(identify)
MIDNIGHT = NOON - DAY // 2
IP = "8.8.8.8"


def ids(ip: str = IP, **fields: Any) -> tuple[int, int]:
    found = done(STEP, asked(**fields), ip=ip)
    return found["visitor_id"], found["previous_visitor_id"]


def test_the_id_is_that_of_address_raw_user_agent_and_domain_on_the_day_of_the_hit() -> None:
    assert ids()[0] == identify(NOON, IP, CHROME, DOMAIN.id)
    assert ids(user_agent=f" {CHROME}")[0] == identify(NOON, IP, f" {CHROME}", DOMAIN.id)


@pytest.mark.parametrize(
    "other",
    [
        {"ip": "8.8.4.4"},
        {"user_agent": CHROME + " "},
        {"domain": Domain("domain0002", "example.com")},
        {"time": NOON + DAY},
    ],
)
def test_another_address_user_agent_domain_or_day_is_another_id(other: dict[str, Any]) -> None:
    assert ids(**other)[0] != ids()[0]


@pytest.mark.parametrize("seconds", [0, 1, 29 * 60 + 59])
def test_up_to_half_past_midnight_the_id_of_yesterday_is_known_too(seconds: int) -> None:
    today, yesterday = ids(time=MIDNIGHT + seconds)
    assert today == identify(MIDNIGHT, IP, CHROME, DOMAIN.id)
    assert yesterday == identify(MIDNIGHT - 1, IP, CHROME, DOMAIN.id)


@pytest.mark.parametrize("seconds", [30 * 60, DAY // 2, DAY - 1])
def test_later_no_session_of_yesterday_can_still_run(seconds: int) -> None:
    assert ids(time=MIDNIGHT + seconds)[1] == 0


def test_a_missing_user_agent_is_an_empty_one() -> None:
    assert ids(user_agent=None) == ids(user_agent="")
