"""Conversion goals, answered by looping over the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .asked import Asked
from .counting import Facts, Row, divide, found_by_search, in_order, keys, visitors

PERIOD = {"from", "to", "from_time", "to_time", "tz", "start"}
Pairs = Sequence[tuple[str, str]]


def with_filters(asked: Asked, filters: Pairs) -> Asked:
    """The same period with these filters and no others."""
    period = [(name, v) for name, values in asked.params.items() if name in PERIOD for v in values]
    return Asked(asked.world, [*period, *filters], str(asked.tz), asked.now)


def both(one: Facts, other: Facts) -> Facts:
    """The facts that are in both lists."""
    there = {id(fact) for fact in other}
    return [fact for fact in one if id(fact) in there]


def goal_stats(asked: Asked, filters: Pairs) -> Row:
    """A goal's numbers: page views if it or the dashboard looks at pages, else sessions."""
    own = with_filters(asked, filters)
    if asked.by_page or own.by_page:
        facts, everybody = both(asked.views(), own.views()), asked.all_views()
        views = len(facts)
    else:
        facts, everybody = both(asked.sessions(), own.sessions()), asked.all_sessions()
        views = sum(asked.world.sessions[key].page_views for key in keys(facts))
    count = visitors(facts)
    return {"visitors": count, "views": views, "cr": divide(count, visitors(everybody))}


def goals(asked: Asked, stored: Mapping[str, Pairs]) -> list[tuple[str, Row]]:
    """Names of goals with their numbers, in order."""
    rows = [
        {"name": name} | goal_stats(asked, filters)
        for name, filters in stored.items()
        if found_by_search(asked, name)
    ]
    return [(row.pop("name"), row) for row in in_order(asked, rows, "visitors", ["name"])]
