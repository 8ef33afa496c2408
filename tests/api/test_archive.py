"""CSV files in a zip: cells, harmless texts, and that nothing is held back."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofprint.api.archive import Table, archive, cell, harmless

AT = datetime(2026, 5, 4, 13, 6, 40, tzinfo=UTC)
SIGNS = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001 - the signs in full width are the point


def read(data: bytes) -> dict[str, list[list[str]]]:
    """The lines of each file."""
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        assert zipped.testzip() is None
        return {
            name: list(csv.reader(io.StringIO(zipped.read(name).decode(), newline="")))
            for name in zipped.namelist()
        }


def test_each_table_is_a_file_with_the_names_of_its_fields() -> None:
    rows = [{"path": "/a", "visitors": 1}, {"path": "/b", "visitors": 2}]
    tables = [Table("pages", [rows[:1], rows[1:]], ()), Table("empty", [[]], ("path", "visitors"))]
    assert read(b"".join(archive(tables, AT))) == {
        "pages.csv": [["path", "visitors"], ["/a", "1"], ["/b", "2"]],
        "empty.csv": [["path", "visitors"]],
    }


def test_files_carry_the_time_of_the_export() -> None:
    data = b"".join(archive([Table("a", [[]], ("x",))], AT))
    [entry] = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert entry.date_time == (2026, 5, 4, 13, 6, 40)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-3, "-3"),
        (0.1, "0.1"),
        (-1e-07, "-1e-07"),
        (2**53 - 1, "9007199254740991"),
        ("", ""),
        ("a,b", "a,b"),
        (["a", "=b"], '["a","=b"]'),
        ({"a": None, "b": [1, True]}, '{"a":null,"b":[1,true]}'),
    ],
)
def test_a_cell_is_a_plain_value_or_json(value: Any, expected: str) -> None:
    data = b"".join(archive([Table("a", [[{"x": value, "y": ""}]], ())], AT))
    assert read(data)["a.csv"] == [["x", "y"], [expected, ""]]


@pytest.mark.parametrize("sign", SIGNS)
def test_no_text_begins_with_a_sign_that_spreadsheets_run(sign: str) -> None:
    for text in (f"{sign}HYPERLINK(1)", f"{sign}cmd|' /C calc'!A0", sign, f"{sign}{sign}1"):
        assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "a", "/a=b", "-3", "+49", "-3.5", "-1e5", "140.0", "'quoted'", "a\n=b", " =1"]
)
def test_numbers_and_harmless_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("text", ["-3+4", "-", "+1-1", "-1e", "-٣", "-.5", "=1"])
def test_what_only_looks_like_a_number_does_not(text: str) -> None:
    assert harmless(text) == f"'{text}"


@given(st.text(alphabet=st.sampled_from([*SIGNS, "'", '"', ",", "1", "a", "é", "\0"]), max_size=6))
def test_every_text_can_be_had_back(text: str) -> None:
    """What begins with apostrophes and a sign loses one of them."""
    data = b"".join(archive([Table("a", [[{"x": text, "y": 1}]], ())], AT))
    [_, [found, _]] = read(data)["a.csv"]
    assert re.sub(f"^'('*[{re.escape(SIGNS)}])", r"\1", found) == text


def test_a_piece_is_handed_over_before_the_next_one_is_asked_for() -> None:
    asked: list[int] = []

    def pieces() -> Iterator[list[dict[str, int]]]:
        for number in range(3):
            asked.append(number)
            yield [{"x": number}] * 5000

    made = archive([Table("a", pieces(), ())], AT)
    sizes = []
    for number in range(3):
        sizes.append(len(next(made)))
        assert asked == list(range(number + 1))
    assert all(sizes[:1])


def test_an_archive_is_made_in_little_memory() -> None:
    """What waits to be taken is never more than a piece."""
    noise = [{"x": f"{number * 2654435761 % 2**32:x}"} for number in range(1000)]
    most = max(map(len, archive([Table("a", [noise] * 50, ())], AT)))
    assert most < 40_000


def test_cells_are_never_of_another_kind() -> None:
    values: list[Any] = [None, True, "a", 1, 1.5, [], {}]
    assert {type(cell(value)) for value in values} == {str, int, float}
