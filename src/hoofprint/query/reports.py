"""Every statistic, declared: a route, what it is grouped by, what it counts."""

from __future__ import annotations

from hoofprint.query import dimensions as d
from hoofprint.query.breakdown import breakdown
from hoofprint.query.calendar import HOUR, MINUTE, WEEKDAY, Cycle
from hoofprint.query.custom import FIELDS as CUSTOM
from hoofprint.query.filters import Base
from hoofprint.query.report import Report
from hoofprint.query.series import by_cycle, by_time, total
from hoofprint.query.special.active import active
from hoofprint.query.special.durations import page_durations, session_durations
from hoofprint.query.special.event_pages import event_pages
from hoofprint.query.special.events import event_list, event_metadata, events
from hoofprint.query.special.funnels import funnel
from hoofprint.query.special.goals import goals
from hoofprint.query.special.growth import growth
from hoofprint.query.special.keywords import keywords
from hoofprint.query.special.options import metadata, metadata_keys, options, tag_keys, tag_values
from hoofprint.query.special.overview import overview
from hoofprint.query.special.pages import TIME, entry_pages, exit_pages, pages
from hoofprint.query.special.places import places
from hoofprint.query.special.platforms import platforms
from hoofprint.query.special.referrers import referrers
from hoofprint.query.special.sessions import session_details, session_list
from hoofprint.query.special.tags import tag_details, tags

