"""A server that is killed at any moment under load loses nothing that it answered for."""

from __future__ import annotations

import os
import random
import secrets
import time

import pytest

from .load import Load, Sent, check
from .server import Instance

pytestmark = pytest.mark.xdist_group("e2e")

MOST_SECONDS = 0.8
STARTING_SECONDS = 2.5
"""About as long as a start takes on a slow machine."""


def kill_and_check(instance: Instance, rounds: int, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - moments, not secrets
    sent: list[Sent] = []
    load: Load | None = None
    for number in range(rounds):
        instance.start(
            flush_seconds=draw.choice((0.01, 0.1, 0.5)),
            flush_rows=draw.choice((50, 20_000)),
            spool_segment_bytes=65_536,
        )
        load = Load(instance, f"{seed}-{number}", load)
        load.start()
        time.sleep(draw.random() * MOST_SECONDS)
        instance.kill()
        sent += load.join()
        if draw.random() < 1 / 3:  # a crash while it mends what the last one left
            instance.spawn()
            time.sleep(draw.random() * STARTING_SECONDS)
            instance.kill()
    instance.start()
    instance.stop()
    try:
        check(instance, sent)
    except AssertionError as error:
        error.add_note(f"seed {seed}, {rounds} rounds")
        raise


def test_what_was_answered_before_a_crash_is_counted_exactly_once(instance: Instance) -> None:
    """What was not answered is counted once or not at all, a batch as a whole."""
    kill_and_check(instance, rounds=3, seed=secrets.randbelow(1_000_000))


@pytest.mark.slow
def test_crash_after_crash_every_answered_hit_is_counted_exactly_once(instance: Instance) -> None:
    rounds = int(os.environ.get("CRASH_ROUNDS", "25"))
    kill_and_check(instance, rounds, seed=secrets.randbelow(1_000_000))
