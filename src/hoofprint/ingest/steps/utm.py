"""Campaign parameters of the url."""

from __future__ import annotations

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Facts, Outcome, Step
from hoofprint.ingest.text import UTM, cut

NAMES = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
_NONE = dict.fromkeys(NAMES, "")


def run(_: Request, facts: Facts) -> Outcome:
    """Read the five values; a click id of an ad fills an empty medium, and is not kept itself."""
    query: dict[str, str] = facts["query"]
    if not query:
        return _NONE
    found = {name: cut(query.get(name, "").strip(), UTM) for name in NAMES}
    if not found["utm_medium"]:
        name = facts["referrer_name"].lower()
        if query.get("gclid") and name.startswith("google"):
            found["utm_medium"] = "(gclid)"
        elif query.get("msclkid") and name.startswith("bing"):
            found["utm_medium"] = "(msclkid)"
    return found


STEP = Step("utm", run, needs=("query", "referrer_name"), gives=NAMES)
