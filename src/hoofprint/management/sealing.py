"""Seals what must be kept but never shown: who has the records alone can't read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from hoofprint.errors import Unavailable
from hoofprint.management.signing import kept_key

FILE = "sealing_key"


class Seal:
    """Encrypts and signs with the instance's own key, which is made when it is first needed."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE
        self._fernet: Fernet | None = None

    def seal(self, secret: bytes, now: float) -> bytes:
        """The secret, sealed at a time."""
        return self._key().encrypt_at_time(secret, int(now))

    def open(self, sealed: bytes) -> bytes:
        """The secret. Raises Unavailable for what another key has sealed."""
        try:
            return self._key().decrypt(sealed)
        except InvalidToken:
            raise Unavailable(f"{FILE} is not the one that sealed this") from None

    def seal_claims(self, claims: dict[str, Any], now: float) -> str:
        """What somebody may carry around but neither read nor change."""
        return self.seal(msgspec.json.encode(claims), now).decode()

    def open_claims(self, sealed: str, seconds: int, now: float) -> dict[str, Any] | None:
        """What was sealed within so many seconds; None for anything else."""
        try:
            found = self._key().decrypt_at_time(sealed.encode(), seconds, int(now))
        except (InvalidToken, ValueError):
            return None
        claims: dict[str, Any] = msgspec.json.decode(found)
        return claims

    def _key(self) -> Fernet:
        if self._fernet is None:
            self._fernet = Fernet(kept_key(self._path, Fernet.generate_key))
        return self._fernet
