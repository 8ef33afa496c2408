"""Every statistic, declared: a route, what it is grouped by, what it counts."""

from __future__ import annotations

from hoofprint.query import dimensions as d
from hoofprint.query.breakdown import breakdown
from hoofprint.query.filters import Base
from hoofprint.query.report import Report
from hoofprint.query.series import by_hour, by_time, total
from hoofprint.query.special.active import active
from hoofprint.query.special.events import event_metadata, events
from hoofprint.query.special.growth import growth
from hoofprint.query.special.pages import TIME, entry_pages, exit_pages, pages
from hoofprint.query.special.places import places
from hoofprint.query.special.referrers import referrers
from hoofprint.query.special.sessions import session_details, session_list

VISITS = ("visitors", "views", "sessions", "bounces", "bounce_rate", "cr")
SHARES = ("visitors", "relative_visitors")
HOSTS = (
    *("visitors", "views", "sessions", "bounces"),
    *("relative_visitors", "relative_views", "bounce_rate"),
)
PAGE = ("hostname", "path", "title")
SESSION = (
    *("visitor_id", "session_id", "time", "start", "duration_seconds", "entry_path", "exit_path"),
    *("page_views", "is_bounce", "entry_title", "exit_title", "language", "country_code", "city"),
    *("referrer", "referrer_name", "referrer_icon", "os", "os_version"),
    *("browser", "browser_version", "desktop", "mobile", "screen_class"),
    *("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "extended"),
)
GROWTH = (
    *("visitors_growth", "views_growth", "sessions_growth", "bounces_growth"),
    *("time_spent_growth", "cr_growth", "custom_metric_avg_growth", "custom_metric_total_growth"),
)


def _share(route: str, summary: str, *keys: d.Dimension, export: str) -> Report:
    """Visitors by an attribute of the visit."""
    fields = (*SHARES, *(key.field for key in keys))
    return Report(route, summary, breakdown, keys, SHARES, fields, export=export)


REPORTS: tuple[Report, ...] = (
    Report("/total", "Totals of the period", total, metrics=VISITS, is_list=False),
    Report(
        *("/visitor", "Visitors over time", by_time),
        metrics=VISITS,
        is_list=False,
        export="visitors",
    ),
    Report(
        "/hours",
        "Visitors by hour of the day",
        by_hour,
        metrics=VISITS,
        by_page=True,
        is_list=False,
    ),
    Report(
        *("/growth", "Change to the period before", growth),
        fields=GROWTH,
        is_list=False,
        export="growth",
    ),
    Report(
        *("/active", "Active visitors", active),
        fields=("stats", "countries", "visitors"),
        is_list=False,
        at_any_time=True,
    ),
    Report("/hostname", "Hostnames", breakdown, (d.HOSTNAME,), HOSTS, export="hostname"),
    Report(
        *("/page", "Pages", pages, (d.HOSTNAME, d.PATH), HOSTS, (*PAGE, *HOSTS, TIME)),
        by_page=True,
        search=d.PATH,
        export="pages",
    ),
    Report(
        *("/page/entry", "Entry pages", entry_pages, (d.PATH,), ()),
        fields=(*PAGE, "visitors", "sessions", "entries", "entry_rate", TIME),
        order="entries",
        export="entry_pages",
    ),
    Report(
        *("/page/exit", "Exit pages", exit_pages, (d.PATH,), ()),
        fields=(*PAGE, "visitors", "sessions", "exits", "exit_rate"),
        order="exits",
        export="exit_pages",
    ),
    Report(
        *("/referrer", "Referrers", referrers, (d.REFERRER_NAME,)),
        metrics=("visitors", "sessions", "relative_visitors", "bounces", "bounce_rate"),
        fields=(
            *("referrer", "referrer_name", "referrer_icon", "visitors", "sessions"),
            *("relative_visitors", "bounces", "bounce_rate"),
        ),
        export="referrer",
    ),
    _share("/country", "Countries", d.COUNTRY, export="country"),
    Report(
        *("/region", "Regions", places, (d.COUNTRY, d.REGION), SHARES),
        search=d.REGION,
        export="region",
    ),
    Report(
        *("/city", "Cities", places, (d.COUNTRY, d.REGION, d.CITY), SHARES),
        search=d.CITY,
        export="city",
    ),
    _share("/language", "Languages", d.LANGUAGE, export="languages"),
    _share("/browser", "Browsers", d.BROWSER, export="browser"),
    _share(
        "/browser/version",
        "Browser versions",
        d.BROWSER,
        d.BROWSER_VERSION,
        export="browser_version",
    ),
    _share("/os", "Operating systems", d.OS, export="os"),
    _share("/os/version", "Versions of operating systems", d.OS, d.OS_VERSION, export="os_version"),
    _share("/screen", "Screen classes", d.SCREEN_CLASS, export="screen"),
    _share("/channel", "Channels", d.CHANNEL, export="channel"),
    _share("/utm/source", "UTM sources", d.UTM_SOURCE, export="utm"),
    _share("/utm/medium", "UTM mediums", d.UTM_MEDIUM, export="utm"),
    _share("/utm/campaign", "UTM campaigns", d.UTM_CAMPAIGN, export="utm"),
    _share("/utm/content", "UTM contents", d.UTM_CONTENT, export="utm"),
    _share("/utm/term", "UTM terms", d.UTM_TERM, export="utm"),
    Report(
        *("/events", "Events", events, (d.EVENT_NAME,)),
        fields=(
            "name",
            "count",
            "visitors",
            "views",
            "cr",
            "average_duration_seconds",
            "meta_keys",
        ),
        base=Base.EVENTS,
        order="count",
        export="events",
    ),
    Report(
        *("/event/meta", "Values of an event's metadata", event_metadata, (d.EVENT_NAME,)),
        fields=(
            "name",
            "count",
            "visitors",
            "views",
            "cr",
            "average_duration_seconds",
            "meta_value",
        ),
        base=Base.EVENTS,
        needs=("event", "event_meta_key"),
        order="count",
    ),
    Report("/session/list", "Sessions", session_list, fields=SESSION, order="time", ascending=True),
    Report(
        *("/session/details", "What happened in a session", session_details),
        fields=("page_view", "event"),
        needs=("visitor_id", "session_id"),
        is_list=False,
    ),
)
"""All of them; routes are below `/api/v1/statistics`."""
