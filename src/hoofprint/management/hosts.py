"""Which hosts are the instance's own, and what a dashboard is called under the others."""

from __future__ import annotations

from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec import Struct

from hoofprint.errors import SettingsError
from hoofprint.management.hostnames import read_hostname
from hoofprint.settings import Settings

LOCALHOST = "localhost"
MOST_LABELS = 1
"""So many labels stand before the base host in a dashboard's host."""


class Named(NamedTuple):
    """What a dashboard is looked up by: a custom domain, or else a subdomain."""

    text: str
    custom: bool = False


class Hosts(Struct, frozen=True):
    """The hosts of an instance.

    `own` is the host of its address, `base` the one below which dashboards have their subdomains
    (empty: there are none). Without a set address (`named`) whatever is no dashboard's is its own.
    """

    own: str
    base: str = ""
    named: bool = False

    def is_own(self, host: str) -> bool:
        """Whether a host is the instance itself for sure; a request without one is for it."""
        return host in {"", self.own, self.base, LOCALHOST} or is_address(host)

    def dashboard(self, host: str) -> Named | None:
        """What a dashboard would be called under a host; None if none can be there."""
        if self.is_own(host):
            return None
        if not self.is_below_base(host):
            return Named(host, custom=True)
        label = host.removesuffix(f".{self.base}")
        return Named(label) if label.count(".") < MOST_LABELS else None

    def is_below_base(self, host: str) -> bool:
        """Whether a host is one of the subdomains."""
        return bool(self.base) and host.endswith(f".{self.base}")

    def answers(self, host: str) -> bool:
        """Whether pages of the instance itself are served under a host that is no dashboard's."""
        return self.is_own(host) or not (self.named or self.is_below_base(host))


def hosts_of(settings: Settings) -> Hosts:
    """The hosts that the settings name. Raises SettingsError."""
    base = ""
    if settings.base_host:
        found = read_hostname(settings.base_host)
        if found is None or is_address(found):
            raise SettingsError(f"base_host: {settings.base_host} is no hostname")
        base = found
    own = (urlsplit(settings.public_url).hostname or LOCALHOST).lower()
    return Hosts(own, base, bool(settings.base_url))


def is_address(host: str) -> bool:
    """Whether a host is an IP address, which is never a name of somebody's."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return host.rpartition(".")[2].isdigit()
    return True
