"""The OpenAPI document says what the requests about people, organizations and owners answer."""

from __future__ import annotations

from typing import Any

import pytest

from .teamwork import DOMAIN, INVITATION, MEMBER, ORGANIZATION, OWNER, Office
from .test_openapi import mistakes
from .test_resources import DOCUMENTED

OURS = {("PUT", OWNER), ("POST", OWNER), ("DELETE", OWNER)}
THEMES = ("PUT", f"{ORGANIZATION}/theme")


@pytest.fixture(scope="module")
def document(office: Office) -> Any:
    return office(None, "GET", "/schema/openapi.json")


def test_every_documented_route_is_there(document: Any) -> None:
    wanted = {
        (method, path)
        for method, path in DOCUMENTED
        if path.startswith((MEMBER, INVITATION, ORGANIZATION))
    }
    described = {
        (method.upper(), path) for path, item in document["paths"].items() for method in item
    }
    assert (wanted | OURS) - {THEMES} <= described


def test_what_is_sent_is_described_and_what_is_answered_too(office: Office, document: Any) -> None:
    owner, ada = office.people("owner", "ada")
    domain, organization = office.domain(owner), office.organization(owner)

    def asked(who: Any, method: str, path: str, json: Any = None, **query: str) -> Any:
        operation = document["paths"][path][method.lower()]
        answer = office(who, method, path, json, **query)
        if json is not None:
            body = operation["requestBody"]["content"]["application/json"]["schema"]
            assert mistakes(document, body, json) == []
        assert set(query) <= {one["name"] for one in operation.get("parameters", [])}
        content = operation["responses"]["200"].get("content")
        if content is None:
            assert answer is None
        else:
            schema = content["application/json"]["schema"]
            assert mistakes(document, schema, answer) == []
            assert answer not in ([], {})
        return answer

    asked(owner, "POST", f"{ORGANIZATION}/domain", {"id": organization, "domain_id": domain})
    asked(
        owner, "POST", f"{ORGANIZATION}/autojoin", {"id": organization, "auto_join": ["a.example"]}
    )
    asked(owner, "GET", ORGANIZATION)
    asked(owner, "GET", f"{ORGANIZATION}/domain", id=organization)
    asked(owner, "DELETE", f"{ORGANIZATION}/autojoin", id=organization, auto_join="a.example")
    for place in ({"id": domain}, {"organization_id": organization}):
        asked(owner, "POST", MEMBER, {**place, "emails": [ada.email]})
        asked(owner, "GET", MEMBER, **place)
    asked(owner, "GET", INVITATION, domain_id=domain)
    first, second = asked(ada, "GET", INVITATION)
    asked(ada, "POST", INVITATION, {"id": first["id"]})
    asked(ada, "DELETE", INVITATION, {"id": second["id"]})
    asked(owner, "PUT", OWNER, {"domain_id": domain, "email": ada.email})
    asked(ada, "POST", OWNER, {"domain_id": domain})
    [admin] = [one for one in office(ada, "GET", MEMBER, id=domain) if one["user_id"] == owner.id]
    asked(ada, "PUT", MEMBER, {"id": admin["id"], "role": "viewer"})
    asked(ada, "DELETE", MEMBER, id=admin["id"])
    asked(owner, "PUT", ORGANIZATION, {"id": organization, "name": "New"})
    asked(owner, "DELETE", ORGANIZATION, id=organization, delete_domains="false")
    new = {"hostname": "new.example", "timezone": "UTC"}
    made = asked(owner, "POST", ORGANIZATION, {"name": "Other"})
    asked(owner, "POST", DOMAIN, new | {"organization_id": made["id"]})
