"""Questions take turns: so many at once, the others in order; collection waits for none."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import httpx
import pytest
from msgspec.structs import replace

from hoofprint.api.asgi import Receive
from hoofprint.api.asking import Asking, AskingLimits
from hoofprint.api.metrics import Metrics
from hoofprint.bootstrap import open_asking, open_store
from hoofprint.errors import HungUp, QueryTooLarge, QueryTooSlow, StoreError, TooBusy, Unavailable
from hoofprint.query.plan import Facts, Select
from hoofprint.query.report import Ask
from hoofprint.settings import Settings
from hoofprint.store.port import Parameters, Store
from hoofprint.store.writes import Writes

from .worked_site import open_site
from .world import BROWSER, NOW, World

PLAN = Select((), Facts("events"))
LIMITS = AskingLimits(at_once=2, seconds=30, patience=10)
HIT = {"url": "https://example.com/a", "ip": "81.2.69.142", "user_agent": BROWSER}
TURNS = 50
"""So often everything else may go on before something has surely happened or not."""


async def until(is_so: Callable[[], bool]) -> None:
    """Return when it is so."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.001)


class Plans:
    """Answers plans at once; `seconds` pass on a clock of its own with each."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.now = 0.0
        self._seconds = seconds

    def ask(self, plan: Select) -> list[list[Any]]:
        assert plan is PLAN
        self.now += self._seconds
        return [[7]]


class Caller:
    """Somebody who waits for an answer until they hang up."""

    def __init__(self) -> None:
        self._left = asyncio.Event()
        self._sent = False

    def hang_up(self) -> None:
        self._left.set()

    async def receive(self) -> MutableMapping[str, object]:
        if not self._sent:
            self._sent = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}


class Desk:
    """Questions that run until they are let go, one by one, and the order in which they began."""

    def __init__(self, limits: AskingLimits = LIMITS, plans: Plans | None = None) -> None:
        plans = plans or Plans()
        self.asking = Asking(plans, limits, lambda: plans.now)
        self.begun: list[int] = []
        self.callers: list[Caller] = []
        self._gates: list[threading.Event] = []

    def question(self) -> asyncio.Task[int]:
        number = len(self._gates)
        gate = threading.Event()
        caller = Caller()
        self._gates.append(gate)
        self.callers.append(caller)

        def work(ask: Ask) -> int:
            self.begun.append(number)
            assert gate.wait(10)
            return number * int(ask(PLAN)[0][0])

        return asyncio.create_task(self.asking.run(work, caller.receive))

    def let_go(self, *numbers: int) -> None:
        for number in numbers:
            self._gates[number].set()

    async def settled(self, running: int, waiting: int) -> None:
        """Return when so many run and wait."""
        wanted = (running, waiting, len(self._gates) - waiting)

        def is_so() -> bool:
            return (self.asking.running, self.asking.waiting, len(self.begun)) == wanted

        await until(is_so)

    async def end(self) -> None:
        for gate in self._gates:
            gate.set()
        await asyncio.to_thread(self.asking.close)


@asynccontextmanager
async def opened(limits: AskingLimits = LIMITS) -> AsyncIterator[Desk]:
    desk = Desk(limits)
    try:
        yield desk
    finally:
        await desk.end()


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(20):
            await work()

    asyncio.run(limited())


def test_so_many_run_at_once_and_the_others_in_the_order_they_came() -> None:
    async def work() -> None:
        async with opened() as desk:
            questions = [desk.question() for _ in range(5)]
            await desk.settled(2, 3)
            assert sorted(desk.begun) == [0, 1]
            for number in range(5):
                desk.let_go(number)
                assert await questions[number] == number * 7
            assert desk.begun[2:] == [2, 3, 4]
            await asyncio.sleep(0.01)
            assert (desk.asking.running, desk.asking.waiting) == (0, 0)

    run(work)


def test_a_turn_that_does_not_come_in_time_is_refused() -> None:
    async def work() -> None:
        limits = AskingLimits(at_once=1, seconds=30, patience=0.02)
        async with opened(limits) as desk:
            running, waiting = desk.question(), desk.question()
            with pytest.raises(TooBusy):
                await waiting
            assert (desk.asking.running, desk.asking.waiting) == (1, 0)
            desk.let_go(0)
            assert await running == 0

    run(work)


def test_no_more_than_so_many_wait() -> None:
    async def work() -> None:
        limits = AskingLimits(at_once=1, seconds=30, patience=10, waiting=1)
        async with opened(limits) as desk:
            questions = [desk.question() for _ in range(3)]
            with pytest.raises(TooBusy):
                await questions[2]
            desk.let_go(0, 1)
            assert await asyncio.gather(*questions[:2]) == [0, 7]

    run(work)


def test_who_hangs_up_while_waiting_frees_the_place() -> None:
    async def work() -> None:
        async with opened(AskingLimits(at_once=1, seconds=30, patience=10)) as desk:
            questions = [desk.question() for _ in range(3)]
            await desk.settled(1, 2)
            desk.callers[1].hang_up()
            with pytest.raises(HungUp):
                await questions[1]
            assert desk.asking.waiting == 1
            desk.let_go(0, 2)
            assert await questions[2] == 14
            assert desk.begun == [0, 2]

    run(work)


@pytest.mark.parametrize("leave", ["hang up", "cancel"])
def test_who_leaves_when_the_turn_comes_passes_it_on(leave: str) -> None:
    async def work() -> None:
        async with opened(AskingLimits(at_once=1, seconds=30, patience=10)) as desk:
            questions = [desk.question() for _ in range(3)]
            await desk.settled(1, 2)
            desk.asking._leave()  # as the end of the first question does
            if leave == "cancel":
                questions[1].cancel()
            else:
                desk.callers[1].hang_up()
            with pytest.raises((HungUp, asyncio.CancelledError)):
                await questions[1]
            assert desk.asking.waiting == 0
            desk.let_go(0, 2)
            assert await questions[2] == 14
            assert desk.begun == [0, 2]

    run(work)


def test_a_question_whose_caller_left_takes_its_place_until_it_has_ended() -> None:
    """A thread can't be stopped: if the place was given away, too much would run."""

    async def work() -> None:
        async with opened(AskingLimits(at_once=1, seconds=30, patience=10)) as desk:
            left, next_one = desk.question(), desk.question()
            await desk.settled(1, 1)
            left.cancel()
            for _ in range(TURNS):
                await asyncio.sleep(0)
            assert desk.begun == [0]
            desk.let_go(0, 1)
            assert await next_one == 7

    run(work)


