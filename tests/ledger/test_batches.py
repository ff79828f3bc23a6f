"""Group commit: a batch is one transaction, each command a savepoint of it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, event, text

from app.errors import WrongState
from app.ledger import Answer
from app.ledger.writer import CommandCrashed
from app.queueing.change import Change
from tests.ledger.conftest import LedgerHarness, note
from tests.support.clock import MovableClock


def refuses(db: Connection, change: Change) -> int:
    note("of the refused")(db, change)
    raise WrongState(state="served")


def breaks(db: Connection, change: Change) -> int:
    note("of the broken")(db, change)
    db.execute(text("INSERT INTO closure (reason) VALUES (NULL)"))
    raise AssertionError("the database should have refused this")


async def test_a_batch_is_one_commit(harness: LedgerHarness, engine: Engine) -> None:
    commits = []
    event.listen(engine, "commit", lambda _db: commits.append(1))
    before = harness.disk.one("SELECT revision FROM ledger_state")

    answers = await harness.together(*(note(str(n)) for n in range(50)))

    assert [type(answer) for answer in answers] == [Answer] * 50
    assert len(commits) == 2  # the one that held the batch back, and the batch
    assert len(harness.notes()) == 50
    after = harness.disk.one("SELECT revision FROM ledger_state")
    assert after == before + 2


async def test_more_than_a_batch_is_several(
    harness: LedgerHarness, engine: Engine
) -> None:
    commits = []
    event.listen(engine, "commit", lambda _db: commits.append(1))

    await harness.together(*(note(str(n)) for n in range(130)))

    assert len(commits) == 1 + 3
    assert harness.notes() == [str(n) for n in range(130)]


@pytest.mark.parametrize("fails", [refuses, breaks])
async def test_a_failing_command_falls_alone_with_its_facts(
    harness: LedgerHarness, fails: object
) -> None:
    first, failed, last = await harness.together(note("first"), fails, note("last"))

    assert isinstance(first, Answer)
    assert isinstance(last, Answer)
    assert isinstance(failed, WrongState | CommandCrashed)
    assert harness.notes() == ["first", "last"]
    assert harness.published == [frozenset({"note:first", "note:last"})]


async def test_later_commands_see_what_earlier_ones_of_the_batch_did(
    harness: LedgerHarness,
) -> None:
    def count(db: Connection, _change: Change) -> int:
        return int(db.execute(text("SELECT count(*) FROM closure")).scalar_one())

    answers = await harness.together(count, note("a"), count, refuses, count)

    counted = [answers[i] for i in (0, 2, 4)]
    assert [a.value for a in counted if isinstance(a, Answer)] == [0, 1, 1]


async def test_a_batch_of_refusals_is_no_change(harness: LedgerHarness) -> None:
    before = harness.disk.everything()

    await harness.together(refuses, refuses)

    revision = harness.disk.one("SELECT revision FROM ledger_state")
    after = harness.disk.everything()
    assert harness.published == []
    assert revision == 1  # of the command that held the batch back
    assert [line for line in after if line not in before] == [
        line for line in after if "ledger_state" in line and "INSERT" in line
    ]


async def test_nothing_is_answered_or_published_before_it_is_on_disk(
    harness: LedgerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(
        harness.ledger,
        "_publish",
        lambda _facts: order.append(("published", harness.notes())),
    )

    sent = asyncio.ensure_future(harness.ledger.do(note("a")))
    sent.add_done_callback(lambda _sent: order.append(("answered", harness.notes())))
    while len(order) < 2:  # noqa: ASYNC110 (neither has an event of its own)
        await asyncio.sleep(0.001)

    assert sorted(order) == [("answered", ["a"]), ("published", ["a"])]


async def test_now_never_goes_back(harness: LedgerHarness, clock: MovableClock) -> None:
    async def command_time() -> object:
        return (await harness.ledger.do(lambda _db, change: change.now)).value

    first = await command_time()
    clock.move(hours=-5)
    second = await command_time()
    clock.move(hours=6)
    third = await command_time()

    assert first == second
    assert first < third  # type: ignore[operator]


async def test_now_does_not_go_back_over_a_restart_either(
    harness: LedgerHarness, engine: Engine, clock: MovableClock
) -> None:
    last = (await harness.ledger.do(lambda _db, change: change.now)).value
    clock.move(hours=-5)
    again = LedgerHarness(engine, clock, harness.disk)
    await harness.ledger.stop()
    again.ledger.start()

    now = (await again.ledger.do(lambda _db, change: change.now)).value

    await again.ledger.stop()
    assert last <= now < last + timedelta(seconds=1)
