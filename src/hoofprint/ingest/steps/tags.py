"""Tags of a page view, and an event's metadata with the tags merged in."""

from __future__ import annotations

from collections.abc import Mapping

from hoofprint.ingest.hit import Request, Scalar
from hoofprint.ingest.pipe import Outcome, Step
from hoofprint.ingest.text import META_KEY, META_VALUE, TAG, cut, scalar_text
from hoofprint.model.arrival import Kind

MOST = 20
_NONE: list[str] = []
_NOTHING = (_NONE, _NONE, _NONE, _NONE)


def run(request: Request) -> Outcome:
    """Trim, drop empty pairs, cut, and keep at most 20 of each."""
    hit = request.hit
    tags = pairs(hit.tags, TAG, TAG) if hit.tags else {}
    if request.kind is not Kind.EVENT:
        if not tags:
            return _NOTHING
        return list(tags), list(tags.values()), _NONE, _NONE
    meta = pairs(hit.event_meta, META_KEY, META_VALUE) if hit.event_meta else {}
    if not tags and not meta:
        return _NOTHING
    merged = dict(list((meta | {k: v for k, v in tags.items() if k not in meta}).items())[:MOST])
    return list(tags), list(tags.values()), list(merged), list(merged.values())


def pairs(given: Mapping[str, Scalar], key_length: int, value_length: int) -> dict[str, str]:
    """Keys and values as they are stored."""
    found: dict[str, str] = {}
    for key, value in given.items():
        if value is None:
            continue
        key_text = cut(key.strip(), key_length).strip()
        value_text = cut(scalar_text(value).strip(), value_length).strip()
        if key_text and value_text and key_text not in found:
            found[key_text] = value_text
            if len(found) == MOST:
                break
    return found


STEP = Step("tags", run, gives=("tag_keys", "tag_values", "meta_keys", "meta_values"))
