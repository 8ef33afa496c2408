"""Law 6: every operation x everybody who may ask gets what the one table of rights says."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from hoofprint.api.app import framework
from hoofprint.api.statistics import PREFIX
from hoofprint.management.access import Action

from .matrix_principals import Who, ask
from .matrix_reference import OK, expected
from .matrix_row import Row, right_of
from .matrix_rows import ROWS, STATISTICS
from .matrix_tenants import Stage
from .matrix_things import DOMAIN, STRANGER, Place

SAMPLE = 9
"""The quick suite asks every so manieth question, others for each row."""
NOT_THERE = {"/schema/{path:str}"}
"""Answers 404 to whatever is asked below `/schema`."""
ENTERING = {
    *(("POST", f"/api/v1/account/{name}") for name in ("setup", "sign-up", "login", "login/code")),
    *(("POST", f"/api/v1/account/{name}") for name in ("confirm", "confirm/resend", "reset")),
    ("PUT", "/api/v1/account/reset"),
    ("GET", "/api/v1/google/callback"),
}
"""Who asks is in what is sent, and nobody else counts: `test_entering.py`, `test_google.py`."""
NUMBERED = list(enumerate(ROWS))
BY_ROW = pytest.mark.parametrize(("number", "row"), NUMBERED, ids=[one.name for one in ROWS])


def is_public(row: Row) -> bool:
    """Whether a public domain asks for nothing there."""
    return any(right_of(one.what).public and one.place is Place.DOMAIN for one in row.demands)


PUBLIC = [row for row in ROWS if is_public(row)]


def some_of(principals: Mapping[str, Who], number: int, row: Row) -> list[str]:
    """A part of everybody; reports are many and alike, so that fewer ask for each."""
    every = SAMPLE * 2 if row in STATISTICS else SAMPLE
    return list(principals)[number % every :: every]


def made_public(stage: Stage) -> AbstractContextManager[None]:
    """The house's domain is public meanwhile."""
    return stage.altered("UPDATE domains SET public = 1 WHERE id = ?", stage.house[DOMAIN])


def check(stage: Stage, row: Row, who: Who, *, public: bool = False) -> None:
    """One cell: the status, the shape of a refusal, and that nothing but a change writes."""
    answer = ask(stage, row, who)
    written = stage.put_back()
    status = expected(row, who, public=public)
    answered = row.answer if status == OK else status
    assert answer.status_code == answered, f"{who.name}: {answer.text[:500]}"
    if status != OK and not row.guests:
        assert list(answer.json()) == ["validation", "error", "context"], who.name
    assert not written or (status == OK and row.changes), who.name


def test_every_operation_has_a_row(stage: Stage) -> None:
    """Whatever the application answers: what it collects, what Litestar serves, all methods."""
    world = stage.office.world
    there = {(route.method, path) for path, route in world.app.routes.items()}
    for route in framework(world.services).routes:
        for handler in getattr(route, "route_handlers", ()):
            methods = handler.http_methods - {"OPTIONS", "HEAD"}
            there |= {(method, route.path) for method in methods if route.path not in NOT_THERE}
    assert there - ENTERING == {(row.method, row.path) for row in ROWS}
    assert there > ENTERING


def test_every_action_of_the_table_is_asked_for() -> None:
    whats = {what for row in ROWS for demand in row.demands for what in demand.whats}
    assert set(Action) <= whats


def test_no_two_rows_have_the_same_name() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)


@BY_ROW
def test_some_of_everybody_gets_what_the_table_says(
    stage: Stage, principals: Mapping[str, Who], number: int, row: Row
) -> None:
    """Other principals for each row, all of them in the end; and the owner, who mostly may."""
    for name in {*some_of(principals, number, row), "owner"}:
        check(stage, row, principals[name])


@BY_ROW
def test_a_public_domain_opens_what_the_table_says_and_nothing_else(
    stage: Stage, principals: Mapping[str, Who], number: int, row: Row
) -> None:
    some = some_of(principals, number, row) if is_public(row) else []
    with made_public(stage):
        for name in {*some, ("nobody", STRANGER)[number % 2]}:
            check(stage, row, principals[name], public=True)


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=[one.name for one in ROWS])
def test_everybody_gets_what_the_table_says(
    stage: Stage, principals: Mapping[str, Who], row: Row
) -> None:
    for who in principals.values():
        check(stage, row, who)


@pytest.mark.slow
@pytest.mark.parametrize("row", PUBLIC, ids=[one.name for one in PUBLIC])
def test_a_public_domain_opens_the_same_to_everybody(
    stage: Stage, principals: Mapping[str, Who], row: Row
) -> None:
    with made_public(stage):
        for who in principals.values():
            check(stage, row, who, public=True)


def test_a_refusal_tells_no_private_domain_from_a_missing_one(
    stage: Stage, principals: Mapping[str, Who]
) -> None:
    """Byte by byte, headers too, for everybody who may not read it."""
    [row] = [one for one in ROWS if one.path == f"{PREFIX}/total"]
    missing = replace(row, query={**row.query, "id": DOMAIN.unknown})
    for who in principals.values():
        if expected(row, who) != OK:
            answers = [ask(stage, one, who) for one in (row, missing)]
            told = [(one.status_code, one.content, one.headers) for one in answers]
            assert told[0] == told[1], who.name
