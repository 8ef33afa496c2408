"""`GET /api/v1/statistics`: which files, with what in them, and how a download ends."""

from __future__ import annotations

import asyncio
import csv
import io
import socket
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import structlog
from msgspec.structs import replace

from hoofprint.api import export
from hoofprint.api.asgi import Message
from hoofprint.api.asking import Asking, AskingLimits
from hoofprint.errors import QueryTooSlow, StoreError
from hoofprint.model.arrival import Arrival, Kind, Visit
from hoofprint.query.plan import Select
from hoofprint.query.reports import REPORTS
from hoofprint.serving import _Server, http_server
from hoofprint.sessions.batch import process
from hoofprint.sessions.memory import SessionsInMemory
from hoofprint.store.port import Store
from hoofprint.store.sql import write
from hoofprint.store.writer import Writer

from .worked_site import PERIOD, Site, open_site
from .world import NOW, World

PATH = "/api/v1/statistics"
Files = dict[str, list[list[str]]]


@pytest.fixture
def site(world: World, tmp_path: Path) -> Iterator[Site]:
    """The stream of `worked_stream.py`, counted."""
    with open_site(world, world.services.store, tmp_path / "spool") as opened:
        yield opened


def url(world: World, query: str, **period: str) -> str:
    pairs = {"id": world.cast.domain.id, **(period or PERIOD)}
    return f"{PATH}?{urlencode(pairs)}&{query}"


def download(world: World, query: str, **period: str) -> httpx.Response:
    return world.send("GET", url(world, query, **period), bearer=world.cast.domain_token)


def files(answer: httpx.Response) -> Files:
    """The lines of each file by its name."""
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as zipped:
        assert zipped.testzip() is None
        return {
            name: list(csv.reader(io.StringIO(zipped.read(name).decode(), newline="")))
            for name in zipped.namelist()
        }


class Failing:
    """Plans of which those from a number on fail; counts all of them."""

    def __init__(self, store: Store, at: int = 1_000_000, error: StoreError | None = None) -> None:
        self.asked = 0
        self._store = store
        self._at = at
        self._error = error or StoreError("the disk is gone")

    def ask(self, plan: Select) -> list[list[Any]]:
        self.asked += 1
        if self.asked >= self._at:
            raise self._error
        return self._store.select(*write(plan))


@contextmanager
def over(world: World, plans: Failing) -> Iterator[World]:
    """The instance with these plans behind its questions."""
    asking = Asking(plans, AskingLimits(at_once=1, seconds=30, patience=10))
    yield world.but(asking=asking)
    asking.close()


def test_a_chosen_statistic_is_a_file_named_after_its_parameter(site: Site) -> None:
    answer = download(site.world, "pages=true&languages=1")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="example.com_2026-05-03_2026-05-04.zip"'
    )
    found = files(answer)
    assert list(found) == ["pages.csv", "languages.csv"]
    assert found["languages.csv"][0] == ["visitors", "relative_visitors", "language"]
    assert [line[:4] for line in found["pages.csv"][:2]] == [
        ["hostname", "path", "title", "visitors"],
        ["example.com", "/blog", "", "5"],
    ]


def test_everything_that_is_exported_can_be_had_at_once(site: Site) -> None:
    query = "&".join(f"{name}=true" for name in sorted(export.EXPORTS))
    found = files(download(site.world, query))
    assert list(found) == [f"{export.FILES[r.route]}.csv" for r in REPORTS if r.export]
    assert {"visitors.csv", "growth.csv", "entry_pages.csv", "utm_source.csv"} <= set(found)
    for name, lines in found.items():
        assert len(lines) > 1 or name == "conversion_goals.csv", name  # the domain has no goals
        assert {len(line) for line in lines} == {len(lines[0])}


def test_a_file_without_rows_still_names_its_fields(world: World) -> None:
    assert files(download(world, "country=true"))["country.csv"] == [
        ["visitors", "relative_visitors", "country_code"]
    ]


