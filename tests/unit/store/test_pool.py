"""Connections are lent to one thread at a time, and come back."""

from __future__ import annotations

import threading

import pytest

from hoofprint.errors import StoreError
from hoofprint.store.pool import Pool


def test_every_connection_is_lent_to_one_at_a_time() -> None:
    pool = Pool(["a", "b"])
    with pool.lend() as first, pool.lend() as second:
        assert {first, second} == {"a", "b"}


def test_who_finds_none_idle_waits_for_one() -> None:
    pool = Pool(["a"])
    lent: list[str] = []

    def borrow() -> None:
        with pool.lend() as connection:
            lent.append(connection)

    waiting = threading.Thread(target=borrow)
    with pool.lend():
        waiting.start()
        assert lent == []
    waiting.join()
    assert lent == ["a"]


def test_a_connection_comes_back_from_a_failure() -> None:
    pool = Pool(["a"])
    with pytest.raises(ValueError, match="oops"), pool.lend():
        raise ValueError("oops")
    with pool.lend() as connection:
        assert connection == "a"


def test_closing_waits_for_what_is_lent_and_refuses_who_waits() -> None:
    pool = Pool(["a"])
    refused: list[str] = []

    def borrow() -> None:
        try:
            with pool.lend():
                refused.append("no")
        except StoreError as error:
            refused.append(str(error))

    waiting = threading.Thread(target=borrow)
    closing = threading.Thread(target=pool.close)
    with pool.lend():
        waiting.start()
        closing.start()
        waiting.join()
        assert closing.is_alive()
    closing.join()
    assert refused == ["the store is closed"]
    with pytest.raises(StoreError, match="closed"), pool.lend():
        pass
