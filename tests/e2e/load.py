"""Senders that put a server under load and remember what it took."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import httpx

from .server import BROWSER, HOSTNAME, PATIENCE_SECONDS, Instance

BATCH = 40
HITS_OF_A_VISITOR = 30
PLANS = ("hit", "hit", "hit/batch", "hit/batch", "event")
"""What each of the senders sends."""


@dataclass(frozen=True)
class Sent:
    """A request: what it reported, each item by a path of its own, and whether that was taken."""

    what: str
    paths: tuple[str, ...]
    taken: bool = False


class Load:
    """Several senders at once, each with visitors of its own; one ends when it is not served.

    Paths are `/sender-visitor/number`: none comes twice. Visitors go on where `after` left them.
    """

    def __init__(self, instance: Instance, seed: object, after: Load | None = None) -> None:
        self.sent: list[Sent] = []
        self.surprises: list[str] = []
        self._counts: list[int] = list(after._counts) if after else [0] * len(PLANS)
        self._instance = instance
        self._seed = seed
        self._taken = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(number,)) for number in range(len(PLANS))
        ]

    def start(self) -> None:
        """Begin to send, and return when something has been taken."""
        for thread in self._threads:
            thread.start()
        assert self._taken.wait(PATIENCE_SECONDS)

    def join(self) -> list[Sent]:
        """Everything that was sent, once the server takes no more."""
        for thread in self._threads:
            thread.join()
        assert not self.surprises
        return self.sent

    def _run(self, sender: int) -> None:
        what = PLANS[sender]
        draw = random.Random(f"{self._seed}-{sender}")  # noqa: S311 - sizes, not secrets
        bearer = {"authorization": f"Bearer {self._instance.account.access_key}"}
        items = self._items(sender)
        with httpx.Client(timeout=PATIENCE_SECONDS, headers=bearer, trust_env=False) as http:
            while True:
                many = draw.randint(1, BATCH) if what == "hit/batch" else 1
                bodies = [next(items) for _ in range(many)]
                sent = Sent(what, tuple(str(body["path"]) for body in bodies))
                body = bodies if what == "hit/batch" else bodies[0]
                try:
                    answer = http.post(f"{self._instance.url}/api/v1/{what}", json=body)
                except httpx.TransportError:
                    self.sent.append(sent)
                    return
                self.sent.append(replace(sent, taken=answer.status_code == 200))
                self._taken.set()
                if answer.status_code != 200:
                    if answer.status_code != 503:
                        self.surprises.append(f"{answer.status_code} {answer.text}")
                    return

    def _items(self, sender: int) -> Iterator[dict[str, object]]:
        """Bodies of page views or events; `path` is ignored by the server."""
        while True:
            number = self._counts[sender]
            self._counts[sender] += 1
            visitor = number // HITS_OF_A_VISITOR
            path = f"/{sender}-{visitor}/{number}"
            body: dict[str, object] = {
                "path": path,
                "url": f"https://{HOSTNAME}{path}",
                "ip": f"81.{sender + 2}.{visitor // 250}.{visitor % 250 + 1}",
                "user_agent": BROWSER,
                "title": "A page of the load",
            }
            if PLANS[sender] == "event":
                body |= {"event_name": "Load", "event_meta": {"number": number}}
            yield body


VIEWS = "SELECT path, count() FROM page_views GROUP BY path"
EVENTS = "SELECT path, count() FROM events GROUP BY path"
TORN_VISITORS = """
SELECT splitByChar('/', path)[2] AS visitor, uniqExact(visitor_id, session_id) AS sessions
FROM page_views GROUP BY visitor HAVING sessions != 1
"""
TOTALS = """
SELECT (SELECT sum(page_views) FROM sessions FINAL), (SELECT count() FROM page_views),
       (SELECT sum(hits) FROM ledger WHERE outcome = 'accepted'), (SELECT sum(hits) FROM ledger)
"""


def check(instance: Instance, sent: list[Sent]) -> None:
    """The store holds all that was taken once, and of the rest each request wholly or not at all.

    The tables agree with each other, and each visitor's page views are one session.
    """
    views, events, torn, [totals] = instance.facts(VIEWS, EVENTS, TORN_VISITORS, TOTALS)
    counted = {"hit": dict(views), "event": dict(events)}
    stored = 0
    for request in sent:
        of = counted[request.what.partition("/")[0]]
        times = {of.pop(path, 0) for path in request.paths}
        assert times == {1} or (times == {0} and not request.taken), (request, times)
        stored += len(request.paths) * times.pop()
    assert any(request.taken for request in sent)
    assert not counted["event"], "events that nobody sent"
    # An event that begins a session leaves a page view of its page.
    begun = [path for path in counted["hit"] if path not in dict(events)]
    assert not begun, "page views that nobody sent"
    assert not torn, "visitors with several sessions"
    assert totals == [len(views), len(views), stored, stored]
