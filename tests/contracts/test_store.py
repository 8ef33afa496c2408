"""What every store promises, part 1: rows in, rows out."""

from __future__ import annotations

import pytest

from hoofprint.errors import StoreError
from hoofprint.store.columns import COLUMNS, VISIT
from hoofprint.store.port import Row, Store, Table
from hoofprint.store.rows import encode_rows

LARGEST_ID = 2**53 - 1
JULY = 1_751_328_000
"""2025-07-01 00:00:00 UTC."""
DAY = 86_400
TEXTS = [
    *("", "plain", "it's", 'a "quote"', "back\\slash", "a\\nb", "\\N", "NULL", "null"),
    *("line\nbreak", "tab\tstop", "\r\n", "nul\0byte", "\x1b\x7f\b\f", "é€😀", "\u2028"),
    *("`tick`", "{name:String}", "%s %(name)s %%", "'); DROP TABLE page_views; --", "/* */ --"),
]


def page_view(visitor_id: int = 1, time: int = JULY, path: str = "/", title: str = "") -> Row:
    """A row of `page_views`."""
    return [
        "site",
        time // DAY,
        time,
        visitor_id,
        7,
        1,
        0,
        "example.com",
        path,
        title,
        [],
        [],
        *VISIT,
    ]


def session(version: int, page_views: int, start: int = JULY) -> Row:
    """A row of `sessions`."""
    own = [
        "site",
        start // DAY,
        1,
        7,
        start,
        start + page_views,
        version,
        page_views,
        0,
        0,
        page_views,
    ]
    return [*own, "example.com", "example.com", "/", "", "example.com", "/", "", *VISIT]


def paths(store: Store) -> list[str]:
    """The paths of all page views, ordered."""
    return [path for [path] in store.select("SELECT path FROM page_views ORDER BY path")]


def test_migrating_again_changes_nothing(contracted: Store) -> None:
    contracted.insert(Table.PAGE_VIEWS, [page_view()])
    assert contracted.migrate() == []
    assert paths(contracted) == ["/"]


@pytest.mark.parametrize("table", list(Table))
def test_the_columns_that_are_written_are_those_of_the_schema(
    contracted: Store, table: Table
) -> None:
    described = contracted.select(
        "SELECT name FROM system.columns WHERE table = {table:String}"
        " AND database = currentDatabase() AND default_kind = '' ORDER BY position",
        {"table": table},
    )
    assert tuple(name for [name] in described) == COLUMNS[table]


@pytest.mark.parametrize("text", TEXTS, ids=repr)
def test_any_text_comes_back_as_it_went_in(contracted: Store, text: str) -> None:
    """In plain, dictionary-encoded and array columns."""
    row = page_view(path=text, title=text)
    row = [*row[:10], [text, "k"], [text, text], *([text] * len(VISIT))]
    contracted.insert(Table.PAGE_VIEWS, [row])
    assert contracted.select("SELECT * EXCEPT (day, time) FROM page_views") == [[row[0], *row[3:]]]


@pytest.mark.parametrize("text", TEXTS, ids=repr)
def test_a_parameter_is_only_ever_a_value(contracted: Store, text: str) -> None:
    """Alone and in an array, whatever it looks like."""
    contracted.insert(Table.PAGE_VIEWS, [page_view(path=p) for p in TEXTS])
    for condition, value in (
        ("path = {name:String}", text),
        ("path IN {name:Array(String)}", [text]),
        ("has({name:Array(String)}, path)", (text,)),
    ):
        sql = f"SELECT path FROM page_views WHERE {condition}"  # noqa: S608 - constants
        assert contracted.select(sql, {"name": value}) == [[text]]
    assert len(paths(contracted)) == len(TEXTS)


def test_numbers_and_arrays_are_bound_exactly(contracted: Store) -> None:
    found = contracted.select(
        "SELECT {a:UInt64}, {b:Int64}, {c:Float64}, {d:Array(UInt64)}, {e:Array(String)},"
        " {f:UInt8}, toUnixTimestamp({g:DateTime('UTC')})",
        {"a": LARGEST_ID, "b": -1, "c": 0.1, "d": [1, LARGEST_ID], "e": [], "f": True, "g": JULY},
    )
    assert found == [[LARGEST_ID, -1, 0.1, [1, LARGEST_ID], [], 1, JULY]]


