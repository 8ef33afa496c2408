"""What one statement may cost, and the settings with which every statement runs."""

from __future__ import annotations

import secrets

from msgspec import Struct

Settings = dict[str, int | str]
GIGABYTE = 1_000_000_000

PARSING: Settings = {
    # A NULL or a number where it does not belong fails the insert instead of becoming a default.
    "input_format_null_as_default": 0,
    "input_format_json_read_numbers_as_strings": 0,
    "input_format_json_read_bools_as_strings": 0,
    "input_format_allow_errors_num": 0,
    "input_format_parallel_parsing": 0,
    "date_time_input_format": "basic",
}
INSERTING: Settings = {
    **PARSING,
    "async_insert": 0,
    "max_partitions_per_insert_block": 0,
    "max_insert_threads": 1,
}
READING: Settings = {
    "output_format_json_quote_64bit_integers": 0,
    "do_not_merge_across_partitions_select_final": 1,
    # What comes out is held by Python, which the limit of memory knows nothing of.
    "max_result_rows": 1_000_000,
    "max_result_bytes": 250_000_000,
    # What is being deleted (`store/eraser.py`) is gone for whoever asks.
    "apply_mutations_on_fly": 1,
}
CACHING: Settings = {
    # A dashboard asks twenty questions of the same columns; unpacking them is a third of the work.
    "use_uncompressed_cache": 1,
    "merge_tree_max_rows_to_use_cache": 10**12,
    "merge_tree_max_bytes_to_use_cache": 10**15,
}


def once(token: str | None) -> Settings:
    """The setting with which an insert is stored once, however often it is tried.

    Without a token it gets one of its own: two equal inserts are both stored.
    """
    return {"insert_deduplication_token": token or secrets.token_hex(16)}


class QueryLimits(Struct, frozen=True):
    """How much memory (bytes) and time (whole seconds) one statement may take.

    `cache_bytes` is memory that all statements share: columns that were read stay there.
    """

    memory_bytes: int = 2 * GIGABYTE
    seconds: int = 30
    cache_bytes: int = GIGABYTE // 2

    @property
    def settings(self) -> Settings:
        """The limits as settings of the engine; above half of the memory it goes through disk."""
        return CACHING | {
            "max_memory_usage": self.memory_bytes,
            "max_bytes_before_external_group_by": self.memory_bytes // 2,
            "max_bytes_before_external_sort": self.memory_bytes // 2,
            "max_execution_time": self.seconds,
        }
