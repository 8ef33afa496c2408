"""What a mail becomes on the wire, whatever is in it."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import default

import pytest
from msgspec.structs import replace

from hoofprint.errors import Invalid, SettingsError
from hoofprint.mail.mail import Mail, address_of
from hoofprint.mail.message import message_of, sender_of

WRITTEN = datetime(2026, 5, 4, 13, 6, 40, tzinfo=UTC)
SENDER = Address("Hoofprint", "stats", "example.com")
MAIL = Mail("ada@example.org", "Hello", "Plain", "<p>Rich</p>", "report")
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]


def test_a_message_has_both_forms_and_the_headers_it_needs() -> None:
    message = message_of(MAIL, SENDER, "0123456789", WRITTEN)
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert list(read.keys()) == HEADERS
    assert read["From"] == "Hoofprint <stats@example.com>"
    assert read["To"] == "ada@example.org"
    assert read["Date"] == "Mon, 04 May 2026 13:06:40 +0000"
    assert read["Message-ID"] == "<0123456789@example.com>"
    parts = [(part.get_content_type(), part.get_content().strip()) for part in read.iter_parts()]
    assert parts == [("text/plain", "Plain"), ("text/html", "<p>Rich</p>")]


def test_a_mail_without_html_is_plain() -> None:
    message = message_of(replace(MAIL, html=""), SENDER, "0123456789", WRITTEN)
    assert message.get_content_type() == "text/plain"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\0", "\v", "\f", "\x85", "\u2028", "\r\n "])
def test_a_subject_can_not_add_a_header(end: str) -> None:
    evil = replace(MAIL, subject=f"Hello{end}Bcc: eve@example.net{end}{end}Body")
    read = message_from_bytes(
        message_of(evil, SENDER, "0123456789", WRITTEN).as_bytes(), policy=default
    )
    assert list(read.keys()) == HEADERS
    assert read["Subject"] == "Hello Bcc: eve@example.net Body"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@example.org\r\nBcc: eve@example.net",
        "ada@example.org\nBcc: eve",
        "ada@exam\0ple.org",
        "ada@example.org, eve@example.net",
        "ada@example.org,eve@example.net",
        "Ada <ada@example.org>",
        "ada@example.org>",
        '"a b"@example.org',
        "a@b@example.org",
        "ada@example .org",
        "ada@example..org",
        "a" * 250 + "@example.org",
    ],
)
def test_a_recipient_is_exactly_one_address(text: str) -> None:
    with pytest.raises(Invalid):
        address_of(text)
    with pytest.raises(Invalid):
        message_of(replace(MAIL, recipient=text), SENDER, "0123456789", WRITTEN)


def test_other_alphabets_are_encoded() -> None:
    mail = replace(MAIL, recipient="ada@bücher.example", subject="Überblick 📈", text="Grüße")
    message = message_of(mail, SENDER, "0123456789", WRITTEN)
    raw = message.as_bytes()
    assert raw.isascii()
    read = message_from_bytes(raw, policy=default)
    assert read["Subject"] == "Überblick 📈"
    assert read["To"] == "ada@xn--bcher-kva.example"
    body = read.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Grüße"


def test_the_sender_is_what_is_set_or_made_of_the_host() -> None:
    assert str(sender_of("Stats <a@example.com>", "x")) == "Stats <a@example.com>"
    assert str(sender_of("a@example.com", "x")) == "a@example.com"
    assert str(sender_of("", "stats.example.com")) == "Hoofprint <hoofprint@stats.example.com>"
    assert sender_of("", "::1").domain == "localhost"
    for wrong in ("stats", "Stats <>", "a@b, c@d", "a@example.com\nBcc: b@example.com"):
        with pytest.raises(SettingsError, match="mail_from"):
            sender_of(wrong, "x")
