"""The OpenAPI document is whole, and says what the API reads and answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from hoofprint.api import params
from hoofprint.api.body import Body
from hoofprint.api.export import EXPORTS
from hoofprint.api.fields import METRICS
from hoofprint.api.parameters import PARAMETERS, required_by, taken_by
from hoofprint.api.params import FILTERS, read_question
from hoofprint.api.statistics import PREFIX
from hoofprint.management import access
from hoofprint.model.domain import Domain
from hoofprint.query.metrics import COUNTS, RATIOS
from hoofprint.query.question import Question
from hoofprint.query.report import Report
from hoofprint.query.reports import REPORTS
from hoofprint.records.engine import Records
from hoofprint.records.tables import DeletionRecord

from .managing import Managed
from .worked_questions import QUESTIONS
from .worked_site import Site

Schema = dict[str, Any]
COMPONENT = re.compile(r"#/components/(\w+)/([A-Za-z0-9._-]+)")
HELD_AS = {
    "custom_metric_key": "custom_metric",
    "scale": "scale",
    "search": "search",
    "sort": "sort",
    "direction": "ascending",
    "limit": "limit",
    "offset": "offset",
    "include_avg_time_on_page": "with_time_on_page",
    "include_title": "with_title",
    "funnel_id": "funnel_id",
    "apply_filter": "with_filter",
}
"""Where a question has the parameters that count for some reports only."""
EMPTY = {"/keywords"}
"""What takes the parameters of a list but has nothing to list yet."""
API = "/api/v1"
OTHER_NAMES = {"visitor_goal", "cr_goal"}
"""Under which a body may have a field, too."""
INNER = {"seconds", "lasting"}
"""Counts that no answer shows."""


@pytest.fixture(scope="module")
def document(site: Site) -> Schema:
    answer = site.world.send("GET", "/schema/openapi.json")
    assert answer.status_code == 200
    found: Schema = answer.json()
    return found


def operations(document: Schema) -> Iterator[tuple[str, Schema]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def nodes(value: Any) -> Iterator[Schema]:
    """Every object in a document."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from nodes(inner)


def resolved(document: Schema, node: Schema) -> Schema:
    """What a `$ref` stands for."""
    if "$ref" not in node:
        return node
    match = COMPONENT.fullmatch(node["$ref"])
    assert match, node
    found: Schema = document["components"][match[1]][match[2]]
    return found


def parameters(document: Schema, operation: Schema) -> dict[str, Schema]:
    """An operation's parameters by name."""
    found = [resolved(document, node) for node in operation.get("parameters", [])]
    by_name = {parameter["name"]: parameter for parameter in found}
    assert len(by_name) == len(found)
    return by_name


def mistakes(document: Schema, schema: Schema, value: Any, where: str = "") -> list[str]:
    """What of a value a schema doesn't allow, or doesn't tell."""
    schema = resolved(document, schema)
    kinds: dict[str, Any] = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
    kinds |= {"array": list, "object": dict}
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if value is None:
        return [] if "null" in types else [f"{where} is null"]
    kind = types[0]
    if not isinstance(value, kinds[kind]) or (isinstance(value, bool) != (kind == "boolean")):
        return [f"{where} is {value!r}, not {kind}"]
    if kind == "array":
        found = [mistakes(document, schema["items"], one, f"{where}[]") for one in value]
        return [mistake for some in found for mistake in some]
    if kind != "object":
        return []
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", None if known else {"type": "object"})
    wrong = [
        f"{where}.{name} is missing" for name in schema.get("required", ()) if name not in value
    ]
    for name, inner in value.items():
        if name in known:
            wrong += mistakes(document, known[name], inner, f"{where}.{name}")
        elif others is None:
            wrong.append(f"{where}.{name} is not described")
        elif known or "additionalProperties" in schema:
            wrong += mistakes(document, others, inner, f"{where}.{name}")
    return wrong


def test_both_addresses_serve_the_same_document(site: Site, document: Schema) -> None:
    answer = site.world.send("GET", "/api/v1/openapi.json")
    assert answer.json() == document
    assert document["openapi"].startswith("3.1")


