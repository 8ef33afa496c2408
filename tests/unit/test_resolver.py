"""The resolver asks a real name server over UDP."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from hoofprint.errors import DnsFailed
from hoofprint.resolver import txt_records

Answer = Callable[[dns.message.QueryMessage], dns.message.Message | None]


@contextmanager
def name_server(answer: Answer) -> Iterator[int]:
    """The port of a server on the loopback that answers each question so, or not at all."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        bound.settimeout(0.05)
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                try:
                    wire, peer = bound.recvfrom(4096)
                except TimeoutError:
                    continue
                question = dns.message.from_wire(wire)
                assert isinstance(question, dns.message.QueryMessage)
                found = answer(question)
                if found is not None:
                    bound.sendto(found.to_wire(), peer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield bound.getsockname()[1]
        finally:
            done.set()
            thread.join()


def found(answer: Answer, seconds: float = 2.0) -> Sequence[str]:
    with name_server(answer) as port:
        look = txt_records(["127.0.0.1"], port, seconds)

        async def ask() -> Sequence[str]:
            return await look("_hoofprint.a.example")

        return asyncio.run(ask())


def test_the_parts_of_a_record_are_put_together() -> None:
    def answer(question: dns.message.QueryMessage) -> dns.message.Message:
        made = dns.message.make_response(question)
        name = question.question[0].name
        assert str(name) == "_hoofprint.a.example."
        made.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", '"one" "two"', '"three"'))
        return made

    assert sorted(found(answer)) == ["onetwo", "three"]


@pytest.mark.parametrize("code", [dns.rcode.NXDOMAIN, dns.rcode.NOERROR])
def test_a_name_without_records_has_none(code: dns.rcode.Rcode) -> None:
    def answer(question: dns.message.QueryMessage) -> dns.message.Message:
        made = dns.message.make_response(question)
        made.set_rcode(code)
        return made

    assert list(found(answer)) == []


def test_a_server_that_fails_or_is_silent_is_a_failure() -> None:
    def failing(question: dns.message.QueryMessage) -> dns.message.Message:
        made = dns.message.make_response(question)
        made.set_rcode(dns.rcode.SERVFAIL)
        return made

    for answer in (failing, lambda _: None):
        with pytest.raises(DnsFailed, match=r"_hoofprint\.a\.example"):
            found(answer, 0.3)
