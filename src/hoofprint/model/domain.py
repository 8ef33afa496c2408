"""A domain as collection and statistics see it: a frozen copy of its record."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from hoofprint.model.imported import ImportedDays


class Domain(Struct, frozen=True):
    """One measured site. `id` is its public 10-character id and the key of its facts.

    `hostnames` are the alternative hostnames (lower case, `*` wildcards allowed), `hostname` the
    main one. `timezone` is an IANA name. `imported` says which imported statistics count, up to
    `statistics_start`, the first local day with facts of its own.
    """

    id: str
    hostname: str
    timezone: str = "UTC"
    identification_code: str = ""
    hostnames: tuple[str, ...] = ()
    public: bool = False
    group_by_title: bool = False
    active_visitors_seconds: int = 600
    disable_scripts: bool = False
    statistics_start: date | None = None
    imported: tuple[ImportedDays, ...] = ()
