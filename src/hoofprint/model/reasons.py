"""Why a request was dropped: the closed set of `rules.md` 1.4, in the order the rules are tried."""

from __future__ import annotations

from enum import StrEnum


class DropReason(StrEnum):
    """Every way in which a well-formed, authorised request does not become a fact."""

    PREFETCH = "prefetch"
    USER_AGENT = "user_agent"
    """The user agent is empty, too short, too long, not ASCII, an IP address or a UUID."""
    REFERRER_SPAM = "referrer_spam"
    OLD_BROWSER = "old_browser"
    BOT = "bot"
    DATA_CENTRE = "data_centre"
    FILTER_IP = "filter_ip"
    FILTER_COUNTRY = "filter_country"
    FILTER_PAGE = "filter_page"
    FILTER_HOSTNAME = "filter_hostname"
    DO_NOT_TRACK = "do_not_track"
    PAGE_VIEW_LIMIT = "page_view_limit"
    NO_SESSION = "no_session"
    """A keep-alive that found no running session: there was nothing to keep alive."""
