"""Tokens: signed proofs that a client has shown its secret within the last hour."""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hoofprint.errors import SettingsError, Unauthenticated

ALGORITHM = "RS256"
LIFETIME_SECONDS = 3600
# The times are checked here, against the caller's clock.
OPTIONS: Any = {
    "require": ["sub", "exp"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}


class Claims(NamedTuple):
    """What a token says: whose it is and until when, in Unix seconds."""

    client_id: str
    expires: int


class Tokens:
    """Issues and verifies tokens with one RSA key."""

    def __init__(self, key_pem: bytes) -> None:
        try:
            key = load_pem_private_key(key_pem, password=None)
        except ValueError as error:
            raise SettingsError(f"the signing key can't be read: {error}") from error
        if not isinstance(key, RSAPrivateKey):
            raise SettingsError("the signing key is not an RSA key")
        self._private = key
        self._public = key.public_key()

    def issue(self, client_id: str, now: float) -> tuple[str, int]:
        """A token and when it expires; no two are the same."""
        expires = int(now) + LIFETIME_SECONDS
        claims = {
            "sub": client_id,
            "iat": int(now),
            "exp": expires,
            "jti": secrets.token_urlsafe(9),
        }
        return jwt.encode(claims, self._private, ALGORITHM), expires

    def verify(self, token: str, now: float) -> Claims:
        """What a token of ours says. Raises Unauthenticated for any other, or an expired one."""
        try:
            claims = jwt.decode(token, self._public, [ALGORITHM], options=OPTIONS)
        except (jwt.InvalidTokenError, UnicodeError) as error:
            raise Unauthenticated from error
        client_id, expires = claims["sub"], claims["exp"]
        if not isinstance(client_id, str) or not isinstance(expires, int) or expires <= now:
            raise Unauthenticated
        return Claims(client_id, expires)
