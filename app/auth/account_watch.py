"""Notices what a command beside the server has done to accounts.

Such a command writes to the database itself; every change of an account also writes
a row of the audit, so its newest id tells. Within a second an ended sign-in has to be
over here too (contract.md#accounts).
"""

import asyncio
import logging
from collections.abc import Callable

from app.auth.audit import newest_audit_id
from app.db.engines import Readers
from app.queueing import facts

logger = logging.getLogger(__name__)

SECONDS = 0.4


class AccountWatch:
    """Publishes the fact ``CREDENTIALS`` when the audit has grown."""

    def __init__(
        self, readers: Readers, publish: Callable[[frozenset[facts.Fact]], None]
    ) -> None:
        self._readers = readers
        self._publish = publish
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Note how things stand, and begin to watch."""
        newest = await self._readers.read(newest_audit_id)
        self._task = asyncio.create_task(self._watch(newest), name="account watch")

    async def stop(self) -> None:
        """Stop watching."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self, known: int) -> None:
        while True:
            await asyncio.sleep(SECONDS)
            try:
                newest = await self._readers.read(newest_audit_id)
            except Exception:
                # a database that cannot be read is told by others; this goes on
                logger.debug("the audit could not be read", exc_info=True)
                continue
            if newest != known:
                known = newest
                self._publish(frozenset({facts.CREDENTIALS}))
