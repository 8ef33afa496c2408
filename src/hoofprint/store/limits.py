"""What one question may take, and which error an engine's refusal becomes."""

from __future__ import annotations

import re

from msgspec import Struct

from hoofprint.errors import QueryTooLarge, QueryTooSlow, StoreError

_CODE = re.compile(r"Code:\s*(\d+)")
_MEMORY_CODES = frozenset({"241"})
_TIME_CODES = frozenset({"159", "160"})
_MOST_TEXT = 500


class QueryLimits(Struct, frozen=True):
    """The memory (bytes) and time (seconds) of one question."""

    memory_bytes: int = 2_000_000_000
    seconds: int = 30

    @property
    def settings(self) -> dict[str, int]:
        """The engine's settings for a question."""
        return {
            "max_memory_usage": self.memory_bytes,
            "max_bytes_before_external_group_by": self.memory_bytes // 2,
            "max_bytes_before_external_sort": self.memory_bytes // 2,
            "max_execution_time": self.seconds,
            "do_not_merge_across_partitions_select_final": 1,
            "output_format_json_quote_64bit_integers": 0,
        }


INSERT_SETTINGS: dict[str, int] = {
    "async_insert": 0,
    "max_partitions_per_insert_block": 0,
    "input_format_parallel_parsing": 0,
    "input_format_null_as_default": 0,
}
"""Settings of an insert: one block, whatever months it spans, on disk when it returns."""


def error_of(text: str) -> StoreError:
    """The error that the engine's text stands for; the text is kept, its stack trace is not."""
    text = text.partition("Stack trace")[0].strip()[:_MOST_TEXT]
    found = _CODE.search(text)
    code = found.group(1) if found else ""
    if code in _MEMORY_CODES:
        return QueryTooLarge(text)
    if code in _TIME_CODES:
        return QueryTooSlow(text)
    return StoreError(text)
