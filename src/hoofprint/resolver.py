"""Asks the DNS for TXT records: the only place that does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from dns.asyncresolver import Resolver
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer

from hoofprint.errors import DnsFailed

SECONDS = 5.0


def txt_records(
    nameservers: Sequence[str] = (), port: int = 53, seconds: float = SECONDS
) -> Callable[[str], Awaitable[Sequence[str]]]:
    """A function that finds the TXT records of a name, whose parts are put together.

    It asks these name servers, or those of the system; it waits at most so many seconds. It raises
    DnsFailed when nobody answers; a name without such records has none.
    """

    async def look(name: str) -> Sequence[str]:
        try:
            resolver = Resolver(configure=not nameservers)
            if nameservers:
                resolver.nameservers = list(nameservers)
                resolver.port = port
            answer = await resolver.resolve(f"{name}.", "TXT", lifetime=seconds)
        except (NXDOMAIN, NoAnswer):
            return ()
        except (DNSException, OSError) as error:
            raise DnsFailed(f"{name}: {error}") from error
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]

    return look
