"""The first day with facts of its own of each domain, in the records (`statistics_start`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.records.engine import Records
from hoofprint.records.tables import DomainRecord


class BeginningBook:
    """Where the job finds domains and notes their first days; raises Unavailable.

    `changed` is called when a domain's first day has changed.
    """

    def __init__(self, records: Records, changed: Callable[[], None]) -> None:
        self._records = records
        self._changed = changed

    def without(self) -> list[str]:
        """The domains that have no first day."""
        wanted = select(DomainRecord.id).where(DomainRecord.statistics_start.is_(None))
        return self._records.read(lambda session: list(session.scalars(wanted)))

    def note(self, domain_id: str, second: int) -> None:
        """Write down when a domain's facts begin, in its own time zone; 0 if it has none."""

        def differs(session: Session) -> DomainRecord | None:
            domain = session.get(DomainRecord, domain_id)
            if domain is None or domain.statistics_start == _day(domain, second):
                return None
            return domain

        def work(session: Session) -> None:
            domain = differs(session)
            if domain is not None:
                domain.statistics_start = _day(domain, second)

        if self._records.read(differs) is not None:
            self._records.write(work)
            self._changed()


def _day(domain: DomainRecord, second: int) -> date | None:
    return datetime.fromtimestamp(second, ZoneInfo(domain.timezone)).date() if second else None
