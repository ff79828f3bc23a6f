"""A ledger over a real file, and a way to get commands into one batch."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert

from app.db.engines import writer_engine
from app.ledger import Answer, Ledger, RequestKey
from app.models import Closure
from app.queueing.change import Change
from app.queueing.facts import Fact
from app.queueing.rows import new_id, table_of
from tests.support.clock import MovableClock
from tests.support.database import Disk

closure = table_of(Closure)
Outcome = Answer | BaseException


class Gate:
    """A command whose commit waits until the gate is opened.

    What comes meanwhile is the next batch: this one takes no more commands.
    """

    def __init__(self) -> None:
        self._entered = threading.Event()
        self._opened = threading.Event()

    def __call__(self, db: Connection, _change: Change) -> None:
        event.listen(db, "commit", self._wait, once=True)

    def _wait(self, _db: Connection) -> None:
        self._entered.set()
        self._opened.wait(20)

    async def hold(self, ledger: Ledger, run: Any = None) -> "asyncio.Task[Answer]":
        """Return the command, once the writer stands before the gate."""
        blocking = asyncio.create_task(ledger.do(run or self))
        await asyncio.to_thread(self._entered.wait, 20)
        return blocking

    def open(self) -> None:
        """Let the writer go on."""
        self._opened.set()


class LedgerHarness:
    """A running ledger, what it published, and its commands in batches."""

    def __init__(self, engine: Engine, clock: MovableClock, disk: Disk) -> None:
        self.published: list[frozenset[str]] = []
        self.ledger = Ledger(engine, clock, publish=self.published.append, inbox=200)
        self.disk = disk

    async def together(self, *runs: Any, keys: Any = ()) -> list[Outcome]:
        """Run commands in one batch; returns each's answer or what it raised."""
        gate = Gate()
        blocking = await gate.hold(self.ledger)
        all_keys = [*keys, *[None] * (len(runs) - len(keys))]
        sent = [
            asyncio.create_task(self.ledger.do(run, key=key))
            for run, key in zip(runs, all_keys, strict=True)
        ]
        await asyncio.sleep(0)
        # now, not after: the batch may be published before this task goes on
        self.published.clear()
        gate.open()
        await blocking
        return await asyncio.gather(*sent, return_exceptions=True)

    def notes(self) -> list[str]:
        """Return the notes on disk, which the commands of these tests write."""
        return self.disk.rows("SELECT note FROM closure ORDER BY id")


def note(text: str, size: int = 0) -> Any:
    """Return a command that writes a note (and ``size`` bytes) and touches a fact."""

    def run(db: Connection, change: Change) -> int:
        change.touch(Fact(f"note:{text}"))
        made = db.execute(
            insert(closure).values(
                reason="by-hand", note=text + "." * size, since=change.now
            )
        )
        return new_id(made)

    return run


def key(name: str, body: str = "body") -> RequestKey:
    """Return an Idempotency-Key."""
    return RequestKey("device:1 POST /tickets", name, body)


@pytest.fixture
def engine(disk: Disk) -> Iterator[Engine]:
    engine = writer_engine(disk.path)
    yield engine
    engine.dispose()


@pytest.fixture
async def harness(
    engine: Engine, clock: MovableClock, disk: Disk
) -> AsyncIterator[LedgerHarness]:
    harness = LedgerHarness(engine, clock, disk)
    harness.ledger.start()
    yield harness
    await harness.ledger.stop()
