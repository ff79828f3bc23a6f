"""What is due by the clock alone: checked every few seconds, and done.

Midnight turns the service day though nobody gives a command; requeued entries
come due; breaks pause idle counters; reminders and closures end.
"""

import asyncio
import logging

from sqlalchemy import Connection

from app.db.engines import Readers
from app.errors import AntreanError
from app.ledger.ledger import Ledger
from app.queueing.change import Change
from app.queueing.commands.timed import is_due, run_timed
from app.queueing.service_day import ledger_row
from app.queueing.site.rulebook import read_rulebook

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 5.0


class Timekeeper:
    """An asyncio task that asks every few seconds whether something is due."""

    def __init__(self, readers: Readers, ledger: Ledger) -> None:
        self._readers = readers
        self._ledger = ledger
        self._last_look = ledger.now()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start checking, on the running loop."""
        self._task = asyncio.create_task(self._run(), name="timekeeper")

    async def stop(self) -> None:
        """Stop checking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def run_once(self) -> None:
        """Check once what is due, and have the ledger do it."""
        now, after = self._ledger.now(), self._last_look

        def due(db: Connection) -> bool:
            day = ledger_row(db).service_day
            return is_due(db, Change(now, day, read_rulebook(db)), after=after)

        # a reader looks first: each command is a commit, though it finds nothing to do.
        # When the day is over any command will do: the writer turns it before
        if self._ledger.day_is_over or await self._readers.read(due):
            await self._ledger.do(lambda db, change: run_timed(db, change, after=after))
        # only now: what a refused command left undone lies in the next span too
        self._last_look = now

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL_SECONDS)
            try:
                await self.run_once()
            except AntreanError as refusal:
                logger.warning("time was not kept reason=%s", refusal.code)
            except Exception:
                logger.exception("time was not kept")
