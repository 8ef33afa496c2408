"""Tags and metadata (`rules.md` 1.5)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofprint.ingest.steps.tags import MOST, STEP
from hoofprint.model.arrival import Kind

from .sample import ANY_TEXT, asked, done

ANY_PAIRS = st.dictionaries(
    ANY_TEXT, ANY_TEXT | st.integers() | st.floats() | st.booleans() | st.none(), max_size=40
)


def tags(kind: Kind = Kind.HIT, **fields: Any) -> dict[str, str]:
    found = done(STEP, asked(kind, **fields))
    return dict(zip(found["tag_keys"], found["tag_values"], strict=True))


def metadata(kind: Kind = Kind.EVENT, **fields: Any) -> dict[str, str]:
    found = done(STEP, asked(kind, **fields))
    return dict(zip(found["meta_keys"], found["meta_values"], strict=True))


@pytest.mark.parametrize(
    ("given_tags", "stored"),
    [
        (None, {}),
        ({}, {}),
        ({"author": "Ann"}, {"author": "Ann"}),
        ({" author ": "\tAnn\n"}, {"author": "Ann"}),
        ({"": "x", "x": "", " ": "x", "y": "  ", "z": None}, {}),
        ({"a": 42, "b": 9.5, "c": True, "d": False}, {"a": "42", "b": "9.5"} | {"c": "true"}
         | {"d": "false"}),
        ({"k" * 60: "v" * 60}, {"k" * 50: "v" * 50}),
        ({"a": "1", " a ": "2"}, {"a": "1"}),
        ({"k" * 50 + "1": "1", "k" * 50 + "2": "2"}, {"k" * 50: "1"}),
        ({"Case": "Kept"}, {"Case": "Kept"}),
    ],
)  # fmt: skip
def test_tags_are_trimmed_cut_to_50_and_strings_and_none_is_empty(
    given_tags: dict[str, Any] | None, stored: dict[str, str]
) -> None:
    assert tags(tags=given_tags) == stored


def test_at_most_20_tags_are_kept_and_empty_ones_do_not_count() -> None:
    many = {"empty": ""} | {f"tag{i}": i for i in range(30)}
    assert tags(tags=many) == {f"tag{i}": str(i) for i in range(20)}


@pytest.mark.parametrize("kind", [Kind.HIT, Kind.KEEP_ALIVE])
def test_only_an_event_has_metadata(kind: Kind) -> None:
    assert metadata(kind, tags={"a": "b"}, event_meta={"c": "d"}) == {}


@pytest.mark.parametrize(
    ("given_meta", "stored"),
    [
        ({"plan": "Pro"}, {"plan": "Pro"}),
        ({"a": True, "b": 42, "c": 9.5}, {"a": "true", "b": "42", "c": "9.5"}),
        ({" key ": " value "}, {"key": "value"}),
        ({"k" * 200: "v" * 3000}, {"k" * 100: "v" * 2000}),
        ({"empty": "", "": "empty"}, {}),
        ({f"key{i}": i for i in range(30)}, {f"key{i}": str(i) for i in range(20)}),
    ],
)
def test_metadata_is_at_most_20_pairs_of_100_and_2000_characters(
    given_meta: dict[str, Any], stored: dict[str, str]
) -> None:
    assert metadata(event_meta=given_meta) == stored


def test_tags_of_an_event_are_merged_into_its_metadata_and_explicit_metadata_wins() -> None:
    fields: dict[str, Any] = {
        "tags": {"author": "Ann", "plan": "Free"},
        "event_meta": {"plan": "Pro", "n": 1},
    }
    assert metadata(**fields) == {"plan": "Pro", "n": "1", "author": "Ann"}
    assert tags(Kind.EVENT, **fields) == {"author": "Ann", "plan": "Free"}
    assert metadata(tags={"author": "Ann"}) == {"author": "Ann"}


def test_merged_metadata_is_still_at_most_20_pairs_explicit_ones_first() -> None:
    found = metadata(
        tags={f"tag{i}": i for i in range(15)}, event_meta={f"key{i}": i for i in range(15)}
    )
    assert list(found) == [f"key{i}" for i in range(15)] + [f"tag{i}" for i in range(5)]


@given(ANY_PAIRS, ANY_PAIRS)
def test_no_pairs_are_too_strange(given_tags: dict[str, Any], given_meta: dict[str, Any]) -> None:
    for key, value in tags(tags=given_tags).items():
        assert key.strip() == key != ""
        assert value.strip() == value != ""
        assert max(len(key), len(value)) <= 50
    found = metadata(tags=given_tags, event_meta=given_meta)
    assert len(found) <= MOST
    assert all(0 < len(k) <= 100 and 0 < len(v) <= 2000 for k, v in found.items())
