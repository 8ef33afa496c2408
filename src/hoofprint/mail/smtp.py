"""Hands messages to a mail server (SMTP)."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Literal

from msgspec import Struct

from hoofprint.errors import MailNotSent, MailRefused

Send = Callable[[EmailMessage], None]
"""Returns when the server has the message. Raises MailNotSent, or MailRefused if it never will."""
Security = Literal["none", "starttls", "tls"]

FOR_GOOD = 500
"""From this status on a mail server means it."""


class MailServer(Struct, frozen=True):
    """Where mails are handed in. `name` is what the server is told about who we are."""

    host: str
    port: int
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    timeout_seconds: float = 10.0
    name: str = "localhost"


def smtp(server: MailServer) -> Send:
    """Sends each message over a connection of its own."""

    def send(message: EmailMessage) -> None:
        with _told(), _connected(server) as connection:
            connection.send_message(message)

    return send


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A connection that is secured as it should be; once it has the mail, its end can't fail."""
    connection = _connect(server)
    try:
        if server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
        yield connection
    except BaseException:
        connection.close()
        raise
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        return smtplib.SMTP_SSL(
            server.host,
            server.port,
            local_hostname=server.name,
            timeout=server.timeout_seconds,
            context=ssl.create_default_context(),
        )
    return smtplib.SMTP(
        server.host, server.port, local_hostname=server.name, timeout=server.timeout_seconds
    )


@contextmanager
def _told() -> Iterator[None]:
    """Errors as ours. What the server says about a login is left out: it may quote the password."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise MailNotSent(f"the mail server refused the login ({error.smtp_code})") from None
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(*next(iter(error.recipients.values()))) from error
    except smtplib.SMTPDataError as error:
        raise _refused(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPResponseException as error:
        raise MailNotSent(_said(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailNotSent(f"the mail server can't do this: {error}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent(f"the mail server can't be reached: {type(error).__name__}") from error


def _refused(status: int, text: bytes | str) -> MailNotSent:
    said = _said(status, text)
    return MailRefused(said) if status >= FOR_GOOD else MailNotSent(said)


def _said(status: int, text: bytes | str) -> str:
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"the mail server said {status} {' '.join(said.split())}"[:500]
