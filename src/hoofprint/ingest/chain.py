"""The steps in their order, and the arrival they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

from msgspec import Struct

from hoofprint.ingest.geo import GeoReader
from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Facts, Pipe, Step
from hoofprint.ingest.remember import Key, remembered
from hoofprint.ingest.steps import (
    bot,
    channel,
    ip,
    language,
    old_browser,
    place,
    prefetch,
    referrer,
    screen,
    tags,
    url,
    user_agent,
    user_agent_shape,
    utm,
    visitor,
)
from hoofprint.ingest.text import EVENT_NAME, TITLE, cut
from hoofprint.model.arrival import Arrival, Kind, Visit

LONGEST_DURATION = 2**32 - 1
VISITORS = 16_384
"""A busy half hour's visitors; what is remembered of one takes 800 bytes."""


class Sources(Struct, frozen=True):
    """What the steps use that is not pure, or costs to load.

    `identify` gives the visitor id of (time, address, user agent, domain id), `draw` a random
    unsigned 32-bit number.
    """

    identify: visitor.Identify
    draw: Callable[[], int]
    geo: GeoReader


def steps(sources: Sources) -> tuple[Step, ...]:
    """All steps; the order of those that drop is the order of `DropReason`.

    What depends on the same few fields of a request is one step whose outcome is remembered, and
    what is found out about a visitor is remembered as a whole too.
    """
    return (
        prefetch.STEP,
        user_agent_shape.STEP,
        remembered("page", (url.STEP,), _page),
        remembered(
            "source",
            (referrer.STEP, utm.STEP, channel.STEP),
            _source,
            needs=("hostname", "query"),
        ),
        remembered("who", _about_the_visitor(sources.geo), _who, VISITORS),
        tags.STEP,
        visitor.step(sources.identify),
    )


def _about_the_visitor(geo: GeoReader) -> tuple[Step, ...]:
    return (
        remembered("browser", (old_browser.STEP, bot.STEP, user_agent.STEP), _browser),
        ip.STEP,
        place.step(geo),
        remembered("manner", (language.STEP, screen.STEP), _manner),
    )


def _who(request: Request) -> Key:
    hit = request.hit
    return (
        hit.ip,
        hit.user_agent,
        hit.disable_bot_filter,
        hit.sec_ch_ua,
        hit.sec_ch_ua_platform,
        hit.sec_ch_ua_platform_version,
        hit.sec_ch_ua_mobile,
        hit.accept_language,
        hit.screen_width,
        hit.sec_ch_width,
        hit.sec_ch_viewport_width,
    )


def _page(request: Request) -> Key:
    return (request.hit.url,)


def _source(request: Request, hostname: str, query: Mapping[str, str]) -> Key:
    hit, domain = request.hit, request.domain
    own = domain.hostname, domain.hostnames
    if not query:
        return hit.referrer, hit.disable_bot_filter, hostname, own
    return hit.referrer, hit.disable_bot_filter, hostname, own, *chain(*query.items())


def _browser(request: Request) -> Key:
    hit = request.hit
    return (
        hit.user_agent,
        hit.disable_bot_filter,
        hit.sec_ch_ua,
        hit.sec_ch_ua_platform,
        hit.sec_ch_ua_platform_version,
        hit.sec_ch_ua_mobile,
    )


def _manner(request: Request) -> Key:
    hit = request.hit
    return (
        hit.accept_language,
        hit.screen_width,
        hit.sec_ch_width,
        hit.sec_ch_viewport_width,
    )


VISIT = Visit.__struct_fields__
NEEDED = (
    *VISIT,
    *("hostname", "path", "visitor_id", "previous_visitor_id"),
    *("tag_keys", "tag_values", "meta_keys", "meta_values"),
)


def standard_pipe(sources: Sources) -> Pipe:
    """The pipe of a running server."""
    draw = sources.draw

    def finish(request: Request, facts: Facts) -> Arrival:
        hit = request.hit
        kind = request.kind
        is_event = kind is Kind.EVENT
        hostname, path, visitor, previous, tag_keys, tag_values, meta_keys, meta_values = facts[
            len(VISIT) :
        ]
        return Arrival(
            kind,
            request.domain.id,
            request.time,
            visitor,
            previous,
            draw(),
            hostname,
            path,
            cut(hit.title, TITLE),
            Visit(*facts[: len(VISIT)]),
            tag_keys,
            tag_values,
            cut((hit.event_name or "").strip(), EVENT_NAME) if is_event else "",
            _duration(hit.event_duration) if is_event else 0,
            meta_keys,
            meta_values,
            bool(hit.non_interactive),
        )

    return Pipe(steps(sources), finish, NEEDED)


def _duration(seconds: float | None) -> int:
    """Whole seconds, 0 for none or nonsense."""
    if seconds is None or not 0 < seconds <= LONGEST_DURATION:
        return 0
    return int(seconds)