def test_every_reference_leads_to_a_component_that_is_used(document: Schema) -> None:
    used = Counter(node["$ref"] for node in nodes(document) if isinstance(node.get("$ref"), str))
    for ref in used:
        resolved(document, {"$ref": ref})
    there = {
        f"#/components/{kind}/{name}"
        for kind in ("parameters", "responses", "schemas")
        for name in document["components"][kind]
    }
    assert there == set(used)


def test_every_operation_says_what_it_is(document: Schema) -> None:
    ids = []
    for name, operation in operations(document):
        ids.append(operation["operationId"])
        assert operation["summary"], name
        assert operation["tags"], name
        assert "200" in operation["responses"], name
        assert set(operation["responses"]) & {"401", "403", "404"}, name
        for status, response in operation["responses"].items():
            assert re.fullmatch(r"\d{3}", status)
            assert resolved(document, response)["description"]
    assert len(ids) == len(set(ids))


def test_every_parameter_has_a_place_a_meaning_and_a_schema(document: Schema) -> None:
    for name, operation in operations(document):
        for parameter in parameters(document, operation).values():
            assert parameter["in"] == "query", name
            assert parameter["description"], name
            assert parameter["schema"]["type"], name


NO_BODY = {
    "POST /api/v1/user/active",
    "POST /api/v1/user/fullwidth",
    "POST /api/v1/account/logout",
}
"""What is the caller's own and needs nothing to be said."""


def test_whatever_has_a_body_describes_its_fields(document: Schema) -> None:
    for name, operation in operations(document):
        if name in NO_BODY:
            assert "requestBody" not in operation
        elif name.startswith(("POST", "PUT")):
            body = operation["requestBody"]
            assert body["required"], name
            for content in body["content"].values():
                schema = content["schema"]
                assert schema["properties"], name
                assert set(schema.get("required", ())) <= set(schema["properties"]), name


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.route)
def test_every_report_refers_to_its_parameters_and_its_answer(
    document: Schema, report: Report
) -> None:
    operation = document["paths"][PREFIX + report.route]["get"]
    assert all("$ref" in parameter for parameter in operation["parameters"])
    given = parameters(document, operation)
    assert set(given) == {*taken_by(report), *required_by(report)}
    assert {n for n, p in given.items() if p["required"]} == set(required_by(report))
    if not (report.of_domain or report.route.startswith("/options/")):
        assert set(FILTERS) | {"tag_*", "meta_*", "pattern"} <= set(given)
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert resolved(document, answer)["type"] in {"array", "object"}
    assert {"400", "401", "403", "404", "503"} <= set(operation["responses"])


def test_the_export_takes_every_choice_and_every_filter(document: Schema) -> None:
    given = parameters(document, document["paths"][PREFIX]["get"])
    assert set(given) >= EXPORTS | set(FILTERS) | {"id", "from", "to", "scale"}


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.route)
def test_worked_answers_are_as_described(site: Site, document: Schema, report: Report) -> None:
    operation = document["paths"][PREFIX + report.route]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    questions = [asked for asked in QUESTIONS if asked.route == report.route]
    assert questions
    for asked in questions:
        # What is stored is abbreviated in the worked answers.
        answer = site.ask(asked.route, asked.query) if report.about else asked.answer
        assert mistakes(document, schema, answer) == [], asked.rule


def test_refusals_are_as_described(site: Site, document: Schema) -> None:
    world = site.world
    operation = document["paths"][PREFIX + "/page"]["get"]
    for query, status in (("", 400), ("?id=unknown&from=2026-05-01&to=2026-05-01", 404)):
        answer = world.send("GET", f"{PREFIX}/page{query}", bearer=world.cast.domain_token)
        assert answer.status_code == status
        response = resolved(document, operation["responses"][str(status)])
        schema = response["content"]["application/json"]["schema"]
        assert mistakes(document, schema, answer.json()) == []


