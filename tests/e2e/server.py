"""A real server process on a data directory of its own, and what a test does with it."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx

PROGRAM = Path(sys.executable).with_name("hoofprint")
HOSTNAME = "example.com"
PATIENCE_SECONDS = 60.0
"""How long something that must happen is waited for; nothing is expected to take as long."""

BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)

ASK_STORE = """
import json, sys
from pathlib import Path
from hoofprint.store.embedded import EmbeddedStore
store = EmbeddedStore(Path(sys.argv[1]), 1)
answers = [store.select(sql) for sql in json.load(sys.stdin)]
store.close()
json.dump(answers, sys.stdout, default=str)
"""

T = TypeVar("T")


@dataclass(frozen=True)
class Account:
    """One user's one domain, and the credentials of every sort for it."""

    email: str
    password: str
    domain_id: str
    hostname: str
    code: str
    client_id: str
    client_secret: str
    access_key: str


def environment(settings: Mapping[str, object]) -> dict[str, str]:
    """The environment of the tests with these settings of Hoofprint and no others."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("HOOFPRINT_")}
    return kept | {f"HOOFPRINT_{k.upper()}": str(v) for k, v in settings.items()}


def command(data: Path, *arguments: str, **settings: object) -> Any:
    """What `hoofprint ...` prints, run as an operator would with some settings."""
    done = subprocess.run(
        [PROGRAM, *arguments, "--data-dir", data],
        capture_output=True,
        text=True,
        check=False,
        env=environment(settings),
        cwd=data.parent,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def furnish(data: Path, **settings: object) -> Account:
    """A new data directory with a user, a domain and its clients, made by the command line."""
    run = partial(command, data, **settings)
    email, password = "owner@example.com", "a long password"
    run("user", "create", "--email", email, "--password", password)
    domain = run("domain", "create", "--hostname", HOSTNAME)
    oauth = run("client", "create", "--domain", domain["id"])
    key = run("client", "create", "--domain", domain["id"], "--type", "token")
    return Account(
        email,
        password,
        domain["id"],
        domain["hostname"],
        domain["identification_code"],
        oauth["client_id"],
        oauth["client_secret"],
        key["access_key"],
    )


def eventually(ask: Callable[[], T], wanted: Callable[[T], bool]) -> T:
    """The first answer that is the wanted one; fails with the last when none ever is."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not wanted(answer := ask()):
        assert time.monotonic() < deadline, f"waited in vain; the last answer: {answer!r}"
        time.sleep(0.05)
    return answer


def free_port() -> int:
    """A port that nobody listens on, and that no outgoing connection can be given meanwhile."""
    draw = random.SystemRandom()
    while True:
        port = draw.randrange(10_000, 30_000)
        with socket.socket() as attempt:
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Instance:
    """A data directory below `directory` and, between `start` and an end, the server on it.

    What the server logs is appended to `log`. Settings given to `start` stay for later starts.
    """

    def __init__(self, directory: Path, furnished: Path, account: Account) -> None:
        self.account = account
        self.data = directory / "data"
        self.keys = directory / "data.keys"
        self.log = directory / "server.log"
        self.port = free_port()
        self.http = httpx.Client(base_url=self.url, timeout=PATIENCE_SECONDS, trust_env=False)
        self._settings: dict[str, object] = {"flush_seconds": 0.1}
        self._process: subprocess.Popen[bytes] | None = None
        self._token = ""
        shutil.copytree(furnished, self.data)

    @property
    def url(self) -> str:
        """Where the server is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The server's process id."""
        assert self._process is not None
        return self._process.pid

    def spawn(self, **settings: object) -> None:
        """Start the process, and don't wait for anything."""
        assert self._process is None
        self._settings |= settings
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "serve", "--data-dir", self.data, "--port", str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment(self._settings),
                cwd=self.data.parent,
            )

    def start(self, **settings: object) -> None:
        """Start the process and wait until it is ready."""
        self.spawn(**settings)
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Return once every part can do its work; fail when the process ends before that."""

        def status() -> int:
            assert self._process is not None
            assert self._process.poll() is None, self.log.read_text()
            try:
                return self.http.get("/health/ready").status_code
            except httpx.TransportError:
                return 0

        eventually(status, lambda code: code == 200)

    def terminate(self) -> None:
        """Ask the process to end (SIGTERM), without waiting for it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        """The exit code of the process, once it has ended."""
        assert self._process is not None
        code = self._process.wait(PATIENCE_SECONDS)
        self._process = None
        return code

    def stop(self) -> None:
        """End the server as an operator would; it must end well."""
        self.terminate()
        assert self.ended() == 0, self.log.read_text()

    def kill(self) -> None:
        """End the process at once (SIGKILL)."""
        assert self._process is not None
        self._process.kill()
        self.ended()

    def close(self) -> None:
        """Leave nothing behind."""
        if self._process is not None:
            self.kill()
        self.http.close()

    def send(self, path: str, body: object) -> httpx.Response:
        """`POST` below `/api/v1` with the access key."""
        bearer = {"authorization": f"Bearer {self.account.access_key}"}
        return self.http.post(f"/api/v1{path}", json=body, headers=bearer)

    def hit(self, path: str, **fields: object) -> None:
        """A page view of one visitor, which is taken."""
        answer = self.send("/hit", page_view(path, **fields))
        assert answer.status_code == 200, answer.text

    def ask(self, report: str, **parameters: str) -> Any:
        """A statistic of everything up to now (the days around today: tests run at midnight)."""
        today = datetime.now(UTC).date()
        fields = {
            "id": self.account.domain_id,
            "from": str(today - timedelta(days=1)),
            "to": str(today + timedelta(days=1)),
        }
        answer = self.http.get(
            f"/api/v1/statistics{report}",
            params=fields | parameters,
            headers={"authorization": f"Bearer {self.token}"},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def views(self) -> dict[str, int]:
        """Views by path, as the statistics have them now."""
        return {page["path"]: page["views"] for page in self.ask("/page", limit="100")}

    @property
    def token(self) -> str:
        """A token of the OAuth client."""
        if not self._token:
            given = {
                "client_id": self.account.client_id,
                "client_secret": self.account.client_secret,
            }
            answer = self.http.post("/api/v1/token", json=given)
            assert answer.status_code == 200, answer.text
            self._token = answer.json()["access_token"]
        return self._token

    def facts(self, *statements: str) -> list[list[list[Any]]]:
        """The rows of each statement, read from the store by another process: no server runs."""
        assert self._process is None
        done = subprocess.run(
            [sys.executable, "-c", ASK_STORE, self.data / "store"],
            input=json.dumps(statements),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answers: list[list[list[Any]]] = json.loads(done.stdout)
        return answers


@contextmanager
def opened(directory: Path, furnished: Path, account: Account) -> Iterator[Instance]:
    """An instance that ends with the block; its log is printed, for tests that have failed."""
    instance = Instance(directory, furnished, account)
    try:
        yield instance
    finally:
        instance.close()
        if instance.log.exists():
            sys.stdout.write(instance.log.read_text())


def page_view(path: str, **fields: object) -> dict[str, object]:
    """The body of a hit."""
    known = {"url": f"https://{HOSTNAME}{path}", "ip": "81.2.69.142", "user_agent": BROWSER}
    return known | fields
