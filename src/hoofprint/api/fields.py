"""The fields of the statistics' answers: their JSON types, and what they mean (`rules.md` 2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

from hoofprint.query.report import Report, Row
from hoofprint.query.special.sessions import EVENT, PAGE_VIEW

Schema = dict[str, Any]


def text(about: str = "") -> Schema:
    """A string."""
    return _about({"type": "string"}, about)


def whole(about: str = "") -> Schema:
    """A whole number."""
    return _about({"type": "integer"}, about)


def number(about: str = "") -> Schema:
    """Any number."""
    return _about({"type": "number"}, about)


def flag(about: str = "") -> Schema:
    """True or false."""
    return _about({"type": "boolean"}, about)


def moment(about: str = "") -> Schema:
    """A time in UTC."""
    return _about({"type": "string", "format": "date-time"}, about)


def listed(items: Schema, about: str = "") -> Schema:
    """A list."""
    return _about({"type": "array", "items": items}, about)


def by_name(values: Schema, about: str = "") -> Schema:
    """An object whose keys are not known."""
    return _about({"type": "object", "additionalProperties": values}, about)


def record(
    fields: Mapping[str, Schema], about: str = "", required: tuple[str, ...] | None = None
) -> Schema:
    """An object with these fields; all of them are required unless said otherwise."""
    needed = tuple(fields) if required is None else required
    schema: Schema = {"type": "object", "properties": dict(fields)}
    return _about(schema | ({"required": list(needed)} if needed else {}), about)


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    return schema | {"type": [schema["type"], "null"]}


def _about(schema: Schema, about: str) -> Schema:
    return schema | ({"description": about} if about else {})


METRICS: Mapping[str, Schema] = {
    "visitors": whole("Distinct visitors."),
    "sessions": whole("Distinct sessions."),
    "views": whole("Page views: those that match, or all of the sessions that match."),
    "bounces": whole("Sessions that bounced."),
    "bounce_rate": number("`bounces` / `sessions`."),
    "cr": number("Conversion rate: `visitors` / all visitors of the period or bucket."),
    "relative_visitors": number("`visitors` / all visitors of the period."),
    "relative_views": number("`views` / all page views of the period."),
    "custom_metric_avg": number(
        "The average of the custom metric over the matching events; 0 without one."
    ),
    "custom_metric_total": number(
        "The sum of the custom metric over the matching events; 0 without one."
    ),
    "entries": whole("Sessions that began on the page."),
    "entry_rate": number("`entries` / all sessions of the period."),
    "exits": whole("Sessions that ended on the page."),
    "exit_rate": number("`exits` / all sessions of the period."),
    "count": whole("Events."),
    "average_time_spent_seconds": whole("The average time on the page, or of a session, above 0."),
    "average_duration_seconds": whole("The average duration of the events, rounded down."),
    "platform_desktop": whole("Visitors with a desktop device."),
    "platform_mobile": whole("Visitors with a mobile device."),
    "platform_unknown": whole("Visitors with another device, or one that is not known."),
    "relative_platform_desktop": number("`platform_desktop` / all visitors of the period."),
    "relative_platform_mobile": number("`platform_mobile` / all visitors of the period."),
    "relative_platform_unknown": number("`platform_unknown` / all visitors of the period."),
    "visitors_growth": number("Change of `visitors` to the period before, as a fraction of it."),
    "visitor_growth": number("The same as `visitors_growth`."),
    "views_growth": number("Change of `views`."),
    "sessions_growth": number("Change of `sessions`."),
    "bounces_growth": number("Change of `bounce_rate`."),
    "time_spent_growth": number(
        "Change of the time spent in all sessions, or on the filtered pages."
    ),
    "cr_growth": number("Change of `cr`."),
    "custom_metric_avg_growth": number("Change of `custom_metric_avg`."),
    "custom_metric_total_growth": number("Change of `custom_metric_total`."),
}
"""What is counted. A division by zero is 0; fractions are not rounded."""

_BUCKET = nullable(moment("The bucket's first day; null unless it is of this scale."))
_VISIT: Mapping[str, Schema] = {
    "language": text("ISO 639-1, in lower case."),
    "country_code": text("ISO 3166-1 alpha-2, in lower case."),
    "city": text(),
    "referrer": text("An address."),
    "referrer_name": text(),
    "referrer_icon": text("Always empty."),
    "os": text(),
    "os_version": text(),
    "browser": text(),
    "browser_version": text(),
    "desktop": flag(),
    "mobile": flag(),
    "screen_class": text(),
    **{f"utm_{name}": text() for name in ("source", "medium", "campaign", "content", "term")},
}
FIELDS: Mapping[str, Schema] = {
    **METRICS,
    **_VISIT,
    **dict.fromkeys(("day", "week", "month", "year"), _BUCKET),
    "hour": whole("0 to 23, local time."),
    "minute": whole("0 to 59."),
    "weekday": whole("Monday is 0."),
    "hostname": text(),
    "path": text(),
    "title": text("Empty unless pages are told apart by their titles."),
    "region": text(),
    "channel": text(),
    "name": text("The name of the event."),
    "meta_keys": listed(text(), "The keys in the metadata of the events, ascending."),
    "meta_value": text("A value of the key in `event_meta_key`."),
    "meta": by_name(text(), "The whole metadata."),
    "key": text("The key of the tag."),
    "value": text("The value of the tag."),
    "keys": listed(text()),
    "clicks": whole(),
    "impressions": whole(),
    "ctr": number(),
    "position": number(),
    "visitor_id": text("A whole number of up to 64 bits."),
    "session_id": whole(),
    "time": moment("The last activity."),
    "start": moment("The first activity."),
    "duration_seconds": whole(),
    "entry_path": text(),
    "exit_path": text(),
    "page_views": whole(),
    "is_bounce": flag(),
    "entry_title": text(),
    "exit_title": text(),
    "extended": whole("Keep-alives."),
    "member": whole("How many people the domain has."),
}
"""What is not said otherwise in `_NESTED`, by name. A text that is not known is empty."""


def shown(*names: str) -> Schema:
    """An object with these fields."""
    return record({name: FIELDS[name] for name in names})


OWNED: Mapping[str, Schema] = {
    "id": text(),
    "def_time": moment("When it was created."),
    "mod_time": moment("When it was changed last."),
}
"""What everything has that is stored for a domain."""
GOAL: Schema = record(
    {
        **OWNED,
        "domain_id": text(),
        "name": text(),
        "path_pattern": nullable(text("`*` is any run without a slash, `**` any run.")),
        "pattern": nullable(text("The regular expression that `path_pattern` becomes.")),
        "event_name": nullable(text()),
        "event_meta_key": nullable(text()),
        "event_meta_value": nullable(text()),
        "custom_metric_key": nullable(text()),
        "custom_metric_type": nullable(text("`integer`, `float` or null.")),
        "tags": by_name(text()),
        "visitor_goal": nullable(whole("Target of `visitors`.")),
        "cr_goal": nullable(number("Target of `cr`, in percent.")),
        "custom_metric_total_goal": nullable(number()),
        "custom_metric_avg_goal": nullable(number()),
        "delete_reached": flag("Whether the goal ends once it is reached."),
        "email_reached": flag("Whether a mail is sent once it is reached."),
    }
)
FILTER: Schema = {"type": "object", "description": "The filter of a step, by field."}
FUNNEL: Schema = record(
    {
        **OWNED,
        "domain_id": text(),
        "name": text(),
        "steps": listed(
            record(
                {
                    **OWNED,
                    "funnel_id": text(),
                    "name": text(),
                    "step": whole("Counts from 0."),
                    "filter": FILTER,
                }
            )
        ),
    }
)
_STEP: Mapping[str, Schema] = {
    "step": whole("Counts from 1."),
    "visitors": whole("Visitors who came to this step."),
    "relative_visitors": number("`visitors` / those of the first step."),
    "previous_visitors": whole("Visitors of the step before."),
    "relative_previous_visitors": number("`relative_visitors` of the step before."),
    "dropped": whole("Visitors of the step before who did not come."),
    "drop_off": number("`dropped` / `previous_visitors`."),
}


def _fact(names: tuple[str, ...]) -> Schema:
    """A page view or an event; desktop, mobile and the icon are told instead of the platform."""
    own = {
        name: listed(text()) if name.endswith(("_keys", "_values")) else FIELDS[name]
        for name in names
        if name != "platform"
    }
    return nullable(
        record({**own, **_VISIT} | {"time": moment(), "visitor_id": whole("Up to 64 bits.")})
    )


_NESTED: Mapping[tuple[str, str], Schema] = {
    ("/goals", "page_goal"): GOAL,
    ("/goals", "stats"): shown("visitors", "views", "cr"),
    ("/active", "stats"): listed(shown("hostname", "path", "visitors")),
    ("/active", "countries"): listed(shown("visitors", "relative_visitors", "country_code")),
    ("/funnel", "definition"): FUNNEL,
    ("/funnel", "data"): listed(record(_STEP)),
    ("/session/details", "page_view"): _fact(tuple(PAGE_VIEW)),
    ("/session/details", "event"): _fact(tuple(EVENT)),
}


def answer_schema(report: Report) -> Schema:
    """What a report answers."""
    returned = get_type_hints(report.run)["return"]
    if returned == list[str]:
        return listed(text())
    fields = {name: _field(report, name) for name in report.wire}
    return record(fields) if returned == Row else listed(record(fields))


def _field(report: Report, name: str) -> Schema:
    if name == "visitors_time_series":
        return listed(record({"day": moment(), **{m: METRICS[m] for m in report.metrics}}))
    return _NESTED.get((report.route, name)) or FIELDS[name]
