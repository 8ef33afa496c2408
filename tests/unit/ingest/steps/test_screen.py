"""The screen class by width (`rules.md` 1.5)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofprint.ingest.steps.screen import STEP

from .sample import asked, done


def screen(**fields: Any) -> str:
    return str(done(STEP, asked(**fields))["screen_class"])


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (7680, "UHD 5K"),
        (5120, "UHD 5K"),
        (5119, "UHD 4K"),
        (3840, "UHD 4K"),
        (3839, "WQHD"),
        (2560, "WQHD"),
        (2559, "Full HD"),
        (1920, "Full HD"),
        (1919, "HD"),
        (1280, "HD"),
        (1279, "XL"),
        (1024, "XL"),
        (1023, "L"),
        (800, "L"),
        (799, "M"),
        (600, "M"),
        (599, "S"),
        (415, "S"),
        (414, "XS"),
        (1, "XS"),
        (0.5, "XS"),
        (0, ""),
        (-1920, ""),
        (None, ""),
    ],
)
def test_each_class_begins_at_its_width(width: float | None, expected: str) -> None:
    assert screen(screen_width=width) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"screen_width": 1920, "sec_ch_width": "800"}, "Full HD"),
        ({"screen_width": 0, "sec_ch_width": "800", "sec_ch_viewport_width": "600"}, "L"),
        ({"sec_ch_width": "800", "sec_ch_viewport_width": "600"}, "L"),
        ({"sec_ch_viewport_width": "600"}, "M"),
        ({"sec_ch_width": "0", "sec_ch_viewport_width": "600"}, "M"),
        ({"sec_ch_width": "wide", "sec_ch_viewport_width": "600"}, "M"),
        ({"sec_ch_width": ' "1280" '}, "HD"),
        ({"sec_ch_width": "-1280"}, ""),
        ({"sec_ch_width": "²"}, ""),
        ({"sec_ch_width": "9" * 5000}, "UHD 5K"),
        ({"screen_height": 1080}, ""),
    ],
)
def test_the_body_beats_the_width_hint_and_that_the_viewport_hint(
    fields: dict[str, Any], expected: str
) -> None:
    assert screen(**fields) == expected


@given(st.integers() | st.floats(), st.text(), st.text())
def test_no_width_is_too_strange(width: float, hint: str, viewport: str) -> None:
    screen(screen_width=width, sec_ch_width=hint, sec_ch_viewport_width=viewport)
