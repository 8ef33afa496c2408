"""What PostgreSQL refuses and SQLite takes never gets as far: it is refused by name, or cut."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from .stage import Stage
from .test_described import UNFIT
from .walk import API, STEPS, Step, filled, rows
from .world import World

pytestmark = pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)
ROWS = rows()
LONG = "x" * 5000
HARD = (LONG, f"{LONG}@example.com", f"https://example.com/{LONG}", "a\0b", "\ud800")
NUMBERS = (2**31, -(2**31) - 1, 2**63, 1e300)


def written() -> Iterator[Step]:
    """The first step of everything that is sent a body."""
    seen: set[str] = set()
    for step in STEPS:
        method, path = step.row.split()[:2]
        if method in {"POST", "PUT"} and path not in {"/domain", "/token"} and step.row not in seen:
            seen.add(step.row)
            yield step


def hard_values(value: Any) -> Iterator[Any]:
    """What may be sent where the document has this value."""
    match value:
        case bool():
            return
        case int() | float():
            yield from NUMBERS
        case str() | None:
            yield from HARD
        case [str(), *_]:
            yield from ([hard] for hard in HARD)
        case dict():
            yield from ({"key": hard, LONG: hard} for hard in HARD)


@pytest.fixture
def stage(either_world: World) -> Stage:
    return Stage(either_world)


def test_no_text_and_no_number_in_a_body_is_too_much(stage: Stage) -> None:
    wrong: list[str] = []
    for step in written():
        row = ROWS[step.row]
        body = filled(row.request, step, stage.ids)
        for name, value in (body or {}).items() if isinstance(body, dict) else ():
            for hard in hard_values(value):
                sent = {**body, name: hard}
                wrong += complaint(stage, row.method, row.path, sent, f"{step.row} {name}")
    assert wrong == []


def test_no_text_in_a_query_is_too_much(stage: Stage) -> None:
    document = stage.world.send("GET", f"{API}/openapi.json").json()
    shared = document["components"]["parameters"]
    wrong: list[str] = []
    for path, item in document["paths"].items():
        if path.startswith(f"{API}/statistics/"):  # they ask the records for a domain only
            continue
        for method, operation in item.items():
            for parameter in operation.get("parameters", ()):
                told = shared.get(parameter.get("$ref", "").rpartition("/")[2], parameter)
                for hard in HARD[:4]:
                    query = {"id": stage.ids["domain"], told["name"]: hard}
                    asked = f"{path.removeprefix(API)}?{urlencode(query)}"
                    wrong += complaint(stage, method.upper(), asked, None, f"{path} {told['name']}")
    assert wrong == []


def complaint(stage: Stage, method: str, path: str, body: Any, what: str) -> list[str]:
    """What is wrong with an answer: anything but a success or a refusal that says why."""
    content = None if body is None else json.dumps(body).encode()
    answer = stage.world.send(method, API + path, content, bearer=stage.bearers["user"])
    if answer.status_code == 400:
        said = answer.json()
        named = said["validation"] or said["error"]
        return [] if named and UNFIT not in said["error"] else [f"{what}: {answer.text[:200]}"]
    if method == "DELETE" and answer.status_code == 200:
        stage.build()
    fine = answer.status_code in {200, 404}
    return [] if fine else [f"{what}: {answer.status_code} {answer.text[:200]}"]
