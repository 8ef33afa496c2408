"""A real server from its first start: the link in the log, the account, a password by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hoofprint.testing.mail_server import MailServer

from .server import Account, Instance, eventually, opened

pytestmark = [pytest.mark.xdist_group("e2e"), pytest.mark.slow]

EMAIL, PASSWORD, ANOTHER = "ada@example.org", "correct horse", "another horse"
LINK = re.compile(r"(http://\S+)/(\w+)\?code=(\w{32})")


@pytest.fixture
def empty(tmp_path: Path, furnished: tuple[Path, Account]) -> Iterator[Instance]:
    """An instance without any data."""
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    (tmp_path / "here").mkdir()
    with opened(tmp_path / "here", nothing, furnished[1]) as made:
        yield made


def typed(page: httpx.Response, **fields: str) -> dict[str, str]:
    """A page's form, filled in."""
    assert page.status_code == 200, page.text
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)) | fields


def test_an_instance_from_its_first_start_to_a_forgotten_password(empty: Instance) -> None:
    with MailServer() as server:
        empty.start(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none")

        def link(text: str, page: str) -> str:
            found = [match for match in LINK.finditer(text) if match[2] == page]
            assert found, text
            assert found[-1][1] in {empty.url, f"http://localhost:{empty.port}"}
            return f"/{page}?code={found[-1][3]}"

        eventually(empty.log.read_text, lambda text: bool(LINK.search(text)))
        page = empty.http.get(link(empty.log.read_text(), "setup"))
        form = typed(page, email=EMAIL, password=PASSWORD, full_name="Ada")
        answer = empty.http.post("/setup", data=form)
        assert answer.headers["location"] == "/account"
        account = empty.http.get("/api/v1/account").json()
        assert (account["email"], account["operator"]) == (EMAIL, True)
        token = {"x-csrf-token": account["csrf_token"]}
        new = {"hostname": "example.org", "timezone": "UTC"}
        made = empty.http.post("/api/v1/domain", json=new, headers=token)
        assert made.status_code == 200
        assert empty.http.post("/api/v1/domain", json=new).status_code == 403

        anybody = httpx.Client(base_url=empty.url, trust_env=False)
        anybody.post("/reset", data=typed(anybody.get("/reset"), email=EMAIL))
        eventually(lambda: len(server.messages), lambda count: count == 1)
        body = server.messages[0].get_body(("plain",))
        assert body is not None
        path = link(body.get_content(), "reset")
        answer = anybody.post("/reset/set", data=typed(anybody.get(path), password=ANOTHER))
        assert answer.status_code == 200
        assert empty.http.get("/api/v1/account").status_code == 401
        login = {"email": EMAIL, "password": ANOTHER}
        assert anybody.post("/api/v1/account/login", json=login).json()["logged_in"]
        anybody.close()
        empty.stop()
        before = empty.log.read_text()
        empty.start()
        empty.stop()
    assert "/setup" not in empty.log.read_text()[len(before) :]
    for secret in (PASSWORD, ANOTHER, path.partition("=")[2], EMAIL):
        assert secret not in empty.log.read_text()
