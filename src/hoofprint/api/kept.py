"""Answers that depend on the domain and the day only: given again for up to half an hour."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from hoofprint.management.cache import Cache
from hoofprint.model.domain import Domain
from hoofprint.query.calendar import local_day
from hoofprint.query.report import Report

KEPT_SECONDS = 1800.0
MOST = 1000
"""So many answers are kept, of a few kilobytes each."""

Compute = Callable[[Report, Domain], Awaitable[Any]]
Key = tuple[Report, Domain, date]


class KeptAnswers:
    """Answers of `compute`, of which a domain's is computed once at a time.

    What is kept is the answer of a domain as it was: another time zone and another day have answers
    of their own.
    """

    def __init__(self, compute: Compute, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._cache: Cache[Key, Any] = Cache(
            lambda key: compute(key[0], key[1]), clock, KEPT_SECONDS, MOST
        )

    async def get(self, report: Report, domain: Domain) -> Any:
        """What the API answers. Raises what `compute` raises."""
        today = local_day(int(self._clock()), domain.timezone)
        return await self._cache.get((report, domain, today))
