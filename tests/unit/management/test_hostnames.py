from __future__ import annotations

import pytest

from hoofprint.management.hostnames import HostIndex, matches, read_hostname, read_pattern
from hoofprint.model.domain import Domain


def domain(hostname: str, *alternatives: str, name: str = "d") -> Domain:
    return Domain(id=name, hostname=hostname, hostnames=alternatives)


@pytest.mark.parametrize(
    ("pattern", "hostname", "fits"),
    [
        ("example.com", "example.com", True),
        ("example.com", "EXAMPLE.com", True),
        ("example.com", "www.example.com", True),
        ("www.example.com", "example.com", True),
        ("www.example.com", "www.example.com", True),
        ("example.com", "example.com.", True),
        ("example.com", "shop.example.com", False),
        ("example.com", "example.com.evil.org", False),
        ("example.com", "notexample.com", False),
        ("example.com", "", False),
        ("*.example.com", "shop.example.com", True),
        ("*.example.com", "a.b.example.com", True),
        ("*.example.com", "www.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "notexample.com", False),
        ("*.EXAMPLE.com", "Shop.example.COM", True),
        ("www.*.com", "example.com", True),
        ("shop*.example.com", "shop.example.com", True),
        ("shop*.example.com", "shop-eu.example.com", True),
        ("shop.*", "shop.example.com", True),
        ("a*b*c.com", "axxbyyc.com", True),
        ("a*b*c.com", "acc.com", False),
        ("ab*ba.com", "aba.com", False),
        ("*", "anything.example", True),
        ("*", "", False),
        ("e.ample.com", "example.com", False),
    ],
)
def test_a_hostname_fits_an_alternative_one(pattern: str, hostname: str, fits: bool) -> None:
    assert matches(domain("main.test", pattern), hostname) is fits
    if "*" not in pattern:
        assert matches(domain(pattern), hostname) is fits
    found = HostIndex([domain("main.test", pattern)]).find(hostname)
    assert (found is not None) is fits


def test_many_wildcards_take_no_time_to_refuse() -> None:
    """With a regular expression this would not end before the universe does."""
    assert not matches(domain("main.test", "*a" * 100 + "b"), "a" * 2000)


def test_main_hostnames_beat_alternatives_and_these_beat_wildcards() -> None:
    wild = domain("one.test", "*.example.com", name="wild")
    named = domain("two.test", "shop.example.com", name="named")
    main = domain("shop.example.com", name="main")
    assert HostIndex([wild, named, main]).find("shop.example.com") == main
    assert HostIndex([wild, named]).find("www.shop.example.com") == named
    assert HostIndex([wild]).find("shop.example.com") == wild


def test_of_domains_with_the_same_hostname_the_first_is_taken() -> None:
    first, second = domain("example.com", name="1"), domain("example.com", name="2")
    assert HostIndex([first, second]).find("example.com") == first


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("example.com", "example.com"),
        (" Example.COM. ", "example.com"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("my_host.internal", "my_host.internal"),
        ("https://example.com", None),
        ("example.com/path", None),
        ("example.com:8080", None),
        ("exa mple.com", None),
        ("-example.com", None),
        ("example..com", None),
        ("*.example.com", None),
        ("", None),
        (".", None),
        ("a" * 64 + ".com", None),
        ("a." * 126 + "toolong", None),
        ("exam\0ple.com", None),
    ],
)
def test_a_typed_hostname_is_read_or_refused(typed: str, read: str | None) -> None:
    assert read_hostname(typed) == read


def test_an_alternative_hostname_may_hold_wildcards() -> None:
    assert read_pattern("*.Example.com") == "*.example.com"
    assert read_pattern("*.exa mple.com") is None
