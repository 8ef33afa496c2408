"""Passwords: what one must be, how it is kept, and whether it is the right one."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST_BYTES = 1024
"""Hashing an endless text would keep a processor busy for anybody who asks."""
AT_ONCE = 2
"""So many hashes are computed at once: each takes 64 MB, and the processors are needed for more."""

_hasher = PasswordHasher()
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")


def what_is_wrong_with(password: str, email: str = "") -> str | None:
    """Why this can't be the password of an account; None when it can."""
    if len(password) < SHORTEST:
        return f"must have at least {SHORTEST} characters"
    if len(password.encode("utf-8", "surrogatepass")) > LONGEST_BYTES:
        return f"must have at most {LONGEST_BYTES} bytes"
    folded = password.strip().casefold()
    if email and folded in {email.strip().casefold(), email.strip().casefold().partition("@")[0]}:
        return "must not be the e-mail address"
    if folded in common_passwords() or len(set(folded)) == 1:
        return "is one of the most common passwords"
    return None


@cache
def common_passwords() -> frozenset[str]:
    """What people who guess passwords try first, as far as it is long enough to be chosen."""
    text = files("hoofprint.management").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


def hash_password(password: str) -> str:
    """The argon2id hash, with its salt and parameters; takes tens of milliseconds on purpose."""
    return _hasher.hash(_bytes(password))


def verify(password_hash: str, password: str) -> bool:
    """Whether this is the password behind a hash; takes as long as hashing."""
    try:
        return _hasher.verify(password_hash, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than are used now."""
    return _hasher.check_needs_rehash(password_hash)


async def hashed(password: str) -> str:
    """`hash_password` for whoever waits in the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_threads, hash_password, password)


async def matches(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; that it can't be, without an account, takes as long."""

    def check() -> bool:
        right = verify(password_hash or _nobodys_hash(), password)
        return right and password_hash is not None

    return await asyncio.get_running_loop().run_in_executor(_threads, check)


@cache
def _nobodys_hash() -> str:
    """What is compared for an unknown account; made with today's parameters."""
    return hash_password("nobody has this password")


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")[: LONGEST_BYTES + 1]
