"""Sending over real connections to a server on this machine."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec.structs import replace

from hoofprint.errors import MailNotSent, MailRefused
from hoofprint.mail import smtp as sending
from hoofprint.mail.mail import Mail
from hoofprint.mail.message import message_of
from hoofprint.mail.smtp import smtp
from hoofprint.testing.mail_server import MailServer

SENDER = Address("Hoofprint", "stats", "example.com")
MAIL = Mail("ada@example.org", "Hello", "Plain", "<p>Rich</p>", "report")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as opened:
        yield opened


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the key and the certificate of 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    pem = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(pem, form, serialization.NoEncryption()) + made.public_bytes(pem)
    )
    return path


def message(mail: Mail = MAIL) -> EmailMessage:
    return message_of(mail, SENDER, "0123456789", datetime(2026, 5, 4, tzinfo=UTC))


def at(server: MailServer, **more: object) -> sending.MailServer:
    known = sending.MailServer("127.0.0.1", server.port, "none", timeout_seconds=2.0)
    return replace(known, **more)


def test_a_mail_is_delivered_once_to_its_recipient(server: MailServer) -> None:
    smtp(at(server))(message())
    assert server.recipients == ["TO:<ada@example.org>"]
    [got] = server.messages
    assert (got["To"], got["Subject"]) == ("ada@example.org", "Hello")


def test_an_address_of_another_alphabet_is_sent_if_the_server_can(server: MailServer) -> None:
    mail = replace(MAIL, recipient="jürgen@bücher.example")
    smtp(at(server))(message(mail))
    assert server.recipients == ["TO:<jürgen@xn--bcher-kva.example>"]
    server.knows_utf8 = False
    with pytest.raises(MailNotSent):
        smtp(at(server))(message(mail))
    smtp(at(server))(message(replace(MAIL, recipient="ada@bücher.example")))


@pytest.mark.parametrize(
    ("answer", "error"), [("451 later", MailNotSent), ("550 no such user", MailRefused)]
)
def test_a_refusal_is_for_now_or_for_good(
    server: MailServer, answer: str, error: type[MailNotSent]
) -> None:
    server.refusal = answer
    with pytest.raises(MailNotSent, match=answer) as raised:
        smtp(at(server))(message())
    assert type(raised.value) is error


def test_a_server_that_is_down_or_silent_is_told(server: MailServer) -> None:
    server.stop()
    with pytest.raises(MailNotSent, match="can't be reached: ConnectionRefusedError"):
        smtp(at(server))(message())
    with pytest.raises(MailNotSent, match="can't be reached"):
        smtp(at(server, host="nowhere.invalid"))(message())


def test_a_mail_whose_end_was_not_answered_was_not_sent(server: MailServer) -> None:
    server.hang_up_after_data = True
    with pytest.raises(MailNotSent):
        smtp(at(server))(message())


def test_a_refused_login_does_not_quote_the_password(server: MailServer) -> None:
    server.refusal = "535"
    with pytest.raises(MailNotSent) as raised:
        smtp(at(server, user="ada", password="geheim"))(message())
    assert str(raised.value) == "the mail server refused the login (535)"
    assert server.logins
    assert raised.value.__suppress_context__


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_login_and_mail_go_through_tls(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with MailServer(context, at_once=security == "tls") as server:
        smtp(at(server, security=security, user="ada", password="x"))(message())
    assert len(server.messages) == len(server.logins) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_nothing_is_sent_to_a_server_that_can_not_prove_who_it_is(
    certificate: Path, security: str
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with MailServer(context, at_once=security == "tls") as server:
        with pytest.raises(MailNotSent, match="SSLCertVerificationError"):
            smtp(at(server, security=security, user="ada", password="x"))(message())
        assert (server.messages, server.logins) == ([], [])


def test_nothing_is_sent_in_the_clear_if_tls_is_wanted(server: MailServer) -> None:
    with pytest.raises(MailNotSent):
        smtp(at(server, security="starttls"))(message())
    assert server.messages == []
