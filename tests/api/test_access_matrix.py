"""Law 6: every operation x everybody who may ask gets what the one table of rights says."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from hoofprint.api.app import framework
from hoofprint.management.access import Action
from hoofprint.management.signing import signing_key
from hoofprint.management.tokens import Tokens

from .matrix_principals import Who, everybody
from .matrix_reference import OK, expected
from .matrix_row import Row
from .matrix_rows import ROWS
from .matrix_tenants import Stage
from .matrix_things import filled

SAMPLE = 7
"""The quick suite asks every so manieth question, others for each row."""
NOT_THERE = {"/schema/{path:str}"}
"""Answers 404 to whatever is asked below `/schema`."""
NUMBERED = list(enumerate(ROWS))
BY_ROW = pytest.mark.parametrize(("number", "row"), NUMBERED, ids=[one.name for one in ROWS])


@pytest.fixture(scope="session")
def principals(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Who]:
    """Everybody, each with credentials that are kept."""
    forger: Path = tmp_path_factory.mktemp("forger")
    found = everybody(stage, Tokens(signing_key(forger)))
    stage.keep()
    return found


def ask(stage: Stage, row: Row, who: Who) -> Any:
    """The answer to somebody's valid request of a row."""
    texts = stage.house.texts
    query = filled(row.query, texts) | ({"access": who.code} if who.code else {})
    json = [filled(one, texts) for one in row.json] if isinstance(row.json, list) else None
    if isinstance(row.json, dict):
        json = filled(row.json, texts)
    path = f"{row.path}?{urlencode(query)}" if query else row.path
    world = stage.office.world
    return world.send(row.method, path, json=json, bearer=who.bearer, headers=who.headers)


def check(stage: Stage, row: Row, who: Who, *, public: bool = False) -> None:
    """One cell: the status, the shape of a refusal, and that nothing but a change writes."""
    answer = ask(stage, row, who)
    written = stage.put_back()
    status = expected(row, who, public=public)
    assert answer.status_code == status, f"{who.name}: {answer.text[:500]}"
    if status != OK:
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
    assert there == {(row.method, row.path) for row in ROWS}


def test_every_action_of_the_table_is_asked_for() -> None:
    whats = {what for row in ROWS for demand in row.demands for what in demand.whats}
    assert set(Action) <= whats


def test_no_two_rows_have_the_same_name() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)


@BY_ROW
def test_some_of_everybody_gets_what_the_table_says(
    stage: Stage, principals: dict[str, Who], number: int, row: Row
) -> None:
    """Other principals for each row, all of them in the end; and the owner, who mostly may."""
    for place, who in enumerate(principals.values()):
        if (number + place) % SAMPLE == 0 or who.name == "owner":
            check(stage, row, who)


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=[one.name for one in ROWS])
def test_everybody_gets_what_the_table_says(
    stage: Stage, principals: dict[str, Who], row: Row
) -> None:
    for who in principals.values():
        check(stage, row, who)
