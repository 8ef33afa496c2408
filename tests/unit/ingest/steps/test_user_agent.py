"""Browser, system and platform (`rules.md` 1.5)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hoofprint.ingest.steps.user_agent import STEP, platform_of, windows_version
from hoofprint.ingest.text import SYSTEM

from .agents import CURRENT
from .sample import ANY_TEXT, CHROME, asked, done

SYSTEMS = {"Windows", "Mac", "Linux", "Android", "iOS", "Windows Mobile", "Chrome OS", ""}
ANDROID = CURRENT["Chrome, Android"].text
MAC = CURRENT["Chrome, Mac"].text
GREASE = '"Not)A;Brand";v="8"'
CHROMIUM = '"Chromium";v="138"'


def facts(**fields: Any) -> dict[str, str]:
    return done(STEP, asked(**fields))


def system(**fields: Any) -> tuple[str, str]:
    found = facts(**fields)
    return found["os"], found["os_version"]


def browser(**fields: Any) -> tuple[str, str]:
    found = facts(**fields)
    return found["browser"], found["browser_version"]


@pytest.mark.parametrize("name", CURRENT)
def test_a_current_user_agent_tells_system_and_browser_as_major_minor(name: str) -> None:
    """A browser's iOS build counts as that browser."""
    agent = CURRENT[name]
    assert system(user_agent=agent.text) == (agent.os, agent.os_version)
    assert browser(user_agent=agent.text) == (agent.browser, agent.browser_version)


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("5.0", "2000"),
        ("5.1", "XP"),
        ("5.2", "XP"),
        ("6.0", "Vista"),
        ("6.1", "7"),
        ("6.2", "8"),
        ("6.3", "8"),
        ("10.0", "10"),
        ("4.0", ""),
    ],
)
def test_a_version_of_windows_nt_has_the_name_people_know(version: str, name: str) -> None:
    text = f"Mozilla/5.0 (Windows NT {version}; rv:115.0) Gecko/20100101 Firefox/115.0"
    assert system(user_agent=text) == ("Windows", name)


@pytest.mark.parametrize(
    ("text", "os"),
    [
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15", ("Mac", "10.15")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 11_2_3) AppleWebKit/605.1.15", ("Mac", "11.2")),
        ("Mozilla/5.0 (X11; Fedora; Linux x86_64; rv:140.0) Gecko/20100101", ("Linux", "")),
        ("Mozilla/5.0 (X11; FreeBSD amd64; rv:140.0) Gecko/20100101 Firefox/140.0", ("", "")),
        ("Mozilla/5.0 (PlayStation; PlayStation 5/10.00) AppleWebKit/605.1.15", ("", "")),
        (
            "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) Edge/15.15063",
            ("Windows Mobile", "10.0"),
        ),
    ],
)
def test_a_system_is_one_of_seven_or_empty(text: str, os: tuple[str, str]) -> None:
    assert system(user_agent=text) == os


@pytest.mark.parametrize("text", [None, "", "something nobody knows"])
def test_an_unknown_user_agent_leaves_all_empty(text: str | None) -> None:
    assert set(facts(user_agent=text).values()) == {""}


@pytest.mark.parametrize(
    ("os", "platform"),
    [
        *((os, "desktop") for os in ("Windows", "Mac", "Linux")),
        *((os, "mobile") for os in ("Android", "iOS", "Windows Mobile")),
        ("Chrome OS", ""),
        ("", ""),
    ],
)
def test_the_system_tells_the_platform(os: str, platform: str) -> None:
    assert platform_of(os) == platform


@pytest.mark.parametrize("name", CURRENT)
def test_the_platform_follows_the_system_of_the_user_agent(name: str) -> None:
    agent = CURRENT[name]
    assert facts(user_agent=agent.text)["platform"] == platform_of(agent.os)


