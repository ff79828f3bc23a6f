"""Passwords: argon2 off the event loop, one at once and after other work.

Each takes 64 MB and all cores (40 at once took 2.4 GB): whoever floods the sign-in may
hold up sign-ins, not the calls of officers.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TypeVar

from pwdlib import PasswordHash

from app.errors import Busy
from app.process import yield_to_others

MAX_AT_ONCE = 1
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
        self._threads = ThreadPoolExecutor(MAX_AT_ONCE, "password", yield_to_others)
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
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, work)
        finally:
            self._pending -= 1


def _is_right(password: str, stored: str | None) -> bool:
    # some hash is always checked: else the time tells which names exist
    is_right = _hasher().verify(password, stored or _nobodys_hash())
    return is_right and stored is not None
