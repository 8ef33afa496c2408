"""Sessions, what happened in one, and who is there right now."""

from __future__ import annotations

from .asked import Asked
from .counting import Facts, Row, cut, divide, groups, in_order, visitors
from .pages import stays


def session_list(asked: Asked) -> list[Row]:
    rows: list[Row] = []
    for visit in asked.sessions():
        session = asked.world.sessions[visit.key]
        rows.append(
            {
                "visitor_id": str(session.visitor_id),
                "session_id": session.session_id,
                "time": session.time,
                "start": session.start,
                "duration_seconds": session.duration,
                "page_views": session.page_views,
                "is_bounce": session.is_bounce,
                "extended": session.extended,
                "entry_path": session.entry_path,
                "exit_path": session.exit_path,
                "desktop": session.visit.platform == "desktop",
                "country_code": session.visit.country,
            }
        )
    ties = ("start", "visitor_id", "session_id")
    return in_order(asked, rows, "time", ties, ascending=True)


def session_details(asked: Asked) -> list[tuple[str, int, str, int]]:
    """Of each page view and event, in order: what it is, when, where, and how long."""
    found = [
        (view.time, view.n, 0, "page_view", view.path, sum(stays(asked, [view])))
        for view in asked.views()
    ]
    found += [
        (event.time, event.n, 1, "event", event.path, event.duration) for event in asked.events()
    ]
    return [(kind, time, path, seconds) for time, _, _, kind, path, seconds in sorted(found)]


def active(asked: Asked) -> Row:
    def listed(facts: Facts, *names: str) -> list[Row]:
        rows: list[Row] = [
            {**dict(zip(names, key, strict=True)), "visitors": visitors(some)}
            for key, some in groups(facts, lambda f: tuple(f.text[n] for n in names)).items()
        ]
        rows.sort(key=lambda row: (-row["visitors"], [row[n] for n in names]))
        return cut(asked, rows)

    there = visitors(asked.sessions())
    countries = [
        {
            "visitors": row["visitors"],
            "relative_visitors": divide(row["visitors"], there),
            "country_code": row["country"],
        }
        for row in listed(asked.sessions(), "country")
    ]
    stats = listed(asked.views(), "hostname", "path")
    return {"stats": stats, "countries": countries, "visitors": there}
