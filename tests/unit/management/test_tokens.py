from __future__ import annotations

import base64
import hashlib
import hmac
import json
import multiprocessing
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from hoofprint.errors import SettingsError, Unauthenticated, Unavailable
from hoofprint.management.signing import signing_key
from hoofprint.management.tokens import Tokens

from .world import NOW

CLAIMS = {"sub": "client", "exp": int(NOW) + 60}


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return signing_key(tmp_path_factory.mktemp("key"))


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_token_lives_for_an_hour_to_the_second(tokens: Tokens) -> None:
    token, expires = tokens.issue("client", NOW)
    assert expires == NOW + 3600
    assert tokens.verify(token, NOW + 3599.9) == ("client", expires)
    with pytest.raises(Unauthenticated):
        tokens.verify(token, NOW + 3600)


def test_a_token_is_an_rs256_jwt(tokens: Tokens) -> None:
    token, _ = tokens.issue("client", NOW)
    assert jwt.get_unverified_header(token)["alg"] == "RS256"


def test_two_tokens_of_one_second_differ_and_both_work(tokens: Tokens) -> None:
    first, _ = tokens.issue("client", NOW)
    second, _ = tokens.issue("client", NOW)
    assert first != second
    assert tokens.verify(first, NOW) == tokens.verify(second, NOW)


def test_an_unsigned_token_is_refused(tokens: Tokens) -> None:
    for token in (
        f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(CLAIMS)}.",
        f"{part({'alg': 'None'})}.{part(CLAIMS)}.x",
        jwt.encode(CLAIMS, "", "none"),
    ):
        with pytest.raises(Unauthenticated):
            tokens.verify(token, NOW)


def test_a_token_signed_with_the_public_key_as_a_password_is_refused(key: bytes) -> None:
    """The classic confusion of HS256 and RS256."""
    private = load_pem_private_key(key, None)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(CLAIMS)}"
    seal = hmac.new(public, signed.encode(), hashlib.sha256).digest()
    forged = f"{signed}.{base64.urlsafe_b64encode(seal).rstrip(b'=').decode()}"
    with pytest.raises(Unauthenticated):
        Tokens(key).verify(forged, NOW)


def test_another_keys_token_is_refused(tokens: Tokens) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(Unauthenticated):
        tokens.verify(jwt.encode(CLAIMS, other, "RS256"), NOW)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"sub": "client"},
        {"exp": int(NOW) + 60},
        {"sub": 7, "exp": int(NOW) + 60},
        {"sub": "client", "exp": "tomorrow"},
        {"sub": "client", "exp": None},
        {"sub": "client", "exp": True},
    ],
)
def test_a_token_that_says_too_little_is_refused(key: bytes, claims: dict[str, Any]) -> None:
    private = load_pem_private_key(key, None)
    assert isinstance(private, rsa.RSAPrivateKey)
    head = part({"alg": "RS256", "typ": "JWT"})
    signed = f"{head}.{part(claims)}"
    algorithm = jwt.get_algorithm_by_name("RS256")
    seal = base64.urlsafe_b64encode(algorithm.sign(signed.encode(), private)).rstrip(b"=")
    with pytest.raises(Unauthenticated):
        Tokens(key).verify(f"{signed}.{seal.decode()}", NOW)


@pytest.mark.parametrize(
    "garbage",
    ["", ".", "..", "a.b.c", "x" * 5000, "ä.ö.ü", "\udc80.a.b", "pa_short", "\0", "e30.e30."],
)
def test_garbage_is_refused(tokens: Tokens, garbage: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens.verify(garbage, NOW)


def test_a_tampered_token_is_refused(tokens: Tokens) -> None:
    head, _, seal = tokens.issue("client", NOW)[0].split(".")
    with pytest.raises(Unauthenticated):
        tokens.verify(f"{head}.{part({**CLAIMS, 'sub': 'other'})}.{seal}", NOW)


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    key = signing_key(tmp_path / "data")
    assert signing_key(tmp_path / "data") == key
    assert (tmp_path / "data" / "signing_key.pem").stat().st_mode & 0o777 == 0o600
    assert not list((tmp_path / "data").glob("*.new"))


def test_processes_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        keys = pool.map(signing_key, [tmp_path] * 6, chunksize=1)
    assert len(set(keys)) == 1


def test_a_key_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable):
        signing_key(tmp_path / "file")


def test_an_unusable_key_file_is_refused() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (b"", b"nonsense", pem):
        with pytest.raises(SettingsError, match="signing key"):
            Tokens(content)
