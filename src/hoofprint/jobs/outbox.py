"""Sends the mails that are due in the background, through restarts and failures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Protocol

import structlog

from hoofprint.errors import HoofprintError, Invalid, MailNotSent, MailRefused
from hoofprint.mail.mail import MailState
from hoofprint.mail.message import message_of
from hoofprint.management.mails import Outcome, Taken

LOOK_SECONDS = 5.0
"""Seconds between two looks at what is due."""
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 6 * 3600.0
"""Seconds until a mail that failed is tried again: after the first time, and at last."""
GIVEN_UP_SECONDS = 3 * 86_400.0
NO_SERVER = "not sent: no mail server is configured"

Send = Callable[[EmailMessage], None]
log = structlog.get_logger("hoofprint.outbox")


class Book(Protocol):
    """What the job needs of `management/mails.py:MailBook`."""

    def take(self) -> Taken | None:
        """The mail that is due for longest. Raises Unavailable."""
        ...

    def note(self, mail_id: str, outcome: Outcome) -> None:
        """Write down what became of it. Raises Unavailable."""
        ...

    def counts(self) -> Mapping[MailState, int]:
        """How many wait, and how many have failed. Raises Unavailable."""
        ...


class Outbox:
    """A thread that sends what is due, one mail after the other.

    Without `send` no mail server is configured: mails are noted as unsent, and stay so. What became
    of a mail is noted before the next one is taken, however often that has to be tried: a mail goes
    out twice only if the process ends between sending and noting.
    """

    def __init__(
        self, book: Book, send: Send | None, sender: Address, clock: Callable[[], float]
    ) -> None:
        self._book = book
        self._send = send
        self._sender = sender
        self._clock = clock
        self._unnoted: tuple[Taken, Outcome] | None = None
        self._counts: Mapping[MailState, int] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mails")

    @property
    def waiting(self) -> int:
        """Mails that waited to be sent at the last look."""
        return self._counts.get(MailState.WAITING, 0)

    @property
    def failed(self) -> int:
        """Mails that had been given up at the last look."""
        return self._counts.get(MailState.FAILED, 0)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """End, once it is noted what became of the mail that is being sent."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """Send whatever is due. Raises Unavailable."""
        self._note()
        while not self._stopping.is_set() and (taken := self._book.take()) is not None:
            self._unnoted = taken, self._try(taken)
            self._note()
        self._counts = self._book.counts()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except HoofprintError as error:
                log.error("mails were not looked after", error=str(error))  # noqa: TRY400 - expected
            except Exception:  # the outermost loop of this thread
                log.exception("mails were not looked after")
            self._stopping.wait(LOOK_SECONDS)

    def _note(self) -> None:
        if self._unnoted is not None:
            taken, outcome = self._unnoted
            self._book.note(taken.id, outcome)
            self._unnoted = None
            _say(taken, outcome)

    def _try(self, taken: Taken) -> Outcome:
        if self._send is None:
            return Outcome(MailState.UNSENT, NO_SERVER)
        try:
            self._send(message_of(taken.mail, self._sender, taken.id, taken.written))
        except (MailRefused, Invalid) as error:
            return Outcome(MailState.FAILED, str(error))
        except MailNotSent as error:
            due = self._clock() + pause_after(taken.tries)
            if due > taken.written.timestamp() + GIVEN_UP_SECONDS:
                return Outcome(MailState.FAILED, str(error))
            return Outcome(MailState.WAITING, str(error), due)
        return Outcome(MailState.SENT)


def pause_after(tries: int) -> float:
    """Seconds until the next try; each pause is twice as long as the one before."""
    return float(min(FIRST_PAUSE * 2 ** min(tries - 1, 32), LONGEST_PAUSE))


def _say(taken: Taken, outcome: Outcome) -> None:
    """A log line without address, text and what the server said: they may hold a secret."""
    known = {"mail": taken.id, "kind": taken.mail.kind, "tries": taken.tries}
    match outcome.state:
        case MailState.SENT:
            log.info("mail sent", **known)
        case MailState.WAITING:
            log.warning("mail not sent; it is tried again", **known)
        case MailState.FAILED:
            log.error("mail given up; the records say why", **known)
        case MailState.UNSENT:
            log.warning(NO_SERVER, **known)
