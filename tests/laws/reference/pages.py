"""Pages, entry and exit pages, and how long visitors stayed on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from .asked import Asked
from .counting import (
    HOSTS,
    TIME,
    Counts,
    Facts,
    Row,
    divide,
    found_by_search,
    groups,
    in_order,
    keys,
    visitors,
)
from .facts import Fact


def stays(asked: Asked, views: Facts) -> list[int]:
    """The seconds until the session's next page view, where there is one."""
    found: list[int] = []
    for view in views:
        later = [
            other
            for other in asked.world.views
            if other.key == view.key and (other.time, other.n) > (view.time, view.n)
        ]
        if later:
            following = min(later, key=lambda other: (other.time, other.n))
            found.append(min(following.time - view.time, 3600))
    return [seconds for seconds in found if seconds > 0]


def average(seconds: Sequence[int]) -> int:
    return round(Fraction(sum(seconds), len(seconds))) if seconds else 0


def page(asked: Asked) -> list[Row]:
    titled = asked.one("include_title") == "true"
    views = asked.views()
    rows = [
        {"hostname": host, "path": path, "title": title}
        | Counts(asked, some, asked.all_views(), by_page=True).row(*HOSTS)
        | {TIME: time_on_page(asked, some)}
        for (host, path, title), some in groups(views, page_key(titled=titled)).items()
        if found_by_search(asked, path)
    ]
    return in_order(asked, rows, "visitors", ["hostname", "path", "title"])


def page_key(*, titled: bool) -> Callable[[Fact], tuple[str, ...]]:
    return lambda view: (view.text["hostname"], view.path, view.title if titled else "")


def time_on_page(asked: Asked, views: Facts) -> int:
    return average(stays(asked, views)) if asked.one("include_avg_time_on_page") else 0


def edge(prefix: str, count: str, rate: str) -> Callable[..., list[Row]]:
    """Entry or exit pages: sessions by their first or last page."""

    def report(asked: Asked) -> list[Row]:
        titled = asked.one("include_title") == "true"

        def key(visit: Fact) -> tuple[str, ...]:
            session = asked.world.sessions[visit.key]
            names = ("hostname", "path", "title")
            at = [getattr(session, f"{prefix}_{name}") for name in names]
            return (*at[:2], at[2] if titled else "")

        seen = groups(asked.views(of_whole_sessions=True), page_key(titled=titled))
        rows: list[Row] = []
        for at, some in groups(asked.sessions(), key).items():
            if not found_by_search(asked, at[1]):
                continue
            views = seen.get(at, [])
            row: Row = dict(zip(("hostname", "path", "title"), at, strict=True))
            row |= {"visitors": visitors(views), "sessions": len(keys(views))}
            row |= {count: len(some), rate: divide(len(some), len(asked.all_sessions()))}
            if prefix == "entry":
                row[TIME] = time_on_page(asked, views)
            rows.append(row)
        return in_order(asked, rows, count, ["hostname", "path", "title"])

    return report