def test_many_parameters_are_bound(contracted: Store) -> None:
    """As for recalling the sessions of a large batch."""
    ids = list(range(LARGEST_ID - 10_000, LARGEST_ID))
    found = contracted.select("SELECT length({ids:Array(UInt64)})", {"ids": ids})
    assert found == [[10_000]]


def test_ids_and_times_come_back_as_numbers(contracted: Store) -> None:
    contracted.insert(Table.PAGE_VIEWS, [page_view(LARGEST_ID)])
    found = contracted.select(
        "SELECT visitor_id, toUnixTimestamp(time), count() FROM page_views GROUP BY ALL"
    )
    assert found == [[LARGEST_ID, JULY, 1]]


def test_an_aggregate_over_nothing_is_a_zero(contracted: Store) -> None:
    found = contracted.select("SELECT count(), sum(n), toUnixTimestamp(max(time)) FROM page_views")
    assert found == [[0, 0, 0]]


@pytest.mark.parametrize("rows", [1, 5000], ids=["few", "many"])
def test_a_token_is_stored_once(contracted: Store, rows: int) -> None:
    """Also across months, where an insert makes a part for each of them."""
    some = [page_view(i, JULY - DAY + i * 40, title="x" * 40) for i in range(rows)]
    some.append(page_view(0, JULY + 40 * DAY))
    for _ in range(3):
        contracted.insert(Table.PAGE_VIEWS, some, "0-100")
    assert contracted.select("SELECT count() FROM page_views") == [[rows + 1]]
    contracted.insert(Table.PAGE_VIEWS, some, "100-200")
    assert contracted.select("SELECT count() FROM page_views") == [[2 * rows + 2]]


def test_a_token_counts_for_each_table_by_itself(contracted: Store) -> None:
    contracted.insert(Table.PAGE_VIEWS, [page_view()], "it's")
    contracted.insert(Table.LEDGER, [["site", JULY, "accepted", 2]], "it's")
    contracted.insert(Table.LEDGER, [["site", JULY, "accepted", 2]], "it's")
    assert contracted.select("SELECT sum(hits) FROM ledger") == [[2]]


def test_rows_without_a_token_are_stored_each_time(contracted: Store) -> None:
    for _ in range(2):
        contracted.insert(Table.LEDGER, [["site", JULY, "accepted", 2]])
    assert contracted.select("SELECT sum(hits) FROM ledger") == [[4]]


def test_the_highest_version_of_a_session_counts(contracted: Store) -> None:
    """In whatever order versions arrive, and however often it has been asked before."""
    sql = (
        "SELECT page_views, version FROM sessions FINAL"
        " WHERE domain_id = {domain:String} AND page_views >= {least:UInt16}"
    )
    for version, expected in ((3, 3), (1, 3), (2, 3), (3, 3), (5, 5)):
        contracted.insert(Table.SESSIONS, [session(version, page_views=version)])
        for least in (expected, expected + 1):
            found = contracted.select(sql, {"domain": "site", "least": least})
            assert found == ([[expected, expected]] if least == expected else [])


BROKEN: list[tuple[str, Row]] = [
    ("too short", page_view()[:-1]),
    ("too long", [*page_view(), ""]),
    ("text for a number", [*page_view()[:3], "x", *page_view()[4:]]),
    ("nothing for a text", [*page_view()[:8], None, *page_view()[9:]]),
    ("a number for a text", [*page_view()[:8], 1, *page_view()[9:]]),
    ("a text for a time", [*page_view()[:2], "soon", *page_view()[3:]]),
]


@pytest.mark.parametrize("rows", [2, 5000], ids=["few", "many"])
@pytest.mark.parametrize("broken", [b for _, b in BROKEN], ids=[name for name, _ in BROKEN])
def test_of_an_insert_with_a_broken_row_nothing_is_stored(
    contracted: Store, broken: Row, rows: int
) -> None:
    """The store goes on, and the same token can be used for the mended rows."""
    good = [page_view(i, title="x" * 40) for i in range(rows)]
    with pytest.raises(StoreError):
        contracted.insert(Table.PAGE_VIEWS, [*good, broken], "token")
    assert paths(contracted) == []
    contracted.insert(Table.PAGE_VIEWS, good, "token")
    assert len(paths(contracted)) == rows


def test_encoded_rows_are_inserted_as_they_are(contracted: Store) -> None:
    contracted.insert_encoded(Table.PAGE_VIEWS, encode_rows([page_view(path="/a")]), "1-2")
    contracted.insert_encoded(Table.PAGE_VIEWS, b"", "2-3")
    assert paths(contracted) == ["/a"]
