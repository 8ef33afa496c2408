"""The SQL that somebody would write by hand for each question; its parameters are bound as ours."""

from __future__ import annotations

from collections.abc import Mapping

_VIEWS = """domain_id = {id:String}
    AND time >= toDateTime({from:String}, {tz:String})
    AND time < toDateTime(toString(toDate({to:String}) + 1), {tz:String})"""
_SESSIONS = (
    _VIEWS
    + """
    AND start >= toDateTime({from:String}, {tz:String}) - INTERVAL 2 HOUR
    AND start < toDateTime(toString(toDate({to:String}) + 1), {tz:String})"""
)
_VISITS = """uniqExact(visitor_id) AS visitors, sum(page_views) AS views, count() AS sessions,
    countIf(is_bounce = 1) AS bounces"""
_ALL = f"SELECT uniqExact(visitor_id) FROM sessions FINAL WHERE {_SESSIONS}"
_ALL_VIEWS = f"SELECT uniqExact(visitor_id), count() FROM page_views WHERE {_VIEWS}"
_BOUNCES = f"""uniqExactIf((visitor_id, session_id), (visitor_id, session_id) IN (
    SELECT visitor_id, session_id FROM sessions FINAL WHERE {_SESSIONS} AND is_bounce = 1))"""


def _share(*columns: str) -> tuple[str, ...]:
    """Visitors by columns of the visit, beside all visitors."""
    keys = ", ".join(columns)
    return (
        f"""SELECT {keys}, uniqExact(visitor_id) AS visitors FROM sessions FINAL
        WHERE {_SESSIONS} GROUP BY {keys} ORDER BY visitors DESC, {keys} LIMIT 100""",
        _ALL,
    )


def _edge(prefix: str) -> tuple[str, ...]:
    ends = f"""SELECT {prefix}_hostname AS hostname, {prefix}_path AS path, count() AS ends
        FROM sessions FINAL WHERE {_SESSIONS} GROUP BY hostname, path"""
    return (
        f"""SELECT * FROM ({ends} ORDER BY ends DESC, hostname, path LIMIT 100) AS e LEFT JOIN (
            SELECT hostname, path, uniqExact(visitor_id), uniqExact((visitor_id, session_id))
            FROM page_views WHERE {_VIEWS} AND (hostname, path) IN (
                SELECT hostname, path FROM ({ends} ORDER BY ends DESC, hostname, path LIMIT 100))
            GROUP BY hostname, path) AS v USING (hostname, path)
        ORDER BY ends DESC, hostname, path""",
        f"SELECT count() FROM sessions FINAL WHERE {_SESSIONS}",
    )


def _by_events(
    names: str, keys: str, where: str = "1", inner: str = "", outer: str = ""
) -> tuple[str, ...]:
    return (
        f"""SELECT {names}, sum(c) AS count, uniqExact(visitor_id), sum(page_views), sum(d) {outer}
        FROM (SELECT {keys}, visitor_id, session_id, count() AS c, sum(duration) AS d {inner}
            FROM events WHERE {_VIEWS} AND {where} GROUP BY {names}, visitor_id, session_id) AS e
        LEFT JOIN (SELECT visitor_id, session_id, page_views FROM sessions FINAL
            WHERE {_SESSIONS}) AS s USING (visitor_id, session_id)
        GROUP BY {names} ORDER BY count DESC, {names} LIMIT 100""",
        f"""SELECT uniqExact(visitor_id) FROM (SELECT visitor_id FROM page_views WHERE {_VIEWS}
            UNION ALL SELECT visitor_id FROM events WHERE {_VIEWS})""",
    )


_PLACE = "if(city = '', '', toString({0})) AS {0}_"
_TIME_ON_PAGE = f"""SELECT hostname, path, sum(least(following - at, 3600)), count() FROM (
    SELECT hostname, path, toUnixTimestamp(time) AS at, leadInFrame(toUnixTimestamp(time)) OVER (
        PARTITION BY visitor_id, session_id ORDER BY time, n
        ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS following
    FROM page_views WHERE {_VIEWS}) WHERE following > at GROUP BY hostname, path"""
_PAGES = f"""SELECT hostname, path, uniqExact(visitor_id) AS visitors, count(),
        uniqExact((visitor_id, session_id)), {_BOUNCES}
    FROM page_views WHERE {_VIEWS}
    GROUP BY hostname, path ORDER BY visitors DESC, hostname, path LIMIT 100"""

