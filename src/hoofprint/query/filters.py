"""Which rows count: a question's filters as conditions on facts (`rules.md` 2.2, 2.3)."""

from __future__ import annotations

from enum import Enum
from typing import Literal as Choice

from msgspec.structs import replace

from hoofprint.model.session import IDLE_SECONDS
from hoofprint.query.dimensions import HOSTNAME, VISIT, Dimension
from hoofprint.query.operators import Condition
from hoofprint.query.plan import (
    DAY,
    SESSION,
    Call,
    Column,
    Facts,
    In,
    Lambda,
    Node,
    Not,
    Number,
    Select,
    Value,
    compare,
    every,
    moment,
    some,
    text,
    utc_day,
)
from hoofprint.query.question import Period, Question

SESSION_KEY = ("visitor_id", "session_id")
VISIT_COLUMNS = tuple(dimension.column for dimension in VISIT if dimension is not HOSTNAME)
"""The columns that page views and events have from their session."""
TAG_NUMBERS = "tag_numbers"
"""A column of the store's own: a number for each tag and its value."""
_PATHS = frozenset({"path", "entry_path", "exit_path"})


class Base(Enum):
    """The facts that a question counts."""

    SESSIONS = "sessions"
    PAGE_VIEWS = "page_views"
    EVENTS = "events"

    @property
    def facts(self) -> Facts:
        """The table."""
        return Facts(self.value)


def base_of(question: Question, *, by_page: bool = False) -> Base:
    """Sessions, or page views where the question or the report (`by_page`) looks at pages.

    Event reports count events; they don't ask this.
    """
    looks_at_pages = by_page or question.condition("path") or question.pattern
    if looks_at_pages or question.looks_at_tags:
        return Base.PAGE_VIEWS
    return Base.SESSIONS


def fits(node: Node, condition: Condition) -> Node | None:
    """Whether a text fits a condition."""
    wanted = _looked_for(node, condition.wanted)
    refused = _looked_for(node, condition.refused)
    return every(wanted, None if refused is None else Not(refused))


def _looked_for(node: Node, condition: Condition) -> Node | None:
    """Whether a text equals or contains one of the values; a path by its number."""
    equal: Node | None = None
    if isinstance(node, Column) and node.name in _PATHS and condition.equal:
        number = Column(f"{node.name}_number")
        numbers = tuple(Call("cityHash64", (text(value),)) for value in condition.equal)
        equal = Call("has", (Call("array", numbers), number))
        if len(numbers) == 1:
            equal = compare("=", number, numbers[0])
        return some(equal, *(contains(node, value) for value in condition.contains))
    if condition.equal:
        equal = Call("has", (Value(condition.equal, "Array(String)"), Call("toString", (node,))))
        if len(condition.equal) == 1:
            equal = compare("=", node, text(condition.equal[0]))
    return some(equal, *(contains(node, value) for value in condition.contains))


def contains(node: Node, value: str) -> Node:
    """Whether a text contains another, ignoring case."""
    found = Call("positionCaseInsensitiveUTF8", (Call("toString", (node,)), text(value)))
    return compare(">", found, Number(0))


def sought(node: Node, search: str, *, exact: bool = False) -> Node | None:
    """Whether a search finds a text: in it or, if `exact`, as a whole in lower case."""
    if not search:
        return None
    return compare("=", node, text(search.lower())) if exact else contains(node, search)


def within(domain_id: str, period: Period) -> Node:
    """The facts of a domain and a period: by their own time, sessions by their last activity."""
    return every(
        touching(domain_id, period),
        compare(">=", Column("time"), moment(period.start)),
        compare("<", Column("time"), moment(period.end)),
    ) or Number(1)


def touching(domain_id: str, period: Period) -> Node:
    """The facts of the sessions that are active in a period, whenever in their lives."""
    return every(
        compare("=", Column("domain_id"), text(domain_id)),
        compare(">=", DAY, utc_day(period.start - IDLE_SECONDS)),
        compare("<=", DAY, utc_day(period.end - 1)),
    ) or Number(1)


