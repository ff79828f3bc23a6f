"""What is due by the clock alone: checked every few seconds, and done.

Midnight turns the service day though nobody gives a command; requeued entries
come due; breaks pause idle counters; reminders, closures and quiet times end. After a
start whoever is still called is announced, if nobody spoke it before the power went.
"""

import asyncio
import logging
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.db.engines import Readers
from app.errors import AntreanError
from app.ledger.ledger import Ledger
from app.queueing.change import Change
from app.queueing.commands.timed import is_due, run_timed
from app.queueing.hall.held import announce_held, is_any_held
from app.queueing.hall.quiet import end_quiets, is_any_quiet_over
from app.queueing.service_day import ledger_row
from app.queueing.site.rulebook import read_rulebook

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 5.0


class Timekeeper:
    """An asyncio task that asks every few seconds whether something is due.

    ``stopped_at`` is the last moment of the server before this one.
    """

    def __init__(
        self, readers: Readers, ledger: Ledger, stopped_at: datetime | None = None
    ) -> None:
        self._readers = readers
        self._stopped_at = stopped_at
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
            change = Change(now, day, read_rulebook(db))
            return (
                is_due(db, change, after=after)
                or is_any_quiet_over(db, now)
                or is_any_held(db, change)
            )

        def run(db: Connection, change: Change) -> None:
            run_timed(db, change, after=after)
            end_quiets(db, change)
            announce_held(db, change)

        # a reader looks first: each command is a commit, though it finds nothing to do.
        # When the day is over any command will do: the writer turns it before
        if self._ledger.day_is_over or await self._readers.read(due):
            await self._ledger.do(run)
        # only now: what a refused command left undone lies in the next span too
        self._last_look = now

    async def catch_up(self) -> None:
        """Announce whoever is called, and was not spoken while the server was away."""
        now, since = self._ledger.now(), self._stopped_at
        if since is None:
            return

        def is_lost(db: Connection) -> bool:
            change = Change(now, ledger_row(db).service_day, read_rulebook(db))
            return is_any_held(db, change, lost_since=since)

        if await self._readers.read(is_lost):
            await self._ledger.do(partial(announce_held, lost_since=since))

    async def _run(self) -> None:
        work = self.catch_up
        while True:
            try:
                await work()
            except AntreanError as refusal:
                logger.warning("time was not kept reason=%s", refusal.code)
            except Exception:
                logger.exception("time was not kept")
            work = self.run_once
            await asyncio.sleep(INTERVAL_SECONDS)
