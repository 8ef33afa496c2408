"""Views: a period and filters that somebody has saved under a name (`api.md`, Managing Views)."""

from __future__ import annotations

from hoofprint.management.access import Action
from hoofprint.management.resource import Columns, Field, Kind, Resource, Sent
from hoofprint.records.tables import ViewRecord
from hoofprint.records.tables.resources import NAME_LENGTH

_DATE = 40
_LARGEST_ID = 2**53 - 1
FILTERS = (
    *("path", "entry_path", "exit_path", "pattern", "language", "country", "city"),
    *("referrer", "referrer_name", "os", "browser", "platform", "screen_class"),
    *("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"),
    *("event", "event_meta_key", "event_meta_value", "tag", "tag_key", "tag_value"),
)
LATER = ("hostname", "region", "os_version", "browser_version", "channel")
"""Filters that later versions of the API have."""

_PERIOD = (
    Field("from", longest=_DATE, null=True),
    Field("to", longest=_DATE, null=True),
    Field("from_time", longest=_DATE, null=True),
    Field("to_time", longest=_DATE, null=True),
    Field("period", Kind.WHOLE, null=True),
    Field("compare", one_of=("previous", "year", "custom"), null=True),
    Field("compare_from", longest=_DATE, null=True),
    Field("compare_to", longest=_DATE, null=True),
    Field("compare_weekday", Kind.FLAG),
)
_KEPT = (
    *_PERIOD,
    *(Field(name, Kind.TEXTS, longest=2000, null=True) for name in FILTERS),
    Field("visitor_id", Kind.WHOLE, most=_LARGEST_ID, null=True),
    Field("session_id", Kind.WHOLE, most=2**32 - 1, null=True),
    *(Field(name, Kind.TEXTS, longest=2000, null=True) for name in LATER),
)


def _columns(sent: Sent) -> list[Columns]:
    kept = {field.name: sent.values[field.name] for field in _KEPT}
    return [{"name": sent.values["name"], "definition": kept}]


VIEWS = Resource(
    name="view",
    plural="views",
    path="/api/v1/view",
    record=ViewRecord,
    fields=(Field("name", required=True, longest=NAME_LENGTH), *_KEPT),
    shown=("user_id", "name", *(field.name for field in _KEPT)),
    columns=_columns,
    inside="definition",
    personal=True,
    searched=("name",),
    read=Action.READ_VIEWS,
    change=Action.CHANGE_VIEWS,
)
