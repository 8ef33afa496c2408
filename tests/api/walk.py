"""The order in which every documented request outside of statistics is sent, with real ids."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from hoofprint.management.resources.reports import OPTIONS
from hoofprint.management.resources.views import LATER
from hoofprint.testing.archives import fathom_archive, plausible_archive

from .test_imports import LATER as LATER_OF_IMPORTS
from .world import BROWSER

API = "/api/v1"
HERE = Path(__file__).parent
FILES = ("endpoints_collection.json", "endpoints_management.json", "endpoints_goals.json")
REAL = {"ip": "81.2.69.142", "user_agent": BROWSER}
"""What stands for placeholders like `123.456.789.0`."""


@dataclass(frozen=True)
class Row:
    """A documented request and its answer; `nth` of those with its method and path, from 0."""

    method: str
    path: str
    nth: int
    request: Any
    response: Any

    @property
    def name(self) -> str:
        """`POST /client`, or `POST /client 2` for the second one."""
        return f"{self.method} {self.path}" + (f" {self.nth + 1}" if self.nth else "")


def rows() -> dict[str, Row]:
    """Every documented request outside of statistics, by name."""
    found: dict[str, Row] = {}
    seen: dict[tuple[str, str], int] = {}
    for name in FILES:
        for entry in json.loads((HERE / name).read_text()):
            method, path = entry["method"], entry["path"].removeprefix(API)
            nth = seen.get((method, path), 0)
            seen[method, path] = nth + 1
            row = Row(method, path, nth, entry["request"], entry["response"])
            found[row.name] = row
    return found


@dataclass(frozen=True)
class Step:
    """One request of the walk.

    `row` names what is documented. `id` and the values of `query` name real ids (`=text` is the
    text itself); without `id` the documented one is left out, so that something new is made.
    `change` replaces documented fields. The answer's id, of a list the last
    one's, is kept under `keep`. An `archive` is sent as the `file` of a form; `data` is one
    itself, with real ids and pictures as `files`. `only` a client of a user or of a domain takes
    it, if it says so; a `guest` is whom that user has invited.
    """

    row: str
    id: str = ""
    query: dict[str, str] = field(default_factory=dict)
    change: dict[str, Any] = field(default_factory=dict)
    keep: str = ""
    only: Literal["user", "domain", "guest", ""] = ""
    archive: bytes = b""
    data: dict[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()


THEME: dict[str, Any] = {"name": "My Theme", "settings": {"primary_color": "#0a0"}}
PICTURES = ("logo_light", "logo_dark", "favicon")
ARCHIVES = {
    "plausible": plausible_archive(date(2023, 6, 1), 1).data,
    "fathom": fathom_archive(date(2023, 6, 1), 1).data,
}
IMPORTS = ("/import", "/google/import/job", "/import/plausible", "/import/fathom")
TWO_STEPS: dict[str, Any] = {"steps": [{"name": name, "filter": {}} for name in ("A", "B")]}
"""The document shows one and an ellipsis; a funnel has at least two."""
SIGN_IN = Step("POST /token")
STEPS = (
    SIGN_IN,
    Step("POST /domain", keep="domain", only="user"),
    Step("GET /domain"),
    Step("GET /domain 2", query={"id": "domain"}),
    Step("GET /domain 2", query={"subdomain": "=example"}),
    Step("GET /domain 2", query={"domain": "=example.com"}),
    Step("PUT /domain", id="domain"),
    *(Step(f"POST /{kind}{many}") for kind in ("hit", "event") for many in ("", "/batch")),
    *(Step(f"POST /session{many}", only="domain") for many in ("", "/batch")),
    # Without a page nobody knows which of a user's domains is meant.
    *(
        Step(f"POST /session{many}", change={"url": "https://example.com/"}, only="user")
        for many in ("", "/batch")
    ),
    *(Step(f"POST /domain/{name}") for name in ("hostname", "subdomain", "public", "scripts")),
    *(Step(f"POST /domain/{name}") for name in ("title", "active", "timezone", "metadata")),
    *(Step(f"POST /user/{name}", id="domain", only="user") for name in ("favorite", "pin")),
    *(Step(f"POST /user/{name}", only="user") for name in ("active", "fullwidth")),
    Step("POST /domain/link", keep="link"),
    Step("GET /domain/link", query={"domain_id": "domain"}),
    Step("PUT /domain/link", id="link", change={"valid_until": "2030-01-01T00:00:00Z"}),
    Step("DELETE /domain/link", query={"id": "link"}),
    Step("POST /domain/alternative", keep="alternative"),
    Step("GET /domain/alternative", query={"domain_id": "domain"}),
    Step("PUT /domain/alternative", id="alternative"),
    Step("DELETE /domain/alternative", query={"id": "alternative"}),
    Step("POST /domain/snippet"),
    *(
        Step("GET /domain/snippet", query={"domain_id": "domain", "type": f"={kind}"})
        for kind in ("page view", "event", "session")
    ),
    Step("POST /client", keep="client", only="user"),
    Step("GET /client", query={"id": "domain"}),
    Step("POST /client 2", id="client", only="user"),
    Step("DELETE /client", query={"id": "client"}, only="user"),
    Step("POST /report", keep="report"),
    Step("GET /report", query={"id": "domain"}),
    Step("PUT /report", id="report"),
    Step("DELETE /report", query={"id": "report"}),
    *(
        step
        for name in ("webhook", "filter", "view")
        for step in (
            Step(f"POST /{name}", keep=name),
            Step(f"POST /{name}", id=name),
            Step(f"GET /{name}", query={"domain_id": "domain"}),
            Step(f"DELETE /{name}", query={"id": name}),
        )
    ),
    *(Step(f"{how} /traffic/{kind}") for kind in ("spike", "warning") for how in ("PUT", "POST")),
    Step("POST /goal", keep="goal"),
    Step("GET /goal", query={"id": "domain"}),
    Step("PUT /goal", id="goal"),
    Step("DELETE /goal", query={"id": "goal"}),
    Step("POST /goal/regex"),
    Step("POST /funnel", change=TWO_STEPS, keep="funnel"),
    Step("POST /funnel", change=TWO_STEPS, id="funnel"),
    Step("GET /funnel", query={"id": "domain"}),
    Step("DELETE /funnel", query={"id": "funnel"}),
    Step("GET /billing", query={"from": "=2026-05-01", "to": "=2026-05-31"}),
    Step("POST /member", id="domain", only="user"),
    Step("GET /invitation", query={"domain_id": "domain"}, keep="invitation", only="user"),
    Step("DELETE /invitation", id="invitation", only="user"),
    Step("POST /member", id="domain", only="user"),
    Step("GET /invitation", keep="invitation", only="guest"),
    Step("POST /invitation", id="invitation", only="guest"),
    Step("GET /member", query={"id": "domain"}, keep="member", only="user"),
    Step("PUT /member", id="member", only="user"),
    Step("DELETE /member", query={"id": "member"}, only="user"),
    Step("POST /organization", keep="organization", only="user"),
    Step("PUT /organization", id="organization", only="user"),
    Step("GET /organization", only="user"),
    Step("POST /organization/domain", id="organization", only="user"),
    Step("GET /organization/domain", query={"id": "organization"}, only="user"),
    Step("POST /organization/autojoin", id="organization", only="user"),
    Step(
        "DELETE /organization/autojoin",
        query={"id": "organization", "auto_join": "=example.com"},
        only="user",
    ),
    Step(
        "DELETE /organization/domain",
        query={"id": "organization", "domain_id": "domain"},
        only="user",
    ),
    Step(
        "POST /theme", data=THEME | {"organization_id": "organization"}, keep="theme", only="user"
    ),
    Step("PUT /organization/theme", only="user"),
    Step("DELETE /organization", query={"id": "organization"}, only="user"),
    Step("POST /theme", data=THEME | {"domain_id": "domain"}, files=("favicon",), keep="theme"),
    Step("POST /theme", data=THEME | {"id": "theme"}, files=PICTURES),
    Step("GET /theme"),
    Step("GET /theme", query={"subdomain": "=new-subdomain"}),
    Step("GET /theme", query={"include_organizations": "=true"}),
    Step("PUT /domain/theme"),
    Step("POST /domain/theme", data=THEME | {"domain_id": "domain"}, files=PICTURES),
    Step("DELETE /theme/file", query={"domain_id": "domain", "file": "=favicon"}),
    Step("DELETE /theme/file", query={"theme_id": "theme", "file": "=logo_light"}),
    Step("POST /domain/custom"),
    Step("GET /domain/custom", query={"domain": "=my-domain.com"}),
    Step("DELETE /theme", query={"id": "theme", "keep_settings": "=true"}),
    *(
        step
        for kind, job in (("plausible", "/import"), ("fathom", "/google/import/job"))
        for step in (
            Step(f"POST /import/{kind}", archive=ARCHIVES[kind]),
            Step(f"GET {job}", query={"domain_id": "domain"}),
            Step(f"DELETE {job}", query={"domain_id": "domain"}),
        )
    ),
    Step("DELETE /domain", query={"id": "domain"}, only="user"),
)

ELSEWHERE = ("GET /google/import/profile", "POST /google/import")
"""Those that need a Google beside the server: `test_google.py` sends them."""

OURS: dict[str, set[str]] = {
    "/client": {"type", "user_id"},
    **{path: {*LATER_OF_IMPORTS} for path in IMPORTS},
    "/goal": {"tags"},
    "/organization": {"auto_join", "theme_id"},
    "/report": {*OPTIONS},
    "/view": {*LATER},
    "/billing": {*rows()["GET /domain 2"].response},  # its example shows the id of a domain only
}
"""Fields of answers that are not in the example, by path: those of later versions, mostly."""
NULL: dict[str, set[str]] = {
    "/domain": {"custom_domain", "display_name", "theme_id"},
    "/member": {"organization_id"},
    "/theme": {"user_id"},  # of an organization
}
"""Fields that may be null where the example has a value, by path."""


def filled(request: Any, step: Step, ids: dict[str, str]) -> Any:
    """A documented request with real ids in it."""
    if isinstance(request, list):
        return [filled(one, step, ids) for one in request]
    if request is None:
        return {"domain_id": ids["domain"]} if step.row == "POST /domain/public" else None
    given = {name: REAL.get(name, value) for name, value in request.items()} | step.change
    if "domain_id" in given:
        given["domain_id"] = ids["domain"]
    for name in ("theme_id", "organization_id"):
        if given.get(name):
            given[name] = ids[name.removesuffix("_id")]
    if step.row == "POST /token":
        return {name: ids[name] for name in given}
    given.pop("id", None)
    return given | ({"id": ids.get(step.id, "missing")} if step.id else {})


def differences(answer: Any, example: Any, path: str, where: str = "") -> list[str]:
    """Where an answer isn't of the documented shape; an empty object or list stands for any."""
    if isinstance(example, dict) and isinstance(answer, dict):
        return _in_object(answer, example, path, where) if example else []
    if isinstance(example, list) and isinstance(answer, list):
        if example and not answer:
            return [f"{where} is empty"]
        found = [differences(one, like, path, f"{where}[]") for one in answer for like in example]
        return [one for some in found for one in some]
    if example is None or (answer is None and where.rpartition(".")[2] in NULL.get(path, ())):
        return []
    alike = _json_type(answer) == _json_type(example)
    return [] if alike else [f"{where} is {answer!r}, documented as {example!r}"]


def _in_object(answer: dict[str, Any], example: dict[str, Any], path: str, where: str) -> list[str]:
    wrong = [f"{where}.{name} is missing" for name in example.keys() - answer.keys()]
    ours = answer.keys() - example.keys() - OURS.get(path, set())
    wrong += [f"{where}.{name} is not documented" for name in ours]
    for name in example.keys() & answer.keys():
        wrong += differences(answer[name], example[name], path, f"{where}.{name}")
    return sorted(wrong)


def _json_type(value: Any) -> type:
    return float if type(value) is int else type(value)
