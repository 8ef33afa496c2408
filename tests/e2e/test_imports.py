"""Statistics are imported by a real server, and go on where its own begin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hoofprint.testing.archives import plausible_archive

from .server import Instance, command, eventually
from .test_deletion import manager

pytestmark = [pytest.mark.xdist_group("e2e"), pytest.mark.slow]
LENGTH = 20


def test_imported_days_stand_before_the_first_own_day(instance: Instance) -> None:
    """The archive reaches to tomorrow; today's visitors are those that were counted here."""
    instance.start()
    today = datetime.now(UTC).date()
    first = today - timedelta(days=LENGTH - 2)
    exported = plausible_archive(first, LENGTH)
    bearer = manager(instance)
    of = {"domain_id": instance.account.domain_id}
    answer = instance.http.post(
        "/api/v1/import/plausible",
        data={"domain": of["domain_id"]},
        files={"file": ("export.zip", exported.data, "application/zip")},
        headers=bearer,
    )
    assert answer.status_code == 200, answer.text

    def state() -> Any:
        return instance.http.get("/api/v1/import", params=of, headers=bearer).json()["state"]

    eventually(state, lambda found: found == "done")

    def visitors() -> dict[str, int]:
        period = {"from": str(first), "to": str(first + timedelta(days=LENGTH - 1))}
        rows = instance.ask("/visitor", **period)
        return {row["day"][:10]: row["visitors"] for row in rows}

    imported = {str(day): total.visitors for day, total in exported.days.items()}
    assert eventually(visitors, lambda found: found == imported)
    instance.hit("/today")
    own = imported | {str(today): 1, str(today + timedelta(days=1)): 0}
    eventually(visitors, lambda found: found == own)
    [domain] = instance.http.get("/api/v1/domain", headers=bearer).json()
    assert domain["statistics_start"] == f"{today}T00:00:00Z"
    assert domain["imported_statistics"] is True

    # An archive that is left while the server runs, and one for which it is not there.
    instance.kill()
    instance.start()
    assert visitors() == own
    file = instance.data.parent / "export.zip"
    again = plausible_archive(first, LENGTH, seed=1)
    file.write_bytes(again.data)
    command(instance.data, "import", "plausible", str(file))
    instance.stop()
    instance.start()
    eventually(state, lambda found: found == "done")
    imported = {str(day): total.visitors for day, total in again.days.items()}
    own = imported | {str(today): 1, str(today + timedelta(days=1)): 0}
    eventually(visitors, lambda found: found == own)
