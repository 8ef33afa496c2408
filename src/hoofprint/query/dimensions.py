"""What facts can be grouped and filtered by."""

from __future__ import annotations

from msgspec import Struct

from hoofprint.query.plan import Column, Node


class Dimension(Struct, frozen=True):
    """An attribute of a visit or a page.

    `name` is the filter's name, `field` what answers call it, `column` where the facts keep it.
    `lower` marks values that are stored in lower case; `exact_search` those that `search` compares
    as a whole, `many` texts with hundreds of values and more.
    """

    name: str
    field: str
    column: str
    lower: bool = False
    exact_search: bool = False
    many: bool = False

    @property
    def node(self) -> Node:
        """The column."""
        return Column(self.column)


def _same(name: str, *, many: bool = False) -> Dimension:
    return Dimension(name, name, name, many=many)


PATH = _same("path", many=True)
TITLE = _same("title", many=True)
HOSTNAME = _same("hostname")
LANGUAGE = Dimension("language", "language", "language", lower=True, exact_search=True)
COUNTRY = Dimension("country", "country_code", "country", lower=True, exact_search=True)
REGION = _same("region", many=True)
CITY = _same("city", many=True)
REFERRER = _same("referrer", many=True)
REFERRER_NAME = _same("referrer_name", many=True)
OS = _same("os")
OS_VERSION = _same("os_version")
BROWSER = _same("browser")
BROWSER_VERSION = _same("browser_version")
PLATFORM = _same("platform")
SCREEN_CLASS = _same("screen_class")
UTM_SOURCE = _same("utm_source")
UTM_MEDIUM = _same("utm_medium")
UTM_CAMPAIGN = _same("utm_campaign")
UTM_CONTENT = _same("utm_content")
UTM_TERM = _same("utm_term")
CHANNEL = _same("channel")
EVENT_NAME = Dimension("event", "name", "name")

VISIT: tuple[Dimension, ...] = (
    *(LANGUAGE, COUNTRY, REGION, CITY, REFERRER, REFERRER_NAME),
    *(OS, OS_VERSION, BROWSER, BROWSER_VERSION, PLATFORM, SCREEN_CLASS),
    *(UTM_SOURCE, UTM_MEDIUM, UTM_CAMPAIGN, UTM_CONTENT, UTM_TERM, CHANNEL),
    HOSTNAME,
)
"""What stands on every row, so that its filter is the same on sessions, page views and events."""
