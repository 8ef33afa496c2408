"""Pages, entry and exit pages, and how long visitors stayed on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from .asked import Asked
from .counting import (
    HOSTS,
    TIME,
    Counted,
    Counts,
    Facts,
    Row,
    apart,
    counted,
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
    views, everything, _ = counted(asked, "hostname", "path", "title", by_page=True)
    rows = [
        {"hostname": host, "path": path, "title": title}
        | Counts(asked, some, everything, by_page=True).row(*HOSTS)
        | {TIME: time_on_page(asked, apart(some)[0])}
        for (host, path, title), some in groups(views, page_key(titled=titled)).items()
        if found_by_search(asked, path)
    ]
    return in_order(asked, rows, "visitors", ["hostname", "path", "title"])


def page_key(*, titled: bool) -> Callable[[Counted], tuple[str, ...]]:
    return lambda view: (view.text["hostname"], view.path, view.title if titled else "")


def time_on_page(asked: Asked, views: Facts) -> int:
    return average(stays(asked, views)) if asked.one("include_avg_time_on_page") else 0


def edge(prefix: str, count: str, rate: str) -> Callable[..., list[Row]]:
    """Entry or exit pages: sessions by their first or last page."""

    def report(asked: Asked) -> list[Row]:
        titled = asked.one("include_title") == "true"

        names = [f"{prefix}_{name}" for name in ("hostname", "path", "title")]
        sums, all_sums = asked.imported(*names), asked.all_imported()

        def key(visit: Counted) -> tuple[str, ...]:
            if isinstance(visit, Fact):
                session = asked.world.sessions[visit.key]
                at = [getattr(session, name) for name in names]
            else:
                at = [visit.text[name] for name in names]
            return (*at[:2], at[2] if titled else "")

        viewed: list[Counted] = [*asked.views(of_whole_sessions=True)]
        if not asked.by_page:
            viewed += asked.imported("hostname", "path", "title", by_page=True)
        seen = groups(viewed, page_key(titled=titled))
        total = len(asked.all_sessions()) + sum(one.sessions for one in all_sums)
        rows: list[Row] = []
        found: list[Counted] = [*asked.sessions(), *sums]
        for at, some in groups(found, key).items():
            if not found_by_search(asked, at[1]):
                continue
            views = seen.get(at, [])
            row: Row = dict(zip(("hostname", "path", "title"), at, strict=True))
            own, others = apart(views)
            sessions = len(keys(own)) + sum(one.sessions for one in others)
            row |= {"visitors": visitors(views), "sessions": sessions}
            own_ends, other_ends = apart(some)
            ends = len(own_ends) + sum(one.sessions for one in other_ends)
            row |= {count: ends, rate: divide(ends, total)}
            if prefix == "entry":
                row[TIME] = time_on_page(asked, own)
            rows.append(row)
        return in_order(asked, rows, count, ["hostname", "path", "title"])

    return report
