"""Whether a domain is public (`api.md`, Toggle the Visibility of Your Dashboard)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlalchemy.orm import Session

from hoofprint.management.access import Action, permitted
from hoofprint.model.principal import Principal
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment


class Visibility:
    """Makes domains public and private again."""

    def __init__(
        self, records: Records, clock: Callable[[], float], changed: Callable[[], None]
    ) -> None:
        self._records = records
        self._clock = clock
        self._changed = changed

    async def toggle(self, caller: Principal, domain_id: str) -> None:
        """Public becomes private, private public. Raises Forbidden or NotFound."""

        def work(session: Session) -> None:
            record = permitted(session, Action.CHANGE_SETTINGS, caller, domain_id)
            record.public = not record.public
            record.mod_time = moment(self._clock())

        await asyncio.to_thread(self._records.write, work)
        self._changed()