def rows(base: Base, question: Question, *, path_by_session: bool = False) -> Node:
    """The facts that a question counts.

    With `path_by_session` filters on pages keep whole sessions that saw such a page.
    """
    in_time = within(question.domain.id, question.period)
    return every(in_time, kept(base, question, path_by_session=path_by_session)) or in_time


def kept(base: Base, question: Question, *, path_by_session: bool = False) -> Node | None:
    """Which facts of a question's domain and period its filters keep; None if they keep all."""
    parts = [*visit_filters(question), *_one_session(question)]
    parts.append(_entry_and_exit(base, question))
    if base is Base.EVENTS:
        parts += [*_event_filters(question), *page_filters(base, question)]
    else:
        parts.append(_sessions_with_events(question))
        of_pages = every(*page_filters(Base.PAGE_VIEWS, question))
        if of_pages is not None and (path_by_session or base is Base.SESSIONS):
            parts.append(of_sessions(Base.PAGE_VIEWS, question, of_pages))
        else:
            parts.append(of_pages)
    return every(*parts)


def kept_sessions(question: Question) -> Node | None:
    """Whether the filters keep some page view of a row's session: a cheap test, made before others.

    Sessions that are left in need not have one. To look up who saw a page is worth it for few.
    """
    pages: Node | None = None
    if any(condition.one is not None for condition in _about_pages(question)):
        pages = of_sessions(
            Base.PAGE_VIEWS, question, every(*page_filters(Base.PAGE_VIEWS, question))
        )
    return every(
        *visit_filters(question, but=HOSTNAME),
        *_one_session(question),
        _entry_and_exit(Base.PAGE_VIEWS, question),
        _sessions_with_events(question),
        pages,
    )


def _about_pages(question: Question) -> list[Condition]:
    path = question.condition("path")
    return [*question.tags.values(), *([path] if path is not None else [])]


def _one_session(question: Question) -> list[Node | None]:
    if question.session is None:
        return []
    visitor_id, session_id = question.session
    return [
        compare("=", Column("visitor_id"), Value(visitor_id, "UInt64")),
        compare("=", Column("session_id"), Value(session_id, "UInt32")),
    ]


def visit_filters(question: Question, but: Dimension | None = None) -> list[Node | None]:
    """The filters whose columns stand on every row, without those of one dimension."""
    return [
        fits(dimension.node, condition)
        for dimension in VISIT
        if dimension is not but
        if (condition := question.condition(dimension.name)) is not None
    ]


def page_filters(base: Base, question: Question) -> list[Node | None]:
    """The filters on the page itself: path or pattern, and tags (of an event: its metadata)."""
    parts: list[Node | None] = []
    path = question.condition("path")
    if path is not None:
        parts.append(fits(Column("path"), path))
    elif question.pattern and (base is Base.EVENTS or not _is_goal(question)):
        parts.append(_matches(question))
    kind: Choice["tag", "meta"] = "meta" if base is Base.EVENTS else "tag"
    if (tag := question.condition("tag")) is not None:
        parts.append(_has_key(Column(f"{kind}_keys"), tag))
    of_tag = _tag_fits if kind == "tag" else _value_fits
    return parts + [of_tag(key, condition) for key, condition in question.tags.items()]


def _is_goal(question: Question) -> bool:
    """With an event, a pattern means the page on which the event happened."""
    by_pattern = bool(question.pattern) and question.condition("path") is None
    return by_pattern and question.condition("event") is not None


def _matches(question: Question) -> Node | None:
    """Whether the path matches one of the wanted patterns and none of the refused ones."""

    def one(patterns: tuple[str, ...]) -> Node | None:
        return some(*map(matches, patterns))

    refused = one(question.pattern.unequal)
    return every(one(question.pattern.equal), None if refused is None else Not(refused))


def matches(pattern: str) -> Node:
    """Whether a regular expression matches the path."""
    return Call("match", (Column("path"), text(LINES + pattern)))


LINES = "(?-s)"
"""As RE2 itself has it, a dot matches no line break: the store's own default is another."""


