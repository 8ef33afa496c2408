"""What importers have in common: what they give, and how they read texts of others."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache

from msgspec import Struct

from hoofprint.model.imported import ImportedRow

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
MOST = 2**53
"""No count is larger: one that is was never counted."""
LONGEST = {"path": 2000, "title": 512, "referrer": 200}
LONGEST_OTHER = 200
"""So many characters of a value are kept."""
_COUNTRY = re.compile(r"[A-Za-z]{2}")
UNKNOWN = frozenset({"", "(not set)", "(none)", "(data not available)", "(not provided)", "zz"})
"""How others write that they know nothing, in lower case."""
DIRECT = frozenset({"(direct)", "direct", "direct / none"})

BROWSERS = {
    "Microsoft Edge": "Edge",
    "Mobile Safari": "Safari",
    "Safari (in-app)": "Safari",
    "Chrome Mobile": "Chrome",
    "Mobile Chrome": "Chrome",
    "Android Webview": "Chrome",
    "Firefox Mobile": "Firefox",
    "Mobile Firefox": "Firefox",
    "Internet Explorer": "IE",
    "Opera Mini": "Opera",
    "Opera Mobile": "Opera",
}
SYSTEMS = {
    "Macintosh": "Mac",
    "macOS": "Mac",
    "Mac OS X": "Mac",
    "OS X": "Mac",
    "GNU/Linux": "Linux",
    "Ubuntu": "Linux",
    "Fedora": "Linux",
    "iPadOS": "iOS",
    "Windows Phone": "Windows Mobile",
}
PLATFORMS = {
    **dict.fromkeys(("desktop", "laptop"), "desktop"),
    **dict.fromkeys(("mobile", "phone", "tablet", "smartphone"), "mobile"),
}
"""What others call what facts have another name for; the rest keeps its name."""


class Broken(Struct, frozen=True):
    """A row that can't be read: where it is, and why."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        where = self.file if not self.line else f"{self.file}, line {self.line}"
        return f"{where}: {self.why}"


Item = ImportedRow | Broken
"""What an importer makes of each row it reads."""


class Unreadable(ValueError):
    """A value of a row is not what its column should hold; the text says which and why."""


class Referrer(Struct, frozen=True):
    """Where somebody came from, as facts have it: an address and a name, either may be empty."""

    url: str
    name: str


class Naming(Struct, frozen=True):
    """How hits are named, so that imported rows get the same names.

    `referrer` reads an address, `channel` chooses by referrer, name, source, medium and campaign;
    `state` names a state of the US by its code.
    """

    referrer: Callable[[str], Referrer]
    channel: Callable[[str, str, str, str, str], str]
    state: Callable[[str], str]


class Site(Struct, frozen=True):
    """What an importer has to know: the hostname for what names none, and the names of things."""

    hostname: str
    naming: Naming


Columns = Mapping[str, str]
"""The texts of a row by the lower-case names of their columns."""


@lru_cache(4096)
def day_of(text: str) -> date:
    """The day of a date or a time, as it is written. Raises Unreadable."""
    try:
        day = datetime.fromisoformat(text.strip()).date()
    except ValueError:
        raise Unreadable(f"{_short(text)} is not a date") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Unreadable(f"{_short(text)} is not a day of this century")
    return day


def count(columns: Columns, *names: str) -> int:
    """The whole number in the first of these columns that is there, 0 without any.

    Raises Unreadable.
    """
    return round(number(columns, *names))


def number(columns: Columns, *names: str) -> float:
    """The number in the first of these columns that is there, 0 without any. Raises Unreadable."""
    name = next((name for name in names if name in columns), "")
    text = columns.get(name, "").strip()
    if not text:
        return 0
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found <= MOST:
        raise Unreadable(f"{name} is {_short(text)}, not a number of at least 0")
    return found


def value(columns: Columns, name: str, names: Mapping[str, str] | None = None) -> str:
    """The text in a column, under the name that facts have for it; unknown is empty."""
    text = " ".join(columns.get(name, "").replace("\0", "").split())
    if text.lower() in UNKNOWN:
        return ""
    return (names or {}).get(text, text)[:LONGEST_OTHER]


def path(columns: Columns, name: str) -> str:
    """A path without its query; it begins with a slash."""
    text = columns.get(name, "").replace("\0", "").strip()
    text = text.partition("?")[0].partition("#")[0]
    return ("" if text.startswith("/") else "/") + text[: LONGEST["path"]]


def platform(columns: Columns, name: str) -> str:
    """`desktop`, `mobile` or empty."""
    return PLATFORMS.get(value(columns, name).lower(), "")


def country(columns: Columns, name: str) -> str:
    """A country's code in lower case; what is no code is not known."""
    text = value(columns, name)
    return text.lower() if _COUNTRY.fullmatch(text) else ""


def source(columns: Columns, naming: Naming, url: str, name: str) -> tuple[str, ...]:
    """The values of a source: referrer, its name, the channel, and the five UTM values.

    `url` and `name` are the columns of a referrer's address and of its name.
    """
    given = value(columns, name)
    address = columns.get(url, "").strip()
    if given.lower() in DIRECT:
        given = ""
    if address.lower() in DIRECT | UNKNOWN:
        address = ""
    found = naming.referrer(address or given)
    named = found.name or given
    utm = [value(columns, f"utm_{part}") for part in ("source", "medium", "campaign")]
    rest = [value(columns, f"utm_{part}") for part in ("content", "term")]
    channel = naming.channel(found.url, named, *utm)
    return (found.url[: LONGEST["referrer"]], named, channel, *utm, *rest)


def _short(text: str) -> str:
    return repr(text.strip()[:40])
