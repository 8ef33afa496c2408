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
LONGEST_KEY = 4096
"""Up to so many characters of what steps look at, their outcome is remembered."""


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
        remembered("page", (url.STEP, referrer.STEP, utm.STEP, channel.STEP), _page),
        remembered("browser", (old_browser.STEP, bot.STEP, user_agent.STEP), _browser),
        remembered("where", (ip.STEP, place.step(sources.geo)), _where),
        remembered("manner", (language.STEP, screen.STEP), _manner),
        tags.STEP,
        visitor.step(sources.identify),
    )


def _short(*texts: str | None) -> bool:
    """Whether a few thousand of them do not fill the memory."""
    return sum(len(text) for text in texts if text) <= LONGEST_KEY


def _page(request: Request) -> Key | None:
    hit, domain = request.hit, request.domain
    key = (hit.url, hit.referrer, hit.disable_bot_filter, domain.hostname, domain.hostnames)
    return key if _short(hit.url, hit.referrer) else None


def _browser(request: Request) -> Key | None:
    hit = request.hit
    hints = (hit.sec_ch_ua, hit.sec_ch_ua_platform)
    more = (hit.sec_ch_ua_platform_version, hit.sec_ch_ua_mobile)
    key = (hit.user_agent, hit.disable_bot_filter, *hints, *more)
    return key if _short(hit.user_agent, *hints, *more) else None


def _where(request: Request) -> Key | None:
    ip = request.hit.ip
    return (ip,) if _short(ip) else None


def _manner(request: Request) -> Key | None:
    hit = request.hit
    widths = (hit.screen_width, hit.sec_ch_width, hit.sec_ch_viewport_width)
    return (hit.accept_language, *widths) if _short(hit.accept_language, *widths[1:]) else None


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
