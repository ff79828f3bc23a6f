"""The traps of design §4, one by one: acknowledged is on disk, and nothing else."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from app.db import Readers, reader_engine, writer_engine
from app.errors import Busy, NotDurable
from app.ledger import Answer, Attendant, Ledger
from app.queueing.change import Change
from tests.ledger.conftest import Bench, Gate, key, note
from tests.ledger.test_keys import fill_the_disk
from tests.support.clock import MovableClock
from tests.support.database import Disk

pytestmark = pytest.mark.usefixtures("errors_are_expected")


@pytest.fixture
def errors_are_expected(caplog: pytest.LogCaptureFixture) -> None:
    """Each of these is logged; the log itself is looked at where it matters."""
    caplog.set_level("CRITICAL", "app.ledger")


async def test_a_full_disk_loses_the_whole_batch_and_says_so(bench: Bench) -> None:
    before = content(bench.disk)

    answers = await bench.together(note("first"), fill_the_disk, note("last"))

    assert [type(answer) for answer in answers] == [NotDurable] * 3
    assert bench.notes() == []
    assert bench.published == []
    assert content(bench.disk) == before


async def test_it_goes_on_when_there_is_room_again(bench: Bench) -> None:
    await bench.together(note("lost"), fill_the_disk)

    answers = await bench.together(note("a"), note("b"))

    assert [type(answer) for answer in answers] == [Answer] * 2
    assert bench.notes() == ["a", "b"]
    assert bench.published == [frozenset({"note:a", "note:b"})]


async def test_a_full_disk_that_spares_the_transaction_spares_the_others(
    bench: Bench,
) -> None:
    """A statement with a journal of its own is rolled back alone by SQLite."""

    def grow(db: Connection, change: Change) -> None:
        note("seed")(db, change)
        pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
        db.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        db.execute(text("UPDATE closure SET note = hex(zeroblob(100000))"))

    first, failed = await bench.together(note("first"), grow)

    assert isinstance(failed, NotDurable)
    assert isinstance(first, Answer)
    assert bench.notes() == ["first"]


async def test_a_commit_that_the_database_refuses_loses_the_batch(
    bench: Bench,
) -> None:
    def points_at_nothing(db: Connection, change: Change) -> None:
        db.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        note("dangling")(db, change)
        db.execute(text("UPDATE closure SET agency_id = 999"))

    answers = await bench.together(note("first"), points_at_nothing, note("last"))

    assert [type(answer) for answer in answers] == [NotDurable] * 3
    assert bench.notes() == []
    assert bench.published == []
    await bench.ledger.do(note("afterwards"))
    assert bench.notes() == ["afterwards"]


async def test_a_commit_that_raises_before_it_is_durable_did_not_happen(
    bench: Bench, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with failing_commit(bench, engine, monkeypatch, commits=False) as answers:
        assert [type(answer) for answer in answers] == [NotDurable] * 2

    assert bench.notes() == []
    assert bench.published == []


async def test_a_commit_that_raises_after_it_is_durable_did_happen(
    bench: Bench, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with failing_commit(bench, engine, monkeypatch, commits=True) as answers:
        assert [type(answer) for answer in answers] == [Answer] * 2

    assert bench.notes() == ["a", "b"]
    assert bench.published == [frozenset({"note:a", "note:b"})]


async def test_a_repeat_after_not_durable_is_safe(
    bench: Bench, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with failing_commit(bench, engine, monkeypatch, commits=False):
        pass

    await bench.ledger.do(note("a"), key=key("k"))

    assert bench.notes() == ["a"]


async def test_a_caller_who_hangs_up_cancels_nothing(bench: Bench) -> None:
    gate = Gate()
    held = await gate.hold(bench.ledger)
    impatient = asyncio.create_task(bench.ledger.do(note("impatient")))
    await asyncio.sleep(0)

    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    gate.open()
    await held
    await bench.ledger.do(note("after"))

    assert bench.notes() == ["impatient", "after"]
    assert "note:impatient" in frozenset().union(*bench.published)


async def test_a_full_inbox_is_busy_and_takes_nothing(
    engine: Engine, clock: MovableClock, disk: Disk
) -> None:
    ledger = Ledger(engine, clock, publish=lambda _facts: None, inbox=1)
    ledger.start()
    gate = Gate()
    held = await gate.hold(ledger)
    queued = asyncio.create_task(ledger.do(note("queued")))
    await asyncio.sleep(0)

    with pytest.raises(Busy) as busy:
        await ledger.do(note("one too many"))

    assert busy.value.facts["retry_after_seconds"] == 1
    gate.open()
    await asyncio.gather(held, queued)
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


async def test_a_stopped_ledger_takes_nothing(bench: Bench) -> None:
    await bench.ledger.stop()

    with pytest.raises(Busy):
        await asyncio.wait_for(bench.ledger.do(note("late")), 5)


async def test_a_ledger_that_was_not_started_takes_nothing(
    engine: Engine, clock: MovableClock
) -> None:
    ledger = Ledger(engine, clock, publish=lambda _facts: None)

    with pytest.raises(Busy):
        await ledger.do(note("early"))


async def test_another_program_that_holds_the_lock_loses_nothing_for_good(
    disk: Disk, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.BUSY_TIMEOUT_MS", 50)
    bench = Bench(writer_engine(disk.path), clock, disk)
    bench.ledger.start()
    other = sqlite3.connect(disk.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(NotDurable):
        await bench.ledger.do(note("a"), key=key("k"))

    other.execute("ROLLBACK")
    other.close()
    await bench.ledger.do(note("a"), key=key("k"))
    await bench.ledger.stop()
    assert bench.notes() == ["a"]


async def test_a_reader_takes_no_lock_and_sees_one_moment(
    bench: Bench, disk: Disk
) -> None:
    counted = text("SELECT count(*) FROM closure")
    engine = reader_engine(disk.path)
    with engine.connect() as db, db.begin():
        before = db.execute(counted).scalar_one()

        await bench.ledger.do(note("meanwhile"))  # would wait for ever on its lock

        assert db.execute(counted).scalar_one() == before
    engine.dispose()
    assert bench.notes() == ["meanwhile"]


async def test_a_reader_reads_while_a_command_is_under_way(
    bench: Bench, disk: Disk
) -> None:
    readers = Readers(disk.path)
    gate = Gate()

    def slow(db: Connection, change: Change) -> None:
        note("unfinished")(db, change)
        gate(db, change)

    held = await gate.hold(bench.ledger, slow)
    seen = await readers.read(
        lambda db: db.execute(text("SELECT count(*) FROM closure")).scalar_one()
    )
    gate.open()
    await held
    readers.close()

    assert seen == 0


async def test_a_reader_cannot_write(disk: Disk) -> None:
    readers = Readers(disk.path)

    with pytest.raises(OperationalError, match="readonly"):
        await readers.read(lambda db: db.execute(text("DELETE FROM agency")))
    readers.close()


def content(disk: Disk) -> list[str]:
    """Return what the database holds, but for the moment that each batch notes."""
    return [row for row in disk.everything() if '"ledger_state"' not in row]


class failing_commit:  # noqa: N801 (used as a block)
    """Send two commands whose COMMIT raises, before or after it took effect."""

    def __init__(
        self,
        bench: Bench,
        engine: Engine,
        monkeypatch: pytest.MonkeyPatch,
        *,
        commits: bool,
    ) -> None:
        self._bench = bench
        self._patch = monkeypatch
        self._dialect = engine.dialect
        self._commits = commits

    async def __aenter__(self) -> list[Any]:
        held: Callable[[Any], None] = self._dialect.do_commit
        rounds = iter(range(10))

        def commit(connection: Any) -> None:
            is_batch = next(rounds) == 1  # the first is what holds the batch back
            if self._commits or not is_batch:
                held(connection)
            if is_batch:
                raise OSError("the disk said no")

        self._patch.setattr(self._dialect, "do_commit", commit)
        return await self._bench.together(note("a"), note("b"))

    async def __aexit__(self, *_error: object) -> None:
        self._patch.undo()


async def test_a_day_that_cannot_be_turned_yet_is_turned_later(
    bench: Bench, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ledger.attendant.SECONDS", 0.01)
    again = Ledger(writer_engine(bench.disk.path), clock, publish=lambda _facts: None)
    again.start()
    readers = Readers(bench.disk.path)
    attendant = Attendant(readers, again)
    attendant.start()
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
    while bench.disk.one(today) != "2026-11-25":  # noqa: ASYNC110 (on disk)
        await asyncio.sleep(0.01)
    await attendant.stop()
    await again.stop()
    readers.close()

    assert len(refused) == 2


async def test_a_connection_that_cannot_even_be_closed_is_left_behind(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.ledger.do(note("before"))

    def broken(_connection: Connection, *_args: object) -> None:
        raise OperationalError("close", None, OSError("gone"))

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "invalidate", broken)
        await bench.together(note("lost"), fill_the_disk)
    await bench.ledger.do(note("after"))

    assert bench.notes() == ["before", "after"]
