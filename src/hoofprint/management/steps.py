"""The filter of a funnel's step: its fields, what is wrong with it, and what it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from hoofprint.management.patterns import mistake_in, regex_of
from hoofprint.records.texts import NUL

LONGEST_VALUE = 2000
MOST_VALUES = 100
NOT = "!"


class StepFilter(Struct, frozen=True):
    """What a step looks for, in the order of the wire (`api.md`, Managing Funnels).

    The values of a list have operators as the parameters of statistics have them (`rules.md` 2.3).
    `path_pattern` are the user's patterns; `path_regex` are the regular expressions made from them,
    or the user's own where there are no patterns.
    """

    path: tuple[str, ...] = ()
    entry_path: tuple[str, ...] = ()
    exit_path: tuple[str, ...] = ()
    path_pattern: tuple[str, ...] = ()
    path_regex: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    referrer: tuple[str, ...] = ()
    referrer_name: tuple[str, ...] = ()
    os: tuple[str, ...] = ()
    os_version: tuple[str, ...] = ()
    browser: tuple[str, ...] = ()
    browser_version: tuple[str, ...] = ()
    platform: str = ""
    screen_class: tuple[str, ...] = ()
    utm_source: tuple[str, ...] = ()
    utm_medium: tuple[str, ...] = ()
    utm_campaign: tuple[str, ...] = ()
    utm_content: tuple[str, ...] = ()
    utm_term: tuple[str, ...] = ()
    tags: dict[str, str] = {}
    tag: tuple[str, ...] = ()
    event_name: tuple[str, ...] = ()
    event_meta_key: tuple[str, ...] = ()
    event_meta: dict[str, str] = {}


_CALLED = {"event_name": "event", "path_regex": "pattern"}
"""What the parameters of statistics call a field, where it is another name."""
_BY_KEY = {"tags": "tag_", "event_meta": "meta_"}


def wire_filter(given: StepFilter) -> dict[str, Any]:
    """All fields, as answers show them."""
    shown: dict[str, Any] = msgspec.to_builtins(given)
    return shown | {"path_regex": list(_regexes(given))}


def parameters_of(given: StepFilter) -> list[tuple[str, str]]:
    """The filter as parameters of a question (`api.md`, Filter)."""
    pairs: list[tuple[str, str]] = []
    for name, value in msgspec.structs.asdict(given).items():
        if name in _BY_KEY:
            pairs += [(_BY_KEY[name] + key, text) for key, text in value.items()]
        elif name == "path_regex":
            pairs += [(_CALLED[name], regex) for regex in _regexes(given)]
        elif name != "path_pattern":
            values = (value,) if isinstance(value, str) else value
            pairs += [(_CALLED.get(name, name), text) for text in values]
    return pairs


def filter_mistakes(given: StepFilter) -> dict[str, str]:
    """What is wrong with a filter, by field."""
    wrong = dict(_value_mistakes(given))
    patterns = "path_pattern" if given.path_pattern else "path_regex"
    mistakes = (mistake_in(regex.removeprefix(NOT)) for regex in _regexes(given))
    if mistake := next(filter(None, mistakes), None):
        wrong.setdefault(patterns, mistake)
    if (given.event_meta_key or given.event_meta) and not given.event_name:
        wrong["event_name"] = "is required beside event_meta_key and event_meta"
    return wrong


def _value_mistakes(given: StepFilter) -> Iterator[tuple[str, str]]:
    for name, value in msgspec.structs.asdict(given).items():
        texts = [value] if isinstance(value, str) else [*value]
        if isinstance(value, Mapping):
            texts += value.values()
            if not all(key.strip() for key in value):
                yield name, "must have no empty key"
        if len(texts) > MOST_VALUES:
            yield name, f"must be at most {MOST_VALUES}"
        elif any(len(text) > LONGEST_VALUE or NUL in text for text in texts):
            yield name, f"must have at most {LONGEST_VALUE} characters each, none NUL"


def _regexes(given: StepFilter) -> tuple[str, ...]:
    """The regular expressions for the path; one that begins with `!` must not match."""
    if not given.path_pattern:
        return given.path_regex
    return tuple(
        NOT + regex_of(pattern[1:]) if pattern.startswith(NOT) else regex_of(pattern)
        for pattern in given.path_pattern
    )
