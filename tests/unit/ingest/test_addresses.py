"""IP addresses (`rules.md` 1.5): strip a port; of a list take the first public address."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofprint.ingest.addresses import LONGEST, address, client_address

V4 = "81.2.69.142"
V6 = "2a02:2e0:3fe:1001:302::"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (V4, V4),
        (f" {V4}\t", V4),
        (f"{V4}:54321", V4),
        (f'"{V4}:80"', V4),
        (V6, V6),
        (V6.upper(), V6),
        (f"[{V6}]", V6),
        (f"[{V6}]:443", V6),
        (f'"[{V6}]:443"', V6),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%eth0]:80", "fe80::1"),
        (f"::ffff:{V4}", V4),
        (f"[::ffff:{V4}]:80", V4),
        ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"),
    ],
)
def test_an_address_is_read_with_or_without_port_and_brackets(text: str, expected: str) -> None:
    assert str(address(text)) == expected


@pytest.mark.parametrize(
    "text", ["", " ", "unknown", "_hidden", "localhost", "1.2.3", "1.2.3.256", "01.2.3.4", ":80"]
)
def test_what_is_no_address_gives_none(text: str) -> None:
    assert address(text) is None
    assert client_address(text) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (V4, V4),
        (f"10.0.0.1, {V4}, 8.8.8.8", V4),
        (f"192.168.1.1,172.16.0.1:80,127.0.0.1,{V4}:1234", V4),
        (f"fd00::1, [{V6}]:80", V6),
        (f"unknown, , {V4}", V4),
        (f"{V6},{V4}", V6),
        ("10.0.0.1, 10.0.0.2", "10.0.0.1"),
        ("rubbish, 127.0.0.1", "127.0.0.1"),
    ],
)
def test_of_a_list_the_first_public_address_counts_else_the_first(text: str, expected: str) -> None:
    assert client_address(text) == expected


def test_a_list_without_end_is_looked_at_only_so_far() -> None:
    assert client_address("10.0.0.1," + " " * LONGEST + V4) == "10.0.0.1"


@given(st.ip_addresses(), st.integers(0, 65_535))
def test_a_port_changes_nothing(ip: ipaddress.IPv4Address, port: int) -> None:
    with_port = f"{ip}:{port}" if ip.version == 4 else f"[{ip}]:{port}"
    assert client_address(with_port) == client_address(str(ip))


@given(st.text())
def test_any_text_is_an_address_or_none(text: str) -> None:
    client_address(text)
    address(text)
