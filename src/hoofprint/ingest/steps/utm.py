"""Campaign parameters of the url."""

from __future__ import annotations

from collections.abc import Mapping

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step
from hoofprint.ingest.text import UTM, cut

NAMES = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
_NONE = ("",) * len(NAMES)


def run(_: Request, query: Mapping[str, str], referrer_name: str) -> Outcome:
    """Read the five values; a click id of an ad fills an empty medium, and is not kept itself."""
    if not query:
        return _NONE
    source, medium, *others = (cut(query.get(name, "").strip(), UTM) for name in NAMES)
    if not medium:
        name = referrer_name.lower()
        if query.get("gclid") and name.startswith("google"):
            medium = "(gclid)"
        elif query.get("msclkid") and name.startswith("bing"):
            medium = "(msclkid)"
    return source, medium, *others


STEP = Step("utm", run, needs=("query", "referrer_name"), gives=NAMES)