def test_a_name_that_is_a_filter_too_is_one_unless_it_is_a_flag(site: Site) -> None:
    """Clients write what they don't choose as false, which is no country."""
    everything = files(download(site.world, "os=true&browser=true"))
    assert list(everything) == ["browser.csv", "os.csv"]
    for query in (
        "os=true&browser=true&country=false&pages=0&hostname=0",
        "os=TRUE&os[]=false&browser=1&limit=1&offset=7&sort=&city=",
    ):
        assert files(download(site.world, query)) == everything
    for query in ("os=true&os=Windows", "os[]=Windows&os[]=1", "os=1&os=Windows&browser=false"):
        assert [line[2] for line in files(download(site.world, query))["os.csv"]] == [
            "os",
            "Windows",
        ]


def test_filters_sort_and_scale_are_those_of_the_endpoints(site: Site) -> None:
    query = "path=/blog&sort=visitors&direction=asc&tz=UTC&scale=week"
    answers = {name: site.ask(f"/{route}", query) for name, route in WIRED.items()}
    found = files(download(site.world, f"{query}&visitors=true&pages=true&browser=true"))
    for name, answer in answers.items():
        header, *lines = found[f"{name}.csv"]
        assert header == list(answer[0])
        texts = [["" if v is None else str(v) for v in row.values()] for row in answer]
        assert lines == texts


WIRED = {"visitors": "visitor", "pages": "page", "browser": "browser"}


def many_pages(world: World, count: int) -> None:
    """Page views of as many pages, each seen once."""
    one = Arrival(
        Kind.HIT, world.cast.domain.id, int(NOW), 1, 0, 1, "example.com", "/", "", Visit()
    )
    arrivals = [
        replace(one, visitor_id=i + 1, session_id=i + 1, path=f"/{i:05}") for i in range(count)
    ]
    nothing = SessionsInMemory(lambda _: [], lambda: 0, lambda: NOW)
    writer = Writer(world.services.store)
    writer.store(writer.encode(0, count, process(arrivals, 0, nothing, 200)))


