"""What is done once a service day, when it has begun: mostly at midnight.

A machine that is switched off at night does it a while after its start.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from app.db.damage import DamageWitness, find_damage
from app.db.engines import Readers
from app.errors import AntreanError
from app.process import yield_to_others
from app.queueing.service_day import ledger_row

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 60.0

Work = Callable[[], Awaitable[None]]


class NightWork:
    """An asyncio task that does its work once in each service day."""

    def __init__(self, readers: Readers, work: Sequence[Work]) -> None:
        self._readers, self._work = readers, work
        self._done_on: date | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start, on the running loop; the first look is after a while."""
        self._task = asyncio.create_task(self._run(), name="night work")

    async def stop(self) -> None:
        """Stop, whatever is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def run_once(self) -> None:
        """Do the work if this service day has not seen it; a failure is logged."""
        day = (await self._readers.read(ledger_row)).service_day
        if day == self._done_on:
            return
        for work in self._work:
            try:
                await work()
            except AntreanError as refusal:
                logger.warning("night work was refused reason=%s", refusal.code)
                return
        self._done_on = day

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL_SECONDS)
            try:
                await self.run_once()
            except Exception:
                logger.exception("night work failed")


async def check_database(database: Path, damage: DamageWitness) -> None:
    """Look at the whole file, on a thread of its own; damage stops the ledger."""
    loop = asyncio.get_running_loop()
    threads = ThreadPoolExecutor(1, "check", yield_to_others)
    try:
        found = await loop.run_in_executor(threads, find_damage, database, None)
    finally:
        # not waited for: a server that stops would hang on it
        threads.shutdown(wait=False)
    if found is None:
        logger.info("the database was looked at as a whole, and is well")
    else:
        logger.critical("the database is damaged: %s", found.splitlines()[0])
        damage.has_met = True
