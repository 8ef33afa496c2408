"""`python -m bench [ingest] [queries] [dashboards] [records]`: measure, keep in bench/results."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import dashboards, ingest, queries, records

EVERYTHING = ("ingest", "queries", "dashboards", "records")
RESULTS = Path(__file__).with_name("results")


def machine() -> str:
    """What it was measured on."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {os.cpu_count()} cores ({cpu}), Python {platform.python_version()}"


def keep(name: str, title: str, text: str) -> None:
    """Print a result and write it down."""
    print(text, flush=True)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(f"# {title}\n\n{machine()}\n\n{text}\n")


def main() -> None:
    """Run what was asked for, by default everything."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument(
        "what", nargs="*", help="ingest, queries, dashboards, records (default: all)"
    )
    parser.add_argument("--views", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--runs", type=int, default=queries.RUNS, help="of each question")
    parser.add_argument("--directory", type=Path, help="keep and reuse the facts there")
    given = parser.parse_args()
    what = set(given.what or EVERYTHING)
    if "ingest" in what:
        costs, memory = ingest.run()
        text = f"{ingest.table(costs)}\n\nMemory of the idle server: {memory:.0f} MB."
        keep("ingest", "What a hit costs", text)
    if "records" in what:
        keep("records", "How long it takes to list 1,000 domains", records.table(records.run()))
    if "queries" in what:
        with tempfile.TemporaryDirectory() as folder:
            directory = given.directory or Path(folder)
            for views in given.views:
                with queries.filled(views, directory, keep=bool(given.directory)) as store:
                    timings = queries.run(store, given.runs)
                title = f"Questions about {views:,} page views of one site over a year"
                keep(f"queries-{views}", title, queries.table(timings))
    if "dashboards" in what:
        with tempfile.TemporaryDirectory() as folder:
            for views in given.views:
                filled = dashboards.filled(views, given.directory or Path(folder))
                shown = dashboards.dashboards(filled)
                with dashboards.site(filled) as site:
                    loads = [dashboards.under_load(site, pauses=one) for one in (True, False)]
                text = dashboards.table(shown, loads)
                title = f"Dashboards of a site with half of {views:,} page views of 90 days"
                keep(f"dashboards-{views}", title, text)


if __name__ == "__main__":
    main()