def test_all_rows_come_piece_by_piece(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than an endpoint answers, and more than are asked of the store at once."""
    many_pages(world, 1250)
    monkeypatch.setattr(export, "ROWS", 500)
    found = files(download(world, "pages=true&entry_pages=true&include_avg_time_on_page=true"))
    expected = [f"/{i:05}" for i in range(1250)]
    assert [line[1] for line in found["pages.csv"][1:]] == expected
    assert [line[1] for line in found["entry_pages.csv"][1:]] == expected


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("pages=true&tz=Mars", {"tz": "is not a time zone like Europe/Berlin"}),
        ("pages=true&path=a&pattern=(", {"pattern": "is not a regular expression (RE2): "}),
        ("pages=true&country=true&sort=path", {"sort": "must be one of visitors, "}),
        ("direction=up", {"direction": "must be asc or desc"}),
    ],
)
def test_a_wrong_question_is_refused_before_the_first_byte(
    world: World, query: str, wrong: dict[str, str]
) -> None:
    answer = download(world, query)
    assert answer.status_code == 400
    found = answer.json()["validation"]
    assert found.keys() == wrong.keys()
    assert all(found[name].startswith(text) for name, text in wrong.items())


def test_a_period_is_needed_and_something_must_be_chosen(world: World) -> None:
    domain = urlencode({"id": world.cast.domain.id})
    answer = world.send("GET", f"{PATH}?{domain}&pages=1", bearer=world.cast.domain_token)
    assert answer.json()["validation"] == {"from": "is required", "to": "is required"}
    answer = download(world, "pages=false&path=/a")
    assert (answer.status_code, answer.json()["validation"]) == (400, {})
    [said] = answer.json()["error"]
    assert all(name in said for name in export.EXPORTS)


def test_who_may_read_statistics_may_export_them(world: World) -> None:
    cast = world.cast
    for bearer, status in (
        (None, 401),
        (cast.expired_token, 401),
        (cast.access_key, 403),
        (cast.scoped["hit"], 403),
        (cast.scoped["statistics"], 200),
        (cast.user_token, 200),
    ):
        assert world.send("GET", url(world, "os=1"), bearer=bearer).status_code == status
    path = url(world, "os=1").replace(cast.domain.id, "A" * 10)
    assert world.send("GET", path, bearer=cast.user_token).status_code == 404


def test_a_store_that_fails_at_once_is_answered_as_an_error(site: Site) -> None:
    with over(site.world, Failing(site.store, 1, QueryTooSlow("later"))) as failing:
        answer = download(failing, "pages=true")
    assert (answer.status_code, answer.json()["validation"]) == (503, {})


def raw(world: World, query: str, hang_up_after: int = 1000) -> list[Message]:
    """The messages of an answer to a client that goes away after so many of them."""
    sent: list[Message] = []
    gone = asyncio.Event()
    asked = False

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) >= hang_up_after:
            gone.set()
        await asyncio.sleep(0)

    async def receive() -> Message:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    path, _, text = url(world, query).partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": text.encode(),
        "headers": [(b"authorization", f"Bearer {world.cast.domain_token}".encode())],
        "client": ("81.2.69.142", 4711),
        "server": ("test", 80),
        "extensions": {},
    }

    async def ask() -> None:
        await world.app(scope, receive, send)

    world.runner.run(ask())
    return sent


def ended(messages: list[Message]) -> bool:
    return messages[-1]["type"] == "http.response.body" and not messages[-1].get("more_body")


def test_a_store_that_fails_later_leaves_the_answer_incomplete_and_is_logged(site: Site) -> None:
    query = "os=1&pages=1&country=1"
    whole = Failing(site.store)
    with over(site.world, whole) as world:
        assert ended(raw(world, query))
    statuses = []
    for at in range(2, whole.asked + 1):
        with (
            over(site.world, Failing(site.store, at)) as world,
            structlog.testing.capture_logs() as logs,
        ):
            messages = raw(world, query)
        statuses.append(messages[0]["status"])
        if statuses[-1] == 200:
            assert not ended(messages)
            [line] = [line for line in logs if line["log_level"] == "error"]
            assert line["event"] == "download broken off"
            assert "StoreError: the disk is gone" in line["traceback"]
    assert set(statuses) == {500, 200}


def test_the_work_ends_when_the_client_has_gone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    many_pages(world, 200)
    monkeypatch.setattr(export, "ROWS", 10)
    watched = Failing(world.services.store)
    with over(world, watched) as watching:
        assert ended(raw(watching, "pages=1"))
        asked_for_all, watched.asked = watched.asked, 0
        assert not ended(raw(watching, "pages=1", hang_up_after=2))
    assert watched.asked < asked_for_all / 4


def test_a_broken_download_fails_at_the_client(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the server that is used: the connection ends in the middle of the answer."""
    many_pages(world, 200)
    monkeypatch.setattr(export, "ROWS", 50)

    async def fetch(serving: World) -> bytes:
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            server = _Server(http_server(serving.app))
            running = asyncio.create_task(server.serve(sockets=[listening]))
            try:
                base = f"http://127.0.0.1:{listening.getsockname()[1]}"
                bearer = {"authorization": f"Bearer {world.cast.domain_token}"}
                async with httpx.AsyncClient(base_url=base, headers=bearer, timeout=30) as client:
                    return (await client.get(url(world, "pages=1"))).content
            finally:
                server.should_exit = True
                await running

    counting = Failing(world.services.store)
    with over(world, counting) as whole:
        assert zipfile.is_zipfile(io.BytesIO(world.runner.run(fetch(whole))))
    with (
        over(world, Failing(world.services.store, counting.asked)) as broken,
        pytest.raises(httpx.RemoteProtocolError, match="incomplete"),
    ):
        world.runner.run(fetch(broken))
