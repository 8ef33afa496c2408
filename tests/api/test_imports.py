"""`/api/v1/import` on the wire: archives are taken, and statistics show what was imported."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace

from hoofprint.api import imports
from hoofprint.importing import ImportParts, open_imports
from hoofprint.management.deletions import Deletions
from hoofprint.records.tables import DomainRecord, ImportRecord
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.testing.archives import (
    Exported,
    fathom_archive,
    plausible_archive,
    plausible_tables,
    zipped,
)

from .conftest import Parts
from .managing import MANAGED, MAY_NOT, OK, Managed
from .test_resources import DOCUMENTED
from .world import NOW, World

PATH, JOB = "/api/v1/import", "/api/v1/google/import/job"
JUNE = date(2023, 6, 1)
BOUNDARY = "----formdata-hoofprint-1"
LATER = (
    *("state", "progress", "rows_done", "rows_all", "rows_skipped", "rows_broken"),
    *("problems", "error", "finished"),
)
WHO = {**MANAGED, "viewer": (MAY_NOT, MAY_NOT)}
"""An import is a setting, which viewers don't see."""


def form(
    fields: Mapping[str, str], file: bytes | None, boundary: str = BOUNDARY, name: str = "file"
) -> bytes:
    """A form as browsers send it."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n'.encode()
        for key, text in fields.items()
    ]
    if file is not None:
        head = f'Content-Disposition: form-data; name="{name}"; filename="a.zip"\r\n'
        head += "Content-Type: application/zip\r\n\r\n"
        parts.append(f"--{boundary}\r\n{head}".encode() + file + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


class Desk(NamedTuple):
    """An instance with imports, and clients that may ask for them."""

    world: World
    managed: Managed
    parts: ImportParts

    @property
    def domain_id(self) -> str:
        return self.managed.domain_id

    def post(
        self,
        file: bytes | None,
        kind: str = "plausible",
        who: str | None = "changing",
        fields: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Any:
        fields = {"domain": self.domain_id} if fields is None else fields
        content = more.pop("content", None) or form(fields, file)
        kinds = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self.world.send(
            "POST",
            f"{PATH}/{kind}",
            content,
            headers=more.pop("headers", kinds),
            bearer=self.managed.bearers.get(who or ""),
        )

    def ask(self, method: str, path: str = PATH, who: str = "changing", domain: str = "") -> Any:
        of = urlencode({"domain_id": domain or self.domain_id})
        bearer = self.managed.bearers.get(who)
        return self.world.send(method, f"{path}?{of}", bearer=bearer)

    def statistics(self, route: str, **query: str) -> Any:
        """As a dashboard asks that may read the domain."""
        asked = {"id": self.domain_id, "from": "2023-06-01", "to": "2023-06-10", **query}
        answer = self.world.send(
            "GET", f"/api/v1/statistics{route}?{urlencode(asked)}", bearer=self.managed["changing"]
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def imported(self, exported: Exported, kind: str = "plausible") -> None:
        """Import an archive to its end."""
        assert self.post(exported.data, kind).status_code == 200
        self.parts.job.look()
        assert self.ask("GET").json()["state"] == "done"

    @property
    def files(self) -> list[str]:
        """The archives that are kept."""
        return [file.name for file in self.parts.uploads.directory.glob("*")]


@pytest.fixture
def desk(world: World, managed: Managed, parts: Parts, store: EmbeddedStore) -> Iterator[Desk]:
    forget = parts.directory.forget
    opened = open_imports(world.services.settings, parts.records, store, lambda: NOW, forget)
    deletions = Deletions(parts.records, lambda: NOW, lambda: 0, lambda _: forget())
    here = world.but(
        imports=opened.imports,
        uploads=opened.uploads,
        google=opened.google,
        deletions=deletions,
    )
    yield Desk(here, managed, opened)
    opened.close()

    def clear(session: Any) -> None:
        session.query(ImportRecord).delete()
        domain = session.get_one(DomainRecord, managed.domain_id)
        domain.imported, domain.imported_statistics, domain.statistics_start = [], False, None

    parts.records.write(clear)
    forget()


def is_documented(answer: Any, method: str, path: str) -> bool:
    """Whether an answer has the documented fields in their order, then how far it is."""
    return list(answer) == [*DOCUMENTED[method, path]["response"], *LATER]


@pytest.mark.parametrize("kind", ["plausible", "fathom"])
def test_an_archive_is_taken_and_answered_as_documented(desk: Desk, kind: str) -> None:
    make = plausible_archive if kind == "plausible" else fathom_archive
    answer = desk.post(make(JUNE, 3).data, kind)
    assert answer.status_code == 200, answer.text
    begun = answer.json()
    assert is_documented(begun, "POST", f"{PATH}/{kind}")
    example = DOCUMENTED["POST", f"{PATH}/{kind}"]["response"]
    texts = ("google_user_id", "google_user_email", "domain", "from", "to")
    assert [begun[name] for name in texts] == [example[name] for name in texts]
    assert (begun["type"], begun["state"], begun["domain_id"]) == (kind, "waiting", desk.domain_id)
    for path in (PATH, JOB):
        found = desk.ask("GET", path).json()
        assert is_documented(found, "GET", path)
        assert (found["id"], found["domain"]) == (begun["id"], None)


@pytest.mark.parametrize("kind", ["plausible", "fathom"])
def test_visitors_by_day_are_the_archives_and_the_total_is_their_sum(desk: Desk, kind: str) -> None:
    exported = (plausible_archive if kind == "plausible" else fathom_archive)(JUNE, 10)
    desk.imported(exported, kind)
    rows = desk.statistics("/visitor")
    days = list(exported.days.values())
    assert [row["visitors"] for row in rows] == [day.visitors for day in days]
    assert [row["views"] for row in rows] == [day.views for day in days]
    assert [row["sessions"] for row in rows] == [day.visits for day in days]
    total = desk.statistics("/total")
    assert total["visitors"] == sum(day.visitors for day in days)
    for route in ("/country", "/browser", "/referrer", "/region", "/city"):
        assert sum(row["visitors"] for row in desk.statistics(route)) == total["visitors"], route
    platforms = desk.statistics("/platform")
    assert platforms["platform_desktop"] + platforms["platform_mobile"] == total["visitors"]
    pages = desk.statistics("/page")
    assert sum(row["views"] for row in pages) == total["views"]
    assert {row["hostname"] for row in pages} == {"example.com"}
    assert desk.statistics("/total", country="de")["visitors"] < total["visitors"]
    assert desk.statistics("/total", event="x")["visitors"] == 0
    assert desk.ask("GET", "/api/v1/statistics/total").status_code == 400


def test_a_domain_says_whether_it_has_imported_statistics(desk: Desk) -> None:
    def flag() -> Any:
        answer = desk.world.send("GET", "/api/v1/domain", bearer=desk.managed["changing"])
        return answer.json()[0]["imported_statistics"]

    assert flag() is False
    desk.imported(plausible_archive(JUNE, 2))
    assert flag() is True


def test_only_one_runs_at_a_time_and_another_may_follow(desk: Desk) -> None:
    data = plausible_archive(JUNE, 2).data
    assert desk.post(data).status_code == 200
    answer = desk.post(data)
    assert answer.status_code == 400
    assert answer.json()["validation"] == {"domain": "has an import that is not finished yet"}
    assert len(desk.files) == 1
    desk.parts.job.look()
    assert desk.post(data).status_code == 200


@pytest.mark.parametrize("path", [PATH, JOB])
def test_cancelling_ends_it_and_nothing_counts(desk: Desk, path: str) -> None:
    assert desk.ask("GET", path).status_code == 404
    assert desk.ask("DELETE", path).status_code == 404
    desk.post(plausible_archive(JUNE, 2).data)
    answer = desk.ask("DELETE", path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert desk.ask("GET", path).status_code == 404
    desk.parts.job.look()
    assert desk.statistics("/total")["visitors"] == 0


DELETED: tuple[tuple[dict[str, str], list[int]], ...] = (
    ({"kind": "imported", "from": "2023-06-03", "to": "2023-06-04"}, [1, 2, 5]),
    ({"kind": "imported", "from": "2000-01-01", "to": "2023-06-05"}, []),
    ({"kind": "", "from": "2023-06-02", "to": "2023-07-01"}, [1]),
    ({"kind": "all", "from": "2000-01-01", "to": "2030-01-01"}, [1, 2, 3, 4, 5]),
    ({"kind": "events", "from": "2000-01-01", "to": "2030-01-01"}, [1, 2, 3, 4, 5]),
)
"""What is deleted, and the days that are left of five."""


def test_deleting_statistics_takes_what_was_imported_if_it_says_so(desk: Desk) -> None:
    """At once, and from the store in the background."""
    exported = plausible_archive(JUNE, 5)
    bearer = desk.managed["changing"]
    for wanted, left in DELETED:
        desk.imported(exported)
        body = {"id": desk.domain_id, **wanted}
        answer = desk.world.send("DELETE", "/api/v1/statistics", json=body, bearer=bearer)
        assert answer.status_code == 200
        expected = [exported.days[JUNE.replace(day=day)].visitors for day in left]
        rows = desk.statistics("/visitor", to="2023-06-05")
        assert [row["visitors"] for row in rows if row["visitors"]] == expected
        domain = desk.world.send("GET", "/api/v1/domain", bearer=bearer).json()[0]
        assert domain["imported_statistics"] is bool(left)
        desk.parts.job.sweep()
        sql = "SELECT DISTINCT toDayOfMonth(day) AS d FROM imported ORDER BY d"
        assert [day for [day] in desk.world.services.store.select(sql)] == left


def test_who_may_import_and_look_at_it(desk: Desk) -> None:
    data = plausible_archive(JUNE, 1).data
    for who, (reads, changes) in WHO.items():
        assert desk.post(data, who=who).status_code == changes, who
        if changes != OK:
            desk.post(data)
        assert desk.ask("GET", who=who).status_code == reads, who
        assert desk.ask("GET", JOB, who=who).status_code == reads, who
        assert desk.ask("DELETE", who=who).status_code == changes, who
        if changes != OK:
            desk.ask("DELETE")


def test_domains_of_others_are_unknown(desk: Desk) -> None:
    data = plausible_archive(JUNE, 1).data
    desk.post(data)
    for who in ("sibling", "stranger"):
        assert desk.post(data, who=who).status_code == 404
        for method in ("GET", "DELETE"):
            for path in (PATH, JOB):
                assert desk.ask(method, path, who=who).status_code == 404
    assert desk.ask("GET", domain="A" * 10).status_code == 404
    assert desk.post(data, fields={"domain": desk.managed.sibling_id}).status_code == 404
    assert len(desk.files) == 1


def test_every_missing_field_is_named(desk: Desk) -> None:
    def wrong(file: bytes | None, fields: dict[str, str] | None = None) -> Any:
        answer = desk.post(file, fields=fields)
        assert answer.status_code == 400, answer.text
        return answer.json()["validation"]

    assert wrong(None, {}) == {"domain": "is required", "file": "is required"}
    assert wrong(None) == {"file": "is required"}
    assert wrong(b"x", {"domain": " "}) == {"domain": "is required"}
    assert "is no zip file" in wrong(b"hello")["file"]
    assert "has none of the files" in wrong(zipped({"a.txt": "x"}))["file"]
    assert "has none of the files" in wrong(fathom_archive(JUNE, 1).data)["file"]
    for method in ("GET", "DELETE"):
        answer = desk.world.send(method, PATH, bearer=desk.managed["changing"])
        assert answer.json()["validation"] == {"domain_id": "is required"}
    assert desk.files == []


def test_what_is_no_form_is_refused(desk: Desk) -> None:
    kinds = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    for headers, content in (
        ({"content-type": "application/json"}, b"{}"),
        ({"content-type": ""}, b"x"),
        ({"content-type": "multipart/form-data"}, form({}, b"x")),
        (kinds, b"no form at all"),
        (kinds, form({"domain": "x"}, b"half of it")[:-20]),
    ):
        answer = desk.post(None, headers=headers, content=content)
        assert answer.status_code == 400, answer.text
        assert list(answer.json()) == ["validation", "error", "context"]
    assert desk.files == []


def test_a_form_may_come_in_any_pieces_and_its_file_is_what_was_sent(desk: Desk) -> None:
    files, _ = plausible_tables(JUNE, 1)
    data = zipped({**files, "noise.txt": secrets.token_hex(2_000_000)})
    whole = form({"domain": desk.domain_id}, data)
    chunks = [whole[i : i + 7919] for i in range(0, len(whole), 7919)]
    answer = desk.post(None, content=chunks)
    assert answer.status_code == 200, answer.text
    [file] = desk.parts.uploads.directory.glob("*")
    assert file.read_bytes() == data
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_archive_that_is_too_large_is_refused_and_not_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that doesn't say how large it is."""
    monkeypatch.setattr(imports, "MOST_BYTES", 1000)
    whole = form({"domain": desk.domain_id}, bytes(200_000))
    assert desk.post(None, content=whole).status_code == 413
    assert desk.post(None, content=[whole[:100_000], whole[100_000:]]).status_code == 413
    assert desk.post(bytes(1001)).status_code == 413
    assert desk.files == []


def test_a_body_beyond_every_limit_is_refused_by_its_length(desk: Desk) -> None:
    length = {"content-length": str(imports.MOST_BYTES * 2)}
    kinds = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    answer = desk.post(None, content=[b"x"], headers=kinds | length)
    assert answer.status_code == 413


def test_imports_are_requests_that_manage_something(desk: Desk, managed: Managed) -> None:
    """They are limited, and written down."""
    settings = replace(desk.world.services.settings, rate_limit_configuration=2)
    limited = desk._replace(world=desk.world.but(settings=settings))
    data = plausible_archive(JUNE, 1).data
    assert limited.post(data).status_code == 200
    assert limited.ask("DELETE").status_code == 200
    assert limited.post(data).status_code == 429
    path = f"/api/v1/audit?domain_id={managed.domain_id}&search=imports_"
    audit = desk.world.send("GET", path, bearer=managed["changing"]).json()
    assert {"imports_plausible", "imports_cancel"} <= {row["operation"] for row in audit}
    assert managed.deleted_with("imports", managed.domain_id) == 0
    desk.post(data)
    assert managed.deleted_with("imports", managed.domain_id) == 1
