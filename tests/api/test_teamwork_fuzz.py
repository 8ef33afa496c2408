"""Whatever is sent about people and organizations, the answer is a documented one."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .teamwork import DOMAIN, INVITATION, MEMBER, ORGANIZATION, OWNER, Office, Person

DOCUMENTED = {200, 400, 403, 404}
ROUTES = [
    *((method, MEMBER) for method in ("GET", "POST", "PUT", "DELETE")),
    *((method, INVITATION) for method in ("GET", "POST", "DELETE")),
    *((method, ORGANIZATION) for method in ("GET", "POST", "PUT", "DELETE")),
    *((method, f"{ORGANIZATION}/domain") for method in ("GET", "POST", "DELETE")),
    *((method, f"{ORGANIZATION}/autojoin") for method in ("POST", "DELETE")),
    *((method, OWNER) for method in ("PUT", "POST", "DELETE")),
]
FIELDS = ("id", "domain_id", "organization_id", "emails", "email", "role", "name", "auto_join")
ODD = ("", " ", "\0", "a\0@example.com", "\ud83d", "é@é.example", "@", "a@b", "x" * 300, "Owner")
KNOWN = ("domain", "organization", "mine", "theirs", "admin", "a@fuzz.example", "b.fuzz.example")

words = st.sampled_from([*ODD, *KNOWN]) | st.text(max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@pytest.fixture(scope="module")
def cast(office: Office) -> tuple[Person, dict[str, str]]:
    """Somebody, and what may be named: own things and others'."""
    owner, other = office.people("owner", "other")
    domain, theirs = office.domain(owner), office.domain(other)
    ids = {"domain": domain, "mine": office.domain(owner), "theirs": theirs}
    return owner, ids | {"organization": office.organization(owner, domain)}


@settings(max_examples=60)
@given(
    route=st.sampled_from(ROUTES),
    fields=st.dictionaries(st.sampled_from(FIELDS), values, max_size=4),
    plain=st.dictionaries(st.sampled_from([*FIELDS, "delete_domains"]), words, max_size=3),
)
def test_nothing_that_is_sent_breaks_anything(
    office: Office,
    cast: tuple[Person, dict[str, str]],
    route: tuple[str, str],
    fields: dict[str, Any],
    plain: dict[str, str],
) -> None:
    owner, ids = cast
    method, path = route

    def meant(value: Any) -> Any:
        return ids.get(value, value) if isinstance(value, str) else value

    body = {name: meant(value) for name, value in fields.items()}
    query = urlencode({k: meant(v) for k, v in plain.items()}, errors="surrogatepass")
    answer = office.world.send(
        method,
        f"{path}?{query}",
        json.dumps(body).encode() if method in {"POST", "PUT"} else None,
        bearer=owner.bearer,
    )
    assert answer.status_code in DOCUMENTED, answer.text
    if answer.status_code != 200:
        assert list(answer.json()) == ["validation", "error", "context"]
    assert {one["id"] for one in office(owner, "GET", DOMAIN)} & {ids["theirs"]} == set()