@pytest.mark.parametrize(
    ("hint", "text", "platform"),
    [
        ("?1", CHROME, "mobile"),
        ("?0", ANDROID, "desktop"),
        (" ?1 ", CHROME, "mobile"),
        ("", ANDROID, "mobile"),
        ("nonsense", ANDROID, "mobile"),
        ("?1", "something nobody knows", "mobile"),
    ],
)
def test_the_mobile_hint_decides_the_platform(hint: str, text: str, platform: str) -> None:
    assert facts(user_agent=text, sec_ch_ua_mobile=hint)["platform"] == platform


def test_the_hinted_system_decides_the_platform_without_a_mobile_hint() -> None:
    assert facts(user_agent=MAC, sec_ch_ua_platform='"Android"')["platform"] == "mobile"


@pytest.mark.parametrize(
    ("hint", "os"),
    [
        ('"macOS"', "Mac"),
        ('"Windows"', "Windows"),
        ('"Linux"', "Linux"),
        ('"Android"', "Android"),
        ('"iOS"', "iOS"),
        ('"Chrome OS"', "Chrome OS"),
        ('"Chromium OS"', "Chrome OS"),
        ("Windows", "Windows"),
        (' "WINDOWS" ', "Windows"),
    ],
)
@pytest.mark.parametrize("text", [CHROME, MAC, "something nobody knows"])
def test_the_platform_hint_names_the_system_and_wins(hint: str, os: str, text: str) -> None:
    assert facts(user_agent=text, sec_ch_ua_platform=hint)["os"] == os


@pytest.mark.parametrize("hint", ['"Unknown"', '""', '"Fuchsia"', "", None])
def test_an_unknown_hint_leaves_the_system_of_the_user_agent(hint: str | None) -> None:
    assert system(sec_ch_ua_platform=hint) == ("Windows", "10")


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("19.0.0", "11"),
        ("15.0.0", "11"),
        ("13.0.0", "11"),
        ("13", "11"),
        ("10.0.0", "10"),
        ("1.0.0", "10"),
        ("7.0.0", "10"),
        ("0.1.0", "7"),
        ("0.1", "7"),
        ("0.2.0", "8"),
        ("0.3.0", "8"),
        ("0.3", "8"),
        ("12.0.0", ""),
        ("0.0.0", ""),
        ("", ""),
        ("new", ""),
        ("-1", ""),
        ("²", ""),
    ],
)
def test_the_platform_version_of_windows_has_the_name_people_know(version: str, name: str) -> None:
    assert windows_version(version) == name
    hints = {"sec_ch_ua_platform": '"Windows"', "sec_ch_ua_platform_version": f'"{version}"'}
    assert system(user_agent=MAC, **hints) == ("Windows", name)
    assert system(user_agent=CHROME, **hints) == ("Windows", name or "10")


@pytest.mark.parametrize(
    ("text", "hint", "version", "expected"),
    [
        (MAC, '"macOS"', '"15.5.0"', ("Mac", "15.5.0")),
        (ANDROID, '"Android"', '"15.0.0"', ("Android", "15.0.0")),
        (ANDROID, '"Android"', None, ("Android", "10")),
        (MAC, '"Android"', None, ("Android", "")),
        (MAC, '"Linux"', '""', ("Linux", "")),
        (MAC, '"macOS"', f'"{"1" * 30}"', ("Mac", "1" * 20)),
    ],
)
def test_a_hinted_version_stays_as_sent(
    text: str, hint: str, version: str | None, expected: tuple[str, str]
) -> None:
    fields = {"sec_ch_ua_platform": hint, "sec_ch_ua_platform_version": version}
    assert system(user_agent=text, **fields) == expected


