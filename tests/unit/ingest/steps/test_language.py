"""The language (`rules.md` 1.5): up to the first `;`, `,` or `-`, if it is an ISO 639-1 code."""

from __future__ import annotations

import pytest
from hypothesis import given

from hoofprint.ingest.steps.language import STEP
from hoofprint.ingest.text import LANGUAGE

from .sample import ANY_TEXT, asked, done


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("en", "en"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("de-DE", "de"),
        ("de;q=0.9,en", "de"),
        ("fr,en", "fr"),
        ("PT-br", "pt"),
        (" ja ", "ja"),
        ("zh-Hant-TW", "zh"),
        ("nb-NO", "nb"),
        ("", ""),
        (None, ""),
        ("*", ""),
        ("xx-XX", ""),
        ("eng", ""),
        ("en_US", ""),
        ("fil-PH", ""),
        ("-en", ""),
        (",en", ""),
        ("english", ""),
        ("e" * 100_000, ""),
    ],
)
def test_the_language_is_a_lower_case_code_or_nothing(header: str | None, code: str) -> None:
    assert done(STEP, asked(accept_language=header)) == {"language": code}


@given(ANY_TEXT)
def test_no_header_is_too_strange(header: str) -> None:
    assert len(done(STEP, asked(accept_language=header))["language"]) <= LANGUAGE
