"""Path patterns (`rules.md` 2.4)."""

from __future__ import annotations

import pytest

from hoofprint.management.patterns import matches, problem_of, regex_of


@pytest.mark.parametrize(
    ("typed", "path", "fits"),
    [
        ("/blog", "/blog", True),
        ("/blog", "/BLOG", True),
        ("/blog", "/blog/", False),
        ("/blog", "/my/blog", False),
        ("/blog/*", "/blog/", True),
        ("/blog/*", "/blog/post", True),
        ("/blog/*", "/blog/post/2", False),
        ("/blog/**", "/blog/post/2", True),
        ("/blog/**", "/blog/", True),
        ("/blog/**", "/blog", False),
        ("/*/edit", "//edit", True),
        ("/a.b", "/axb", False),
        ("/a(b", "/a(b", True),
        ("^/blog", "/blog/post", True),
        ("^/blog", "/BLOG", False),
        ("(?i)log$", "/BLOG", True),
    ],
)
def test_a_star_stays_within_a_segment_and_two_do_not(typed: str, path: str, fits: bool) -> None:
    regex = regex_of(typed)
    assert problem_of(regex) == ""
    assert matches(regex, path) is fits


@pytest.mark.parametrize("regex", ["^(", "(?P<n>", "^a{2,1}", "^a\\1", "^" + "x" * 3000, "^\0"])
def test_what_is_no_regular_expression_is_told_why(regex: str) -> None:
    assert problem_of(regex)