@pytest.mark.parametrize(
    ("brands", "expected"),
    [
        (f'{GREASE}, {CHROMIUM}, "Google Chrome";v="138"', ("Chrome", "138")),
        (f'"Google Chrome";v="138", {CHROMIUM}, "Not=A?Brand";v="24"', ("Chrome", "138")),
        (f'{GREASE}, {CHROMIUM}, "Microsoft Edge";v="138"', ("Edge", "138")),
        (f'{CHROMIUM}, "Opera";v="121", {GREASE}', ("Opera", "121")),
        (f'"Arc";v="1.99", {CHROMIUM}, {GREASE}', ("Arc", "1.99")),
        (f'{GREASE}, {CHROMIUM}, "Brave";v="138"', ("Brave", "138")),
        (f'"Brave";v="138", {GREASE}, {CHROMIUM}', ("Brave", "138")),
        (f'{GREASE}, {CHROMIUM}, "Vivaldi";v="7.5"', ("Vivaldi", "7.5")),
        (f'{CHROMIUM}, "Samsung Internet";v="28.0", {GREASE}', ("Samsung Internet", "28.0")),
        (f'{CHROMIUM}, "YaBrowser";v="25.6", {GREASE}, "Yowser";v="2.5"', ("Yowser", "2.5")),
        (f'{CHROMIUM}, "DuckDuckGo";v="138", {GREASE}', ("DuckDuckGo", "138")),
        (
            f'{GREASE}, {CHROMIUM}, "Microsoft Edge";v="138", "Microsoft Edge WebView2";v="138"',
            ("Edge", "138"),
        ),
        ('" Not A;Brand";v="99", "Google Chrome";v="98.0.4758.102"', ("Chrome", "98.0.4758.102")),
        ('"\\\\Not\\"A;Brand";v="99", "Brave";v="120"', ("Brave", "120")),
        ('"Not/A)Brand" ; v = "8", "Google Chrome" ; v = "138"', ("Chrome", "138")),
        (f'"{"B" * 30}";v="{"1" * 30}"', ("B" * 20, "1" * 20)),
    ],
)
def test_the_brand_hint_names_the_browser_and_wins(brands: str, expected: tuple[str, str]) -> None:
    """A brand we know, else the last that holds none of Not, Brand and Chromium."""
    assert browser(user_agent=CHROME, sec_ch_ua=brands) == expected
    assert browser(user_agent=CURRENT["Safari, Mac"].text, sec_ch_ua=brands) == expected


@pytest.mark.parametrize(
    "brands", [f"{CHROMIUM}, {GREASE}", GREASE, "", "Google Chrome", '"":v="1"', '"";v="1"', None]
)
def test_without_a_telling_brand_the_user_agent_names_the_browser(brands: str | None) -> None:
    assert browser(sec_ch_ua=brands) == ("Chrome", "138.0")


def test_windows_11_with_edge_as_it_really_comes() -> None:
    found = facts(
        user_agent=CURRENT["Edge, Windows"].text,
        sec_ch_ua='"Not)A;Brand";v="8", "Chromium";v="138", "Microsoft Edge";v="138"',
        sec_ch_ua_mobile="?0",
        sec_ch_ua_platform='"Windows"',
        sec_ch_ua_platform_version='"19.0.0"',
    )
    assert found == {
        "os": "Windows",
        "os_version": "11",
        "browser": "Edge",
        "browser_version": "138",
        "platform": "desktop",
    }


_HINTS = "sec_ch_ua sec_ch_ua_mobile sec_ch_ua_platform sec_ch_ua_platform_version"
FIELDS = ("user_agent", *_HINTS.split())


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, ANY_TEXT)))
@example(dict.fromkeys(FIELDS, "Mozilla/5.0 \ud800"))
def test_no_user_agent_and_no_hint_is_too_strange(fields: dict[str, str]) -> None:
    found = facts(**fields)
    assert found["os"] in SYSTEMS
    assert found["platform"] in {"desktop", "mobile", ""}
    assert all(len(value) <= SYSTEM for value in found.values())


@given(ANY_TEXT)
def test_no_brand_is_too_strange(brand: str) -> None:
    name, version = browser(sec_ch_ua=f'"{brand}";v="{brand}"')
    assert max(len(name), len(version)) <= SYSTEM
