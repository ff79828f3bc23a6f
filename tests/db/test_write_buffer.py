"""Rows that wait are written before they are missed, and fall with their command."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from app.db.driver import run_many
from app.db.prepared import (
    PreparedConnection,
    add_row,
    known_rows,
    write_row,
)
from app.db.write_buffer import RowsRefused, WriteBuffer
from app.queueing import rows
from tests.support.clock import MORNING
from tests.support.rules.harness import rules_of

_ADD = insert(rows.closure)
_NOTE = (
    update(rows.closure)
    .where(rows.closure.c.id == bindparam("of_id"))
    .values(note=bindparam("to"))
)
_NOTES = select(rows.closure.c.note).order_by(rows.closure.c.id)
_HOLIDAYS = select(rows.holiday.c.name)
_FIRST = select(func.min(rows.closure.c.id))
_ADD_TICKET = insert(rows.ticket)
_ADD_PRIVATE = insert(rows.private)
Ask = Callable[[PreparedConnection], list[Any]]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[PreparedConnection]:
    with rules_of(tmp_path) as rules, rules.engine.connect() as connection:
        assert isinstance(connection, PreparedConnection)
        connection.keep_buffer()
        with connection.begin():
            # each is run once as it comes; from then on it is prepared
            for query in (_NOTES, _HOLIDAYS, _FIRST):
                connection.execute(query)
            yield connection


@pytest.fixture
def buffer(db: PreparedConnection) -> WriteBuffer:
    assert db.buffer is not None
    return db.buffer


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each writing took."""
    sizes: list[int] = []

    def run(db: PreparedConnection, text: str, values: Any) -> int:
        sizes.append(len(values))
        return run_many(db, text, values)

    monkeypatch.setattr("app.db.write_buffer.run_many", run)
    return sizes


def note(db: PreparedConnection, text_: str) -> int:
    return add_row(db, _ADD, {"reason": "by-hand", "note": text_, "since": MORNING})


def prepared_query(db: PreparedConnection) -> list[Any]:
    return list(db.execute(_NOTES).scalars())


def new_query(db: PreparedConnection) -> list[Any]:
    return list(db.execute(select(rows.closure.c.note)).scalars())


def plain_text(db: PreparedConnection) -> list[Any]:
    return list(db.execute(text("SELECT note FROM closure ORDER BY id")).scalars())


def text_of_driver(db: PreparedConnection) -> list[Any]:
    return list(db.exec_driver_sql("SELECT note FROM closure ORDER BY id").scalars())


def scalar_alone(db: PreparedConnection) -> list[Any]:
    return [db.scalar(select(func.max(rows.closure.c.note)))]


@pytest.mark.parametrize(
    "ask", [prepared_query, new_query, plain_text, text_of_driver, scalar_alone]
)
def test_whoever_asks_finds_them(
    db: PreparedConnection, buffer: WriteBuffer, ask: Ask, written: list[int]
) -> None:
    buffer.begin_command()
    note(db, "a")
    assert written == []

    assert ask(db) == ["a"]
    assert written == [1]


def test_a_query_of_other_tables_lets_them_wait(
    db: PreparedConnection, written: list[int]
) -> None:
    note(db, "a")

    db.execute(_HOLIDAYS)

    assert written == []


def test_rows_of_one_table_go_in_together_with_ids_in_their_order(
    db: PreparedConnection, buffer: WriteBuffer, written: list[int]
) -> None:
    ids = [note(db, str(number)) for number in range(5)]

    buffer.write()

    assert written == [5]
    first = db.execute(_FIRST).scalar_one()
    assert ids == [*range(first, first + 5)]
    assert prepared_query(db) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("is_read_between", [False, True])
def test_a_command_takes_its_own_back_and_no_other(
    db: PreparedConnection, buffer: WriteBuffer, *, is_read_between: bool
) -> None:
    buffer.begin_command()
    first = note(db, "first")
    buffer.end_command()
    buffer.begin_command()
    note(db, "own")
    write_row(db, _NOTE, {"of_id": first, "to": "changed"})
    if is_read_between:
        assert prepared_query(db) == ["changed", "own"]
        note(db, "own too")

    buffer.take_back()

    assert note(db, "next") == first + 1
    assert prepared_query(db) == ["first", "next"]


