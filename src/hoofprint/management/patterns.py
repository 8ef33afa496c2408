"""Path patterns and the regular expressions made from them (`rules.md` 2.4)."""

from __future__ import annotations

import re

import re2

LONGEST_PATTERN = 2000
REGEX_STARTS = ("^", "(?")
_RUN = re.compile(r"(\*\*|\*)")
_ANY, _ANY_WITHIN = ".*", "[^/]*"


def regex_of(pattern: str) -> str:
    """The regular expression of a path pattern: anchored, ignoring case.

    `*` is any run without a slash, `**` any run; both may be empty. A text that begins with `^` or
    `(?` is a regular expression already.
    """
    if pattern.startswith(REGEX_STARTS):
        return pattern
    runs = {"**": _ANY, "*": _ANY_WITHIN}
    parts = (runs.get(part) or re.escape(part) for part in _RUN.split(pattern))
    return f"(?i)^{''.join(parts)}$"


def mistake_in(regex: str) -> str | None:
    """Why a regular expression can't be used; None if it can."""
    if len(regex) > LONGEST_PATTERN or "\0" in regex:
        return f"must have at most {LONGEST_PATTERN} characters, none NUL"
    try:
        re2.compile(regex, _quiet())
    except re2.error as error:
        return f"is not a regular expression (RE2): {_reason(error)}"
    return None


def matches(regex: str, text: str) -> bool:
    """Whether a regular expression without a mistake is found in a text."""
    return re2.compile(regex, _quiet()).search(text) is not None


def _quiet() -> re2.Options:
    """Mistakes in a pattern belong into the answer, not on standard error."""
    options = re2.Options()
    options.log_errors = False
    return options


def _reason(error: Exception) -> str:
    """What RE2 says, as text."""
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
