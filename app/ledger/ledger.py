"""One writer thread, one connection, grouped commits (changes.md#the-ledger).

It drains at most 64 commands from a bounded inbox, also those that come while it runs
them, each in one ``BEGIN IMMEDIATE`` transaction so that it can be taken back alone,
commits once, then answers, then publishes. Nothing is answered or announced before it
is durable.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from app.clock import Clock
from app.db.damage import DamageWitness
from app.errors import Busy, DatabaseDamaged, NotDurable
from app.ledger.batch import MAX_BATCH_COMMANDS, Batch
from app.ledger.command import (
    Answer,
    Command,
    PresentState,
    RequestKey,
    Run,
)
from app.ledger.writer import Writer
from app.queueing import facts
from app.queueing.change import Change
from app.queueing.line.kept_lines import PublishedLines
from app.queueing.site.decisions import PublishedDecisions

logger = logging.getLogger(__name__)

Publish = Callable[[frozenset[facts.Fact]], None]


class Ledger:
    """Runs commands; start it on the event loop whose callers it answers.

    ``publish`` is called on that loop with the facts that a durable batch
    touched, after its callers were answered.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        *,
        publish: Publish,
        inbox: int = 1024,
        damage: DamageWitness | None = None,
        lines: PublishedLines | None = None,
        decisions: PublishedDecisions | None = None,
    ) -> None:
        self._writer = Writer(engine, clock, lines, decisions)
        self._publish = publish
        self._inbox: queue.Queue[Command | None] = queue.Queue(inbox)
        # daemon: a process that ends without stop() must not hang on it, and whatever
        # was answered is on disk
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_closed = False
        self._is_drained = False  # the thread's own: it has met the end of the inbox
        self._damage = damage or DamageWitness()

    def start(self) -> None:
        """Open the connection and start the thread.

        Must be called on the event loop. Raises whatever the database does.
        """
        self._loop = asyncio.get_running_loop()
        # here, not on the thread: a database that cannot be opened ends the start
        self._writer.open()
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Tell whether the writer's thread lives."""
        return self._thread.is_alive()

    @property
    def day_is_over(self) -> bool:
        """Tell whether the clock shows a later date than the service day."""
        return self._writer.day_is_over

    def now(self) -> datetime:
        """Return the present moment as the next command would take it."""
        return self._writer.time.now()

    def machine_time(self) -> datetime:
        """Return what the machine's clock shows, right or wrong."""
        return self._writer.time.machine_time()

    @property
    def clock_is_in_doubt(self) -> bool:
        """Tell whether a person has to confirm the date before numbers are given."""
        return self._writer.time.is_in_doubt()

    async def confirm_clock(self, day: date) -> None:
        """Accept from a person that today is ``day``; ``Invalid`` if it cannot be."""

        def run(_db: Connection, change: Change) -> None:
            self._writer.time.confirm(day)
            change.touch(facts.SITE)

        await self.do(run)

    async def stop(self) -> None:
        """Run what was accepted, then end the thread; what comes later is ``Busy``."""
        self._is_closed = True
        # on threads, as both may wait: callers are answered on this loop meanwhile
        await asyncio.to_thread(self._inbox.put, None)
        await asyncio.to_thread(self._thread.join)

    async def do(
        self,
        run: Run,
        *,
        key: RequestKey | None = None,
        status: int = 200,
        present: PresentState | None = None,
    ) -> Answer:
        """Run a command and return its answer once it is on disk.

        ``present`` reads how things stand for the details of a ``QueueError``.
        Raises ``Busy`` when the inbox is full, ``NotDurable`` when the commit
        failed (a repeat with the same key is safe), ``DatabaseDamaged`` from the
        first damage of the file on, and whatever the command
        refuses with. A caller who hangs up cancels nothing.
        """
        if self._loop is None or self._is_closed:
            raise Busy
        command = Command(run, status, key, self._loop.create_future(), present)
        try:
            # never waits: the loop also serves the screens
            self._inbox.put_nowait(command)
        except queue.Full:
            raise Busy(retry_after_seconds=1) from None
        return await command.future

    def _run(self) -> None:
        while not self._is_drained and (first := self._inbox.get()) is not None:
            batch = Batch([first], arrivals=self._arrivals)
            # what came while the last batch waited for its disk
            batch.commands += self._arrivals(MAX_BATCH_COMMANDS - 1)
            self._run_batch(batch)
        self._writer.close()

    def _arrivals(self, room: int) -> list[Command]:
        """Return what has come, at most so many commands; nothing is waited for."""
        commands: list[Command] = []
        # once damage is met no command is taken: the rest of the inbox is refused
        while len(commands) < room and not (self._is_drained or self._damage.has_met):
            try:
                command = self._inbox.get_nowait()
            except queue.Empty:
                break
            if command is None:
                self._is_drained = True
            else:
                commands.append(command)
        return commands

    def _run_batch(self, batch: Batch) -> None:
        try:
            # a reader's too: each damaged page may hide another
            if self._damage.has_met:
                raise DatabaseDamaged
            self._writer.run(batch)
        except DatabaseDamaged as refusal:  # the log has it from the first time
            batch.fail(refusal)
        except Exception as error:  # the transaction is gone: nobody was served
            logger.exception("batch lost commands=%d", len(batch.commands))
            has_met = self._damage.note(error)
            batch.fail(DatabaseDamaged() if has_met else NotDurable())
        if self._loop is not None and not self._loop.is_closed():
            # futures and sockets belong to the thread of their loop
            self._loop.call_soon_threadsafe(self._answer, batch)

    def _answer(self, batch: Batch) -> None:
        for command in batch.commands:
            command.resolve()
        changed = batch.facts()
        if changed:
            self._publish(changed)
