"""The job that sends mails: every mail once, in time, through failures and restarts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from hoofprint.errors import Invalid, MailRefused, Unavailable
from hoofprint.jobs.outbox import FIRST_PAUSE, LONGEST_PAUSE, NO_SERVER, Outbox, pause_after
from hoofprint.mail import smtp as sending
from hoofprint.mail.mail import Mail, MailState
from hoofprint.mail.smtp import smtp
from hoofprint.management.mails import LEASE_SECONDS, MailBook, Outcome, write_mail
from hoofprint.records.engine import Records
from hoofprint.records.tables import MailRecord
from hoofprint.testing.mail_server import MailServer

NOW = 1_700_000_000.0
DAY = 86_400.0
SENDER = Address("Hoofprint", "stats", "example.com")
LINK = "https://stats.example.com/reset?token=s3cret"
MAIL = Mail("ada@example.org", f"Reset {LINK}", f"Open {LINK}", f"<a href='{LINK}'>", "reset")


class Office:
    """Records with mails, a server, and a process that sends; all by a clock that obeys."""

    def __init__(self, records: Records, server: MailServer) -> None:
        self.records = records
        self.server = server
        self.now = NOW
        self.book = MailBook(records, lambda: self.now)
        self.outbox = self.process()

    def process(
        self, send: Callable[[EmailMessage], None] | None = None, book: Any = None
    ) -> Outbox:
        known = sending.MailServer("127.0.0.1", self.server.port, "none", timeout_seconds=2.0)
        return Outbox(book or self.book, send or smtp(known), SENDER, lambda: self.now)

    def write(self, mail: Mail = MAIL) -> None:
        self.records.write(lambda session: write_mail(session, mail, self.now))

    def after(self, seconds: float) -> MailRecord:
        self.now += seconds
        self.outbox.look()
        return self.only

    @property
    def only(self) -> MailRecord:
        return self.records.read(lambda session: session.scalars(select(MailRecord)).one())


@pytest.fixture
def office(records: Records) -> Iterator[Office]:
    with MailServer() as server:
        yield Office(records, server)


def test_a_mail_is_sent_once_and_what_it_said_is_forgotten(office: Office) -> None:
    office.write()
    found = office.after(1)
    office.after(DAY)
    assert len(office.server.messages) == 1
    assert (found.state, found.tries, found.error, found.next_try) == ("sent", 1, "", None)
    assert found.sent is not None
    assert found.sent.timestamp() == NOW + 1
    assert (found.text, found.html) == ("", "")


def test_a_mail_is_written_with_what_it_is_about_or_not_at_all(office: Office) -> None:
    def work(session: Session) -> None:
        write_mail(session, MAIL, NOW)
        raise Invalid

    with pytest.raises(Invalid):
        office.records.write(work)
    office.outbox.look()
    assert office.server.messages == []
    with pytest.raises(Invalid):
        office.write(Mail("ada@example.org\r\nBcc: eve@example.net", "", "", "", "reset"))


def test_a_server_that_is_down_and_back_gets_the_mail_then(office: Office) -> None:
    office.write()
    office.server.stop()
    found = office.after(0)
    assert (found.state, found.tries) == ("waiting", 1)
    assert found.error == "the mail server can't be reached: ConnectionRefusedError"
    office.server.start()
    assert office.after(FIRST_PAUSE - 1).tries == 1
    found = office.after(1)
    assert (found.state, found.tries, found.error) == ("sent", 2, "")
    assert len(office.server.messages) == 1


def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_not(office: Office) -> None:
    office.write()
    office.server.refusal = "451 later"
    assert office.after(0).error == "the mail server said 451 later"
    office.server.refusal = "550 no such user"
    found = office.after(FIRST_PAUSE)
    assert (found.state, found.error) == ("failed", "the mail server said 550 no such user")
    office.server.refusal = ""
    assert office.after(DAY).tries == 2


def test_pauses_grow_and_a_mail_is_given_up_after_three_days(office: Office) -> None:
    office.write()
    office.server.refusal = "451 later"
    pauses = []
    found = office.after(0)
    while found.next_try is not None:
        assert office.outbox.waiting == 1
        pauses.append(found.next_try.timestamp() - office.now)
        found = office.after(pauses[-1])
    assert pauses[:4] == [60, 120, 240, 480]
    assert pauses == sorted(pauses)
    assert max(pauses) == LONGEST_PAUSE
    assert 2.5 * DAY < office.now - NOW <= 3 * DAY
    assert (found.state, found.error) == ("failed", "the mail server said 451 later")
    assert (office.outbox.waiting, office.outbox.failed) == (0, 1)
    assert pause_after(10_000) == LONGEST_PAUSE


def test_one_bad_mail_does_not_hold_up_the_others(office: Office) -> None:
    def send(message: EmailMessage) -> None:
        if "bad" in message["To"]:
            raise MailRefused("no")
        sent.append(message["To"])

    sent: list[str] = []
    for name in ("bad", "ada", "bob"):
        office.write(Mail(f"{name}@example.org", "", "", "", "report"))
        office.now += 1
    office.process(send).look()
    assert sent == ["ada@example.org", "bob@example.org"]


def test_a_process_that_ended_before_it_noted_is_the_only_reason_to_send_again(
    office: Office,
) -> None:
    office.write()

    class Killed(BaseException):
        """The end of a process."""

    def send(message: EmailMessage) -> None:
        del message
        raise Killed

    with pytest.raises(Killed):
        office.process(send).look()
    assert office.after(LEASE_SECONDS - 1).state == "waiting"
    assert office.server.messages == []
    found = office.after(1)
    assert (found.state, found.tries) == ("sent", 2)
    assert len(office.server.messages) == 1


def test_records_that_fail_after_sending_are_no_reason_to_send_again(office: Office) -> None:
    class Book(MailBook):
        down = True

        def note(self, mail_id: str, outcome: Outcome) -> None:
            if self.down:
                raise Unavailable("the disk is full")
            super().note(mail_id, outcome)

    office.write()
    book = Book(office.records, lambda: office.now)
    outbox = office.process(book=book)
    for _ in range(3):
        with pytest.raises(Unavailable):
            outbox.look()
        office.now += LEASE_SECONDS
    book.down = False
    outbox.look()
    assert len(office.server.messages) == 1
    assert office.only.state == "sent"


def test_two_processes_send_a_mail_once(office: Office) -> None:
    office.write()
    other: list[int] = []

    def send(message: EmailMessage) -> None:
        office.outbox.look()
        other.append(len(office.server.messages))
        del message

    office.process(send).look()
    assert other == [0]
    assert office.after(DAY).state == "sent"
    assert office.server.messages == []


def test_without_a_server_mails_stay_and_nothing_secret_is_logged(office: Office) -> None:
    office.write()
    outbox = Outbox(office.book, None, SENDER, lambda: office.now)
    structlog.reset_defaults()
    with capture_logs() as logs:
        outbox.look()
        outbox.look()
    found = office.only
    assert (found.state, found.error, found.text) == ("unsent", NO_SERVER, f"Open {LINK}")
    assert [line["event"] for line in logs] == [NO_SERVER]
    assert logs[0].keys() == {"event", "log_level", "mail", "kind", "tries"}
    assert "s3cret" not in str(logs)
    assert "ada" not in str(logs)
    assert office.after(DAY).state == "unsent"


def test_what_a_server_says_is_in_the_records_and_not_in_the_log(office: Office) -> None:
    office.write()
    office.server.refusal = f"550 no {LINK}"
    with capture_logs() as logs:
        assert LINK in office.after(0).error
    assert "s3cret" not in str(logs)


def test_the_thread_sends_and_stops_in_order(office: Office) -> None:
    """A mail that is being sent when the end comes is sent and noted; the next one waits."""
    started, go_on = threading.Event(), threading.Event()

    def send(message: EmailMessage) -> None:
        del message
        started.set()
        assert go_on.wait(5)

    office.write()
    office.write()
    outbox = office.process(send)
    outbox.start()
    assert started.wait(5)
    stopping = threading.Thread(target=outbox.stop)
    stopping.start()
    while not outbox._stopping.is_set():
        pass
    go_on.set()
    stopping.join(5)
    assert not outbox._thread.is_alive()
    counts = office.book.counts()
    assert counts[MailState.WAITING] == 1
    office.outbox.look()
    assert len(office.server.messages) == 1


def test_the_thread_survives_records_that_fail(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoofprint.jobs.outbox.LOOK_SECONDS", 0.01)
    sent = threading.Event()
    failures: list[Exception] = [Unavailable("locked"), ValueError("odd")]

    class Book(MailBook):
        def take(self) -> Any:
            if failures:
                raise failures.pop()
            return super().take()

    office.write()
    outbox = office.process(lambda _: sent.set(), Book(office.records, lambda: office.now))
    outbox.start()
    assert sent.wait(5)
    outbox.stop()
    assert office.only.state == "sent"


def test_a_stop_before_the_start_is_fine(office: Office) -> None:
    office.outbox.stop()
