"""The visitor's address behind a snippet request (`rules.md` 1.5): the peer or its word.

Proxy headers count only when the peer is a configured trusted proxy; anybody else could forge them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_network

from hoofprint.api.asgi import Header, Scope
from hoofprint.errors import SettingsError
from hoofprint.ingest.addresses import address as read_address

V6 = 6
Address = IPv4Address | IPv6Address

PRIVATE = tuple(
    ip_network(text)
    for text in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)


def client_ip(trusted_proxies: Sequence[str]) -> Callable[[Scope], str]:
    """A function from a request's ASGI scope to the visitor's address ("" when there is none).

    `trusted_proxies` are addresses or CIDR networks. Raises SettingsError for anything else.
    """
    trusted = trusts(trusted_proxies)

    def find(scope: Scope) -> str:
        peer = peer_of(scope)
        if not trusted(peer):
            return peer
        return _vouched(scope["headers"]) or peer

    return find


def peer_of(scope: Scope) -> str:
    """The address that a request came from, empty if there is none."""
    client = scope.get("client")
    return client[0] if client else ""


def trusts(trusted_proxies: Sequence[str]) -> Callable[[str], bool]:
    """Whether an address is one of the proxies whose headers count.

    `trusted_proxies` are addresses or CIDR networks. Raises SettingsError for anything else.
    """
    networks = []
    for text in trusted_proxies:
        try:
            networks.append(ip_network(text, strict=False))
        except ValueError as error:
            raise SettingsError(f"trusted_proxies: {text} is no address or network") from error

    @lru_cache(maxsize=1024)
    def trusted(peer: str) -> bool:
        address = read_address(peer)
        return address is not None and any(
            address.version == network.version and address in network for network in networks
        )

    return trusted if networks else lambda _: False


def network_of(ip: str) -> str:
    """Whose an address is: itself, or the 64 bits of IPv6 that one subscriber has all of."""
    address = read_address(ip)
    if address is not None and address.version == V6:
        return str(ip_network((address, 64), strict=False))
    return ip if address is None else str(address)


def _vouched(headers: Iterable[Header]) -> str:
    """The first public address of the known headers, in the order of their precedence."""
    values: dict[bytes, list[str]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value.decode("latin-1"))
    for name, parse in SOURCES:
        for candidate in reversed(parse(",".join(values.get(name, ())))):
            address = read_address(candidate)
            if address is not None and _is_public(address):
                return str(address)
    return ""


def _is_public(address: Address) -> bool:
    """Whether a visitor can come from there; example ranges count as public."""
    return not (
        address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or any(address.version == network.version and address in network for network in PRIVATE)
    )


def _list(text: str) -> list[str]:
    return text.split(",")


def _forwarded(text: str) -> list[str]:
    """The `for=` values of RFC 7239's header, in their order."""
    found = []
    for element in text.split(","):
        for pair in element.split(";"):
            key, _, value = pair.partition("=")
            if key.strip().lower() == "for":
                found.append(value.strip().strip('"'))
    return found


SOURCES: tuple[tuple[bytes, Callable[[str], list[str]]], ...] = (
    (b"cf-connecting-ip", _list),
    (b"true-client-ip", _list),
    (b"x-forwarded-for", _list),
    (b"forwarded", _forwarded),
    (b"x-real-ip", _list),
)
