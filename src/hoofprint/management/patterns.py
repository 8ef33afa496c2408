"""Path patterns as people type them, and what they stand for (`rules.md` 2.4)."""

from __future__ import annotations

import re

import re2

LONGEST = 2000
_WILD = re.compile(r"\*\*|\*")
_EXPRESSIONS = ("^", "(?")


def regex_of(typed: str) -> str:
    """The regular expression (RE2) of a path pattern; one that is typed as such stays.

    `*` is any run without a slash, `**` any run, also an empty one; the whole path must match, in
    whatever case.
    """
    if typed.startswith(_EXPRESSIONS):
        return typed
    parts = [re.escape(part) for part in _WILD.split(typed)]
    wild = ["[^/]*" if found == "*" else ".*" for found in _WILD.findall(typed)]
    return "(?i)^" + "".join(a + b for a, b in zip(parts, [*wild, ""], strict=True)) + "$"


def problem_of(regex: str) -> str:
    """What is wrong with a regular expression, empty if nothing is."""
    if len(regex) > LONGEST:
        return f"must have at most {LONGEST} characters"
    if "\0" in regex:
        return "must not hold a NUL"
    try:
        re2.compile(regex, _quiet())
    except re2.error as error:
        return f"is not a regular expression (RE2): {_said(error)}"
    return ""


def matches(regex: str, sample: str) -> bool:
    """Whether a valid regular expression matches somewhere in a text."""
    return re2.search(regex, sample) is not None


def _quiet() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options


def _said(error: re2.error) -> str:
    [said] = error.args[:1] or ("",)
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
