"""Whatever is thrown at a collection endpoint, the answer is a documented one."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .world import BROWSER, World

DOCUMENTED = {200, 400, 401, 403, 413}
API = [f"/api/v1/{kind}{many}" for kind in ("hit", "event", "session") for many in ("", "/batch")]
FIELDS = [
    "url",
    "ip",
    "user_agent",
    "accept_language",
    "sec_ch_ua",
    "sec_ch_ua_mobile",
    "sec_ch_ua_platform",
    "sec_ch_ua_platform_version",
    "sec_ch_width",
    "title",
    "referrer",
    "screen_width",
    "screen_height",
    "tags",
    "time",
    "event_name",
    "event_duration",
    "event_meta",
    "non_interactive",
    "disable_bot_filter",
    "hostname",
    "identification_code",
]
relaxed = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

texts = st.text() | st.sampled_from(
    [
        "https://example.com/",
        "https://example.com/%FF%00?utm_source=%F0%9F&ref=\ud83d",
        "http://[::1",
        "81.2.69.142",
        "::1%eth0",
        "2026-05-04T13:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59.999999999-14:00",
        BROWSER,
        '"Not A;Brand";v="99"',
        "android-app://com.example",
        "\u0000",
        "1e999",
        "NaN",
    ]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
good = {
    "url": "https://example.com/",
    "ip": "81.2.69.142",
    "user_agent": BROWSER,
    "event_name": "x",
}
likely = st.dictionaries(st.sampled_from(FIELDS), anything, max_size=6).map(lambda d: {**good, **d})
documents = anything | likely | st.lists(likely | anything, max_size=4)


def check(world: World, path: str, content: bytes, bearer: str) -> None:
    before = len(world.spool.records)
    answer = world.send("POST", path, content, bearer=bearer)
    assert answer.status_code in DOCUMENTED, (answer.status_code, content)
    if answer.status_code == 200:
        assert answer.content == b""
    else:
        assert set(answer.json()) == {"validation", "error", "context"}
        assert answer.json()["validation"] or answer.json()["error"]
        assert len(world.spool.records) == before


@relaxed
@given(path=st.sampled_from(API), document=documents, owner=st.booleans())
def test_any_json_gets_a_documented_answer(
    world: World, path: str, document: Any, owner: bool
) -> None:
    bearer = world.cast.user_token if owner else world.cast.access_key
    check(world, path, json.dumps(document).encode(), bearer)


@relaxed
@given(path=st.sampled_from([*API, "/event"]), content=st.binary(max_size=200))
def test_any_bytes_get_a_documented_answer(world: World, path: str, content: bytes) -> None:
    check(world, path, content, world.cast.access_key)


@relaxed
@given(document=likely | anything)
def test_any_event_of_a_script_gets_a_documented_answer(world: World, document: Any) -> None:
    if isinstance(document, dict):
        document = {"identification_code": world.cast.domain.identification_code, **document}
    check(world, "/event", json.dumps(document).encode(), "")


@relaxed
@given(
    path=st.sampled_from(["/hit", "/session"]),
    fields=st.dictionaries(st.sampled_from(["url", "t", "ref", "w", "h", "tag_a", "nc"]), texts),
    noise=st.binary(max_size=30),
)
def test_any_query_gets_a_documented_answer(
    world: World, path: str, fields: dict[str, str], noise: bytes
) -> None:
    method = "GET" if path == "/hit" else "POST"
    pairs = {"code": world.cast.domain.identification_code, "url": "https://example.com/", **fields}
    encoded = "&".join(
        f"{name}={''.join(f'%{byte:02x}' for byte in value.encode('utf-8', 'surrogatepass'))}"
        for name, value in pairs.items()
    )
    junk = "".join(f"%{byte:02x}" for byte in noise)
    answer = world.send(method, f"{path}?{encoded}&{junk}={junk}")
    assert answer.status_code in DOCUMENTED
