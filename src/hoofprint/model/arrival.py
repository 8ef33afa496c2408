"""What a collection request becomes once it has been refined: an arrival or a drop.

An arrival holds no IP address and no user agent text: it is what the spool writes to disk.
"""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct

from hoofprint.model.reasons import DropReason


class Kind(IntEnum):
    """What a collection request reports."""

    HIT = 0
    EVENT = 1
    KEEP_ALIVE = 2


class Visit(Struct, frozen=True, array_like=True, gc=False):
    """What a session keeps from its first request (`rules.md` 1.2); every unknown value is empty.

    `platform` is `desktop`, `mobile` or empty. The order of the fields is the order of the columns
    in the fact tables.
    """

    language: str = ""
    country: str = ""
    region: str = ""
    city: str = ""
    referrer: str = ""
    referrer_name: str = ""
    os: str = ""
    os_version: str = ""
    browser: str = ""
    browser_version: str = ""
    platform: str = ""
    screen_class: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_content: str = ""
    utm_term: str = ""
    channel: str = ""


class Arrival(Struct, frozen=True, array_like=True, tag="a", gc=False):
    """A refined hit, event or keep-alive that passed every stateless rule.

    `time` is in whole Unix seconds (UTC). `visitor_id` belongs to the UTC day of `time`;
    `previous_visitor_id` is the same visitor's id of the day before where a session of that day may
    still run (`time` - 30 min lies on it), else 0. `session_id` is a random number that becomes the
    session's id if this arrival starts one, so that a replay gives the same session.
    """

    kind: Kind
    domain_id: str
    time: int
    visitor_id: int
    previous_visitor_id: int
    session_id: int
    hostname: str
    path: str
    title: str
    visit: Visit
    tag_keys: list[str] = []
    tag_values: list[str] = []
    event_name: str = ""
    event_duration: int = 0
    meta_keys: list[str] = []
    meta_values: list[str] = []
    non_interactive: bool = False


class Dropped(Struct, frozen=True, array_like=True, tag="d", gc=False):
    """A request that a stateless rule dropped; it lives on only as a count in the ledger."""

    domain_id: str
    time: int
    reason: DropReason
