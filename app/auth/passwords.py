"""Passwords: argon2 off the event loop, at most two at once (40 took 2.4 GB)."""

import asyncio
from functools import cache

from pwdlib import PasswordHash

AT_ONCE = 2


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return the argon2 hash of a password; takes tens of milliseconds."""
    return _hasher().hash(password)


class PasswordChecker:
    """Checks passwords without holding up the event loop."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)

    async def matches(self, password: str, stored: str | None) -> bool:
        """Tell whether a password is right; as slow for an unknown user."""
        async with self._room:
            right = await asyncio.to_thread(
                _hasher().verify, password, stored or _nobodys_hash()
            )
        return right and stored is not None
