"""The OpenAPI document says what the requests about themes and custom domains take and answer."""

from __future__ import annotations

from typing import Any

import pytest

from .pictures import picture
from .test_openapi import mistakes
from .test_resources import DOCUMENTED
from .test_uploads import PICTURE
from .theming import FILE, OF_DOMAIN, OF_ORGANIZATION, THEME, Studio
from .world import World

CUSTOM = "/api/v1/domain/custom"
PATHS = (THEME, FILE, OF_DOMAIN, OF_ORGANIZATION, CUSTOM)


@pytest.fixture(scope="module")
def document(gallery: World) -> Any:
    return gallery.send("GET", "/schema/openapi.json").json()


def test_every_documented_route_is_there(document: Any) -> None:
    wanted = {(method, path) for method, path in DOCUMENTED if path in PATHS}
    described = {
        (method.upper(), path) for path, item in document["paths"].items() for method in item
    }
    assert len(wanted) == 9
    assert wanted | {("POST", PICTURE), ("DELETE", PICTURE)} <= described


def test_what_is_sent_is_described_and_what_is_answered_too(studio: Studio, document: Any) -> None:
    def told(method: str, path: str) -> Any:
        return document["paths"][path.partition("?")[0]][method.lower()]

    def checked(method: str, path: str, answer: Any) -> Any:
        assert answer.status_code == 200, answer.text
        content = told(method, path)["responses"]["200"].get("content")
        if content is None:
            assert answer.content == b""
            return None
        schema = content["application/json"]["schema"]
        assert mistakes(document, schema, answer.json()) == []
        assert answer.json() not in ([], {})
        return answer.json()

    def asked(method: str, path: str, json: Any = None) -> Any:
        if json is not None:
            body = told(method, path)["requestBody"]["content"]["application/json"]["schema"]
            assert mistakes(document, body, json) == []
        return checked(method, path, studio.send(method, path, json))

    def uploaded(path: str, data: Any, *files: str) -> Any:
        form = told("POST", path)["requestBody"]["content"]["multipart/form-data"]["schema"]
        assert {*files, "data"} - {"file", "data"} <= set(form["properties"])
        sent: Any = dict.fromkeys(files, picture())
        return checked("POST", path, studio.upload(path, data, **sent))

    here = {"organization_id": studio.organization_id}
    made = uploaded(THEME, {"name": "x", "settings": {"a": "b"}}, "logo_light", "favicon")
    ours = asked("POST", THEME, {"copy_id": made["id"]} | here)
    asked("GET", f"{THEME}?include_organizations=true")
    asked("PUT", OF_ORGANIZATION, here | {"theme_id": ours["id"]})
    asked("PUT", OF_DOMAIN, {"domain_id": studio.own_id, "theme_id": made["id"]})
    uploaded(OF_DOMAIN, {"domain_id": studio.own_id}, "logo_dark")
    asked("DELETE", f"{FILE}?domain_id={studio.own_id}&file=logo_dark")
    asked("DELETE", f"{FILE}?theme_id={made['id']}&file=favicon")
    asked("DELETE", f"{THEME}?id={made['id']}&keep_settings=true")
    asked("POST", CUSTOM, {"domain_id": studio.own_id, "hostname": ""})
    subdomain = studio.domain(studio.own_id)["subdomain"]
    asked("GET", f"{CUSTOM}?domain={subdomain}.boards.stats.example")
    uploaded(PICTURE, None, "file")
    asked("DELETE", PICTURE)
