"""Which address a snippet request is counted under (rules.md 1.5)."""

from __future__ import annotations

import pytest

from hoofprint.api.client_ip import client_ip
from hoofprint.errors import SettingsError

PROXY = "10.0.0.2"
PUBLIC = "81.2.69.142"


def scope(peer: str | None, **headers: str) -> dict[str, object]:
    return {
        "client": None if peer is None else (peer, 4711),
        "headers": [(n.replace("_", "-").encode(), v.encode()) for n, v in headers.items()],
    }


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"cf_connecting_ip": PUBLIC}, PUBLIC),
        ({"true_client_ip": PUBLIC}, PUBLIC),
        ({"x_real_ip": PUBLIC}, PUBLIC),
        ({"x_forwarded_for": f"9.9.9.9, {PUBLIC}"}, PUBLIC),
        ({"x_forwarded_for": f"9.9.9.9, {PUBLIC}, 192.168.1.1, 10.0.0.9"}, PUBLIC),
        ({"x_forwarded_for": f"{PUBLIC}:4711"}, PUBLIC),
        ({"forwarded": f'for=9.9.9.9;proto=http, for="{PUBLIC}:80";by=10.0.0.1'}, PUBLIC),
        ({"forwarded": 'for="[2a02:2e0::1]:4711"'}, "2a02:2e0::1"),
        ({"forwarded": "for=_hidden, for=unknown"}, PROXY),
        ({"x_forwarded_for": "::ffff:81.2.69.142"}, PUBLIC),
        ({"x_forwarded_for": "2a02:2e0::1"}, "2a02:2e0::1"),
        ({"x_forwarded_for": "203.0.113.7"}, "203.0.113.7"),
        ({"cf_connecting_ip": "10.1.1.1", "x_real_ip": PUBLIC}, PUBLIC),
        ({"cf_connecting_ip": PUBLIC, "x_forwarded_for": "9.9.9.9"}, PUBLIC),
        ({"x_forwarded_for": "9.9.9.9", "forwarded": f"for={PUBLIC}"}, "9.9.9.9"),
        ({"x_forwarded_for": "not an address"}, PROXY),
        ({"x_forwarded_for": "127.0.0.1, 169.254.1.1, 100.64.1.1, fd00::1, ::1"}, PROXY),
        ({}, PROXY),
    ],
)
def test_a_trusted_proxy_vouches_for_the_first_public_address(
    headers: dict[str, str], found: str
) -> None:
    assert client_ip(["10.0.0.0/8"])(scope(PROXY, **headers)) == found


@pytest.mark.parametrize("trusted", [[], ["10.0.0.3"], ["fd00::/8"], ["192.168.0.0/16"]])
def test_nobody_else_can_forge_an_address(trusted: list[str]) -> None:
    request = scope(PROXY, x_forwarded_for=PUBLIC, cf_connecting_ip=PUBLIC)
    assert client_ip(trusted)(request) == PROXY


def test_a_proxy_may_be_named_by_its_address() -> None:
    assert client_ip([PROXY])(scope(PROXY, x_real_ip=PUBLIC)) == PUBLIC


def test_headers_that_come_twice_are_one_list() -> None:
    request = {
        "client": (PROXY, 1),
        "headers": [(b"x-forwarded-for", b"9.9.9.9"), (b"x-forwarded-for", PUBLIC.encode())],
    }
    assert client_ip([PROXY])(request) == PUBLIC


def test_a_unix_socket_has_no_peer() -> None:
    assert client_ip([])(scope(None)) == ""


def test_an_unusable_setting_is_refused_at_start() -> None:
    with pytest.raises(SettingsError, match="trusted_proxies: proxy"):
        client_ip(["proxy.local"])
