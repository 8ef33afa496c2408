"""How often passwords and codes may be tried, from an address and for an account."""

from __future__ import annotations

from collections.abc import Callable

from hoofprint.management.windows import MINUTE, SlidingWindow, Standing
from hoofprint.records.tables.users import EMAIL_LENGTH


class SecurityLimits:
    """At most so many tries a minute from a network, and as many for an account; 0 is no limit.

    Every try counts, also one that is right: who guesses must not be told anything in between.
    """

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._from_networks = SlidingWindow(most, MINUTE, clock)
        self._for_accounts = SlidingWindow(most, MINUTE, clock)

    def note(self, network: str = "", account: str = "") -> Standing | None:
        """One more try; the stricter standing of both. Raises TooManyRequests.

        `account` is whatever names it, whether there is one or not.
        """
        told = [
            window.note(key)
            for window, key in (
                (self._from_networks, network),
                (self._for_accounts, account.strip().lower()[:EMAIL_LENGTH]),
            )
            if key
        ]
        known = [standing for standing in told if standing is not None]
        return min(known, key=lambda standing: standing.remaining, default=None)
