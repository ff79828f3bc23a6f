"""Who comes while a batch runs is served by its commit, not by the next one."""

import asyncio
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import Connection, Engine, event, insert

from app.db.damage import DamageWitness
from app.db.driver import run_many
from app.db.engines import Readers
from app.db.prepared import add_row
from app.errors import DatabaseDamaged
from app.ledger import Answer, Ledger, RequestKey
from app.ledger.timekeeper import Timekeeper
from app.queueing.change import Change
from tests.ledger.conftest import LedgerHarness, closure, key, note
from tests.support.clock import MovableClock
from tests.support.database import Disk

_INSERT = insert(closure)


class NoteId(BaseModel):
    """What is stored with a key."""

    id: int


class Arrivals:
    """A command in whose midst others arrive; ``answers`` are theirs."""

    def __init__(self, harness: LedgerHarness, *runs: Any, keys: Any = ()) -> None:
        self._harness = harness
        self._runs = runs
        self._keys = [*keys, *[None] * (len(runs) - len(keys))]
        self._loop = asyncio.get_running_loop()
        self._sent: list[asyncio.Task[Answer]] = []

    def __call__(self, db: Connection, change: Change) -> NoteId:
        asyncio.run_coroutine_threadsafe(self._send(), self._loop).result(20)
        return NoteId(id=note("first")(db, change))

    async def _send(self) -> None:
        do = self._harness.ledger.do
        self._sent = [
            asyncio.create_task(do(run, key=key))
            for run, key in zip(self._runs, self._keys, strict=True)
        ]
        await asyncio.sleep(0)  # each has put its command into the inbox

    async def answers(self) -> list[Answer]:
        return await asyncio.gather(*self._sent)


async def together(
    harness: LedgerHarness, *runs: Any, keys: Any = (), first: RequestKey | None = None
) -> list[Answer]:
    arrivals = Arrivals(harness, *runs, keys=keys)
    return [
        await harness.ledger.do(arrivals, key=first),
        *await arrivals.answers(),
    ]


def commits_of(engine: Engine) -> list[int]:
    commits: list[int] = []
    event.listen(engine, "commit", lambda _db: commits.append(1))
    return commits


async def test_who_comes_meanwhile_joins_the_batch(
    harness: LedgerHarness, engine: Engine
) -> None:
    commits = commits_of(engine)

    await together(harness, note("second"), note("third"))

    assert len(commits) == 1
    assert harness.notes() == ["first", "second", "third"]
    assert len(harness.published) == 1
    assert harness.published[0] == {"note:first", "note:second", "note:third"}


async def test_a_batch_that_is_full_takes_nobody_more(
    harness: LedgerHarness, engine: Engine
) -> None:
    commits = commits_of(engine)

    await together(harness, *(note(str(n)) for n in range(64)))

    assert len(commits) == 2
    assert harness.notes() == ["first", *map(str, range(64))]


async def test_a_key_is_found_in_the_batch_and_before_it(
    harness: LedgerHarness,
) -> None:
    def doubled(db: Connection, change: Change) -> NoteId:
        return NoteId(id=note("doubled")(db, change))

    await harness.ledger.do(doubled, key=key("before"))

    first, again, before = await together(
        harness,
        doubled,
        doubled,
        first=key("first"),
        keys=[key("first"), key("before")],
    )

    assert again.text == first.text
    assert before.text == '{"id":1}'
    assert harness.notes() == ["doubled", "first"]


async def test_the_rows_of_who_joins_go_in_with_the_others(
    harness: LedgerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []

    def count(db: Connection, text: str, values: Any) -> int:
        written.append(len(values))
        return run_many(db, text, values)

    def wait_to_be_written(db: Connection, change: Change) -> NoteId:
        values = {"reason": "by-hand", "note": "waits", "since": change.now}
        return NoteId(id=add_row(db, _INSERT, values))

    # a statement's first run is SQLAlchemy's own, and writes what waits
    await together(harness, wait_to_be_written, keys=[key("first run")])
    monkeypatch.setattr("app.db.write_buffer.run_many", count)
    names = [str(number) for number in range(20)]

    await together(
        harness,
        *[wait_to_be_written for _ in names],
        keys=[key(name) for name in names],
    )

    assert sorted(written) == [20, 20]  # the notes, and their keys


async def test_once_damage_is_met_nobody_joins(
    engine: Engine, clock: MovableClock, disk: Disk
) -> None:
    damage = DamageWitness()
    ledger = Ledger(engine, clock, publish=lambda _facts: None, damage=damage)
    ledger.start()
    loop, sent = asyncio.get_running_loop(), []

    async def send() -> None:
        sent.append(asyncio.create_task(ledger.do(note("after it"))))
        await asyncio.sleep(0)

    def run(db: Connection, change: Change) -> int:
        damage.has_met = True  # a reader did, meanwhile
        asyncio.run_coroutine_threadsafe(send(), loop).result(20)
        return note("before it")(db, change)  # type: ignore[no-any-return]

    await ledger.do(run)
    with pytest.raises(DatabaseDamaged):
        await sent[0]

    await ledger.stop()
    assert disk.rows("SELECT note FROM closure") == ["before it"]


async def test_who_comes_on_the_next_day_waits_for_its_batch(
    harness: LedgerHarness, clock: MovableClock, disk: Disk
) -> None:
    moments = []

    def see(_db: Connection, change: Change) -> None:
        moments.append((change.day, change.now))

    def turn(db: Connection, change: Change) -> None:
        note("at midnight")(db, change)
        clock.set(datetime(2026, 11, 25, 2, tzinfo=UTC))

    await together(harness, turn, see)
    assert harness.ledger.day_is_over
    with closing(Readers(disk.path)) as readers:
        await Timekeeper(readers, harness.ledger).run_once()

    (day, now) = moments[0]
    assert (day, now.day) == (date(2026, 11, 24), 24)
    assert disk.one("SELECT service_day FROM ledger_state") == "2026-11-25"
    assert not harness.ledger.day_is_over
