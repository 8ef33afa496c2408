"""Path patterns become anchored regular expressions that ignore case (`rules.md` 2.4)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofprint.management.patterns import LONGEST_PATTERN, matches, mistake_in, regex_of


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        ("/blog", ["/blog", "/BLOG"], ["/blog/", "/a/blog", "/blogs"]),
        ("/blog/*", ["/blog/", "/blog/a"], ["/blog", "/blog/a/", "/blog/a/b"]),
        ("/blog/**", ["/blog/", "/blog/a", "/blog/a/b/"], ["/blog", "/a/blog/"]),
        ("/*/edit", ["//edit", "/a/edit"], ["/edit", "/a/b/edit"]),
        ("/**/edit", ["//edit", "/a/edit", "/a/b/edit"], ["/edit", "/a/edit/"]),
        ("/a*", ["/a", "/ab"], ["/a/b", "/b"]),
        ("/v1.0/(x)+[a]$", ["/v1.0/(x)+[a]$"], ["/v1x0/(x)+[a]$", "/v1.0/x"]),
        ("/é/*", ["/É/x"], ["/e/x"]),
        ("***", ["", "/", "/a/b"], []),
        ("^/a", ["/a", "/ab"], ["/A", "/b/a"]),
        ("(?i)^/a$", ["/a", "/A"], ["/ab"]),
        ("(?:x|y)", ["/x", "/a/y"], ["/z"]),
    ],
)
def test_a_pattern_fits_whole_paths(pattern: str, fits: list[str], fits_not: list[str]) -> None:
    regex = regex_of(pattern)
    assert mistake_in(regex) is None
    assert [path for path in fits if not matches(regex, path)] == []
    assert [path for path in fits_not if matches(regex, path)] == []


def test_the_regular_expression_is_readable() -> None:
    assert regex_of("/path/**") == "(?i)^/path/.*$"
    assert regex_of("/a.b/*/c") == r"(?i)^/a\.b/[^/]*/c$"
    assert regex_of("^/as it is") == "^/as it is"


def naive(pattern: str, path: str) -> bool:
    """Whether a pattern fits, by trying every length of every run."""
    if not pattern:
        return not path
    if pattern.startswith("**"):
        return any(naive(pattern[2:], path[i:]) for i in range(len(path) + 1))
    if pattern.startswith("*"):
        run = path.split("/", maxsplit=1)[0]
        return any(naive(pattern[1:], path[i:]) for i in range(len(run) + 1))
    return path[:1].lower() == pattern[0].lower() and naive(pattern[1:], path[1:])


@given(
    st.text("/aB*.", max_size=6).map("/{}".format), st.text("/ab.", max_size=6).map("/{}".format)
)
def test_a_pattern_means_what_a_naive_reader_takes_it_for(pattern: str, path: str) -> None:
    assert matches(regex_of(pattern), path) == naive(pattern, path)


@given(st.text(max_size=30).filter(lambda text: "\0" not in text and "*" not in text))
def test_every_other_text_is_taken_literally(text: str) -> None:
    regex = regex_of("/" + text)
    assert mistake_in(regex) is None
    assert matches(regex, "/" + text) or re.search(r"[\ud800-\udfff]", text)


@pytest.mark.parametrize(
    ("regex", "mistake"),
    [
        ("^/(a", "is not a regular expression (RE2): missing ): ^/(a"),
        ("^a(?=b)", "is not a regular expression (RE2): invalid perl operator: (?="),
        ("^\0", f"must have at most {LONGEST_PATTERN} characters, none NUL"),
        ("^" + "a" * LONGEST_PATTERN, f"must have at most {LONGEST_PATTERN} characters, none NUL"),
    ],
)
def test_a_mistake_says_why(regex: str, mistake: str) -> None:
    assert mistake_in(regex) == mistake
