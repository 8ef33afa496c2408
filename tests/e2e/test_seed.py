"""Made-up traffic by the command line, and the demo that `make run` shows."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from .server import PROGRAM, Instance, environment

pytestmark = pytest.mark.xdist_group("e2e")


def seed(instance: Instance, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, "seed", *arguments, "--data-dir", instance.data],
        capture_output=True,
        text=True,
        check=False,
        env=environment({}),
        cwd=instance.data.parent,
        timeout=120,
    )


def test_seeded_traffic_is_in_the_statistics_and_its_keys_are_gone(instance: Instance) -> None:
    """All of it, on every day, with referrers, campaigns, events and dropped bots."""
    done = seed(instance, "--days", "5", "--views", "900")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["domain_id"] == instance.account.domain_id
    instance.start()
    today = datetime.now(UTC).date()
    period = {"from": str(today - timedelta(days=4)), "to": str(today)}
    days = instance.ask("/visitor", **period)
    assert len(days) == 5
    assert all(day["visitors"] for day in days[:-1])
    total = instance.ask("/total", **period)
    assert 700 < total["views"] < 1100
    assert {row["referrer_name"] for row in instance.ask("/referrer", **period)} >= {"Google", ""}
    assert {row["name"] for row in instance.ask("/events", **period)} >= {"Read article"}
    instance.stop()
    [outcomes] = instance.facts("SELECT outcome, sum(hits) FROM ledger GROUP BY outcome")
    counted = {outcome: int(hits) for outcome, hits in outcomes}
    assert set(counted) == {"accepted", "bot"}
    assert sum(counted.values()) == said["requests"]
    oldest = str(today - timedelta(days=2))
    assert all(key.name >= oldest for key in instance.keys.glob("*.key"))


def test_a_server_that_runs_is_named_instead_of_disturbed(running: Instance) -> None:
    done = seed(running, "--days", "1", "--views", "10")
    assert done.returncode == 1
    assert f"is in use by the process {running.pid};" in done.stderr


def test_the_demo_is_made_once_and_says_what_to_try(instance: Instance) -> None:
    first = seed(instance, "--demo", "--days", "2", "--views", "100")
    again = seed(instance, "--demo")
    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert first.stdout == again.stdout
    assert "/demo " in first.stdout
    assert re.search(r"Login +demo@example.com +password \S{12,}", first.stdout)
    assert (instance.data / "demo.json").stat().st_mode & 0o777 == 0o600
