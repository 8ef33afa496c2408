"""Law 5 for the export: a CSV file holds what its endpoint answers, all rows in the same order."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from typing import Any
from unittest import mock

from hypothesis import given, note
from hypothesis import strategies as st
from msgspec.structs import replace

from hoofprint.api.archive import Table, archive
from hoofprint.api.export import CUT, FILES, read_choice
from hoofprint.api.params import read_filter, read_question
from hoofprint.model.arrival import Arrival
from hoofprint.query.answer import whole_answer
from hoofprint.query.question import Goal
from hoofprint.query.report import Report
from hoofprint.query.reports import GOAL, REPORTS
from hoofprint.query.special import ranking

from .site import MakeSite, Site, fewer
from .traffic import NOW, Params, questions, traffic

EXPORTED = [report for report in REPORTS if report.export]
FEW = 2
"""So few rows come in one piece that most lists have several."""


def goal(name: str, *filters: tuple[str, str]) -> Goal:
    return Goal(dict.fromkeys(GOAL) | {"id": name, "name": name}, name, read_filter(filters))


GOALS = (goal("Buying", ("event", "Buy")), goal("A", ("pattern", "^/a")))


def exported(site: Site, report: Report, params: Params) -> list[list[str]]:
    """The lines of a report's file."""
    chosen, pairs = read_choice([*params, (report.export, "true")])
    assert report in chosen
    question, wrong = read_question(pairs, site.domain, NOW)
    assert not wrong
    question = replace(question, goals=GOALS)
    table = Table("x", whole_answer(report, question, site.run, FEW), report.wire)
    data = b"".join(archive([table], datetime.fromtimestamp(NOW, UTC)))
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        assert zipped.testzip() is None
        text = zipped.read("x.csv").decode()
    return list(csv.reader(io.StringIO(text, newline="")))


def means(cell: str, value: Any) -> bool:
    """Whether a cell says what a value of JSON says."""
    match value:
        case None:
            return cell == ""
        case bool():
            return cell == json.dumps(value)
        case str():
            return re.sub("^'('*[=+@-])", r"\1", cell) == value
        case _:
            return bool(json.loads(cell) == value)


@fewer
@given(
    arrivals=traffic(30),
    asked=questions(),
    most_named=st.sampled_from([0, 3, 1000]),
    data=st.data(),
)
def test_every_file_equals_its_endpoint(
    sites: MakeSite,
    arrivals: list[Arrival],
    asked: Params,
    most_named: int,
    data: st.DataObject,
) -> None:
    """Whether its rows are named in the store or by Python."""
    site = sites(arrivals)
    plain = [pair for pair in asked if pair[0] not in CUT]
    for report in EXPORTED:
        fields = (report.sortable or report.wire) if report.is_list else ()
        sort = data.draw(st.sampled_from(["", "", *fields]))
        params = [*plain, ("sort", sort)] if sort else plain
        note(f"{report.route} {params}")
        answer = site.ask(report.route, params, goals=GOALS)
        expected = answer if isinstance(answer, list) else [answer]
        with mock.patch.object(ranking, "MOST_NAMED", most_named):
            header, *lines = exported(site, report, params)
        assert header == list(expected[0] if expected else report.wire)
        assert len(lines) == len(expected)
        for line, row in zip(lines, expected, strict=True):
            values = zip(line, row.values(), strict=True)
            assert all(means(cell, value) for cell, value in values), (line, row)


def test_every_file_has_a_name_of_its_own() -> None:
    assert len(set(FILES.values())) == len(FILES) == len(EXPORTED)
