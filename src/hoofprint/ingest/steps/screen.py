"""The class of the screen, by its width."""

from __future__ import annotations

from bisect import bisect_right

from hoofprint.ingest.hit import Hit, Request
from hoofprint.ingest.pipe import Outcome, Step

CLASSES = (
    (5120, "UHD 5K"),
    (3840, "UHD 4K"),
    (2560, "WQHD"),
    (1920, "Full HD"),
    (1280, "HD"),
    (1024, "XL"),
    (800, "L"),
    (600, "M"),
    (415, "S"),
)
"""The smallest width in pixels of each class but the last."""

SMALLEST = "XS"
_LEAST = [least for least, _ in reversed(CLASSES)]
_NAMES = [SMALLEST, *(name for _, name in reversed(CLASSES))]


def screen_class(width: float) -> str:
    """The class of a width in pixels, empty for none."""
    if width <= 0:
        return ""
    return _NAMES[bisect_right(_LEAST, width)]


def run(request: Request) -> Outcome:
    """Take the script's width, else what the client hints say."""
    return (screen_class(_width(request.hit)),)


def _width(hit: Hit) -> float:
    if hit.screen_width and hit.screen_width > 0:
        return hit.screen_width
    for hint in (hit.sec_ch_width, hit.sec_ch_viewport_width):
        digits = (hint or "").strip().strip('"')[:8]
        if digits.isascii() and digits.isdigit() and int(digits) > 0:
            return int(digits)
    return 0


STEP = Step("screen", run, gives=("screen_class",))
