"""What the engine says when it refuses a statement, as errors of ours."""

from __future__ import annotations

import re

from hoofprint.errors import QueryTooLarge, QueryTooSlow, StoreError

_CODE = re.compile(r"Code: (\d+)\. ")
_TOO_LARGE = frozenset({158, 173, 191, 241, 307, 396})
"""Too many rows, no memory, set too large, memory limit, too many bytes, result too large."""
_TOO_SLOW = frozenset({159, 160, 209, 394})
"""Timeout, too slow, socket timeout, cancelled."""
_LONGEST_TEXT = 500


def failure(text: str, code: int | None = None) -> StoreError:
    """The error for what the engine said; its number is read from the text if it is not given."""
    found = _CODE.search(text)
    if code is None and found:
        code = int(found[1])
    # Only the first line: what may follow is a stack trace.
    line = text[found.start() if found else 0 :].strip().split("\n", 1)[0][:_LONGEST_TEXT]
    if code in _TOO_LARGE:
        return QueryTooLarge(line)
    if code in _TOO_SLOW:
        return QueryTooSlow(line)
    return StoreError(line or "the fact store refused a statement without saying why")
