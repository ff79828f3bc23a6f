"""Who comes while a batch runs is served by its commit, not by the next one."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, event

from app.ledger import Answer, RequestKey
from app.queueing.change import Change
from tests.ledger.conftest import LedgerHarness, key, note
from tests.support.clock import MovableClock


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


async def test_who_comes_on_the_next_day_waits_for_its_batch(
    harness: LedgerHarness, clock: MovableClock
) -> None:
    days = []

    def see_day(_db: Connection, change: Change) -> None:
        days.append((change.day.day, change.now))

    def turn(db: Connection, change: Change) -> None:
        note("at midnight")(db, change)
        clock.set(datetime(2026, 11, 25, 2, tzinfo=UTC))

    arrivals = Arrivals(harness, turn, see_day)
    await harness.ledger.do(arrivals)
    await arrivals.answers()
    await harness.ledger.do(see_day)

    (before, at), (after, _) = days
    assert (before, after) == (24, 25)
    assert at < datetime(2026, 11, 25, tzinfo=UTC)
