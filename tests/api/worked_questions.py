"""All questions about the stream of `worked_stream.py`, with their answers."""

from __future__ import annotations

from . import (
    worked_events,
    worked_goals,
    worked_lists,
    worked_now,
    worked_options,
    worked_pages,
    worked_series,
    worked_sessions,
    worked_sources,
    worked_totals,
)
from .worked_site import Asked

PARTS = (
    *(worked_totals, worked_pages, worked_sources),
    worked_goals,
    *(worked_events, worked_sessions, worked_now, worked_series),
    *(worked_lists, worked_options),
)
QUESTIONS: tuple[Asked, ...] = tuple(question for part in PARTS for question in part.QUESTIONS)
