"""Work that many ask for at once is done a little at a time."""

import asyncio
from collections import deque
from collections.abc import Callable


class Turns:
    """Does at most so many pieces of work in each turn of the event loop.

    What comes meanwhile, an officer's call among it, has its own place in the turn.
    """

    def __init__(self, each: int) -> None:
        self._each = each
        self._work: deque[Callable[[], None]] = deque()

    def plan(self, work: Callable[[], None]) -> None:
        """Have this done, after all that was planned before."""
        if not self._work:
            asyncio.get_running_loop().call_soon(self._do)
        self._work.append(work)

    def _do(self) -> None:
        for _ in range(min(self._each, len(self._work))):
            self._work.popleft()()
        if self._work:
            asyncio.get_running_loop().call_soon(self._do)
