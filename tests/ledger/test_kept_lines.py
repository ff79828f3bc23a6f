"""The writer's lines: published with each commit, dropped with whatever is doubtful."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, update

from app.errors import Invalid, NotDurable, WrongState
from app.ledger import Ledger
from app.queueing import rows
from app.queueing.change import SYSTEM, Change
from app.queueing.commands.issuing import TicketRequest, issue
from app.queueing.line.ahead import waiting_ahead, waiting_by_service
from app.queueing.line.kept_lines import KEY, PublishedLines, lines_of
from app.queueing.rows import entries_of
from tests.support.clock import MovableClock
from tests.support.rules.custom_mall import open_database
from tests.support.rules.harness import custom_mall

take = partial(issue, ticket_request=TicketRequest([1]), actor=SYSTEM)


class Hall:
    """A ledger over a small mall, and what it published."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_database(folder / "antrean.sqlite3", custom_mall())
        self.published = PublishedLines()
        self.clock = MovableClock()
        self.ledger = Ledger(
            self.engine,
            self.clock,
            publish=lambda _facts: None,
            lines=self.published,
        )

    async def do(self, run: Any) -> Any:
        """Run a command alone, and return what it came to."""
        return (await self.ledger.do(run)).value

    def lengths(self) -> dict[int, int]:
        """Return how many wait, as a reader sees it."""
        with self.engine.connect() as db:
            db.info[KEY] = self.published
            try:
                return waiting_by_service(db)
            finally:
                del db.info[KEY]

    def revisions(self) -> list[int]:
        """Return the revisions whose lines are kept."""
        return sorted(self.published._by_revision)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    made = Hall(tmp_path)
    made.ledger.start()
    yield made
    await made.ledger.stop()
    made.engine.dispose()


def take_and_count(db: Connection, change: Change) -> int:
    """Take a number, and say how many are ahead of it."""
    (entry,) = entries_of(db, take(db, change))
    return waiting_ahead(db, entry)


async def test_commands_of_one_batch_count_each_other(hall: Hall) -> None:
    counted = await asyncio.gather(*(hall.do(take_and_count) for _ in range(5)))

    assert counted == [0, 1, 2, 3, 4]


async def test_a_command_that_is_taken_back_leaves_nobody_in_line(hall: Hall) -> None:
    assert await hall.do(take_and_count) == 0

    def take_and_refuse(db: Connection, change: Change) -> None:
        assert take_and_count(db, change) == 1
        raise WrongState(state="waiting")

    outcomes = await asyncio.gather(
        hall.do(take_and_refuse), hall.do(take_and_count), return_exceptions=True
    )

    assert isinstance(outcomes[0], WrongState)
    assert outcomes[1] == 1


async def test_lines_first_read_by_a_command_that_is_taken_back_are_read_again(
    hall: Hall,
) -> None:
    def take_and_refuse(db: Connection, change: Change) -> None:
        take(db, change)
        assert waiting_by_service(db) == {1: 1}
        raise WrongState(state="waiting")

    with pytest.raises(WrongState):
        await hall.do(take_and_refuse)

    assert await hall.do(take_and_count) == 0


async def test_what_another_connection_writes_is_seen(hall: Hall) -> None:
    assert await hall.do(take_and_count) == 0
    with hall.engine.begin() as db:
        db.exec_driver_sql("UPDATE entry SET state = 'cancelled'")

    assert await hall.do(take_and_count) == 0


async def test_a_service_retired_by_the_new_day_gives_no_number(hall: Hall) -> None:
    tomorrow = (hall.clock.moment + timedelta(days=1)).date()
    with hall.engine.begin() as db:
        db.execute(update(rows.service).values(retired_on=tomorrow))
    assert await hall.do(take_and_count) == 0

    hall.clock.move(days=1)

    with pytest.raises(Invalid):
        await hall.do(take_and_count)


async def test_readers_find_the_lines_of_the_newest_commit(hall: Hall) -> None:
    await hall.do(take_and_count)
    await hall.do(take_and_count)

    assert hall.lengths() == {1: 2}
    assert hall.revisions()[-1] == 2


async def test_a_batch_that_is_lost_publishes_nothing(hall: Hall) -> None:
    await hall.do(take_and_count)

    def break_off(db: Connection, change: Change) -> None:
        take_and_count(db, change)
        db.rollback()  # as SQLITE_FULL may
        raise OSError

    with pytest.raises(NotDurable):
        await hall.do(break_off)

    assert hall.revisions() == [1]
    assert await hall.do(take_and_count) == 1
    assert hall.lengths() == {1: 2}


async def test_only_the_newest_are_kept(hall: Hall) -> None:
    for _ in range(20):
        await hall.do(take_and_count)

    assert hall.revisions() == list(range(13, 21))


async def test_a_reader_between_two_commits_reads_its_own(hall: Hall) -> None:
    await hall.do(take_and_count)
    with hall.engine.connect() as db, db.begin():
        db.info[KEY] = hall.published
        hall.published._by_revision.clear()
        first = lines_of(db)

        assert first.lengths() == {1: 1}
        assert lines_of(db) is first
        del db.info[KEY]
