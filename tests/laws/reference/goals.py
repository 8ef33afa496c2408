"""How often goals were reached."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hoofprint.model.goal import Goal

from .asked import Asked
from .counting import Row, divide, found_by_search, visitors
from .facts import Fact


def goals(asked: Asked, defined: Sequence[Goal]) -> list[Row]:
    rows = [
        (goal.name, goal.shown, _stats(asked, goal))
        for goal in defined
        if found_by_search(asked, goal.name)
    ]
    rows.sort(key=lambda row: row[0])
    sort = asked.one("sort") or "visitors"
    ascending = asked.one("direction") == "asc"
    rows.sort(key=lambda r: r[0] if sort == "name" else r[2][sort], reverse=not ascending)
    offset, limit = int(asked.one("offset") or 0), int(asked.one("limit") or 0) or 100
    return [{"page_goal": shown, "stats": stats} for _, shown, stats in rows][offset:][:limit]


def _stats(asked: Asked, goal: Goal) -> Row:
    if not goal.event:
        kept = [view for view in asked.views() if _fits(view, goal)]
        return _row(kept, len(kept), visitors(asked.all_views()))
    met = {e.key for e in asked.all_events() if e.name == goal.event and _fits(e, goal)}
    if asked.by_page:
        kept = [view for view in asked.views() if view.key in met]
        return _row(kept, len(kept), visitors(asked.all_views()))
    kept = [visit for visit in asked.sessions() if visit.key in met]
    views = sum(asked.world.sessions[visit.key].page_views for visit in kept)
    return _row(kept, views, visitors(asked.all_sessions()))


def _row(kept: list[Fact], views: int, everybody: int) -> Row:
    count = visitors(kept)
    return {"visitors": count, "views": views, "cr": divide(count, everybody)}


def _fits(fact: Fact, goal: Goal) -> bool:
    """All of the goal on one page view, or on one event."""
    if goal.pattern and not re.search(goal.pattern, fact.path):
        return False
    if goal.meta_key and goal.meta_key not in fact.pairs:
        return False
    if goal.meta_value and fact.pairs[goal.meta_key] != goal.meta_value:
        return False
    return all(fact.pairs.get(key) == value for key, value in goal.tags)
