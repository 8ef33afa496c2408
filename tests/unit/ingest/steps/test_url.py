"""Hostname, path and query of the page (`rules.md` 1.5)."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hoofprint.ingest.steps.url import LONGEST, LONGEST_CACHED, STEP, parameters, parse_url
from hoofprint.ingest.text import HOSTNAME, PATH
from hoofprint.model.arrival import Kind

from .sample import ANY_TEXT, asked, done


def path_of(url: str) -> str:
    return str(done(STEP, asked(url=url))["path"])


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://example.com", "/"),
        ("https://example.com/", "/"),
        ("https://example.com?a=b", "/"),
        ("https://example.com#top", "/"),
        ("https://example.com/blog?a=b#c", "/blog"),
        ("https://example.com/Blog/Post", "/Blog/Post"),
        ("https://example.com/blog/", "/blog/"),
        ("https://example.com//a//b", "//a//b"),
        ("https://example.com/a/./b/../c", "/a/c"),
        ("https://example.com/%C3%BCber%20uns", "/über uns"),
        ("https://example.com/über uns", "/über uns"),
        ("https://example.com/%E6%97%A5%E6%9C%AC", "/日本"),
        ("https://example.com/a%2Fb%3Fc%23d", "/a/b?c#d"),
        ("https://example.com/a+b", "/a+b"),
        ("https://example.com/%2541", "/%41"),
        ("https://example.com/%ff", "/\ufffd"),
        ("https://example.com/%zz", "/%zz"),
        ("https://example.com/a%00b", "/ab"),
        ("https://example.com/" + "a" * 3000, "/" + "a" * 1999),
        ("https://example.com/" + "ü" * 3000, "/" + "ü" * 1999),
    ],
)
def test_the_path_is_percent_decoded_without_query_and_fragment(url: str, path: str) -> None:
    """Empty is `/`; case and trailing slash are kept; at most 2000 characters, cut silently."""
    assert path_of(url) == path


@pytest.mark.parametrize(
    ("url", "hostname"),
    [
        ("https://example.com/", "example.com"),
        ("HTTPS://Example.COM/", "example.com"),
        ("https://example.com:8443/", "example.com"),
        ("https://www.example.com/", "www.example.com"),
        ("https://example.com./", "example.com"),
        ("https://user:password@example.com/", "example.com"),
        ("https://münchen.de/", "xn--mnchen-3ya.de"),
        ("https://xn--mnchen-3ya.de/", "xn--mnchen-3ya.de"),
        ("http://localhost:3000/", "localhost"),
        ("http://127.0.0.1/", "127.0.0.1"),
        ("http://[::1]:8080/", "[::1]"),
        ("  https://example.com/  ", "example.com"),
    ],
)
def test_the_hostname_is_in_lower_case_and_has_no_port(url: str, hostname: str) -> None:
    """An international one is spelled as in urls, which is how domains store theirs."""
    assert done(STEP, asked(url=url))["hostname"] == hostname


NO_URLS = (
    "/page page //example.com/ ftp://example.com/ file:///etc http:// http://.. http://[::1/"
    " https://example.com:99999/ about:blank http://%00/"
)


@pytest.mark.parametrize("url", [*NO_URLS.split(), "http://a b/"])
def test_what_is_no_absolute_http_url_has_no_parts(url: str) -> None:
    assert parse_url(url) is None
    assert done(STEP, asked(url=url)) == {"hostname": "", "path": "", "query": {}}


def test_a_url_past_all_bounds_is_none() -> None:
    start = "https://example.com/?"
    assert parse_url(start + "a" * (LONGEST - len(start))) is not None
    assert parse_url(start + "a" * LONGEST) is None


@pytest.mark.parametrize("length", [LONGEST_CACHED - 1, LONGEST_CACHED, LONGEST_CACHED + 1])
def test_a_long_url_is_read_like_a_short_one(length: int) -> None:
    url = "https://example.com/page?b=c&a=".ljust(length, "x")
    found = done(STEP, asked(url=url))
    assert (found["hostname"], found["path"]) == ("example.com", "/page")
    assert found["query"]["b"] == "c"


def test_a_keep_alive_needs_no_url() -> None:
    found = done(STEP, asked(Kind.KEEP_ALIVE, url=None))
    assert found == {"hostname": "", "path": "", "query": {}}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {}),
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("a=1&a=2", {"a": "1"}),
        ("UTM_Source=News", {"utm_source": "News"}),
        ("a=b+c%20d%C3%BC", {"a": "b c dü"}),
        ("a=&b", {}),
        ("a=&a=2", {"a": "2"}),
        ("a=%ff", {"a": "\ufffd"}),
        ("a=1;b=2", {"a": "1;b=2"}),
    ],
)
def test_of_a_parameter_the_first_value_counts_and_case_of_names_does_not(
    query: str, expected: dict[str, str]
) -> None:
    assert parameters(query) == expected


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=300))
def test_any_path_comes_back_as_it_was_before_it_was_encoded(text: str) -> None:
    assert path_of(f"https://example.com/p{quote(text, safe='')}") == f"/p{text}"


@given(st.from_regex(r"[A-Za-z0-9.-]{1,20}", fullmatch=True), ANY_TEXT)
def test_a_hostname_is_read_the_same_from_what_was_read(host: str, rest: str) -> None:
    found = parse_url(f"https://{host}/{rest}")
    if found is not None:
        again = parse_url(f"https://{found.hostname}/")
        assert again is not None
        assert again.hostname == found.hostname


@given(ANY_TEXT | ANY_TEXT.map("https://example.com/".__add__) | ANY_TEXT.map("http://".__add__))
@example("https://example.com/\ud800")
def test_no_text_is_too_strange_for_a_url(text: str) -> None:
    found = done(STEP, asked(url=text))
    assert len(found["path"]) <= PATH
    assert len(found["hostname"]) <= HOSTNAME
    parsed = parse_url(text)
    if parsed is not None:
        assert parsed.path.startswith("/")
        assert parsed.hostname == parsed.hostname.lower() != ""
