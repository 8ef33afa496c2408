"""Whatever schemathesis makes of our OpenAPI document is answered as the document says."""

from __future__ import annotations

import zlib
from collections import Counter
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hoofprint.api.export import EXPORTS

from .stage import Stage
from .walk import API, TWO_STEPS, rows
from .world import World

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CHANGED: dict[str, dict[str, Any]] = {
    "POST /domain": {"subdomain": ""},
    "POST /funnel": TWO_STEPS,
}
"""What is not as in the document: a subdomain is free, a funnel has two steps."""
DOCUMENTED = {
    name: row.request | CHANGED.get(name, {})
    for name, row in rows().items()
    if isinstance(row.request, dict)
}
UNFIT = "holds something that is too long or that the records can't keep"
"""What the records say where nobody has looked at the length before."""
WHO = (*("user",) * 6, "domain", "reading user", "key", "expired", "nonsense", "nobody")
DAYS = {"from": "2026-05-01", "to": "2026-05-04"}
"""Without these two no statistic is asked for."""
MOSTLY, OFTEN = 9, 7
"""Of ten."""
MODES = (GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
NOT_ALONE = (
    *("/organization", "/member", "/invitation", "/domain/owner"),  # several people
    "/account",  # a login, or a code from a mail
    *("/theme", "/user/picture", "/import"),  # files, and what was made of them
    *("/google", "/domain/custom"),  # another server
)
"""Where a success takes more than one request: `test_walk.py` and tests of their own have them."""
FAST, MANY = 1, 35
"""Cases of each operation."""


def send(stage: Stage, case: schemathesis.Case[Any], who: str) -> httpx.Response:
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
    return stage.world.send(request.method, path, request.read() or None, bearer=stage.bearers[who])


def made_likely(draw: Any, stage: Stage, case: schemathesis.Case[Any], fits: bool) -> None:
    """Make something of a case that is not refused for its first field already.

    Most ids and days become real ones. Of what fits its schema, most values become the documented
    ones, and others that could be left out are.
    """
    path = case.path.removeprefix(API)
    real = real_values(stage, case.method, path)
    documented = DOCUMENTED.get(f"{case.method} {path}", {})
    if case.method == "GET" and path.startswith("/statistics"):
        case.query = dict(DAYS) | case.query
        if path == "/statistics":
            case.query[draw(st.sampled_from(sorted(EXPORTS)))] = "true"
    if isinstance(case.body, dict) and fits:
        case.body = documented | case.body
    kept = {parameter.name for parameter in case.operation.query if parameter.is_required} | EXPORTS
    sent: list[dict[str, Any]] = [x for x in (case.query, case.body) if isinstance(x, dict)]
    for fields in sent:
        for name in sorted(fields):
            chosen = draw(st.integers(0, 9))
            if name in real and chosen < MOSTLY:
                fields[name] = draw(st.sampled_from(real[name]))
            elif fits and name in documented and chosen < MOSTLY:
                fields[name] = documented[name]
            elif fits and name not in kept and chosen < OFTEN:
                del fields[name]


def real_values(stage: Stage, method: str, path: str) -> dict[str, list[Any]]:
    """What may stand for a field: what fits best first, and most often."""
    ids = stage.ids
    of_domain = method == "GET" or path.startswith(("/statistics", "/user", "/domain"))
    own = ids.get(path.rpartition("/")[2], ids["domain"])
    best = own if own != ids["domain"] and method != "GET" else ids["domain"] if of_domain else own
    return {
        "id": [*[best] * 8, *ids.values()],
        "domain_id": [ids["domain"]],
        "funnel_id": [ids["funnel"]],
        "access": [ids["access"]],
        "client_id": [ids["client_id"]],
        "client_secret": [ids["client_secret"]],
        "type": ["oauth" if path == "/client" else "ip" if path == "/filter" else "page view"],
        "organization_id": [None],
        "theme_id": [None],
        **{name: [day] for name, day in DAYS.items()},
    }


def problems(stage: Stage, operation: Any, examples: int, seen: Counter[tuple[str, int]]) -> str:
    """What the first case that is answered wrongly shows, in its smallest form."""

    @seed(zlib.crc32(operation.label.encode()))
    @hypothesis(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink] if examples > FAST else [Phase.generate],
    )
    @given(data=st.data())
    def check(data: Any) -> None:
        mode = data.draw(st.sampled_from(MODES))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        who = data.draw(st.sampled_from(WHO))
        made_likely(data.draw, stage, case, mode is GenerationMode.POSITIVE)
        answer = send(stage, case, who)
        seen[operation.label, int(answer.status_code)] += 1
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code == 400:
            said = answer.json()
            assert said["validation"] or said["error"], said
            assert UNFIT not in said["error"], "a field is too long for its column"
        if operation.method.upper() == "DELETE" and answer.status_code == 200:
            stage.build()

    try:
        check()
    except (FailureGroup, AssertionError) as error:
        return f"{operation.label}: {error}"
    return ""


def run(world: World, examples: int) -> Counter[tuple[str, int]]:
    """How often each operation was answered with which status."""
    document = world.send("GET", f"{API}/openapi.json").json()
    stage = Stage(world)
    seen: Counter[tuple[str, int]] = Counter()
    schema = schemathesis.openapi.from_dict(document)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    found = [problems(stage, operation, examples, seen) for operation in operations]
    wrong = [problem for problem in found if problem]
    assert not wrong, f"{len(wrong)} of {len(operations)}\n\n" + "\n\n".join(wrong)
    return seen


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_a_few_cases_of_every_operation_are_answered_as_described(either_world: World) -> None:
    assert run(either_world, FAST)


@pytest.mark.slow
@pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)
def test_many_cases_of_every_operation_are_answered_as_described(either_world: World) -> None:
    seen = run(either_world, MANY)
    assert seen.total() >= 5000
    asked, well = {label for label, _ in seen}, {label for label, status in seen if status == 200}
    others = tuple(API + path for path in NOT_ALONE)
    assert [label for label in asked - well if not label.split()[1].startswith(others)] == []