COUNTS = ("visitors", "views", "sessions", "bounces")
VISITS = (*COUNTS, "bounce_rate", "cr")
TOTALS = (*VISITS, *CUSTOM)
SHARES = ("visitors", "relative_visitors")
HOSTS = (*COUNTS, "relative_visitors", "relative_views", "bounce_rate")
BUCKETS = ("day", "week", "month", "year")
PAGE = ("hostname", "path", "title")
SESSION = (
    *("visitor_id", "session_id", "time", "start", "duration_seconds", "entry_path", "exit_path"),
    *("page_views", "is_bounce", "entry_title", "exit_title", "language", "country_code", "city"),
    *("referrer", "referrer_name", "referrer_icon", "os", "os_version"),
    *("browser", "browser_version", "desktop", "mobile", "screen_class"),
    *("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "extended"),
)
GOAL = (
    *("id", "def_time", "mod_time", "domain_id", "name", "path_pattern", "pattern"),
    *("event_name", "event_meta_key", "event_meta_value"),
    *("custom_metric_key", "custom_metric_type", "tags"),
    *("visitor_goal", "cr_goal", "custom_metric_total_goal", "custom_metric_avg_goal"),
    *("delete_reached", "email_reached"),
)
"""What rows about goals may be sorted by, beside their numbers."""
GOAL_METRICS = ("visitors", "views", "cr")
GROWTH = (
    *("visitors_growth", "views_growth", "sessions_growth", "bounces_growth"),
    *("time_spent_growth", "cr_growth", "custom_metric_avg_growth", "custom_metric_total_growth"),
)
TAGGED = ("visitors", "views", "relative_visitors", "relative_views")
OVERVIEW = (
    *("visitors", "views", "visitor_growth", "visitors_growth", "views_growth"),
    *("visitors_time_series", "member"),
)


def _share(route: str, summary: str, *keys: d.Dimension, export: str) -> Report:
    """Visitors by an attribute of the visit."""
    fields = (*SHARES, *(key.field for key in keys))
    return Report(route, summary, breakdown, keys, SHARES, fields, export=export)


def _clock(route: str, summary: str, *cycles: Cycle, metrics: tuple[str, ...] = TOTALS) -> Report:
    """Page views by what local clocks show."""
    return Report(
        *(route, summary, by_cycle), cycles=cycles, metrics=metrics, by_page=True, is_list=False
    )


def _options(name: str, key: d.Dimension, base: Base | None = None) -> Report:
    """The values of a filter."""
    return Report(
        *(f"/options/{name}", f"Values of the filter {key.name}", options, (key,)),
        base=base,
        is_list=False,
    )


OPTIONS: tuple[Report, ...] = (
    _options("hostname", d.HOSTNAME, Base.PAGE_VIEWS),
    _options("page", d.PATH, Base.PAGE_VIEWS),
    _options("referrer", d.REFERRER),
    _options("referrer/name", d.REFERRER_NAME),
    _options("event", d.EVENT_NAME, Base.EVENTS),
    _options("country", d.COUNTRY),
    _options("region", d.REGION),
    _options("city", d.CITY),
    _options("language", d.LANGUAGE),
    _options("browser", d.BROWSER),
    _options("os", d.OS),
    _options("channel", d.CHANNEL),
    _options("utm/source", d.UTM_SOURCE),
    _options("utm/medium", d.UTM_MEDIUM),
    _options("utm/campaign", d.UTM_CAMPAIGN),
    _options("utm/content", d.UTM_CONTENT),
    _options("utm/term", d.UTM_TERM),
    Report(
        *("/options/tag", "Keys of tags", tag_keys),
        base=Base.PAGE_VIEWS,
        is_list=False,
    ),
    Report(
        *("/options/tag/value", "Values of a tag", tag_values),
        base=Base.PAGE_VIEWS,
        single=("tag",),
        is_list=False,
    ),
    Report(
        *("/options/metadata", "Values of a key of metadata, or the keys", metadata),
        base=Base.EVENTS,
        is_list=False,
    ),
    Report(
        *("/options/metadata/keys", "Keys of metadata", metadata_keys),
        base=Base.EVENTS,
        is_list=False,
    ),
)
"""What filters can be given (`api.md`, Filter Options)."""

REPORTS: tuple[Report, ...] = (
    *OPTIONS,
    Report("/total", "Totals of the period", total, metrics=TOTALS, is_list=False),
    Report(
        *("/visitor", "Visitors over time", by_time),
        metrics=TOTALS,
        fields=(*BUCKETS, *TOTALS),
        is_list=False,
        export="visitors",
    ),
    Report(
        *("/duration/session", "Duration of sessions over time", session_durations),
        fields=(*BUCKETS, TIME),
        is_list=False,
        export="session_duration",
    ),
    Report(
        *("/duration/page", "Time on page over time", page_durations),
        fields=(*BUCKETS, "path", TIME),
        is_list=False,
    ),
    _clock("/hours", "Visitors by hour of the day", HOUR),
    _clock("/minutes", "Visitors by minute of the hour", MINUTE),
    _clock("/weekdays", "Visitors by weekday and hour", WEEKDAY, HOUR, metrics=COUNTS),
    Report(
        *("/overview", "The last seven days", overview),
        metrics=TOTALS,
        fields=OVERVIEW,
        is_list=False,
        at_any_time=True,
        of_domain=True,
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
    Report(
        *("/event/list", "Events by all of their metadata", event_list),
        metrics=("visitors", "count"),
        fields=("name", "meta", "visitors", "count"),
        base=Base.EVENTS,
        order="count",
        search=d.EVENT_NAME,
    ),
    Report(
        *("/event/page", "Pages on which an event happened", event_pages, (), HOSTS),
        fields=(*PAGE, *HOSTS, TIME),
        needs=("event",),
    ),
    Report(
        *("/goals", "Conversion goals", goals),
        metrics=GOAL_METRICS,
        fields=("page_goal", "stats"),
        sortable=(*GOAL, *GOAL_METRICS),
        about="goals",
        export="conversion_goals",
    ),
    Report(
        *("/platform", "Kinds of devices", platforms),
        fields=tuple(
            f"{kind}platform_{name}"
            for kind in ("", "relative_")
            for name in ("desktop", "mobile", "unknown")
        ),
        is_list=False,
        export="platform",
    ),
    Report(
        *("/tags", "Keys of tags", tags),
        metrics=TAGGED,
        fields=("key", *TAGGED),
        by_page=True,
        export="tags",
    ),
    Report(
        *("/tag/details", "Values of a tag", tag_details),
        metrics=TAGGED,
        fields=("key", "value", *TAGGED),
        by_page=True,
        single=("tag",),
    ),
    Report(
        *("/keywords", "What people searched for", keywords),
        fields=("keys", "clicks", "impressions", "ctr", "position"),
        order="clicks",
    ),
    Report(
        *("/funnel", "A funnel", funnel),
        fields=("definition", "data"),
        needs=("funnel_id",),
        is_list=False,
        about="funnel",
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
