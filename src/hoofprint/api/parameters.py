"""What each query parameter of the statistics means, and which of them a report takes.

The parameters are read by `params.py`, `id` and `access` by `management/access.py`; a test compares
what they read with what is described here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from hoofprint.api.params import FILTERS, MOST_OFFSET, MOST_ROWS, MOST_SECONDS
from hoofprint.query.custom import FIELDS as CUSTOM
from hoofprint.query.question import Scale
from hoofprint.query.report import Report
from hoofprint.query.special.growth import growth
from hoofprint.query.special.pages import TIME

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
DAY: Schema = {"type": "string", "format": "date"}
CLOCK: Schema = {"type": "string", "pattern": r"^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"}
FLAG: Schema = {"type": "boolean", "default": False}
TEXTS: Schema = {"type": "array", "items": TEXT}
BITS: Schema = {"type": "string", "pattern": r"^\d{1,20}$"}

OPERATORS: tuple[tuple[str, str], ...] = (
    ("", "equals"),
    ("!", "does not equal"),
    ("~", "contains, ignoring case"),
    ("^", "does not contain, ignoring case"),
)
"""The first character of a filter's value, and how the rest is compared (`rules.md` 2.3)."""

COMBINING = (
    "Repeat the parameter to give several values. Of the values without an operator and those with "
    "`~` one has to hold, of those with `!` and `^` every one. Different parameters all have to "
    "hold. The value `null` stands for the empty value."
)


class Parameter(Struct, frozen=True):
    """One query parameter: its name, what it means, and what its values look like."""

    name: str
    about: str
    schema: Schema = field(default_factory=lambda: TEXT)
    example: Any = None

    def described(self, *, required: bool = False) -> Schema:
        """The parameter as OpenAPI has it."""
        about = self.about
        if self.name in FILTERS:
            about += " " + operators_in_words()
        elif self.name.endswith("*"):
            about += " A value may begin with an operator, as in the other filters."
        found: Schema = {"name": self.name, "in": "query", "description": about}
        if self.schema.get("type") in {"array", "object"}:
            found |= {"style": "form", "explode": True}
        if self.example is not None:
            found["example"] = self.example
        return found | {"required": required, "schema": self.schema}


def operators_in_words() -> str:
    """How the values of a filter are compared, in one sentence for each operator."""
    words = "; ".join(f"`{sign}` {word}" for sign, word in OPERATORS if sign)
    return f"A value may begin with an operator: {words}; without one it equals."


def _filter(name: str, about: str, example: str) -> Parameter:
    return Parameter(name, about, TEXTS, [example])


def _by_key(prefix: str, about: str, example: Mapping[str, str]) -> Parameter:
    """Parameters whose names end with a key."""
    names = {"pattern": f"^{prefix}."}
    schema = {"type": "object", "propertyNames": names, "additionalProperties": TEXT}
    return Parameter(f"{prefix}*", about, schema, dict(example))


