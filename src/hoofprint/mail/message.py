"""Makes a message of a mail, as RFC 5322 and MIME have it."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from hoofprint.errors import Invalid, SettingsError
from hoofprint.mail.mail import Mail, address_of

WIRE = SMTP.clone(cte_type="7bit")
"""Not every server on the way knows more."""


def message_of(mail: Mail, sender: Address, mail_id: str, written: datetime) -> EmailMessage:
    """The text and, if there is any, the same as HTML.

    A mail that is tried again has the same id and date, so that who gets it twice can tell. Raises
    Invalid for a recipient that is no address.
    """
    message = EmailMessage(policy=WIRE)
    message["From"] = sender
    message["To"] = address_of(mail.recipient)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = written
    message["Message-ID"] = f"<{mail_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # no answer of an absence comes back
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message


def one_line(text: str) -> str:
    """A text without anything that could end its header."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())


def is_hostname(text: str) -> bool:
    """Whether mails can come from there; a bare IPv6 address would need brackets."""
    return text.isascii() and all(sign.isalnum() or sign in ".-" for sign in text)


def sender_of(text: str, host: str) -> Address:
    """Who mails come from: `Name <address>`, an address, or one at `host` if nothing is set.

    Raises SettingsError.
    """
    if not text.strip():
        return Address("Hoofprint", "hoofprint", host if is_hostname(host) else "localhost")
    name, named, address = text.strip().rpartition("<")
    address = address.removesuffix(">") if named else address
    try:
        return address_of(address, one_line(name).strip('"'))
    except Invalid:
        raise SettingsError("mail_from: must be an address, or a name and <an address>") from None