def test_a_failed_question_gives_its_place_to_the_next() -> None:
    async def work() -> None:
        asking = Asking(Plans(), AskingLimits(at_once=1, seconds=30, patience=10))

        def fails(_: Ask) -> None:
            raise StoreError("no")

        caller = Caller()
        for _ in range(3):
            with pytest.raises(StoreError):
                await asking.run(fails, caller.receive)
        assert await asking.run(lambda ask: ask(PLAN), caller.receive) == [[7]]
        asking.close()
        with pytest.raises(Unavailable):
            await asking.run(lambda ask: ask(PLAN), caller.receive)

    run(work)


def test_the_plans_of_a_question_have_its_time_together() -> None:
    async def work() -> None:
        plans = Plans(seconds=20.0)
        asking = Asking(plans, LIMITS, lambda: plans.now)

        def four(ask: Ask) -> int:
            return sum(ask(PLAN)[0][0] for _ in range(4))

        with pytest.raises(QueryTooSlow):
            await asking.run(four, Caller().receive)
        assert plans.now == 40.0
        assert await asking.run(four, Caller().receive, questions=3) == 28
        asking.close()

    run(work)


class SlowStore:
    """A store whose every question waits until it is let go, or fails."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.begun = threading.Semaphore(0)
        self.error: Exception | None = None

    def select(self, sql: str, parameters: Parameters | None = None) -> list[list[Any]]:
        assert sql
        assert parameters
        self.begun.release()
        assert self.gate.wait(10)
        if self.error is not None:
            raise self.error
        return []


class Front:
    """An instance with one place for questions and hardly any patience, over a slow store."""

    def __init__(self, world: World) -> None:
        self.cast, self.spool = world.cast, world.spool
        self.store = SlowStore()
        settings = Settings(store_readers=1, query_wait_seconds=0.02, query_cache_bytes=0)
        metrics = Metrics()
        store = cast("Store", self.store)
        self.asking = open_asking(settings, store, Writes(), lambda: NOW, metrics)
        self.world = world.but(asking=self.asking, store=store, metrics=metrics)

    def run(self, work: Callable[[httpx.AsyncClient], Coroutine[Any, Any, None]]) -> None:
        """Talk to it, several requests at a time."""

        async def talk() -> None:
            transport = httpx.ASGITransport(self.world.app)
            headers = {"authorization": f"Bearer {self.cast.domain_token}"}
            async with (
                asyncio.timeout(20),
                httpx.AsyncClient(
                    transport=transport, base_url="http://test", headers=headers
                ) as client,
            ):
                await work(client)

        self.world.runner.run(talk())

    def path(self, country: str = "") -> str:
        query = {"id": self.cast.domain.id, "from": "2026-05-01", "to": "2026-05-02"}
        return "/api/v1/statistics/session/list?" + urlencode(query | {"country": country})


@pytest.fixture
def front(world: World) -> Iterator[Front]:
    made = Front(world)
    yield made
    made.store.gate.set()
    made.asking.close()


def test_collection_answers_while_every_place_is_taken(front: Front) -> None:
    """And the question that waited too long is a 503 that says when to come back."""

    async def work(client: httpx.AsyncClient) -> None:
        first = asyncio.create_task(client.get(front.path()))
        await asyncio.to_thread(front.store.begun.acquire)
        key = {"authorization": f"Bearer {front.cast.access_key}"}
        for number in range(10):
            hit = await client.post("/api/v1/hit", json=HIT, headers=key)
            assert hit.status_code == 200
            assert len(front.spool.records) == number + 1
        assert (await client.get("/health/live")).status_code == 200
        refused = await client.get(front.path("de"))
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert refused.json()["error"] == [
            "too many questions are asked at once: try again, or ask fewer at a time"
        ]
        shown = (await client.get("/metrics")).text
        assert "hoofprint_questions_running 1.0" in shown
        assert "hoofprint_questions_waiting 0.0" in shown
        front.store.gate.set()
        assert (await first).status_code == 200
        assert (await client.get(front.path("de"))).status_code == 200

    front.run(work)


@pytest.mark.parametrize(
    ("error", "status"), [(QueryTooLarge("secret"), 400), (QueryTooSlow("secret"), 503)]
)
def test_what_takes_too_much_is_refused_with_advice_and_the_next_is_answered(
    front: Front, error: Exception, status: int
) -> None:
    async def work(client: httpx.AsyncClient) -> None:
        front.store.error = error
        front.store.gate.set()
        refused = await client.get(front.path())
        assert refused.status_code == status
        assert "ask for a shorter period or add a filter" in refused.json()["error"][0]
        front.store.error = None
        assert (await client.get(front.path())).status_code == 200

    front.run(work)


def test_a_client_that_hangs_up_in_the_queue_gets_nothing_and_asks_nothing(front: Front) -> None:
    """As the server tells the application: by a message in the middle of the request."""
    front.asking._limits = replace(front.asking._limits, patience=10)

    async def work(client: httpx.AsyncClient) -> None:
        first = asyncio.create_task(client.get(front.path()))
        await asyncio.to_thread(front.store.begun.acquire)
        caller = Caller()
        sent: list[Any] = []

        async def send(message: Any) -> None:
            await asyncio.sleep(0)
            sent.append(message)

        path, _, query = front.path("de").partition("?")
        token = f"Bearer {front.cast.domain_token}".encode()
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"authorization", token)],
            "server": ("test", 80),
            "client": ("127.0.0.1", 4711),
        }
        asked = front.world.app(scope, cast("Receive", caller.receive), send)
        answering = asyncio.ensure_future(asked)
        await until(lambda: front.asking.waiting == 1)
        caller.hang_up()
        await answering
        assert front.asking.waiting == 0
        assert [m.get("status") for m in sent if m["type"] == "http.response.start"] == [499]
        front.store.gate.set()
        assert (await first).status_code == 200
        assert not front.store.begun.acquire(blocking=False)

    front.run(work)


DASHBOARD = (
    *("/total", "/visitor", "/growth", "/active", "/page", "/page/entry", "/page/exit"),
    *("/referrer", "/country", "/browser", "/os", "/screen", "/events", "/hours"),
)
CARDS = ("", "path=/blog", "country=de")


def test_eight_dashboards_at_once_show_what_each_would_show_alone(
    world: World, tmp_path: Path
) -> None:
    """With the real store; and what they ask in common runs once, or is kept."""
    counted = Counting(world.services.store)
    metrics = Metrics()
    settings = Settings(store_readers=2, query_cache_bytes=10_000_000)
    asking = open_asking(settings, cast("Store", counted), Writes(), lambda: NOW, metrics)
    with open_site(world, world.services.store, tmp_path / "spool") as site:
        alone = {(route, card): site.ask(route, card) for route in DASHBOARD for card in CARDS}
        crowded = world.but(asking=asking, metrics=metrics)

        async def dashboard(client: httpx.AsyncClient, first: int) -> None:
            cards = [*alone][first:] + [*alone][:first]
            paths = [site.path(route, card) for route, card in cards]
            answers = await asyncio.gather(*(client.get(path) for path in paths))
            for card, answer in zip(cards, answers, strict=True):
                assert answer.status_code == 200, answer.text
                assert answer.json() == alone[card], card

        async def all_at_once() -> None:
            headers = {"authorization": f"Bearer {world.cast.domain_token}"}
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(crowded.app), base_url="http://t", headers=headers
            ) as client:
                await asyncio.gather(*(dashboard(client, 5 * n) for n in range(8)))

        world.runner.run(all_at_once())
    asking.close()
    assert set(counted.asked.values()) == {1}
    shown = metrics.render().decode()
    assert f'hoofprint_plans_total{{source="store"}} {float(len(counted.asked))}' in shown


class Counting:
    """A store that counts how often it is asked the same."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self.asked: Counter[str] = Counter()

    def select(self, sql: str, parameters: Parameters | None = None) -> list[list[Any]]:
        with self._lock:
            self.asked[f"{sql} {parameters}"] += 1
        return self._store.select(sql, parameters)


def test_questions_leave_connections_to_the_drain_and_the_health_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """However many questions run, counting never waits for one of them to end."""
    opened_with: list[int] = []
    monkeypatch.setattr(
        "hoofprint.store.embedded.EmbeddedStore",
        lambda _directory, readers, _limits: opened_with.append(readers),
    )
    open_store(Settings(data_dir=str(tmp_path), store_readers=3))
    assert opened_with == [3 + 2]
