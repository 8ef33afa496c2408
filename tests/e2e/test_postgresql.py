"""Real servers whose records are in PostgreSQL: from the command line to a counted page view."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hoofprint.management.directory import TTL_SECONDS
from hoofprint.testing.postgres_server import PostgresServer

from .server import Account, Instance, command, eventually, furnish, opened

pytestmark = pytest.mark.xdist_group("e2e")


@pytest.fixture(scope="module")
def database(postgres: PostgresServer) -> str:
    return postgres.create()


@pytest.fixture(scope="module")
def made(database: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Account]:
    """A data directory, and an account that is in PostgreSQL."""
    data = tmp_path_factory.mktemp("postgresql") / "data"
    data.mkdir()
    return data, furnish(data, database_url=database)


@pytest.fixture
def one(tmp_path: Path, made: tuple[Path, Account], database: str) -> Iterator[Instance]:
    """A server on it, and nothing of the records in its data directory."""
    with opened(tmp_path / "one", *made) as instance:
        instance.start(database_url=database)
        yield instance
        assert not list(instance.data.glob("records*"))


def test_what_the_command_line_creates_is_measured_and_read(one: Instance) -> None:
    one.hit("/from/postgresql")
    eventually(one.views, lambda views: views == {"/from/postgresql": 1})


def signed_in(server: Instance, client: dict[str, str]) -> dict[str, str]:
    """The header of a client with a token of this server."""
    given = {name: client[name] for name in ("client_id", "client_secret")}
    token = server.http.post("/api/v1/token", json=given).json()["access_token"]
    return {"authorization": f"Bearer {token}"}


@pytest.mark.slow
def test_servers_share_their_records_and_count_while_they_are_away(
    one: Instance,
    tmp_path: Path,
    made: tuple[Path, Account],
    database: str,
    postgres: PostgresServer,
) -> None:
    with opened(tmp_path / "two", *made) as two:
        two.start(database_url=database)
        owner = ("--domain", made[1].domain_id, "--scope", "domains=w")
        client = command(one.data, "client", "create", *owner, database_url=database)
        bearer = signed_in(one, client)
        there = signed_in(two, client)

        def status(code: str) -> int:
            url = f"https://{made[1].hostname}/"
            return two.http.get("/hit", params={"code": code, "url": url}).status_code

        assert status(made[1].code) == 200
        answer = one.http.put("/api/v1/domain", json={"id": made[1].domain_id}, headers=bearer)
        changed = time.monotonic()
        code = answer.json()["identification_code"]
        eventually(lambda: (status(made[1].code), status(code)), lambda now: now[1] == 200)
        eventually(lambda: status(made[1].code), lambda now: now != 200)
        assert time.monotonic() - changed < 10

        def add(server: Instance, header: dict[str, str], hostname: str) -> int:
            wanted = {"domain_id": made[1].domain_id, "hostname": hostname}
            asked = server.http.post("/api/v1/domain/alternative", json=wanted, headers=header)
            return asked.status_code

        with ThreadPoolExecutor(2) as both:
            for name in ("a.example", "b.example", "c.example"):
                racing = both.submit(add, one, bearer, name), both.submit(add, two, there, name)
                assert sorted(race.result() for race in racing) == [200, 400]

        one.hit("/before")
        assert one.http.get("/api/v1/domain", headers=bearer).status_code == 200
        postgres.stop()
        try:
            assert one.http.get("/api/v1/domain", headers=bearer).status_code == 503
            assert one.http.get("/health/ready").status_code == 503
            time.sleep(TTL_SECONDS + 0.5)
            one.hit("/meanwhile")
        finally:
            postgres.start()
        one.hit("/after")
        eventually(one.views, lambda views: views == {"/before": 1, "/meanwhile": 1, "/after": 1})
        assert one.http.get("/api/v1/domain", headers=bearer).status_code == 200
        one.wait_until_ready()
        two.stop()
    one.stop()
