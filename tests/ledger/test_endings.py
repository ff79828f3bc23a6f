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
from tests.support.clock import MORNING
from tests.support.rules.harness import RulesHarness, rules_of


@pytest.fixture
def rules(tmp_path: Path) -> Iterator[RulesHarness]:
    with rules_of(tmp_path) as rules:
        yield rules


def nothing(_db: object, _change: object) -> None:
    """Do nothing, which is a command too."""


def test_a_batch_is_written_though_its_callers_loop_has_gone(
    rules: RulesHarness,
) -> None:
    async def begin() -> tuple[Ledger, Command]:
        ledger = Ledger(rules.engine, Clock(MORNING), publish=published.append)
        ledger.start()
        return ledger, Command(nothing, 200, None, asyncio.Future())

    published: list[frozenset[str]] = []
    before = rules.see(ledger_row)[0]
    ledger, command = asyncio.run(begin())

    asyncio.run(_leave(ledger, command))

    assert rules.see(ledger_row)[0] == before + 1
    assert not command.future.done()
    assert published == []


async def _leave(ledger: Ledger, command: Command) -> None:
    """Hand a command in from a later loop, and stop."""
    ledger._inbox.put(command)
    await ledger.stop()


def test_a_connection_that_cannot_be_closed_is_thrown_away(
    rules: RulesHarness,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    writer = Writer(rules.engine, Clock(MORNING))
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
