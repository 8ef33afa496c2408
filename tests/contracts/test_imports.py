"""What imports ask of every store: rows once, and none that nobody needs."""

from __future__ import annotations

from datetime import date, timedelta

from hoofprint.model.imported import ImportedDays, ImportedKind, ImportedRow
from hoofprint.store.imports import ImportedStore
from hoofprint.store.port import Store

JUNE = date(2023, 6, 1)


def rows(days: int) -> list[ImportedRow]:
    return [
        ImportedRow(JUNE + timedelta(days=n), ImportedKind.PAGES, ("a.example", "/'\\\t", ""), n)
        for n in range(days)
    ]


def days(store: Store, rows_id: str) -> list[int]:
    sql = "SELECT toDayOfMonth(day) AS d FROM imported WHERE rows_id = {id:String} ORDER BY d"
    return [day for [day] in store.select(sql, {"id": rows_id})]


def test_rows_are_stored_once_for_each_token(contracted: Store) -> None:
    imported = ImportedStore(contracted)
    for token in ("one:1", "one:1", "one:2"):
        imported.add("site", "one", rows(3), token)
    assert days(contracted, "one") == [1, 1, 2, 2, 3, 3]
    assert imported.written() == ["one"]
    [[path]] = contracted.select("SELECT DISTINCT path FROM imported")
    assert path == "/'\\\t"


def test_only_rows_of_some_days_are_kept(contracted: Store) -> None:
    """They are gone at once for whoever reads."""
    imported = ImportedStore(contracted)
    for rows_id in ("one", "two"):
        imported.add("site", rows_id, rows(9), rows_id)
    kept = [
        ImportedDays("one", JUNE + timedelta(days=1), JUNE + timedelta(days=2)),
        ImportedDays("one", JUNE + timedelta(days=7), JUNE + timedelta(days=30)),
    ]
    assert imported.keep("one", kept)
    assert days(contracted, "one") == [2, 3, 8, 9]
    assert not imported.keep("one", kept)
    assert imported.keep("two", [])
    assert imported.written() == ["one"]
    assert not imported.keep("two", [])


def test_rows_of_many_years_are_one_insert(contracted: Store) -> None:
    every_month = [
        ImportedRow(date(2010 + n // 12, n % 12 + 1, 1), ImportedKind.TOTAL, (), 1)
        for n in range(180)
    ]
    ImportedStore(contracted).add("site", "long", every_month, "long")
    assert contracted.select("SELECT count() FROM imported") == [[180]]
