"""Whatever is sent about themes, files and hosts, the answer is a documented one."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoofprint.management.tokens import Tokens
from hoofprint.records.engine import Records

from .pictures import BOUNDARY, FORM, form, picture
from .theming import FILE, OF_DOMAIN, OF_ORGANIZATION, THEME, Studio, open_studio
from .world import World

CUSTOM = "/api/v1/domain/custom"
ROUTES = [
    *((method, THEME) for method in ("GET", "POST", "DELETE")),
    *((method, OF_DOMAIN) for method in ("PUT", "POST")),
    *((method, CUSTOM) for method in ("GET", "POST")),
    *(("DELETE", FILE), ("PUT", OF_ORGANIZATION)),
]
FIELDS = (
    "id",
    "copy_id",
    "domain_id",
    "organization_id",
    "theme_id",
    "name",
    "settings",
    "hostname",
)
PLAIN = (*FIELDS, "domain", "subdomain", "file", "keep_settings", "include_organizations")
ODD = ("", " ", "\0", "a\0b", "\ud83d", "é.example", "x" * 300, "true", "favicon", "a.example")
words = st.sampled_from([*ODD, "theme", "mine", "theirs", "organization"]) | st.text(max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@pytest.fixture(scope="module")
def cast(gallery: World, records: Records, tokens: Tokens) -> tuple[Studio, dict[str, str]]:
    studio = records.write(lambda session: open_studio(gallery, session, tokens))
    ids = {"mine": studio.own_id, "theirs": studio.theme("stranger")["id"]}
    theme = studio.theme()["id"]
    return studio, ids | {"theme": theme, "organization": studio.organization_id}


def is_documented(answer: Any) -> None:
    assert answer.status_code in {200, 400, 403, 404, 413}, answer.text
    if answer.status_code != 200:
        assert list(answer.json()) == ["validation", "error", "context"]


@settings(max_examples=40)
@given(
    route=st.sampled_from(ROUTES),
    fields=st.dictionaries(st.sampled_from(FIELDS), values, max_size=4),
    plain=st.dictionaries(st.sampled_from(PLAIN), words, max_size=3),
    uploads=st.booleans(),
)
def test_nothing_that_is_sent_breaks_anything(
    cast: tuple[Studio, dict[str, str]],
    route: tuple[str, str],
    fields: dict[str, Any],
    plain: dict[str, str],
    *,
    uploads: bool,
) -> None:
    studio, ids = cast
    method, path = route

    def meant(value: Any) -> Any:
        return ids.get(value, value) if isinstance(value, str) else value

    body = {name: meant(value) for name, value in fields.items()}
    query = urlencode({k: meant(v) for k, v in plain.items()}, errors="surrogatepass")
    content = json.dumps(body).encode() if method in {"POST", "PUT"} else None
    if uploads and content is not None and method == "POST" and path != CUSTOM:
        sent = form(body, favicon=picture())
        bearer = studio.bearers["owner"]
        answer = studio.world.send("POST", f"{path}?{query}", sent, headers=FORM, bearer=bearer)
    else:
        bearer = studio.bearers["owner"]
        answer = studio.world.send(method, f"{path}?{query}", content, bearer=bearer)
    is_documented(answer)
    assert ids["theirs"] in studio.listed(who="stranger")
    assert ids["theirs"] not in studio.listed()


@settings(max_examples=20)
@given(content=st.binary(max_size=200), at=st.integers(0, 400), boundary=st.text(max_size=20))
def test_no_form_breaks_anything(
    cast: tuple[Studio, dict[str, str]], content: bytes, at: int, boundary: str
) -> None:
    studio, _ = cast
    whole = form({"name": "x"}, logo_light=picture())
    bearer = studio.bearers["reading"]
    for sent in (content, whole[:at] + content + whole[at:], whole[:at]):
        is_documented(studio.world.send("POST", THEME, sent, headers=FORM, bearer=bearer))
    named = boundary.encode("ascii", "ignore").decode().replace("\n", "").replace("\r", "")
    headers = {"content-type": f"multipart/form-data; boundary={named}{BOUNDARY}"}
    is_documented(studio.world.send("POST", THEME, whole, headers=headers, bearer=bearer))


@settings(max_examples=25)
@given(host=st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=40))
def test_no_host_breaks_anything(cast: tuple[Studio, dict[str, str]], host: str) -> None:
    studio, _ = cast
    answer = studio.world.send("GET", "/", headers={"host": host})
    assert answer.status_code in {400, 404}
