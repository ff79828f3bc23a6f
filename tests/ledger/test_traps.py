"""The traps of changes.md, one by one: acknowledged is on disk, and nothing else."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from app.db.engines import Readers, reader_engine, writer_engine
from app.errors import Busy, NotDurable
from app.ledger import Answer, Ledger, Timekeeper
from app.queueing.change import Change
from tests.ledger.conftest import Gate, LedgerHarness, key, note
from tests.ledger.test_keys import fill_the_disk
from tests.support.clock import MovableClock
from tests.support.database import Disk

pytestmark = pytest.mark.usefixtures("errors_are_expected")


@pytest.fixture
def errors_are_expected(caplog: pytest.LogCaptureFixture) -> None:
    """Each of these is logged; the log itself is looked at where it matters."""
    caplog.set_level("CRITICAL", "app.ledger")


async def test_a_full_disk_loses_the_whole_batch_and_says_so(
    harness: LedgerHarness,
) -> None:
    before = harness.disk.content()

    answers = await harness.together(note("first"), fill_the_disk, note("last"))

    assert [type(answer) for answer in answers] == [NotDurable] * 3
    assert harness.notes() == []
    assert harness.published == []
    assert harness.disk.content() == before


async def test_it_goes_on_when_there_is_room_again(harness: LedgerHarness) -> None:
    await harness.together(note("lost"), fill_the_disk)

    answers = await harness.together(note("a"), note("b"))

    assert [type(answer) for answer in answers] == [Answer] * 2
    assert harness.notes() == ["a", "b"]
    assert harness.published == [frozenset({"note:a", "note:b"})]


async def test_a_full_disk_that_spares_the_transaction_spares_the_others(
    harness: LedgerHarness,
) -> None:
    """A statement with a journal of its own is rolled back alone by SQLite."""

    def grow(db: Connection, change: Change) -> None:
        note("seed")(db, change)
        pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
        db.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        db.execute(text("UPDATE closure SET note = hex(zeroblob(100000))"))

    first, failed = await harness.together(note("first"), grow)

    assert isinstance(failed, NotDurable)
    assert isinstance(first, Answer)
    assert harness.notes() == ["first"]


async def test_a_commit_that_the_database_refuses_loses_the_batch(
    harness: LedgerHarness,
) -> None:
    def points_at_nothing(db: Connection, change: Change) -> None:
        db.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        note("dangling")(db, change)
        db.execute(text("UPDATE closure SET agency_id = 999"))

    answers = await harness.together(note("first"), points_at_nothing, note("last"))

    assert [type(answer) for answer in answers] == [NotDurable] * 3
    assert harness.notes() == []
    assert harness.published == []
    await harness.ledger.do(note("afterwards"))
    assert harness.notes() == ["afterwards"]


async def test_a_commit_that_raises_before_it_is_durable_did_not_happen(
    harness: LedgerHarness, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with failing_commit(harness, engine, monkeypatch, commits=False) as answers:
        assert [type(answer) for answer in answers] == [NotDurable] * 2

    assert harness.notes() == []
    assert harness.published == []


async def test_a_commit_that_raises_after_it_is_durable_did_happen(
    harness: LedgerHarness, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with failing_commit(harness, engine, monkeypatch, commits=True) as answers:
        assert [type(answer) for answer in answers] == [Answer] * 2

    assert harness.notes() == ["a", "b"]
    assert harness.published == [frozenset({"note:a", "note:b"})]


async def test_a_repeat_after_not_durable_is_safe(
    harness: LedgerHarness, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with failing_commit(harness, engine, monkeypatch, commits=False):
        pass

    await harness.ledger.do(note("a"), key=key("k"))

    assert harness.notes() == ["a"]


async def test_a_caller_who_hangs_up_cancels_nothing(harness: LedgerHarness) -> None:
    gate = Gate()
    blocking = await gate.hold(harness.ledger)
    impatient = asyncio.create_task(harness.ledger.do(note("impatient")))
    await asyncio.sleep(0)

    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    gate.open()
    await blocking
    await harness.ledger.do(note("after"))

    assert harness.notes() == ["impatient", "after"]
    assert "note:impatient" in frozenset().union(*harness.published)


async def test_a_full_inbox_is_busy_and_takes_nothing(
    engine: Engine, clock: MovableClock, disk: Disk
) -> None:
    ledger = Ledger(engine, clock, publish=lambda _facts: None, inbox=1)
    ledger.start()
    gate = Gate()
    blocking = await gate.hold(ledger)
    queued = asyncio.create_task(ledger.do(note("queued")))
    await asyncio.sleep(0)

    with pytest.raises(Busy) as busy:
        await ledger.do(note("one too many"))

    assert busy.value.details["retry_after_seconds"] == 1
    gate.open()
    await asyncio.gather(blocking, queued)
    await ledger.stop()
    assert disk.rows("SELECT note FROM closure") == ["queued"]


async def test_what_was_accepted_is_run_before_it_stops(
    engine: Engine, clock: MovableClock, disk: Disk
) -> None:
    ledger = Ledger(engine, clock, publish=lambda _facts: None)
    ledger.start()
    sent = [asyncio.create_task(ledger.do(note(str(n)))) for n in range(100)]
    await asyncio.sleep(0)

    await ledger.stop()

    assert len(await asyncio.gather(*sent)) == 100
    assert len(disk.rows("SELECT note FROM closure")) == 100
    assert not ledger.is_running


async def test_a_stopped_ledger_takes_nothing(harness: LedgerHarness) -> None:
    await harness.ledger.stop()

    with pytest.raises(Busy):
        await asyncio.wait_for(harness.ledger.do(note("late")), 5)


async def test_a_ledger_that_was_not_started_takes_nothing(
    engine: Engine, clock: MovableClock
) -> None:
    ledger = Ledger(engine, clock, publish=lambda _facts: None)

    with pytest.raises(Busy):
        await ledger.do(note("early"))


async def test_another_program_that_holds_the_lock_loses_nothing_for_good(
    disk: Disk, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.engines.BUSY_TIMEOUT_MS", 50)
    harness = LedgerHarness(writer_engine(disk.path), clock, disk)
    harness.ledger.start()
    other = sqlite3.connect(disk.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(NotDurable):
        await harness.ledger.do(note("a"), key=key("k"))

    other.execute("ROLLBACK")
    other.close()
    await harness.ledger.do(note("a"), key=key("k"))
    await harness.ledger.stop()
    assert harness.notes() == ["a"]


async def test_a_reader_takes_no_lock_and_sees_one_moment(
    harness: LedgerHarness, disk: Disk
) -> None:
    counted = text("SELECT count(*) FROM closure")
    engine = reader_engine(disk.path)
    with engine.connect() as db, db.begin():
        before = db.execute(counted).scalar_one()

        await harness.ledger.do(note("meanwhile"))  # would wait for ever on its lock

        assert db.execute(counted).scalar_one() == before
    engine.dispose()
    assert harness.notes() == ["meanwhile"]


async def test_a_reader_reads_while_a_command_is_under_way(
    harness: LedgerHarness, disk: Disk
) -> None:
    readers = Readers(disk.path)
    gate = Gate()

    def slow(db: Connection, change: Change) -> None:
        note("unfinished")(db, change)
        gate(db, change)

    blocking = await gate.hold(harness.ledger, slow)
    seen = await readers.read(
        lambda db: db.execute(text("SELECT count(*) FROM closure")).scalar_one()
    )
    gate.open()
    await blocking
    readers.close()

    assert seen == 0


async def test_a_reader_cannot_write(disk: Disk) -> None:
    readers = Readers(disk.path)

    with pytest.raises(OperationalError, match="readonly"):
        await readers.read(lambda db: db.execute(text("DELETE FROM agency")))
    readers.close()


class failing_commit:  # noqa: N801 (used as a block)
    """Send two commands whose COMMIT raises, before or after it took effect."""

    def __init__(
        self,
        harness: LedgerHarness,
        engine: Engine,
        monkeypatch: pytest.MonkeyPatch,
        *,
        commits: bool,
    ) -> None:
        self._bench = harness
        self._patch = monkeypatch
        self._dialect = engine.dialect
        self._commits = commits

    async def __aenter__(self) -> list[Any]:
        do_commit: Callable[[Any], None] = self._dialect.do_commit
        rounds = iter(range(10))

        def commit(connection: Any) -> None:
            is_batch = next(rounds) == 1  # the first is what holds the batch back
            if self._commits or not is_batch:
                do_commit(connection)
            if is_batch:
                raise OSError("the disk said no")

        self._patch.setattr(self._dialect, "do_commit", commit)
        return await self._bench.together(note("a"), note("b"))

    async def __aexit__(self, *_error: object) -> None:
        self._patch.undo()


async def test_a_day_that_cannot_be_turned_yet_is_turned_later(
    harness: LedgerHarness, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ledger.timekeeper.INTERVAL_SECONDS", 0.01)
    again = Ledger(writer_engine(harness.disk.path), clock, publish=lambda _facts: None)
    again.start()
    readers = Readers(harness.disk.path)
    timekeeper = Timekeeper(readers, again)
    timekeeper.start()
    do = again.do
    refused: list[Any] = []

    async def busy_at_first(run: Any, **options: Any) -> Answer:
        if len(refused) < 2:
            refused.append(run)
            raise Busy
        return await do(run, **options)

    monkeypatch.setattr(again, "do", busy_at_first)
    clock.move(days=1)
    today = "SELECT service_day FROM ledger_state"
    while harness.disk.one(today) != "2026-11-25":  # noqa: ASYNC110 (on disk)
        await asyncio.sleep(0.01)
    await timekeeper.stop()
    await again.stop()
    readers.close()

    assert len(refused) == 2


async def test_a_connection_that_cannot_even_be_closed_is_left_behind(
    harness: LedgerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.ledger.do(note("before"))

    def broken(_connection: Connection, *_args: object) -> None:
        raise OperationalError("close", None, OSError("gone"))

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "invalidate", broken)
        await harness.together(note("lost"), fill_the_disk)
    await harness.ledger.do(note("after"))

    assert harness.notes() == ["before", "after"]