def test_what_was_written_at_once_is_taken_back_too(
    db: PreparedConnection, buffer: WriteBuffer
) -> None:
    buffer.begin_command()
    note(db, "first")
    buffer.end_command()
    buffer.begin_command()
    note(db, "waits")
    db.execute(text("UPDATE closure SET note = note || '!'"))
    note(db, "waits on")

    buffer.take_back()

    assert prepared_query(db) == ["first"]


def test_a_change_comes_after_what_it_changes(
    db: PreparedConnection, buffer: WriteBuffer, written: list[int]
) -> None:
    for name in "ab":
        row_id = note(db, name)
        write_row(db, _NOTE, {"of_id": row_id, "to": f"{name} changed"})

    buffer.write()

    assert written == [1, 1, 1, 1]
    assert prepared_query(db) == ["a changed", "b changed"]


def ticket(db: PreparedConnection, drawn: int) -> int:
    columns = {"service_day": MORNING.date(), "number": str(drawn), "people": 1}
    columns |= {"channel": "kiosk", "version": 1, "issued_at": MORNING}
    ticket_id = add_row(db, _ADD_TICKET, {**columns, "series_id": 1, "drawn": drawn})
    private = {"token": str(drawn), "priority": "regular", "language": "id"}
    write_row(db, _ADD_PRIVATE, {"ticket_id": ticket_id, **private})
    return ticket_id


def test_a_row_comes_after_the_one_that_it_names(
    db: PreparedConnection, buffer: WriteBuffer, written: list[int]
) -> None:
    for drawn in (1, 2, 3):
        ticket(db, drawn)

    buffer.write()

    assert written == [3, 3]


def test_a_row_that_is_refused_breaks_all(
    db: PreparedConnection, buffer: WriteBuffer
) -> None:
    ticket(db, 1)
    ticket(db, 1)

    with pytest.raises(RowsRefused):
        buffer.write()

    assert buffer.is_broken


def test_a_change_that_finds_no_row_breaks_all(
    db: PreparedConnection, buffer: WriteBuffer
) -> None:
    write_row(db, _NOTE, {"of_id": 999, "to": "nobody"})

    with pytest.raises(RowsRefused):
        buffer.write()

    assert buffer.is_broken


def test_without_a_buffer_each_is_written_at_once(
    db: PreparedConnection, buffer: WriteBuffer, written: list[int]
) -> None:
    buffer.is_on = False

    row_id = note(db, "a")

    assert prepared_query(db) == ["a"]
    assert write_row(db, _NOTE, {"of_id": row_id, "to": "b"})
    assert not write_row(db, _NOTE, {"of_id": 999, "to": "b"})
    ticket(db, 1)
    with pytest.raises(IntegrityError):
        ticket(db, 1)
    assert written == []


def test_what_is_known_of_a_table_is_forgotten_with_a_change_at_once(
    db: PreparedConnection, buffer: WriteBuffer
) -> None:
    known_rows(db, "closure")[1] = "known"
    known_rows(db, "closure", "zone")[1] = "known"
    known_rows(db, "series")[1] = "known"
    for _ in range(2):
        db.execute(_HOLIDAYS)
    assert known_rows(db, "closure") == {1: "known"}

    for _ in range(2):  # as it comes, and prepared
        known_rows(db, "closure")[1] = known_rows(db, "closure", "zone")[1] = "known"
        db.execute(_NOTE, {"of_id": 1, "to": "another"})
        assert known_rows(db, "closure") == known_rows(db, "closure", "zone") == {}
    known_rows(db, "series")[1] = "known"
    db.execute(_NOTE, {"of_id": 1, "to": "another"})
    assert known_rows(db, "series") == {1: "known"}

    buffer.begin_command()
    buffer.take_back()  # it had written nothing
    assert known_rows(db, "series") == {1: "known"}
    buffer.begin_command()
    note(db, "a")
    buffer.take_back()
    assert known_rows(db, "series") == {}


def test_of_tables_that_grow_a_batch_alone_knows(
    db: PreparedConnection, buffer: WriteBuffer
) -> None:
    known_rows(db, "entry", of_batch=True)[1] = "known"
    known_rows(db, "series")[1] = "known"

    buffer.end_batch()

    assert known_rows(db, "entry", of_batch=True) == {}
    assert known_rows(db, "series") == {1: "known"}
