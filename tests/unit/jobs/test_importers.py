"""What importers make of archives that are whole, that lack parts, are broken, or hostile."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from hoofprint.errors import Invalid
from hoofprint.importing import naming
from hoofprint.jobs.importers.archive import Archive, Format, Limits
from hoofprint.jobs.importers.fathom import fathom
from hoofprint.jobs.importers.plausible import plausible
from hoofprint.jobs.importers.reading import Broken, Site
from hoofprint.jobs.importers.summing import Sums
from hoofprint.model.imported import ImportedKind, ImportedRow
from hoofprint.testing.archives import (
    Exported,
    fathom_archive,
    plausible_archive,
    plausible_tables,
    zipped,
)

SITE = Site("example.com", naming())
JUNE = date(2023, 6, 1)
VISITORS = "imported_visitors_20230601_20230603.csv"
HEADER = "date,visitors,pageviews,bounces,visits,visit_duration\n"
Read = Callable[[bytes], list[ImportedRow | Broken]]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[ImportedRow | Broken]]:
    """What an archive of Plausible, or of another format, has."""

    def rows(data: bytes, form: Format = plausible(SITE)) -> list[ImportedRow | Broken]:  # noqa: B008 - frozen
        (tmp_path / "archive.zip").write_bytes(data)
        with Archive(tmp_path / "archive.zip", form) as archive:
            count = archive.count()
            found = list(archive.rows())
        assert len(found) == count or any(isinstance(one, Broken) for one in found)
        return found

    return rows


def one(read: Read, name: str, header: str, line: str) -> ImportedRow:
    """The only row of a file."""
    [row] = read(zipped({name: f"{header}\n{line}\n"}))
    assert isinstance(row, ImportedRow)
    return row


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("make", "form"), [(plausible_archive, plausible), (fathom_archive, fathom)]
)
def test_every_kind_adds_up_to_what_the_archive_says_of_its_days(
    read: Callable[..., list[ImportedRow | Broken]],
    make: Callable[[date, int, int], Exported],
    form: Callable[[Site], Format],
    seed: int,
) -> None:
    exported = make(JUNE, 5, seed)
    sums = Sums()
    for row in read(exported.data, form(SITE)):
        assert isinstance(row, ImportedRow)
        sums.add(row)
    views: Counter[tuple[ImportedKind, date]] = Counter()
    visits: Counter[tuple[ImportedKind, date]] = Counter()
    visitors: Counter[tuple[ImportedKind, date]] = Counter()
    for row in sums.take():
        views[row.kind, row.day] += row.views
        visits[row.kind, row.day] += row.sessions
        visitors[row.kind, row.day] += row.visitors
    for (kind, day), number in views.items():
        total = exported.days[day]
        assert (number, visits[kind, day], visitors[kind, day]) == (
            total.views,
            total.visits,
            total.visitors,
        ), kind
    assert {day for _, day in views} == exported.days.keys()


def test_hours_of_fathom_are_one_row_a_day(
    read: Callable[..., list[ImportedRow | Broken]],
) -> None:
    """Bounces and time are those of the hours, added up."""
    text = (
        "Timestamp,Pageviews,Visits,Uniques,Avg Duration,Bounce Rate\n"
        "2023-06-01 00:00:00,10,4,3,30,0.5\n"
        "2023-06-01 23:00:00,5,2,2,60.4,1\n"
    )
    sums = Sums()
    for row in read(zipped({"export/Site.csv": text}), fathom(SITE)):
        assert isinstance(row, ImportedRow)
        sums.add(row)
    assert sums.take() == [ImportedRow(JUNE, ImportedKind.TOTAL, (), 5, 6, 15, 4, 241)]
    assert sums.take() == []


def test_columns_go_by_their_names_whatever_their_order_and_others_are_ignored(read: Read) -> None:
    header = "\ufeffVisits,someday,DATE,visitors,pageviews,visit_duration,bounces"
    row = one(read, VISITORS, header, "3,x,2023-06-01,2,7,90,1")
    assert row == ImportedRow(JUNE, ImportedKind.TOTAL, (), 2, 3, 7, 1, 90)


def test_names_are_those_that_hits_have(read: Read) -> None:
    counts = "visitors,visits,visit_duration,bounces,pageviews"

    def values(file: str, columns: str, texts: str) -> tuple[str, ...]:
        line = f"2023-06-01,{texts},1,1,1,0,1"
        return one(read, f"imported_{file}.csv", f"date,{columns},{counts}", line).values

    assert values("devices", "device", "Laptop") == ("desktop",)
    assert values("devices", "device", "Ultrawide") == ("",)
    assert values("browsers", "browser,browser_version", "Microsoft Edge,140.0") == (
        "Edge",
        "140.0",
    )
    assert values("operating_systems", "operating_system", "GNU/Linux") == ("Linux", "")
    assert values("locations", "country,region,city", "US,US-CA,5391959") == (
        "us",
        "California",
        "GeoNames 5391959",
    )
    assert values("locations", "country,region,city", ",,0") == ("", "", "")
    assert values("locations", "country,region,city", "DE,DE-BY,Munich") == (
        "de",
        "DE-BY",
        "Munich",
    )
    assert values("pages", "page", "/a?b=c") == ("example.com", "/a", "")
    assert values("pages", "hostname,page", "Shop.Example.com,a") == ("shop.example.com", "/a", "")
    source = "source,referrer,utm_source,utm_medium,utm_campaign,utm_content,utm_term"
    assert values("sources", source, "Google,google.com,,,,,") == (
        *("https://google.com", "Google", "Organic Search"),
        *("", "", "", "", ""),
    )
    assert values("sources", source, "Direct / None,,,,,,")[:3] == ("", "", "Direct")
    assert values("sources", source, "news,,news,email,x,y,z") == (
        *("", "news", "Email", "news", "email", "x", "y", "z"),
    )


def test_files_may_be_missing_and_others_are_not_read(read: Read) -> None:
    files, _ = plausible_tables(JUNE, 3)
    some = {name: table for name, table in files.items() if "visitors" in name}
    some["notes.csv"] = [{"a": 1}]
    some["__MACOSX/imported_visitors_x.csv"] = [{"a": 1}]
    assert len(read(zipped(some))) == 3


def test_broken_rows_are_named_with_their_file_and_line_and_the_others_are_read(read: Read) -> None:
    text = HEADER + (
        "2023-06-01,1,1,0,1,0\n"
        "yesterday,1,1,0,1,0\n"
        "2023-06-02,many,1,0,1,0\n"
        "2023-06-02,-1,1,0,1,0\n"
        "2023-06-02,1\n"
        "1066-10-14,1,1,0,1,0\n"
        "\n"
        "2023-06-03,2,2,0,2,0\n"
    )
    found = read(zipped({VISITORS: text}))
    assert [str(row) for row in found if isinstance(row, Broken)] == [
        f"{VISITORS}, line 3: 'yesterday' is not a date",
        f"{VISITORS}, line 4: visitors is 'many', not a number of at least 0",
        f"{VISITORS}, line 5: visitors is '-1', not a number of at least 0",
        f"{VISITORS}, line 6: has 2 values, not 6",
        f"{VISITORS}, line 7: '1066-10-14' is not a day of this century",
    ]
    assert [row.day.day for row in found if isinstance(row, ImportedRow)] == [1, 3]


def test_a_file_without_a_column_it_needs_is_named_and_the_others_are_read(read: Read) -> None:
    text = {"imported_pages.csv": "day,page\n2023-06-01,/\n", VISITORS: HEADER}
    assert read(zipped(text)) == [Broken("imported_pages.csv", 0, "has no column date")]


def test_no_row_has_more_bounces_than_sessions(read: Read) -> None:
    assert one(read, VISITORS, HEADER.strip(), "2023-06-01,1,1,9,2,0").bounces == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no zip file"),
        (b"PK\x03\x04 and no more", "is no zip file"),
        (zipped({"readme.txt": "hello"}), "has none of the files imported_visitors"),
        (zipped({f"{n}.csv": "" for n in range(300)}), "more than 200 files"),
    ],
)
def test_what_is_no_such_archive_is_refused(read: Read, data: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read(data)


def test_an_archive_that_unpacks_to_too_much_is_refused_whatever_it_says_of_itself(
    tmp_path: Path,
) -> None:
    """A zip bomb: a thousand times as large inside; one that lies is found while it is read."""
    text = HEADER + "2023-06-01,1,1,0,1,0\n" * 40_000
    data = zipped({VISITORS: text})
    limits = Limits(size=100_000)
    file = tmp_path / "bomb.zip"
    file.write_bytes(data)
    assert len(data) < 10_000 < len(text)
    with pytest.raises(Invalid, match="larger than 100000 bytes"):
        Archive(file, plausible(SITE), limits)
    size = len(text).to_bytes(4, "little")
    file.write_bytes(data.replace(size, (99_000).to_bytes(4, "little")))
    with Archive(file, plausible(SITE), limits) as archive, pytest.raises(Invalid):
        list(archive.rows())


def test_an_endless_line_is_refused(read: Read) -> None:
    with pytest.raises(Invalid, match="a line of more than"):
        read(zipped({VISITORS: HEADER + "2" * 1_000_000}))


def test_a_damaged_archive_is_refused(read: Read) -> None:
    data = bytearray(plausible_archive(JUNE, 3).data)
    data[60:70] = b"0123456789"
    with pytest.raises(Invalid):
        read(bytes(data))


def test_an_encrypted_archive_is_refused(read: Read) -> None:
    data = io.BytesIO(plausible_archive(JUNE, 1).data)
    with zipfile.ZipFile(data) as archive:
        entries = archive.infolist()
    raw = bytearray(data.getvalue())
    for entry in entries:
        raw[entry.header_offset + 6] |= 1
    at = -1
    while (at := raw.find(b"PK\x01\x02", at + 1)) >= 0:
        raw[at + 8] |= 1
    with pytest.raises(Invalid, match="encrypted"):
        read(bytes(raw))


def row(kind: ImportedKind, *values: str, sessions: int = 0, views: int = 0) -> ImportedRow:
    return ImportedRow(JUNE, kind, values, sessions, sessions, views)


def test_totals_that_are_missing_are_made_of_the_kind_that_tells_most() -> None:
    sums = Sums()
    for some in (
        row(ImportedKind.BROWSERS, "Chrome", "", sessions=2, views=3),
        row(ImportedKind.BROWSERS, "Edge", "", sessions=1, views=1),
        row(ImportedKind.PAGES, "example.com", "/", "", sessions=9, views=9),
    ):
        sums.add(some)
    assert sums.totals() == [row(ImportedKind.TOTAL, sessions=3, views=4)]
    sums.add(row(ImportedKind.TOTAL, sessions=5))
    assert sums.totals() == []


def test_of_pages_alone_only_the_views_add_up() -> None:
    sums = Sums()
    for path in ("/", "/a"):
        sums.add(row(ImportedKind.PAGES, "example.com", path, "", sessions=9, views=4))
    assert sums.totals() == [row(ImportedKind.TOTAL, views=8)]