def test_what_is_read_is_described_and_the_other_way_round(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = site.world
    read: set[str] = set()
    by_key = params._Reader.by_key

    class Values(dict[str, list[str]]):
        def get(self, name: str, default: Any = None) -> Any:
            read.add(name)
            return super().get(name, default)

        def __contains__(self, name: object) -> bool:
            read.add(str(name))
            return super().__contains__(name)

    def start(reader: Any, _: Any) -> None:
        reader.wrong = {}
        reader._values = Values()

    def family(reader: Any, prefix: str) -> Any:
        read.add(f"{prefix}*")
        return by_key(reader, prefix)

    first_value = access.first_value

    def first(pairs: Any, name: str) -> str:
        read.add(name)
        return first_value(pairs, name)

    monkeypatch.setattr(access, "first_value", first)
    world.send("GET", f"{PREFIX}/total?id=unknown", bearer=world.cast.domain_token)
    monkeypatch.setattr(params._Reader, "__init__", start)
    monkeypatch.setattr(params._Reader, "by_key", family)
    read_question((), Domain("", ""), 0)
    assert read == set(PARAMETERS)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.route)
def test_a_report_looks_at_the_parameters_that_it_takes_and_no_others(
    site: Site, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: set[str] = set()

    class Spied(Question, frozen=True):
        def __getattribute__(self, name: str) -> Any:
            looked.add(name)
            return super().__getattribute__(name)

    monkeypatch.setattr(params, "Question", Spied)
    for asked in QUESTIONS:
        if asked.route == report.route:
            site.ask(asked.route, asked.query)
    taken = {HELD_AS[name] for name in taken_by(report) if name in HELD_AS}
    if report.route in EMPTY:
        taken = {"sort"}
    assert looked & set(HELD_AS.values()) == taken


def test_every_parameter_counts_for_a_report() -> None:
    assert {name for report in REPORTS for name in taken_by(report)} == set(PARAMETERS)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("POST", "/goal"), ("PUT", "/goal"), ("POST", "/goal/regex"), ("POST", "/funnel")),
        *(("POST", "/domain/link"), ("PUT", "/domain/link"), ("POST", "/domain/public")),
        ("DELETE", "/statistics"),
    ],
)
def test_the_fields_of_a_body_are_those_that_are_read(
    site: Site, document: Schema, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    read: set[str] = set()
    world = site.world

    class Fields(dict[str, Any]):
        def get(self, name: str, default: Any = None) -> Any:
            read.add(name)
            return super().get(name, default)

    def start(body: Any, _: Any, within: str = "", wrong: Any = None) -> None:
        body.wrong = {} if wrong is None else wrong
        body._fields = Fields()
        body._within = within

    monkeypatch.setattr(Body, "__init__", start)
    answer = world.send(method, API + path, json={}, bearer=world.cast.domain_token)
    assert answer.status_code == 400
    operation = document["paths"][API + path][method.lower()]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert read - OTHER_NAMES == set(schema["properties"])
    assert set(answer.json()["validation"]) >= set(schema["required"])


def test_what_is_managed_is_answered_as_described(
    site: Site, document: Schema, managed: Managed, records: Records
) -> None:
    world, domain_id = site.world, managed.domain_id
    new = {"domain_id": domain_id, "name": "New", "path_pattern": "/new", "description": "New"}
    steps = [{"name": "A", "filter": {"path": ["/"]}}, {"name": "B", "filter": {"tag": ["x"]}}]
    days = {"id": domain_id, "from": "2020-01-01", "to": "2020-01-02"}

    def answered(method: str, path: str, query: str = "", body: Any = None) -> Any:
        bearer = managed["changing"]
        answer = world.send(method, API + path + query, json=body, bearer=bearer)
        assert answer.status_code == 200, (method, path, answer.text)
        told = document["paths"][API + path][method.lower()]["responses"]["200"]
        if "content" not in told:
            assert answer.content == b""
            return None
        schema = told["content"]["application/json"]["schema"]
        assert answer.json()
        assert mistakes(document, schema, answer.json()) == [], path
        return answer.json()

    answered("POST", "/goal/regex", body={"regex": "^/", "sample": "/"})
    for path, body, named in (
        ("/goal", new, "id"),
        ("/funnel", new | {"steps": steps}, "id"),
        ("/domain/link", new, "domain_id"),
    ):
        made = answered("POST", path, body=body)
        answered("GET", path, f"?{named}={domain_id}")
        answered("DELETE", path, f"?id={made['id']}")
    answered("DELETE", "/statistics", body=days)
    answered("GET", "/statistics/deletion", f"?id={domain_id}")
    records.write(lambda s: s.query(DeletionRecord).delete())


def test_every_metric_is_defined() -> None:
    assert (set(COUNTS) - INNER) | set(RATIOS) <= set(METRICS)
