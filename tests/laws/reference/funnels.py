"""Funnels, answered by looping over the facts and trying every way through a session."""

from __future__ import annotations

from collections.abc import Sequence

from .asked import Asked
from .counting import Facts, Row, divide
from .facts import Key
from .goals import Pairs, both, with_filters


def fitting(step: Asked) -> Facts:
    """The page views and events that fit a step: one about an event looks for that alone."""
    if "event" in step.params:
        return step.events()
    if step.by_page:
        return step.views()
    return [*step.views(), *step.events()]


def reached(asked: Asked, steps: Sequence[Pairs]) -> list[set[Key]]:
    """For each step the sessions that came to it."""
    ways: dict[Key, list[int]] = {}
    found: list[set[Key]] = []
    for place, filters in enumerate(steps):
        facts = fitting(with_filters(asked, filters))
        if place == 0 and "apply_filter" in asked.params:
            facts = both(facts, [*asked.views(), *asked.events()])
        before, ways = ways, {}
        for fact in facts:
            # Any row of the step before that is not later will do.
            if place == 0 or any(time <= fact.time for time in before.get(fact.key, ())):
                ways.setdefault(fact.key, []).append(fact.time)
        found.append(set(ways))
    return found


def funnel(asked: Asked, steps: Sequence[Pairs]) -> list[Row]:
    """The numbers of each step."""
    counts = [len({visitor for visitor, _ in keys}) for keys in reached(asked, steps)]
    rows: list[Row] = []
    for place, count in enumerate(counts):
        before = counts[place - 1] if place else 0
        rows.append(
            {
                "step": place + 1,
                "visitors": count,
                "relative_visitors": divide(count, counts[0]),
                "previous_visitors": before,
                "relative_previous_visitors": rows[-1]["relative_visitors"] if rows else 0,
                "dropped": before - count if place else 0,
                "drop_off": 1 - divide(count, before) if place and before else 0,
            }
        )
    return rows
