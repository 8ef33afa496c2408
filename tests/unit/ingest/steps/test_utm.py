"""Campaign parameters (`rules.md` 1.5): from the url's query, trimmed, case kept."""

from __future__ import annotations

import pytest
from hypothesis import given

from hoofprint.ingest.steps.utm import NAMES, STEP
from hoofprint.ingest.text import UTM

from .sample import ANY_TEXT, asked, done

ALL = {name: f"Value {name}" for name in NAMES}


def utm(query: dict[str, str], referrer_name: str = "") -> dict[str, str]:
    found = done(STEP, asked(), query=query, referrer_name=referrer_name)
    return {name: value for name, value in found.items() if value}


def test_the_five_values_are_read() -> None:
    assert utm(ALL | {"utm_id": "7", "page": "2"}) == ALL


@pytest.mark.parametrize(
    ("given_value", "stored"),
    [("  Spring Sale ", "Spring Sale"), ("é" * 300, "é" * 200), ("   ", None), ("a\0b", "ab")],
)
def test_a_value_is_trimmed_and_cut_and_keeps_its_case(
    given_value: str, stored: str | None
) -> None:
    expected = {} if stored is None else {"utm_campaign": stored}
    assert utm({"utm_campaign": given_value}) == expected


def test_without_a_query_all_are_empty() -> None:
    assert utm({}) == {}


@pytest.mark.parametrize(
    ("query", "referrer", "medium"),
    [
        ({"gclid": "abc"}, "Google", "(gclid)"),
        ({"gclid": "abc"}, "google", "(gclid)"),
        ({"msclkid": "abc"}, "Bing", "(msclkid)"),
        ({"gclid": "abc", "utm_medium": " "}, "Google", "(gclid)"),
        ({"gclid": "abc", "utm_medium": "cpc"}, "Google", "cpc"),
        ({"msclkid": "abc", "utm_medium": "Email"}, "Bing", "Email"),
        ({"gclid": "abc"}, "Bing", None),
        ({"msclkid": "abc"}, "Google", None),
        ({"gclid": "abc"}, "", None),
        ({"gclid": ""}, "Google", None),
        ({"fbclid": "abc"}, "Facebook", None),
    ],
)
def test_a_click_id_of_the_referrers_ads_fills_an_empty_medium(
    query: dict[str, str], referrer: str, medium: str | None
) -> None:
    """The id itself is never kept."""
    found = utm(query, referrer)
    assert found.get("utm_medium") == medium
    assert "abc" not in str(found)


@given(ANY_TEXT, ANY_TEXT)
def test_no_value_is_too_long(value: str, referrer: str) -> None:
    found = utm(dict.fromkeys(NAMES, value), referrer)
    assert all(len(text) <= UTM for text in found.values())
