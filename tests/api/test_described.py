"""Whatever schemathesis makes of our OpenAPI document is answered as the document says."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hoofprint.settings import Settings
from hoofprint.store.embedded import EmbeddedStore

from .conftest import READERS, Parts, instance
from .stage import Stage
from .walk import API
from .world import World

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
WHO = ("user", "user", "user", "domain", "reading user", "key", "expired", "nonsense", "nobody")
IDS = {"id", "domain_id", "funnel_id", "access", "domain", "identification_code"}
"""Where a real id may stand: what is drawn is most often nobody's."""
FAST, MANY = 2, 60
"""Cases of each operation."""


@pytest.fixture
def world(parts: Parts, store: EmbeddedStore, tmp_path: Path) -> Iterator[World]:
    directory = Settings(data_dir=str(tmp_path), store_readers=READERS, rate_limit_configuration=0)
    with instance(parts, store, directory) as opened:
        yield opened


def send(stage: Stage, case: schemathesis.Case, who: str) -> httpx.Response:
    """A case as it stands, sent by somebody."""
    given = case.as_transport_kwargs(base_url="http://test")
    request = httpx.Request(
        given["method"],
        given["url"],
        params=given.get("params"),
        json=given.get("json"),
        content=given.get("data"),
    )
    path = request.url.raw_path.decode()
    return stage.world.send(
        request.method, path, request.read() or None, bearer=stage.bearers[who]
    )


def made_real(draw: Any, stage: Stage, fields: Any) -> None:
    """Put real ids where ids belong, mostly."""
    if isinstance(fields, dict):
        for name in fields.keys() & IDS:
            if draw(st.integers(0, 4)):
                fitting = stage.ids["domain"] if name != "id" else None
                fields[name] = fitting or draw(st.sampled_from(sorted(stage.ids.values())))


def problems(stage: Stage, operation: Any, examples: int, seen: Counter[int]) -> str:
    """What the first case that is answered wrongly shows, in its smallest form."""

    @seed(20260504)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink] if examples > FAST else [Phase.generate],
    )
    @given(data=st.data())
    def check(data: Any) -> None:
        modes = [mode for mode in GenerationMode]
        mode = data.draw(st.sampled_from(modes))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        who = data.draw(st.sampled_from(WHO))
        made_real(data.draw, stage, case.query)
        made_real(data.draw, stage, case.body)
        answer = send(stage, case, who)
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code == 400:
            said = answer.json()
            assert said["validation"] or said["error"], said
        if operation.method.upper() == "DELETE" and answer.status_code == 200:
            stage.build()

    try:
        check()
    except (FailureGroup, AssertionError) as error:
        return f"{operation.label}: {error}"
    return ""


def run(world: World, examples: int) -> Counter[int]:
    document = world.send("GET", f"{API}/openapi.json").json()
    stage = Stage(world)
    seen: Counter[int] = Counter()
    schema = schemathesis.openapi.from_dict(document)
    operations = [found.ok() for found in schema.get_all_operations()]
    found = [problems(stage, operation, examples, seen) for operation in operations]
    wrong = [problem for problem in found if problem]
    assert not wrong, f"{len(wrong)} of {len(operations)}\n\n" + "\n\n".join(wrong)
    return seen


def test_a_few_cases_of_every_operation_are_answered_as_described(world: World) -> None:
    assert run(world, FAST)[200] > 0


@pytest.mark.slow
def test_many_cases_of_every_operation_are_answered_as_described(world: World) -> None:
    seen = run(world, MANY)
    assert seen.total() >= 5000
