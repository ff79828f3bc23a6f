"""Group commit: a batch is one transaction, each command a savepoint of it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, event, text

from app.errors import WrongState
from app.ledger import Answer
from app.ledger.writer import CommandBroken
from app.queueing.change import Change
from tests.ledger.conftest import Bench, note
from tests.support.clock import MovableClock


def refuses(db: Connection, change: Change) -> int:
    note("of the refused")(db, change)
    raise WrongState(state="served")


def breaks(db: Connection, change: Change) -> int:
    note("of the broken")(db, change)
    db.execute(text("INSERT INTO closure (reason) VALUES (NULL)"))
    raise AssertionError("the database should have refused this")


async def test_a_batch_is_one_commit(bench: Bench, engine: Engine) -> None:
    commits = []
    event.listen(engine, "commit", lambda _db: commits.append(1))
    before = bench.disk.one("SELECT revision FROM ledger_state")

    answers = await bench.together(*(note(str(n)) for n in range(50)))

    assert [type(answer) for answer in answers] == [Answer] * 50
    assert len(commits) == 2  # the one that held the batch back, and the batch
    assert len(bench.notes()) == 50
    after = bench.disk.one("SELECT revision FROM ledger_state")
    assert after == before + 2


async def test_more_than_a_batch_is_several(bench: Bench, engine: Engine) -> None:
    commits = []
    event.listen(engine, "commit", lambda _db: commits.append(1))

    await bench.together(*(note(str(n)) for n in range(130)))

    assert len(commits) == 1 + 3
    assert bench.notes() == [str(n) for n in range(130)]


@pytest.mark.parametrize("fails", [refuses, breaks])
async def test_a_failing_command_falls_alone_with_its_facts(
    bench: Bench, fails: object
) -> None:
    first, failed, last = await bench.together(note("first"), fails, note("last"))

    assert isinstance(first, Answer)
    assert isinstance(last, Answer)
    assert isinstance(failed, WrongState | CommandBroken)
    assert bench.notes() == ["first", "last"]
    assert bench.published == [frozenset({"note:first", "note:last"})]


async def test_later_commands_see_what_earlier_ones_of_the_batch_did(
    bench: Bench,
) -> None:
    def count(db: Connection, _change: Change) -> int:
        return int(db.execute(text("SELECT count(*) FROM closure")).scalar_one())

    answers = await bench.together(count, note("a"), count, refuses, count)

    counted = [answers[i] for i in (0, 2, 4)]
    assert [a.value for a in counted if isinstance(a, Answer)] == [0, 1, 1]


async def test_a_batch_of_refusals_is_no_change(bench: Bench) -> None:
    before = bench.disk.everything()

    await bench.together(refuses, refuses)

    revision = bench.disk.one("SELECT revision FROM ledger_state")
    after = bench.disk.everything()
    assert bench.published == []
    assert revision == 1  # of the command that held the batch back
    assert [line for line in after if line not in before] == [
        line for line in after if "ledger_state" in line and "INSERT" in line
    ]


async def test_nothing_is_answered_or_published_before_it_is_on_disk(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(
        bench.ledger,
        "_publish",
        lambda _facts: order.append(("published", bench.notes())),
    )

    sent = asyncio.ensure_future(bench.ledger.do(note("a")))
    sent.add_done_callback(lambda _sent: order.append(("answered", bench.notes())))
    while len(order) < 2:  # noqa: ASYNC110 (neither has an event of its own)
        await asyncio.sleep(0.001)

    assert sorted(order) == [("answered", ["a"]), ("published", ["a"])]


async def test_now_never_goes_back(bench: Bench, clock: MovableClock) -> None:
    async def told() -> object:
        return (await bench.ledger.do(lambda _db, change: change.now)).value

    first = await told()
    clock.move(hours=-5)
    second = await told()
    clock.move(hours=6)
    third = await told()

    assert first == second
    assert first < third  # type: ignore[operator]


async def test_now_does_not_go_back_over_a_restart_either(
    bench: Bench, engine: Engine, clock: MovableClock
) -> None:
    last = (await bench.ledger.do(lambda _db, change: change.now)).value
    clock.move(hours=-5)
    again = Bench(engine, clock, bench.disk)
    await bench.ledger.stop()
    again.ledger.start()

    now = (await again.ledger.do(lambda _db, change: change.now)).value

    await again.ledger.stop()
    assert last <= now < last + timedelta(seconds=1)
