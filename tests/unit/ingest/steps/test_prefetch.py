"""Prefetched pages are dropped (`rules.md` 1.4)."""

from __future__ import annotations

import pytest

from hoofprint.ingest.steps.prefetch import STEP
from hoofprint.model.reasons import DropReason

from .sample import asked, reason


@pytest.mark.parametrize(
    "headers",
    [
        {"x-moz": "prefetch"},
        {"x-moz": "Prefetch"},
        {"purpose": "prefetch"},
        {"purpose": "preview"},
        {"purpose": "Prefetch"},
        {"x-purpose": "prefetch"},
        {"x-purpose": "preview"},
        {"x-purpose": "preview", "purpose": ""},
    ],
)
def test_a_prefetch_header_drops_the_request(headers: dict[str, str]) -> None:
    assert reason(STEP, asked(headers=headers)) is DropReason.PREFETCH


@pytest.mark.parametrize(
    "headers",
    [None, {}, {"x-moz": "preview"}, {"purpose": "navigate"}, {"user-agent": "prefetch"}],
)
def test_any_other_header_does_not(headers: dict[str, str] | None) -> None:
    assert reason(STEP, asked(headers=headers)) is None


def test_disable_bot_filter_does_not_make_a_prefetch_a_view() -> None:
    request = asked(headers={"purpose": "prefetch"}, disable_bot_filter=True)
    assert reason(STEP, request) is DropReason.PREFETCH