ASKED: tuple[Parameter, ...] = (
    Parameter("id", "The id of the domain.", example="A5kgYzK14m"),
    Parameter("access", "The code of an access link of the domain, instead of a token."),
)
DATES: tuple[Parameter, ...] = (
    Parameter(
        "from",
        "The first day, in the time zone of the question. Required unless `start` is set. Of a "
        "full timestamp only the date counts. If it is after `to`, the two are swapped.",
        DAY,
        "2026-05-01",
    ),
    Parameter("to", "The last day, which counts, too. Required like `from`.", DAY, "2026-05-31"),
    Parameter(
        "from_time",
        "The time at which the period begins. Counts only if `from` and `to` are the same day.",
        CLOCK,
        "12:34",
    ),
    Parameter(
        "to_time",
        "The last minute of the period, which counts as a whole. Counts only if `from` and `to` "
        "are the same day.",
        CLOCK,
        "15:07",
    ),
    Parameter(
        "tz",
        "The time zone of the days and times, by its IANA name. The domain's own if not set.",
        example="Europe/Berlin",
    ),
)
START = Parameter(
    "start",
    f"Ask about the last seconds, at most {MOST_SECONDS}, instead of days. `from` and `to` are "
    "ignored then. 0 is not set.",
    {"type": "integer", "minimum": 0, "maximum": MOST_SECONDS},
    600,
)
FILTERING: tuple[Parameter, ...] = (
    _filter("path", "The path of a page view.", "/pricing"),
    _filter("entry_path", "The path of the session's first page view.", "/"),
    _filter("exit_path", "The path of the session's last page view.", "/thanks"),
    _filter("hostname", "The hostname of the page, in lower case.", "example.com"),
    _filter("event", "The name of an event that happened in the session.", "Sign up"),
    _filter("event_meta_key", "A key in the metadata of the event. Needs `event`.", "plan"),
    _filter("tag", "A key among the tags of the page view.", "author"),
    _filter("language", "The visitor's language (ISO 639-1).", "en"),
    _filter("country", "The visitor's country (ISO 3166-1 alpha-2).", "jp"),
    _filter("region", "The visitor's region.", "Bavaria"),
    _filter("city", "The visitor's city.", "London"),
    _filter("referrer", "The address from which the visit came.", "https://news.example/a"),
    _filter("referrer_name", "The name of the site from which the visit came.", "Google"),
    _filter("channel", "The marketing channel of the visit.", "Organic Search"),
    _filter("os", "The operating system.", "Windows"),
    _filter("os_version", "The version of the operating system.", "11"),
    _filter("browser", "The browser.", "Firefox"),
    _filter("browser_version", "The version of the browser.", "140.0"),
    _filter(
        "platform", "The kind of device: `desktop` or `mobile`; all else is unknown.", "desktop"
    ),
    _filter("screen_class", "The class of the screen's width, such as `XL`.", "XL"),
    _filter("utm_source", "The campaign parameter `utm_source`.", "Newsletter"),
    _filter("utm_medium", "The campaign parameter `utm_medium`.", "email"),
    _filter("utm_campaign", "The campaign parameter `utm_campaign`.", "Summer Sale"),
    _filter("utm_content", "The campaign parameter `utm_content`.", "Header"),
    _filter("utm_term", "The campaign parameter `utm_term`.", "analytics"),
    Parameter(
        "pattern",
        "A regular expression (RE2) that matches somewhere in the path of a page view, of an "
        "event's page if `event` is set; with `!` in front it must not. Ignored if `path` is set.",
        TEXTS,
        ["(?i)^/blog/[^/]+$"],
    ),
    _by_key("tag_", "The value of a tag of the page view, by its key.", {"tag_author": "John"}),
    _by_key(
        "meta_",
        "A value in the metadata of the event, by its key. Needs `event`; all values have to be on "
        "the same event.",
        {"meta_plan": "pro"},
    ),
    Parameter(
        "visitor_id", "The visitor of one session. Counts only with `session_id`.", BITS, "301"
    ),
    Parameter("session_id", "One session. Counts only with `visitor_id`.", BITS, "3"),
)
SCALE = Parameter(
    "scale",
    "What a row of the series spans. A week begins on Monday.",
    {"type": "string", "enum": list(Scale), "default": "day"},
)
METRIC: tuple[Parameter, ...] = (
    Parameter(
        "custom_metric_key",
        "The key in the metadata of events whose numbers are averaged and summed. Needs `event` "
        "and `custom_metric_type`.",
        example="amount",
    ),
    Parameter(
        "custom_metric_type",
        "Which values are numbers: with `integer` only whole ones; all others count as 0.",
        {"type": "string", "enum": ["integer", "float"]},
    ),
)
SEARCH = Parameter(
    "search",
    "Keep the rows whose main field contains this, ignoring case. Languages and countries are "
    "found by their exact code.",
    example="blog",
)
SORTING: tuple[Parameter, ...] = (
    Parameter("sort", "The field by which the rows are sorted.", example="visitors"),
    Parameter(
        "direction",
        "Whether rows are sorted in ascending or descending order.",
        {"type": "string", "enum": ["asc", "desc"]},
    ),
)
CUT: tuple[Parameter, ...] = (
    Parameter(
        "limit",
        f"At most so many rows; more than {MOST_ROWS} count as {MOST_ROWS}, and so does 0.",
        {"type": "integer", "minimum": 0, "default": MOST_ROWS},
    ),
    Parameter(
        "offset",
        "So many rows are left out at the beginning.",
        {"type": "integer", "minimum": 0, "maximum": MOST_OFFSET, "default": 0},
    ),
)
WITH_TIME = Parameter(
    "include_avg_time_on_page", f"Fill `{TIME}`, which is 0 otherwise.", FLAG, example=True
)
WITH_TITLE = Parameter(
    "include_title", "A row for each title of a page, as the domain's setting has it.", FLAG
)
FUNNEL_ID = Parameter("funnel_id", "The id of the funnel.")
WITH_FILTER = Parameter(
    "apply_filter", "Whether the filters count: they restrict the first step.", FLAG
)

PARAMETERS: Mapping[str, Parameter] = {
    parameter.name: parameter
    for parameter in (
        *(*ASKED, *DATES, START, *FILTERING, SCALE, *METRIC, SEARCH, *SORTING, *CUT),
        *(WITH_TIME, WITH_TITLE, FUNNEL_ID, WITH_FILTER),
    )
}
"""All of them by name; that of a family which ends with a key ends with `*`."""

UNSEARCHED = frozenset({"/session/list", "/keywords"})
"""Lists without a main field."""
OPTIONS = "/options/"
OF_EVENTS = {
    OPTIONS + "metadata": ("event", "event_meta_key"),
    OPTIONS + "metadata/keys": ("event",),
}
"""The only filters that count for the values of filters."""


def required_by(report: Report) -> tuple[str, ...]:
    """The parameters without which a report is not answered, whatever else is set."""
    return ("id", *report.needs, *report.single)


def taken_by(report: Report) -> tuple[str, ...]:
    """The parameters that count for a report.

    A period is read and checked everywhere, but not every report looks at it.
    """
    if report.of_domain:
        return _names(*ASKED)
    if report.at_any_time:
        return _names(*ASKED, START, *FILTERING, *CUT)
    asked = _names(*ASKED, *DATES, START)
    if report.route.startswith(OPTIONS):
        return (*asked, *OF_EVENTS.get(report.route, report.single), *_names(SEARCH))
    return (*asked, *_names(*FILTERING), *_of_shape(report))


def _of_shape(report: Report) -> tuple[str, ...]:
    """The parameters that depend on what a report answers."""
    chosen: list[Parameter] = []
    if Scale.WEEK in report.wire:
        chosen.append(SCALE)
    if set(CUSTOM) <= set(report.metrics) or report.run is growth:
        chosen += METRIC
    if report.is_list:
        chosen += [*SORTING, *CUT]
        if report.route not in UNSEARCHED:
            chosen.append(SEARCH)
        if TIME in report.wire:
            chosen.append(WITH_TIME)
        if "title" in report.wire:
            chosen.append(WITH_TITLE)
    if report.about == "funnel":
        chosen += [FUNNEL_ID, WITH_FILTER]
    return _names(*chosen)


def _names(*parameters: Parameter) -> tuple[str, ...]:
    return tuple(parameter.name for parameter in parameters)
