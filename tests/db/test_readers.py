"""An answer is kept while nobody has committed anything and its time is not over."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from app.db.engines import Readers, Reading

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


class Shelf:
    """A database of one number, and how often its reader has read it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write("CREATE TABLE number (value INTEGER)")
        self.write("INSERT INTO number VALUES (1)")
        self.readers = Readers(path)
        self.readings = 0

    def write(self, sql: str, *, is_kept: bool = True) -> None:
        with closing(sqlite3.connect(self.path)) as raw:
            raw.execute("PRAGMA journal_mode=WAL")
            raw.execute(sql)
            if is_kept:
                raw.commit()

    async def number(self, now: datetime = NOW, key: str = "number") -> int:
        return await self.readers.read_or_keep(key, now, self._view)

    def _view(self, db: Connection) -> Reading[int]:
        self.readings += 1
        return Reading(db.execute(text("SELECT value FROM number")).scalar_one(), LATER)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path / "shelf.sqlite3")
    yield shelf
    shelf.readers.close()


async def test_what_nobody_has_changed_is_read_once(shelf: Shelf) -> None:
    assert [await shelf.number() for _ in range(3)] == [1, 1, 1]
    assert shelf.readings == 1


async def test_a_commit_of_another_process_is_seen_at_once(shelf: Shelf) -> None:
    await shelf.number()

    shelf.write("UPDATE number SET value = 2")

    assert (await shelf.number(), shelf.readings) == (2, 2)


async def test_what_was_taken_back_changes_nothing(shelf: Shelf) -> None:
    await shelf.number()

    shelf.write("UPDATE number SET value = 2", is_kept=False)

    assert (await shelf.number(), shelf.readings) == (1, 1)


async def test_what_is_committed_during_a_reading_is_read_after_it(
    shelf: Shelf,
) -> None:
    def view(db: Connection) -> Reading[int]:
        value = db.execute(text("SELECT value FROM number")).scalar_one()
        # after the snapshot is taken, before its answer is kept
        shelf.write("UPDATE number SET value = value + 1")
        return Reading(value, LATER)

    first = await shelf.readers.read_or_keep("slow", NOW, view)
    second = await shelf.readers.read_or_keep("slow", NOW, view)

    assert (first, second) == (1, 2)


@pytest.mark.parametrize(
    ("moment", "readings"),
    [
        (LATER - timedelta(milliseconds=1), 1),
        (LATER, 2),
        # a clock set back: it was not asked what holds then
        (NOW - timedelta(milliseconds=1), 2),
    ],
)
async def test_an_answer_has_its_time(
    shelf: Shelf, moment: datetime, readings: int
) -> None:
    await shelf.number(NOW)
    await shelf.number(moment)

    assert shelf.readings == readings


async def test_each_name_has_its_own_answer(shelf: Shelf) -> None:
    await shelf.number(key="one")
    await shelf.number(key="other")

    assert shelf.readings == 2


async def test_where_nobody_can_tell_it_is_read_each_time(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_options: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr("app.db.engines.sqlite3.connect", refuse)

    assert [await shelf.number() for _ in range(2)] == [1, 1]
    assert shelf.readings == 2


def test_looking_makes_no_file(tmp_path: Path) -> None:
    readers = Readers(tmp_path / "none.sqlite3")

    assert readers._watch.version() is None
    assert list(tmp_path.iterdir()) == []
