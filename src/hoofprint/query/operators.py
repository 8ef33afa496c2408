"""Filter operators: the first character of a value says how it is compared (`rules.md` 2.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

NULL = "null"
"""What a caller writes for the empty value."""


class Condition(Struct, frozen=True):
    """The values of one filter by operator.

    A text fits if it equals one of `equal` or contains one of `contains` (when there are any), and
    neither equals one of `unequal` nor contains one of `lacks`. Containing ignores case.
    """

    equal: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    unequal: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    @property
    def wanted(self) -> Condition:
        """The part that says what must be there."""
        return Condition(self.equal, self.contains)

    @property
    def refused(self) -> Condition:
        """The part that says what must not be there, as what it looks for."""
        return Condition(self.unequal, self.lacks)

    @property
    def one(self) -> str | None:
        """The value that is asked for, if it is exactly one and nothing else is."""
        alone = len(self.equal) == 1 and self == Condition(self.equal)
        return self.equal[0] if alone else None

    def __bool__(self) -> bool:
        return bool(self.equal or self.contains or self.unequal or self.lacks)


def read_condition(
    values: Iterable[str], normal: Callable[[str], str] = lambda value: value
) -> Condition:
    """The condition of a filter's values; `normal` brings compared values into stored form."""
    groups: dict[str, list[str]] = {"": [], "~": [], "!": [], "^": []}
    for value in values:
        operator = value[0] if value[0] in "~!^" else ""
        text = value[len(operator) :]
        if operator in {"", "!"}:
            text = "" if text == NULL else normal(text)
        elif not text:
            continue
        groups[operator].append(text)
    return Condition(*(tuple(groups[operator]) for operator in ("", "~", "!", "^")))
