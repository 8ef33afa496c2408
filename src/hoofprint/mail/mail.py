"""A mail as whoever writes it sees it, and which addresses can be written to."""

from __future__ import annotations

from email.headerregistry import Address
from enum import StrEnum

from msgspec import Struct

from hoofprint.errors import Invalid

LONGEST_ADDRESS = 254
FORBIDDEN = frozenset('()<>[]:;@\\,"')
"""What an address would have to quote; nobody has such an address."""


class MailState(StrEnum):
    """How far a mail is."""

    WAITING = "waiting"
    """It is to be sent, for the first time or again."""
    SENT = "sent"
    FAILED = "failed"
    """The server refused it for good, or took it at no time within days."""
    UNSENT = "unsent"
    """No mail server was configured."""


class Mail(Struct, frozen=True):
    """A mail to one person; `kind` says what it is about, in one word and without any secret."""

    recipient: str
    subject: str
    text: str
    html: str
    kind: str


def address_of(text: str, name: str = "") -> Address:
    """An address, its hostname in the form that mail servers know.

    Raises Invalid for what is not exactly one address; nothing of it can become a header.
    """
    wrong = Invalid({"email": "must be an email address"})
    local, at, host = text.strip().rpartition("@")
    usable = at and local and host and len(text) <= LONGEST_ADDRESS and text.isprintable()
    if not usable or FORBIDDEN & {*local, *host} or " " in text.strip():
        raise wrong
    try:
        known = host.encode("idna").decode("ascii")
        return Address(display_name=name, username=local, domain=known)
    except (UnicodeError, ValueError):
        raise wrong from None
