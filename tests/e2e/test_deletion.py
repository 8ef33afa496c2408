"""Statistics are deleted by a real server, and stay deleted when it starts again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from .server import Instance, command, eventually

pytestmark = [pytest.mark.xdist_group("e2e"), pytest.mark.slow]


def manager(instance: Instance) -> dict[str, str]:
    """The header of a client that may change the domain."""
    owner = ("--domain", instance.account.domain_id)
    made = command(instance.data, "client", "create", *owner, "--scope", "domains=w")
    given = {"client_id": made["client_id"], "client_secret": made["client_secret"]}
    token = instance.http.post("/api/v1/token", json=given).json()["access_token"]
    return {"authorization": f"Bearer {token}"}


def test_deleted_statistics_are_gone_and_a_running_visit_begins_anew(instance: Instance) -> None:
    instance.start()
    instance.hit("/before")
    instance.hit("/before/again")
    eventually(instance.views, lambda views: len(views) == 2)
    bearer = manager(instance)
    today = datetime.now(UTC).date()
    wanted = {
        "id": instance.account.domain_id,
        "kind": "",
        "from": str(today - timedelta(days=1)),
        "to": str(today + timedelta(days=1)),
    }
    answer = instance.http.request("DELETE", "/api/v1/statistics", json=wanted, headers=bearer)
    assert (answer.status_code, answer.content) == (200, b"")
    instance.hit("/after")

    def state() -> Any:
        path = f"/api/v1/statistics/deletion?id={instance.account.domain_id}"
        return [row["state"] for row in instance.http.get(path, headers=bearer).json()]

    eventually(state, lambda states: states == ["done"])
    eventually(instance.views, lambda views: views == {"/after": 1})
    instance.stop()
    instance.start()
    instance.hit("/after/that")
    eventually(instance.views, lambda views: views == {"/after": 1, "/after/that": 1})
    [session] = instance.ask("/session/list")
    assert (session["entry_path"], session["page_views"]) == ("/after", 2)
    assert state() == ["done"]
