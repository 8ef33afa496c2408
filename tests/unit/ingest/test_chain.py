"""The whole pipe: the order of the drops (`rules.md` 1.4), and the arrival (1.1, 1.2, 1.5)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hoofprint.ingest import text as limits
from hoofprint.ingest.chain import LONGEST_DURATION, NEEDED, Sources, standard_pipe, steps
from hoofprint.ingest.geo import GeoReader
from hoofprint.ingest.hit import Hit, Request
from hoofprint.ingest.pipe import Pipe, WrongOrder
from hoofprint.model.arrival import Arrival, Dropped, Kind, Visit
from hoofprint.model.reasons import DropReason

from .steps.agents import CURRENT
from .steps.sample import (
    ANY_TEXT,
    CHROME,
    DOMAIN,
    NOON,
    PIPE,
    arrived,
    asked,
    dropped,
    hit,
    identify,
)

STEPS = steps(Sources(identify, lambda: 7, GeoReader({})))
ALL = set(DropReason)
LATER = {
    DropReason.DATA_CENTRE,
    DropReason.FILTER_IP,
    DropReason.FILTER_COUNTRY,
    DropReason.FILTER_PAGE,
    DropReason.FILTER_HOSTNAME,
    DropReason.DO_NOT_TRACK,
    DropReason.PAGE_VIEW_LIMIT,
    DropReason.NO_SESSION,
}
OLD_BOT = CHROME.replace("138", "60") + " Chrome-Lighthouse"
"""A browser that is too old and says that it is a bot."""

FAULTS: dict[DropReason, dict[str, Any]] = {
    DropReason.PREFETCH: {"headers": {"x-moz": "prefetch"}},
    DropReason.USER_AGENT: {"user_agent": "short"},
    DropReason.REFERRER_SPAM: {"referrer": "https://semalt.com/"},
    DropReason.OLD_BROWSER: {"user_agent": OLD_BOT},
    DropReason.BOT: {"user_agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
}
"""One fault for each reason that a step gives, in the order of the rules."""


def test_the_faults_are_the_reasons_of_the_steps_in_the_order_of_the_rules() -> None:
    assert list(FAULTS) == [reason for reason in DropReason if reason not in LATER]


@pytest.mark.parametrize("why", FAULTS)
def test_a_fault_drops_the_request_and_leaves_only_domain_time_and_reason(why: DropReason) -> None:
    assert PIPE.refine(asked(**FAULTS[why])) == Dropped(DOMAIN.id, NOON, why)


@pytest.mark.parametrize(("first", "second"), list(pairwise(FAULTS)))
def test_of_two_faults_the_one_earlier_in_the_rules_counts(
    first: DropReason, second: DropReason
) -> None:
    """Where both are in the user agent, one text has both."""
    assert dropped(asked(**(FAULTS[second] | FAULTS[first]))) is first


def test_a_request_with_every_fault_falls_to_them_one_after_the_other() -> None:
    fields: dict[str, Any] = {}
    for why in reversed(FAULTS):
        fields |= FAULTS[why]
        assert dropped(asked(**fields)) is why


@pytest.mark.parametrize("why", [w for w in FAULTS if w is not DropReason.PREFETCH])
def test_disable_bot_filter_skips_every_rule_about_bots(why: DropReason) -> None:
    assert dropped(asked(**FAULTS[why], disable_bot_filter=True)) is None


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("why", FAULTS)
def test_the_rules_hold_for_hits_events_and_keep_alives(kind: Kind, why: DropReason) -> None:
    assert dropped(asked(kind, **FAULTS[why])) is why


@pytest.mark.parametrize("name", CURRENT)
def test_no_browser_of_today_is_dropped(name: str) -> None:
    assert dropped(asked(user_agent=CURRENT[name].text)) is None


@pytest.mark.parametrize("missing", [i for i, step in enumerate(STEPS) if step.gives])
def test_a_step_that_is_missing_or_doubled_makes_no_pipe(missing: int) -> None:
    without = [*STEPS[:missing], *STEPS[missing + 1 :]]
    for wrong in (without, [*STEPS, STEPS[missing]]):
        with pytest.raises(WrongOrder):
            Pipe(wrong, lambda *_: pytest.fail("no pipe"), NEEDED)


def test_a_hit_becomes_an_arrival() -> None:
    found = arrived(
        asked(
            url="https://Shop.example.org:8443/B%C3%BCcher/?utm_source=News&utm_medium=email"
            "&utm_campaign=Sale&utm_content=Top&utm_term=Books#top",
            accept_language="de-CH,de;q=0.9",
            title="Bücher",
            referrer="https://www.google.com/search?q=books",
            screen_width=1920,
            tags={"author": "Ann", "pages": 300},
            event_name="not an event",
            event_meta={"not": "an event"},
            event_duration=7,
        )
    )
    assert found == Arrival(
        kind=Kind.HIT,
        domain_id=DOMAIN.id,
        time=NOON,
        visitor_id=identify(NOON, "8.8.8.8", CHROME, DOMAIN.id),
        previous_visitor_id=0,
        session_id=7,
        hostname="shop.example.org",
        path="/Bücher/",
        title="Bücher",
        visit=Visit(
            language="de",
            referrer="https://www.google.com/search",
            referrer_name="Google",
            os="Windows",
            os_version="10",
            browser="Chrome",
            browser_version="138.0",
            platform="desktop",
            screen_class="Full HD",
            utm_source="News",
            utm_medium="email",
            utm_campaign="Sale",
            utm_content="Top",
            utm_term="Books",
            channel="Organic Search",
        ),
        tag_keys=["author", "pages"],
        tag_values=["Ann", "300"],
    )


def test_an_event_has_a_name_a_duration_and_metadata() -> None:
    found = arrived(
        asked(
            Kind.EVENT,
            event_name="  Signup ",
            event_duration=12.9,
            event_meta={"plan": "Pro"},
            tags={"author": "Ann"},
            non_interactive=True,
        )
    )
    assert (found.event_name, found.event_duration, found.non_interactive) == ("Signup", 12, True)
    assert (found.meta_keys, found.meta_values) == (["plan", "author"], ["Pro", "Ann"])
    assert (found.tag_keys, found.tag_values) == (["author"], ["Ann"])
    assert found.path == "/page"


def test_a_keep_alive_needs_neither_url_nor_name() -> None:
    found = arrived(asked(Kind.KEEP_ALIVE, url=None))
    assert (found.kind, found.hostname, found.path, found.event_name) == (2, "", "", "")
    assert found.visitor_id == arrived(asked()).visitor_id


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        (None, 0),
        (0, 0),
        (-5, 0),
        (0.9, 0),
        (90, 90),
        (float("nan"), 0),
        (float("inf"), 0),
        (LONGEST_DURATION, LONGEST_DURATION),
        (LONGEST_DURATION + 1, 0),
    ],
)
def test_an_events_duration_is_in_whole_seconds(duration: float | None, seconds: int) -> None:
    found = arrived(asked(Kind.EVENT, event_name="e", event_duration=duration))
    assert found.event_duration == seconds


def test_title_and_event_name_are_cut() -> None:
    found = arrived(asked(Kind.EVENT, event_name="n" * 900, title="t" * 900))
    assert (len(found.title), len(found.event_name)) == (limits.TITLE, limits.EVENT_NAME)


@pytest.mark.parametrize("ip", ["8.8.8.8:1234", "10.0.0.1, 8.8.8.8", "::ffff:8.8.8.8"])
def test_a_visitor_is_the_same_behind_every_spelling_of_the_address(ip: str) -> None:
    assert arrived(asked(ip=ip)).visitor_id == arrived(asked(ip="8.8.8.8")).visitor_id


@pytest.mark.parametrize("kind", Kind)
def test_neither_address_nor_user_agent_nor_click_id_is_in_what_is_stored(kind: Kind) -> None:
    found = arrived(
        asked(
            kind,
            url="https://example.com/?gclid=Cj0KCQ&fbclid=IwAR0x&token=secret",
            referrer="https://www.google.com/?gclid=Cj0KCQ",
            ip="81.2.69.142",
            event_name="e",
        )
    )
    stored = msgspec.json.encode(found).decode()
    for secret in ("81.2.69.142", "Mozilla", "AppleWebKit", "Cj0KCQ", "IwAR0x", "secret"):
        assert secret not in stored
    assert found.visit.utm_medium == "(gclid)"
    assert found.visit.channel == "Paid Search"


def test_the_arrival_goes_to_the_spool_and_comes_back_the_same() -> None:
    found = arrived(asked(Kind.EVENT, event_name="e", tags={"a": "b"}, title="ü"))
    encoded = msgspec.msgpack.encode(found)
    assert msgspec.msgpack.decode(encoded, type=Arrival | Dropped) == found


PAIRS = st.none() | st.dictionaries(
    ANY_TEXT, ANY_TEXT | st.integers() | st.floats() | st.booleans() | st.none(), max_size=25
)
NUMBER = st.none() | st.integers() | st.floats()
SOME_TEXT = st.none() | ANY_TEXT
TEXTS = [n for n, t in Hit.__annotations__.items() if t == "str | None"]
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(TEXTS, SOME_TEXT),
    "url": SOME_TEXT | ANY_TEXT.map("https://example.com/".__add__),
    "user_agent": SOME_TEXT | st.sampled_from([agent.text for agent in CURRENT.values()]),
    "screen_width": NUMBER,
    "screen_height": NUMBER,
    "event_duration": NUMBER,
    "tags": PAIRS,
    "event_meta": PAIRS,
    "non_interactive": st.none() | st.booleans(),
    "disable_bot_filter": st.sampled_from([True, True, False, None]),
}
HITS = st.fixed_dictionaries(FIELDS).map(lambda fields: hit(**fields))
LIMITS = {
    "language": limits.LANGUAGE,
    "country": 2,
    "platform": 7,
    "screen_class": 7,
    "channel": 25,
    **dict.fromkeys(("os", "os_version", "browser", "browser_version"), limits.SYSTEM),
    **dict.fromkeys((n for n in Visit.__struct_fields__ if n.startswith("utm_")), limits.UTM),
    **dict.fromkeys(("referrer", "referrer_name"), limits.REFERRER),
    **dict.fromkeys(("region", "city"), 100),
}


def test_every_field_of_a_visit_has_a_limit_and_every_text_of_a_hit_is_tried() -> None:
    assert set(LIMITS) == set(Visit.__struct_fields__)
    assert {"url", "ip", "title", "referrer", "sec_ch_ua", "event_name"} <= set(TEXTS)


@given(st.sampled_from(Kind), HITS, st.integers(0, 2**32), st.dictionaries(ANY_TEXT, ANY_TEXT))
def test_no_request_is_too_strange_and_no_field_too_long(
    kind: Kind, strange: Hit, time: int, headers: dict[str, str]
) -> None:
    found = PIPE.refine(Request(kind, strange, DOMAIN, time, bool(headers), headers))
    msgspec.msgpack.encode(found)
    if isinstance(found, Dropped):
        assert found.reason in ALL - LATER
        return
    for name, longest in LIMITS.items():
        assert len(getattr(found.visit, name)) <= longest
    assert len(found.path) <= limits.PATH
    assert len(found.title) <= limits.TITLE
    assert len(found.hostname) <= limits.HOSTNAME
    assert len(found.event_name) <= limits.EVENT_NAME
    assert len(found.tag_keys) == len(found.tag_values) <= 20
    assert len(found.meta_keys) == len(found.meta_values) <= 20
    assert 0 < found.visitor_id < 2**53


@given(HITS)
@example(hit(**dict.fromkeys(TEXTS, "https://\ud800"), disable_bot_filter=True))
def test_the_same_request_becomes_the_same_arrival(strange: Hit) -> None:
    """A pipe is pure: what it saw before changes nothing, nor do its caches."""
    request = asked()
    request.hit = strange
    other = standard_pipe(Sources(identify, lambda: 7, GeoReader({})))
    assert PIPE.refine(request) == PIPE.refine(request) == other.refine(request)
