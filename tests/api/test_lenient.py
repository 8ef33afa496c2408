"""What bodies real clients send, and how the rest is refused (clients.md section 6)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from hoofprint.api.admission import KeepAlive
from hoofprint.api.lenient import Refused, parse, understand
from hoofprint.errors import Invalid
from hoofprint.ingest.hit import Hit


@pytest.mark.parametrize(
    ("field", "given", "read"),
    [
        ("screen_width", "1920", 1920),
        ("screen_height", " 10.5 ", 10.5),
        ("event_duration", "42", 42),
        ("screen_width", "", None),
        ("ip", ["1.2.3.4", "5.6.7.8"], "1.2.3.4,5.6.7.8"),
        ("ip", "1.2.3.4:80", "1.2.3.4:80"),
        ("sec_ch_width", 1200, "1200"),
        (
            "tags",
            {"a": 1, "b": True, "c": 1.5, "d": None},
            {"a": 1, "b": True, "c": 1.5, "d": None},
        ),
        ("tags", [], {}),
        ("event_meta", [], {}),
        ("url", None, None),
        ("time", "2023-01-02T14:15:32Z", datetime(2023, 1, 2, 14, 15, 32, tzinfo=UTC)),
        ("title", "a\ud83d", "a\ufffd"),
        ("title", "a\U0001f600", "a\U0001f600"),
        ("tags", {"\udc00": "\ud83d"}, {"\ufffd": "\ufffd"}),
    ],
)
def test_kindness(field: str, given: object, read: object) -> None:
    hit, wrong = understand(Hit, {field: given})
    assert wrong == {}
    assert getattr(hit, field) == read


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("url", 5, "must be a text"),
        ("ip", {"a": 1}, "must be a text"),
        ("ip", [1], "must be a text"),
        ("user_agent", True, "must be a text"),
        ("sec_ch_width", False, "must be a text"),
        ("screen_width", "wide", "must be a number"),
        ("screen_width", True, "must be a number"),
        ("screen_width", [], "must be a number"),
        ("screen_width", "inf", "must be a finite number"),
        ("event_duration", float("inf"), "must be a finite number"),
        ("non_interactive", "yes", "must be true or false"),
        ("tags", "a", "must be an object of texts, numbers and booleans"),
        ("tags", {"a": {}}, "must hold texts, numbers and booleans only, a is nested"),
        ("event_meta", {"b": []}, "must hold texts, numbers and booleans only, b is nested"),
        ("event_meta", {"b": float("inf")}, "must be a finite number"),
        ("time", "yesterday", "must be a time as in 2023-01-02T14:15:32Z"),
        ("time", 5, "must be a time as in 2023-01-02T14:15:32Z"),
    ],
)
def test_what_cannot_be_understood_is_named(field: str, given: object, said: str) -> None:
    hit, wrong = understand(Hit, {field: given, "title": "kept"})
    assert wrong == {field: said}
    assert (getattr(hit, field), hit.title) == (None, "kept")


def test_every_failing_field_is_named_at_once() -> None:
    _, wrong = understand(Hit, {"url": 1, "tags": 2, "screen_width": "x", "unknown": 5})
    assert set(wrong) == {"url", "tags", "screen_width"}


def test_ignored_fields_may_hold_anything() -> None:
    assert understand(Hit, {"time": "never"}, ignore=("time",)) == (Hit(), {})


def test_null_is_an_empty_object_and_a_list_is_none() -> None:
    assert understand(Hit, None) == (Hit(), {})
    with pytest.raises(Refused, match="expected an object"):
        understand(Hit, [])


def test_a_form_with_further_fields_is_read_too() -> None:
    hit, wrong = understand(KeepAlive, {"hostname": "a.example", "screen_width": "7"})
    assert (hit, wrong) == (KeepAlive(hostname="a.example", screen_width=7), {})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "Expecting value (character 0)"),
        (b'{"a": }', "Expecting value (character 6)"),
        (b"{}x", "Extra data (character 2)"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": -Infinity}', "-Infinity is no number"),
        (b'{"a": "\xff"}', "the body is not valid UTF-8 (byte 7)"),
        (b'{"a": ' + b"[" * 100_000, "the body is nested too deeply"),
    ],
)
def test_malformed_json_says_where(body: bytes, said: str) -> None:
    with pytest.raises(Invalid) as raised:
        parse(body)
    assert raised.value.fields == {}
    assert said in raised.value.messages[0]


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"\xef\xbb\xbf{}", {}),
        (b'{"a": 1e400}', {"a": float("inf")}),
        (b'{"a": ' + b"9" * 5000 + b"}", {"a": float("inf")}),
    ],
)
def test_odd_but_readable_json(body: bytes, value: Any) -> None:
    assert parse(body) == value
