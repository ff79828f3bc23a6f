"""Passwords: argon2 off the event loop, at most two at once (40 took 2.4 GB)."""

import asyncio
from functools import cache

from pwdlib import PasswordHash

from app.errors import Busy

AT_ONCE = 2
MOST_WAITING = 32


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
        self._asked = 0

    async def matches(self, password: str, stored: str | None) -> bool:
        """Tell whether a password is right; as slow for an unknown user.

        Raises ``Busy`` when too many wait already.
        """
        if self._asked >= AT_ONCE + MOST_WAITING:
            raise Busy(retry_after_seconds=2)
        self._asked += 1
        try:
            async with self._room:
                return await asyncio.to_thread(_is_right, password, stored)
        finally:
            self._asked -= 1


def _is_right(password: str, stored: str | None) -> bool:
    right = _hasher().verify(password, stored or _nobodys_hash())
    return right and stored is not None
