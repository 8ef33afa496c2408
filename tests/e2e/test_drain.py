"""A server that ends, starts again or meets a full disk: every hit is counted, none half."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from .load import Load, check
from .server import BROWSER, HOSTNAME, Instance, eventually, page_view

pytestmark = pytest.mark.xdist_group("e2e")


def health(instance: Instance) -> Any:
    return instance.http.get("/health/ready").json()


def spool_bytes(instance: Instance) -> int:
    return sum(path.stat().st_size for path in (instance.data / "spool").glob("*.spool"))


@contextmanager
def files_limited_to(size: int, pid: int) -> Iterator[None]:
    """Let no file of the process grow beyond `size`, as if the disk were full."""
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


def test_sigterm_under_load_loses_nothing(instance: Instance) -> None:
    """The exit code is 0, and what was answered is counted, although nothing was flushed yet."""
    instance.start(flush_seconds=60)
    load = Load(instance, "sigterm")
    load.start()
    time.sleep(0.3)
    instance.stop()
    check(instance, load.join())


def test_a_session_that_runs_across_a_restart_stays_one_session(instance: Instance) -> None:
    """After a crash, too: the load of test_crash.py looks for torn visitors."""
    instance.start()
    instance.hit("/before", referrer="https://news.example/")
    instance.stop()
    instance.start()
    instance.hit("/after")
    eventually(instance.views, lambda views: views == {"/before": 1, "/after": 1})
    [session] = instance.ask("/session/list")
    assert (session["entry_path"], session["exit_path"]) == ("/before", "/after")
    assert (session["page_views"], session["is_bounce"]) == (2, False)
    assert session["referrer"] == "https://news.example"
    total = instance.ask("/total")
    assert (total["visitors"], total["sessions"], total["views"]) == (1, 1, 2)


def test_a_hit_is_in_the_statistics_soon_after_its_answer(running: Instance) -> None:
    """With the settings as they come: nothing has to be asked for or to end before."""
    running.hit("/soon")
    eventually(lambda: running.ask("/page", path="/soon"), lambda pages: len(pages) == 1)
    assert running.ask("/active", path="/soon")["visitors"] == 1


def test_a_full_disk_refuses_hits_whole_and_recovers(running: Instance) -> None:
    """Nothing of what was answered 503 is stored, and what was stored before stays intact."""

    def views(path: str) -> int:
        return int(running.ask("/total", path=path)["views"])

    first = [
        page_view(f"/first/{number}", ip=f"81.2.{number // 200}.{number % 200 + 1}")
        for number in range(2000)
    ]
    assert running.send("/hit/batch", first).status_code == 200
    eventually(lambda: health(running)["spool_lag"], lambda lag: lag == 0)
    before = spool_bytes(running)

    with files_limited_to(before + 40, running.pid):  # in the middle of the next frame
        answer = running.send("/hit", page_view("/refused"))
        assert (answer.status_code, answer.json()["validation"]) == (503, {})
        assert answer.headers["retry-after"]
        many = [page_view(f"/refused/{number}") for number in range(100)]
        assert running.send("/hit/batch", many).status_code == 503
        query = {"code": running.account.code, "url": f"https://{HOSTNAME}/refused"}
        browser = {"user-agent": BROWSER}
        assert running.http.get("/hit", params=query, headers=browser).status_code == 503
        assert spool_bytes(running) == before
        assert views("~/first/") == 2000  # reading goes on

    running.hit("/accepted")
    eventually(lambda: views("/accepted"), lambda count: count == 1)
    assert (views("~/first/"), views("~/refused")) == (2000, 0)


def test_what_cannot_be_counted_now_is_counted_later(running: Instance) -> None:
    """While the journal cannot be written hits are taken all the same, and the server says so."""

    def views() -> dict[str, int]:
        return {page["path"]: page["views"] for page in running.ask("/page", path="~/waits")}

    obstacle = running.data / "spool" / "journal.new"
    obstacle.mkdir()
    running.hit("/waits")
    sick = eventually(lambda: health(running), lambda said: said["status"] != "ok")
    assert sick["parts"]["spool"].startswith("counting failed")
    assert (sick["parts"]["store"], sick["spool_lag"]) == ("ok", 1)
    running.hit("/waits/too")
    assert views() == {}

    obstacle.rmdir()
    eventually(views, lambda found: found == {"/waits": 1, "/waits/too": 1})
    fine = {"store": "ok", "records": "ok", "spool": "ok"}
    well = {"status": "ok", "parts": fine, "spool_lag": 0}
    eventually(lambda: health(running), lambda said: said == well)
