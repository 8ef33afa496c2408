"""The steps in their order, and the arrival they make."""

from __future__ import annotations

from collections.abc import Callable

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
ADDRESSES = 32_768
"""A busy hour's visitors; where an address is takes 400 bytes."""


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

    What depends on the same few fields of a request is one step whose outcome is remembered.
    """
    return (
        prefetch.STEP,
        user_agent_shape.STEP,
        remembered("page", (url.STEP,), _page),
        referrer.STEP,
        remembered("browser", (old_browser.STEP, bot.STEP, user_agent.STEP), _browser),
        remembered("where", (ip.STEP, place.step(sources.geo)), _where, ADDRESSES),
        remembered("manner", (language.STEP, screen.STEP), _manner),
        utm.STEP,
        channel.STEP,
        tags.STEP,
        visitor.step(sources.identify),
    )


def _page(request: Request) -> Key:
    return (request.hit.url,)


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


def _where(request: Request) -> Key:
    return (request.hit.ip,)


def _manner(request: Request) -> Key:
    hit = request.hit
    return (
        hit.accept_language,
        hit.screen_width,
        hit.sec_ch_width,
        hit.sec_ch_viewport_width,
    )


NEEDED = (
    *Visit.__struct_fields__,
    *("hostname", "path", "visitor_id", "previous_visitor_id"),
    *("tag_keys", "tag_values", "meta_keys", "meta_values"),
)


def standard_pipe(sources: Sources) -> Pipe:
    """The pipe of a running server."""
    draw = sources.draw

    def finish(request: Request, facts: Facts) -> Arrival:
        hit = request.hit
        is_event = request.kind is Kind.EVENT
        return Arrival(
            kind=request.kind,
            domain_id=request.domain.id,
            time=request.time,
            visitor_id=facts["visitor_id"],
            previous_visitor_id=facts["previous_visitor_id"],
            session_id=draw(),
            hostname=facts["hostname"],
            path=facts["path"],
            title=cut(hit.title, TITLE),
            visit=_visit(facts),
            tag_keys=facts["tag_keys"],
            tag_values=facts["tag_values"],
            event_name=cut((hit.event_name or "").strip(), EVENT_NAME) if is_event else "",
            event_duration=_duration(hit.event_duration) if is_event else 0,
            meta_keys=facts["meta_keys"],
            meta_values=facts["meta_values"],
            non_interactive=bool(hit.non_interactive),
        )

    return Pipe(steps(sources), finish, NEEDED)


def _visit(facts: Facts) -> Visit:
    return Visit(
        facts["language"],
        facts["country"],
        facts["region"],
        facts["city"],
        facts["referrer"],
        facts["referrer_name"],
        facts["os"],
        facts["os_version"],
        facts["browser"],
        facts["browser_version"],
        facts["platform"],
        facts["screen_class"],
        facts["utm_source"],
        facts["utm_medium"],
        facts["utm_campaign"],
        facts["utm_content"],
        facts["utm_term"],
        facts["channel"],
    )


def _duration(seconds: float | None) -> int:
    """Whole seconds, 0 for none or nonsense."""
    if seconds is None or not 0 < seconds <= LONGEST_DURATION:
        return 0
    return int(seconds)
