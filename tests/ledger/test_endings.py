"""What the ledger does when its loop or its connection has gone."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from app.ledger import Ledger
from app.ledger.batch import Batch
from app.ledger.command import Command
from app.ledger.writer import Writer
from app.queueing.service_day import ledger_row
from tests.properties.driver import Clock
from tests.queueing.floor import NINE, Floor, floor_of


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with floor_of(tmp_path) as floor:
        yield floor


def nothing(_db: object, _change: object) -> None:
    """Do nothing, which is a command too."""


def test_a_batch_is_written_though_its_callers_loop_has_gone(floor: Floor) -> None:
    async def begin() -> tuple[Ledger, Command]:
        ledger = Ledger(floor.engine, Clock(NINE), publish=published.append)
        ledger.start()
        return ledger, Command(nothing, 200, None, asyncio.Future())

    published: list[frozenset[str]] = []
    before = floor.see(ledger_row)[0]
    ledger, command = asyncio.run(begin())

    asyncio.run(_leave(ledger, command))

    assert floor.see(ledger_row)[0] == before + 1
    assert not command.future.done()
    assert published == []


async def _leave(ledger: Ledger, command: Command) -> None:
    """Hand a command in from a later loop, and stop."""
    ledger._inbox.put(command)
    await ledger.stop()


def test_a_connection_that_cannot_be_closed_is_thrown_away(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    writer = Writer(floor.engine, Clock(NINE))
    broken = writer.open()

    def fail(_db: Connection) -> None:
        raise OperationalError("close", {}, sqlite3.OperationalError("disk"))

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(Connection, "invalidate", fail)
        writer.close()
    broken.close()

    assert "closing the writer's connection failed" in caplog.text
    loop = asyncio.new_event_loop()
    command = Command(nothing, 200, None, loop.create_future())
    writer.run(Batch([command]))
    assert command.has_run
    writer.close()
    loop.close()