HANDWRITTEN: Mapping[str, tuple[str, ...]] = {
    "/total": (f"SELECT {_VISITS} FROM sessions FINAL WHERE {_SESSIONS}", _ALL),
    "/visitor": (
        f"""SELECT toDate(time, {{tz:String}}) AS day, {_VISITS} FROM sessions FINAL
        WHERE {_SESSIONS} GROUP BY day""",
    ),
    "/hours": (
        f"""SELECT toHour(time, {{tz:String}}) AS hour, uniqExact(visitor_id), count(),
            uniqExact((visitor_id, session_id)), {_BOUNCES}
        FROM page_views WHERE {_VIEWS} GROUP BY hour""",
    ),
    "/hostname": (
        f"""SELECT hostname, {_VISITS} FROM sessions FINAL WHERE {_SESSIONS}
        GROUP BY hostname ORDER BY visitors DESC, hostname LIMIT 100""",
        f"SELECT uniqExact(visitor_id), sum(page_views) FROM sessions FINAL WHERE {_SESSIONS}",
    ),
    "/page": (_PAGES, _ALL_VIEWS),
    "/page with time": (_PAGES, _ALL_VIEWS, _TIME_ON_PAGE),
    "/page/entry": _edge("entry"),
    "/page/exit": _edge("exit"),
    "/referrer": (
        f"""SELECT referrer_name, max(referrer), {_VISITS} FROM sessions FINAL WHERE {_SESSIONS}
        GROUP BY referrer_name ORDER BY visitors DESC, referrer_name LIMIT 100""",
        _ALL,
    ),
    "/country": _share("country"),
    "/region": (
        f"""SELECT {_PLACE.format("country")}, {_PLACE.format("region")},
            uniqExact(visitor_id) AS visitors
        FROM sessions FINAL WHERE {_SESSIONS} GROUP BY country_, region_
        ORDER BY visitors DESC, country_, region_ LIMIT 100""",
        _ALL,
    ),
    "/city": (
        f"""SELECT {_PLACE.format("country")}, {_PLACE.format("region")}, city,
            uniqExact(visitor_id) AS visitors
        FROM sessions FINAL WHERE {_SESSIONS} GROUP BY country_, region_, city
        ORDER BY visitors DESC, country_, region_, city LIMIT 100""",
        _ALL,
    ),
    "/language": _share("language"),
    "/browser": _share("browser"),
    "/browser/version": _share("browser", "browser_version"),
    "/os": _share("os"),
    "/os/version": _share("os", "os_version"),
    "/screen": _share("screen_class"),
    "/channel": _share("channel"),
    "/utm/source": _share("utm_source"),
    "/utm/medium": _share("utm_medium"),
    "/utm/campaign": _share("utm_campaign"),
    "/utm/content": _share("utm_content"),
    "/utm/term": _share("utm_term"),
    "/events": _by_events(
        "name",
        "name",
        inner=", groupUniqArrayArray(meta_keys) AS k",
        outer=", arraySort(groupUniqArrayArray(k))",
    ),
    "/event/meta": _by_events(
        "name, value",
        "name, meta_values[indexOf(meta_keys, 'plan')] AS value",
        where="name = 'Purchase' AND has(meta_keys, 'plan')",
    ),
    "/session/list": (
        f"""SELECT * FROM sessions FINAL WHERE {_SESSIONS}
        ORDER BY time, start, visitor_id, session_id LIMIT 100""",
    ),
    "/total path=": (
        f"""SELECT uniqExact(visitor_id), count(), uniqExact((visitor_id, session_id)), {_BOUNCES}
        FROM page_views WHERE {_VIEWS} AND path = '/page/7'""",
        f"SELECT uniqExact(visitor_id) FROM page_views WHERE {_VIEWS}",
    ),
    "/visitor country=": (
        f"""SELECT toDate(time, {{tz:String}}) AS day, {_VISITS} FROM sessions FINAL
        WHERE {_SESSIONS} AND country = 'de' GROUP BY day""",
        f"""SELECT toDate(time, {{tz:String}}) AS day, uniqExact(visitor_id) FROM sessions FINAL
        WHERE {_SESSIONS} GROUP BY day""",
    ),
}
"""Statements by the name of the question."""
