"""Browsers that are too old are dropped (`rules.md` 1.4)."""

from __future__ import annotations

import pytest

from hoofprint.ingest.steps.old_browser import OLDEST, STEP
from hoofprint.model.reasons import DropReason

from .agents import CURRENT
from .sample import asked, reason

_LIKE = "AppleWebKit/537.36 (KHTML, like Gecko)"
SPELLED = {
    "Chrome": f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_LIKE} Chrome/{{}}.0.3538.77"
    " Safari/537.36",
    "Firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0",
    "Safari": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_13_6) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/{}.1.2 Safari/605.1.15",
    "Opera": f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_LIKE} Chrome/78.0.3904.108"
    " Safari/537.36 OPR/{}.0.3467.48",
    "Edge": f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_LIKE} Chrome/88.0.4324.96"
    " Safari/537.36 Edg/{}.0.705.50",
    "IE": "Mozilla/5.0 (compatible; MSIE {}.0; Windows NT 6.2)",
}


def test_the_oldest_versions_are_those_of_the_rules() -> None:
    oldest = {"Chrome": 70, "Firefox": 68, "Safari": 12, "Opera": 65, "Edge": 88, "IE": 11}
    assert oldest == OLDEST
    assert set(SPELLED) == set(OLDEST)


@pytest.mark.parametrize("browser", SPELLED)
def test_a_version_below_the_oldest_is_dropped_and_the_oldest_stays(browser: str) -> None:
    oldest = OLDEST[browser]
    below, at = (SPELLED[browser].format(version) for version in (oldest - 1, oldest))
    assert reason(STEP, asked(user_agent=below)) is DropReason.OLD_BROWSER
    assert reason(STEP, asked(user_agent=at)) is None
    assert reason(STEP, asked(user_agent=below, disable_bot_filter=True)) is None


LEGACY = {
    "Edge before Chromium": f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_LIKE}"
    " Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763",
    "Safari, iPhone": "Mozilla/5.0 (iPhone; CPU iPhone OS 11_4 like Mac OS X)"
    " AppleWebKit/605.1.15 (KHTML, like Gecko) Version/11.0 Mobile/15E148 Safari/604.1",
    "Chrome, Android": f"Mozilla/5.0 (Linux; Android 8.0.0; SM-G930F) {_LIKE}"
    " Chrome/69.0.3497.100 Mobile Safari/537.36",
    "IE 6": "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)",
    "IE 10": "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
}


@pytest.mark.parametrize("name", LEGACY)
def test_old_mobile_and_legacy_builds_are_dropped(name: str) -> None:
    assert reason(STEP, asked(user_agent=LEGACY[name])) is DropReason.OLD_BROWSER


@pytest.mark.parametrize("name", CURRENT)
def test_no_browser_of_today_is_old(name: str) -> None:
    """Opera on iOS and Opera Mini count their versions on their own."""
    assert reason(STEP, asked(user_agent=CURRENT[name].text)) is None


@pytest.mark.parametrize("text", [None, "", "something without a version", "Chrome/x Safari/y"])
def test_what_is_not_known_is_not_old(text: str | None) -> None:
    assert reason(STEP, asked(user_agent=text)) is None