def _has_key(keys: Node, condition: Condition) -> Node | None:
    """Rows with such a key; refused keys must be missing altogether."""

    def any_key(part: Condition) -> Node | None:
        key = Column("k")
        test = _looked_for(key, part)
        return None if test is None else Call("arrayExists", (Lambda("k", test), keys))

    wanted, refused = any_key(condition.wanted), any_key(condition.refused)
    return every(wanted, None if refused is None else Not(refused))


def _value_fits(key: str, condition: Condition) -> Node | None:
    """Whether a value of an event's metadata fits a condition."""
    return fits(value_of("meta", key), condition)


def _tag_fits(key: str, condition: Condition) -> Node | None:
    """Whether the value of a tag fits a condition."""
    refused = _tag_is(key, condition.refused)
    return every(_tag_is(key, condition.wanted), None if refused is None else Not(refused))


def _tag_is(key: str, condition: Condition) -> Node | None:
    """Whether a tag has one of the values, found by their numbers; or contains one.

    The number of an empty value isn't kept where the tag is missing, which is the same.
    """
    by_number = [value for value in condition.equal if value]
    numbers = tuple(Call("cityHash64", (text(key), text(value))) for value in by_number)
    others = replace(condition, equal=tuple(value for value in condition.equal if not value))
    found = Call("hasAny", (Column(TAG_NUMBERS), Call("array", numbers))) if numbers else None
    if len(numbers) == 1:
        found = Call("has", (Column(TAG_NUMBERS), numbers[0]))
    return some(found, _looked_for(value_of("tag", key), others))


def value_of(kind: Choice["tag", "meta"], key: str) -> Node:
    """The value that belongs to a key of a page view's tags or an event's metadata, else empty."""
    place = Call("indexOf", (Column(f"{kind}_keys"), text(key)))
    return Call("arrayElement", (Column(f"{kind}_values"), place))


def _event_filters(question: Question) -> list[Node | None]:
    """The filters on an event: its name, its metadata."""
    parts: list[Node | None] = []
    if (name := question.condition("event")) is not None:
        parts.append(fits(Column("name"), name))
    return [*parts, *_metadata(question)]


def _metadata(question: Question) -> list[Node | None]:
    if question.condition("event") is None:
        return []
    parts: list[Node | None] = []
    if (key := question.condition("event_meta_key")) is not None:
        parts.append(_has_key(Column("meta_keys"), key))
    return parts + [fits(value_of("meta", k), c) for k, c in question.metadata.items()]


def _sessions_with_events(question: Question) -> Node | None:
    """Rows of sessions that had such an event in the period, and none that was refused."""
    event = question.condition("event")
    if event is None:
        return None
    where = every(*_metadata(question), _matches(question) if _is_goal(question) else None)
    wanted = _looked_for(Column("name"), event.wanted)
    refused = _looked_for(Column("name"), event.refused)
    if wanted is None and refused is None:
        return None
    if wanted is None:
        return Not(of_sessions(Base.EVENTS, question, every(refused, where)))
    kept = of_sessions(Base.EVENTS, question, every(wanted, where))
    return every(
        kept, None if refused is None else Not(of_sessions(Base.EVENTS, question, refused))
    )


def of_sessions(base: Base, question: Question, where: Node | None) -> Node:
    """Whether the row's session has a fact in the period for which `where` holds."""
    return In(
        SESSION,
        Select(
            (("session", SESSION),),
            base.facts,
            every(within(question.domain.id, question.period), where),
        ),
    )


def _entry_and_exit(base: Base, question: Question) -> Node | None:
    """Filters on the session's first and last page."""
    tests = [
        fits(Column(name), condition)
        for name in ("entry_path", "exit_path")
        if (condition := question.condition(name)) is not None
    ]
    if base is Base.SESSIONS or not tests:
        return every(*tests)
    return In(
        SESSION,
        Select(
            (("session", SESSION),),
            Facts("sessions"),
            every(touching(question.domain.id, question.period), *tests),
        ),
    )


def bounced(question: Question, which: Node | None = None) -> Node:
    """Whether the row's session is a bounce, and one for which the condition holds."""
    return In(
        SESSION,
        Select(
            (("session", SESSION),),
            Facts("sessions"),
            every(
                touching(question.domain.id, question.period),
                compare("=", Column("is_bounce"), Number(1)),
                which,
            ),
        ),
    )
