"""The key that tokens are signed with: made once, kept in a file that only its owner may read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from hoofprint.errors import Unavailable
from hoofprint.records.exclusive import exclusive

FILE = "signing_key.pem"
BITS = 2048
EXPONENT = 65537


def signing_key(directory: Path) -> bytes:
    """The PEM text of the instance's RSA key; the first who asks makes it, whole or not at all.

    Raises Unavailable when it can be neither read nor written.
    """
    return kept_key(directory / FILE, _generate)


def kept_key(path: Path, generate: Callable[[], bytes]) -> bytes:
    """What a file holds that only its owner may read; the first who asks has it generated.

    Raises Unavailable when it can be neither read nor written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            with exclusive(path):
                if not path.exists():
                    _write(path, generate())
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(f"{path.name} cannot be used: {error}") from error


def _generate() -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - needed once
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - see above

    key = rsa.generate_private_key(public_exponent=EXPONENT, key_size=BITS)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, content: bytes) -> None:
    """Durable under its name only when complete."""
    partial = path.with_suffix(".new")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    partial.rename(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
