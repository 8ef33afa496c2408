from __future__ import annotations

import asyncio
import threading

import pytest

from hoofprint.errors import Unavailable
from hoofprint.management.cache import OUTAGE_SECONDS, Cache, in_thread

from .world import Clock


class Source:
    """A slow look-up that counts; it waits while `gate` is closed."""

    def __init__(self, **values: str) -> None:
        self.values = values
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Semaphore(0)
        self.broken = False

    def __call__(self, key: str) -> str | None:
        self.asked.append(key)
        found = self.values.get(key)
        self.begun.release()
        self.gate.wait(10)
        if self.broken:
            raise Unavailable("gone")
        return found


@pytest.fixture
def source() -> Source:
    return Source(a="1", b="2", c="3")


@pytest.fixture
def cache(source: Source, clock: Clock) -> Cache[str, str]:
    return Cache(in_thread(source), clock, 5.0, size=2)


def test_an_answer_is_kept_for_its_time_and_not_longer(
    source: Source, cache: Cache[str, str], clock: Clock
) -> None:
    assert cache.fresh("a") is None
    assert asyncio.run(cache.get("a")) == "1"
    source.values["a"] = "new"
    clock.now += 4.9
    assert cache.fresh("a") == asyncio.run(cache.get("a")) == "1"
    clock.now += 0.1
    assert cache.fresh("a") is None
    assert asyncio.run(cache.get("a")) == "new"
    assert source.asked == ["a", "a"]


def test_that_nothing_was_found_is_remembered_for_a_second(
    source: Source, cache: Cache[str, str], clock: Clock
) -> None:
    assert asyncio.run(cache.get("x")) is None
    source.values["x"] = "now there"
    clock.now += 0.9
    assert asyncio.run(cache.get("x")) is None
    clock.now += 0.1
    assert asyncio.run(cache.get("x")) == "now there"
    assert len(source.asked) == 2


def test_what_is_gone_is_gone(source: Source, cache: Cache[str, str], clock: Clock) -> None:
    asyncio.run(cache.get("a"))
    del source.values["a"]
    clock.now += 5
    assert asyncio.run(cache.get("a")) is None
    assert cache.fresh("a") is None


def test_a_hundred_callers_make_one_look_up(source: Source, cache: Cache[str, str]) -> None:
    source.gate.clear()

    async def everybody() -> list[str | None]:
        waiting = [asyncio.create_task(cache.get("a")) for _ in range(100)]
        await asyncio.sleep(0)
        source.gate.set()
        return await asyncio.gather(*waiting)

    assert asyncio.run(everybody()) == ["1"] * 100
    assert source.asked == ["a"]


def test_a_caller_who_leaves_does_not_end_the_look_up(
    source: Source, cache: Cache[str, str]
) -> None:
    source.gate.clear()

    async def two() -> str | None:
        leaving = asyncio.create_task(cache.get("a"))
        staying = asyncio.create_task(cache.get("a"))
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.sleep(0)
        source.gate.set()
        return await staying

    assert asyncio.run(two()) == "1"


def test_a_failure_reaches_every_caller_and_is_not_remembered(
    source: Source, cache: Cache[str, str]
) -> None:
    source.broken = True

    async def both() -> list[object]:
        found = await asyncio.gather(cache.get("a"), cache.get("a"), return_exceptions=True)
        return list(found)

    assert [type(error) for error in asyncio.run(both())] == [Unavailable, Unavailable]
    source.broken = False
    assert asyncio.run(cache.get("a")) == "1"


def test_it_holds_no_more_than_its_size(source: Source, cache: Cache[str, str]) -> None:
    for key in "abc":
        asyncio.run(cache.get(key))
    assert [cache.fresh(key) for key in "abc"] == [None, "2", "3"]
    assert source.asked == ["a", "b", "c"]


def test_nonsense_pushes_nothing_out(cache: Cache[str, str]) -> None:
    asyncio.run(cache.get("a"))
    for key in "vwxyz":
        asyncio.run(cache.get(key))
    assert cache.fresh("a") == "1"


def test_a_clock_set_back_makes_nothing_live_longer(
    source: Source, cache: Cache[str, str], clock: Clock
) -> None:
    asyncio.run(cache.get("a"))
    source.values["a"] = "new"
    clock.now -= 3600
    assert cache.fresh("a") is None
    assert asyncio.run(cache.get("a")) == "new"


def test_an_answer_is_as_old_as_its_question(
    source: Source, cache: Cache[str, str], clock: Clock
) -> None:
    """A slow look-up may have read the rows when it began."""
    source.gate.clear()

    async def slow() -> None:
        task = asyncio.create_task(cache.get("a"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        clock.now += 4
        source.gate.set()
        await task

    asyncio.run(slow())
    assert cache.fresh("a") == "1"
    clock.now += 1
    assert cache.fresh("a") is None


def test_what_was_forgotten_is_looked_up_anew(source: Source, cache: Cache[str, str]) -> None:
    assert asyncio.run(cache.get("a")) == "1"
    assert asyncio.run(cache.get("x")) is None
    source.values |= {"a": "new", "x": "there"}
    cache.clear()
    assert cache.fresh("a") is None
    assert [asyncio.run(cache.get(key)) for key in ("a", "x")] == ["new", "there"]


def test_what_a_look_up_from_before_finds_is_not_kept(
    source: Source, cache: Cache[str, str]
) -> None:
    """Nor is it given to whoever asks after the change."""

    async def ask() -> tuple[str | None, str | None]:
        source.gate.clear()
        before = asyncio.create_task(cache.get("a"))
        await asyncio.to_thread(source.begun.acquire)
        source.values["a"] = "new"
        cache.clear()
        after = asyncio.create_task(cache.get("a"))
        await asyncio.to_thread(source.begun.acquire)
        source.gate.set()
        return await before, await after

    assert asyncio.run(ask()) == ("1", "new")
    assert cache.fresh("a") == "new"


def test_what_was_known_counts_through_an_outage_of_an_hour(
    source: Source, cache: Cache[str, str], clock: Clock
) -> None:
    asyncio.run(cache.get("a"))
    source.broken = True
    clock.now += 5
    assert asyncio.run(cache.get("a")) == cache.fresh("a") == "1"
    clock.now += 5
    assert asyncio.run(cache.get("a")) == "1"
    assert source.asked == ["a"] * 3
    clock.now += OUTAGE_SECONDS - 10
    with pytest.raises(Unavailable):
        asyncio.run(cache.get("a"))


def test_whoever_was_not_known_before_an_outage_stays_unknown(
    source: Source, cache: Cache[str, str], clock: Clock
) -> None:
    asyncio.run(cache.get("x"))
    source.broken = True
    clock.now += 5
    with pytest.raises(Unavailable):
        asyncio.run(cache.get("x"))


def test_after_an_outage_the_truth_counts_again(
    source: Source, cache: Cache[str, str], clock: Clock
) -> None:
    asyncio.run(cache.get("a"))
    source.broken = True
    clock.now += 5
    asyncio.run(cache.get("a"))
    source.broken = False
    source.values["a"] = "new"
    clock.now += 5
    assert asyncio.run(cache.get("a")) == "new"
