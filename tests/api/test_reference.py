"""The committed reference is what the server's own tables and answers say."""

from __future__ import annotations

import os

from hoofprint.query.reports import REPORTS

from .reference import COMMAND, FILE, OWN, reference
from .worked_site import Site

WRITE = "HOOFPRINT_WRITE_DOCS"
"""Set by `make docs`: the file is written instead of compared."""


def test_the_committed_reference_is_up_to_date(site: Site) -> None:
    text = reference(site)
    if os.environ.get(WRITE):
        FILE.write_text(text, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == text, (
        f"docs/reference.md is out of date: run {COMMAND}"
    )


def test_every_example_belongs_to_a_report() -> None:
    assert set(OWN) <= {report.route for report in REPORTS}
