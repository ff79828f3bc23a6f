"""Looks every few seconds at what time alone brings, and has it done.

Midnight turns the service day though nobody gives a command; requeued entries
come due; breaks pause idle counters; reminders and closures end.
"""

import asyncio
import logging

from sqlalchemy import Connection

from app.db import Readers
from app.errors import AntreanError
from app.ledger.ledger import Ledger
from app.queueing.change import Change
from app.queueing.day import ledger_row
from app.queueing.rulebook import read_rulebook
from app.queueing.timekeeping import is_due, keep_time

logger = logging.getLogger(__name__)

SECONDS = 5.0


class Attendant:
    """A task beside the ledger."""

    def __init__(self, readers: Readers, ledger: Ledger) -> None:
        self._readers = readers
        self._ledger = ledger
        self._looked_at = ledger.now()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look, on the running loop."""
        self._task = asyncio.create_task(self._attend(), name="attendant")

    async def stop(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """Look once, and have done what is due."""
        now, after = self._ledger.now(), self._looked_at

        def due(db: Connection) -> bool:
            day = ledger_row(db).service_day
            return is_due(db, Change(now, day, read_rulebook(db)), after=after)

        if self._ledger.day_is_over or await self._readers.read(due):
            await self._ledger.do(lambda db, change: keep_time(db, change, after=after))
        self._looked_at = now

    async def _attend(self) -> None:
        while True:
            await asyncio.sleep(SECONDS)
            try:
                await self.look()
            except AntreanError as refusal:
                logger.warning("time was not kept reason=%s", refusal.code)
            except Exception:
                logger.exception("time was not kept")
