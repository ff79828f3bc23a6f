"""Passwords: argon2 off the event loop, at most two at once (40 took 2.4 GB)."""

import asyncio
from collections.abc import Callable
from functools import cache, partial
from typing import TypeVar

from pwdlib import PasswordHash

from app.errors import Busy

MAX_AT_ONCE = 2
MAX_WAITING = 32

Outcome = TypeVar("Outcome")


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
        self._slots = asyncio.Semaphore(MAX_AT_ONCE)
        self._pending = 0

    async def matches(self, password: str, stored: str | None) -> bool:
        """Tell whether a password is right; as slow for an unknown user.

        Raises ``Busy`` when too many wait already.
        """
        return await self._take_turn(partial(_is_right, password, stored))

    async def hash(self, password: str) -> str:
        """Return the hash of a new password; raises ``Busy`` as ``matches`` does."""
        return await self._take_turn(partial(hash_password, password))

    async def _take_turn(self, work: Callable[[], Outcome]) -> Outcome:
        if self._pending >= MAX_AT_ONCE + MAX_WAITING:
            raise Busy(retry_after_seconds=2)
        self._pending += 1
        try:
            async with self._slots:
                return await asyncio.to_thread(work)
        finally:
            self._pending -= 1


def _is_right(password: str, stored: str | None) -> bool:
    # some hash is always checked: else the time tells which names exist
    is_right = _hasher().verify(password, stored or _nobodys_hash())
    return is_right and stored is not None
