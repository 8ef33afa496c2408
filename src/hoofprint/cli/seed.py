"""`hoofprint seed`: lifelike traffic for a domain, and the demo that `make run` shows."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import click
import structlog

from hoofprint.cli.common import data_dir_option, opened_records, print_json
from hoofprint.model.domain import Domain
from hoofprint.settings import Settings, read_settings


@click.command()
@click.option("--domain", "domain_id", metavar="ID", help="May be left out if there is one domain.")
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=365,
    show_default=True,
    help="How far back it begins.",
)
@click.option(
    "--views",
    type=click.IntRange(1, 100_000_000),
    default=300_000,
    show_default=True,
    help="About so many page views.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another one, other traffic.")
@click.option(
    "--demo", is_flag=True, help="Make an account, a domain and a client for it, if not done yet."
)
@data_dir_option
def seed(
    *,
    domain_id: str | None,
    days: int,
    views: int,
    seed: int,
    demo: bool,
    data_dir: str | None,
) -> None:
    """Count made-up traffic of the days up to now: visits, events, campaigns, bots.

    The server must not be running: only one process may have the store open.
    """
    settings = read_settings({"data_dir": data_dir})
    if demo:
        from hoofprint.cli.demo import prepare, present

        shown = present(settings)
        if shown is None:
            account = prepare(data_dir)
            counted = _count(settings, account.domain, days, views, seed)
            shown = account.save(settings, counted)
        click.echo(shown)
        return
    from hoofprint.management.domains import domain_named, measured

    with opened_records(data_dir) as records:
        domain = records.read(lambda session: measured(domain_named(session, domain_id)))
    counted = _count(settings, domain, days, views, seed)
    print_json({"domain_id": domain.id, "requests": counted})


def _count(settings: Settings, domain: Domain, days: int, views: int, seed: int) -> int:
    """Send the traffic through the whole pipe; how many requests that were."""
    from hoofprint.bootstrap import replay
    from hoofprint.ingest.hit import Request
    from hoofprint.testing.traffic import Plan, traffic

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    plan = Plan(domain.hostname, days, views, int(time.time()), seed)

    def requests() -> Iterator[list[Request]]:
        for day in traffic(plan):
            yield [Request(sent.kind, sent.hit, domain, sent.time) for sent in day]

    counted = 0
    with click.progressbar(
        replay(settings, requests()),
        length=days,
        label="Counting made-up traffic",
        file=sys.stderr,
    ) as progress:
        for requested in progress:
            counted += requested
    return counted
