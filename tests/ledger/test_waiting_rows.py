"""A batch whose rows wait leaves what its commands would have left one by one."""

import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, text, update

from app.db.prepared import PreparedConnection, add_row, write_row
from app.db.write_buffer import WriteBuffer
from app.errors import NotDurable, WrongState
from app.ledger import Answer
from app.ledger.writer import CommandCrashed
from app.queueing.change import Change
from tests.ledger.conftest import LedgerHarness, closure, key, note
from tests.queueing.line.test_kept_lines import Ledger, ledger_of
from tests.support.database import Disk

_ADD = insert(closure)
_NOBODY = update(closure).where(closure.c.id == 999).values(note="nobody")


def waiting(note_text: str | None) -> Any:
    """Return a command whose note waits for the end of its batch."""

    def run(db: Connection, change: Change) -> int:
        change.touch(f"note:{note_text}")  # type: ignore[arg-type]
        columns = {"reason": "by-hand", "note": note_text, "since": change.now}
        return add_row(db, _ADD, columns)

    return run


def without_reason(db: Connection, change: Change) -> int:
    waiting("of the broken")(db, change)
    return add_row(db, _ADD, {"reason": None, "note": "", "since": change.now})


def changes_nobody(db: Connection, change: Change) -> None:
    waiting("of the broken")(db, change)
    if not write_row(db, _NOBODY, {}):
        raise WrongState(state="gone")


def refuses(db: Connection, change: Change) -> None:
    waiting("of the refused")(db, change)
    raise WrongState(state="served")


@pytest.mark.parametrize("fails", [without_reason, changes_nobody, refuses])
async def test_a_command_whose_rows_are_refused_falls_alone(
    harness: LedgerHarness, fails: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "app.ledger")
    keys = [key(name) for name in "abc"]

    first, failed, last = await harness.together(
        waiting("first"), fails, waiting("last"), keys=keys
    )

    assert isinstance(first, Answer)
    assert isinstance(last, Answer)
    assert isinstance(failed, WrongState | CommandCrashed)
    assert harness.notes() == ["first", "last"]
    assert harness.published == [frozenset({"note:first", "note:last"})]


async def test_rows_wait_again_after_a_batch_that_could_not(
    harness: LedgerHarness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "app.ledger")
    await harness.together(waiting("a"), without_reason)

    ids = await harness.together(waiting("b"), note("c"), waiting("d"))

    assert [answer.value for answer in ids if isinstance(answer, Answer)] == [2, 3, 4]
    assert harness.notes() == ["a", "b", "c", "d"]


async def test_a_disk_that_is_full_at_the_end_loses_the_whole_batch(
    harness: LedgerHarness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "app.ledger")

    def no_more_pages(db: Connection, _change: Change) -> None:
        pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
        db.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    answers = await harness.together(
        waiting("first"), no_more_pages, waiting("x" * 1_000_000), waiting("last")
    )

    assert [type(answer) for answer in answers] == [NotDurable] * 4
    assert harness.notes() == []
    assert harness.published == []
    await harness.ledger.do(waiting("afterwards"))
    assert harness.notes() == ["afterwards"]


async def test_an_error_that_a_rule_hides_commits_nothing_of_it(
    harness: LedgerHarness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "app.ledger")

    def hides(db: Connection, change: Change) -> None:
        with suppress(Exception):
            without_reason(db, change)
        waiting("kept")(db, change)
        with suppress(Exception):
            db.execute(text("SELECT count(*) FROM closure"))

    first, _hidden = await harness.together(waiting("first"), hides)

    assert isinstance(first, Answer)
    assert harness.notes() == ["first", "of the broken", "kept"]


async def test_later_commands_see_what_waits(harness: LedgerHarness) -> None:
    def count(db: Connection, _change: Change) -> int:
        return int(db.execute(text("SELECT count(*) FROM closure")).scalar_one())

    answers = await harness.together(count, waiting("a"), count, refuses, count)

    counted = [answers[i] for i in (0, 2, 4)]
    assert [a.value for a in counted if isinstance(a, Answer)] == [0, 1, 1]


class BufferedLedger(Ledger):
    """The same commands, in batches of any length whose rows wait."""

    def __init__(self, ledger: Ledger, seed: int) -> None:
        super().__init__(ledger.rules, ledger.db, seed)
        assert isinstance(self.db, PreparedConnection)
        self.buffer: WriteBuffer = self.db.keep_buffer()
        self.lengths = random.Random(seed)  # noqa: S311 (a day made up)

    def begin(self) -> None:
        """Begin what may be taken back."""
        self.buffer.begin_command()

    def take_back(self) -> None:
        """Take back what the command did."""
        self.buffer.take_back()

    def keep(self) -> None:
        """Keep what the command did; sometimes the batch ends."""
        self.buffer.end_command()
        if self.lengths.random() < 0.2:
            self.end_batch()

    def end_batch(self) -> None:
        """Write what waits."""
        self.buffer.write()
        self.buffer.end_batch()


@pytest.mark.parametrize("seed", range(6))
def test_any_commands_leave_the_same(tmp_path: Path, seed: int) -> None:
    contents = []
    for is_buffered in (False, True):
        folder = tmp_path / str(is_buffered)
        folder.mkdir()
        with ledger_of(folder, seed) as ledger:
            given = BufferedLedger(ledger, seed) if is_buffered else ledger
            for _ in range(150):
                given.step()
            if isinstance(given, BufferedLedger):
                given.end_batch()
            assert given.done > 20
            engine: Engine = ledger.db.engine
            ledger.db.commit()
            contents.append(_content(Disk(Path(engine.url.database or ""))))

    assert contents[0] == contents[1]


def _content(disk: Disk) -> list[str]:
    # a token is another each time
    return [row for row in disk.everything() if 'INTO "ticket_private"' not in row]
