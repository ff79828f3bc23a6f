"""Statements run on the driver answer as SQLAlchemy's own execution does."""

import gc
import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    CompoundSelect,
    Connection,
    Insert,
    Select,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import (
    IntegrityError,
    MultipleResultsFound,
    NoResultFound,
    OperationalError,
    StatementError,
)
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter

import app
from app.db import compiled
from app.db.compiled import Source
from app.db.prepared_result import PreparedResult
from app.queueing import rows
from tests.queueing.line.test_kept_lines import ledger_of
from tests.support.clock import MORNING
from tests.support.rules.harness import rules_of

ROOMS = ("auth", "ledger", "printing", "queueing", "realtime", "search")
Read = Any  # a query of any columns


def constants() -> list[tuple[str, Read]]:
    """Return the reading constants of every module that runs with tickets and calls."""
    found: list[tuple[str, Read]] = []
    for room in ROOMS:
        paths = [f"{app.__path__[0]}/{room}"]
        for module in pkgutil.walk_packages(paths, f"app.{room}."):
            values = vars(importlib.import_module(module.name)).items()
            found += [
                (f"{module.name}.{name}", value)
                for name, value in values
                if isinstance(value, Select | CompoundSelect)
            ]
    return found


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A mall in the middle of a day."""
    folder: Path = tmp_path_factory.mktemp("day")
    with ledger_of(folder, 5) as ledger:
        for _ in range(60):
            ledger.step()
        yield ledger.db


@pytest.fixture
def clean(db: Connection) -> Iterator[Connection]:
    """The same; what a test writes is taken back."""
    savepoint = db.begin_nested()
    yield db
    savepoint.rollback()


def params_of(query: Read) -> dict[str, Any]:
    """Return values for what a query asks for."""
    binds = {
        element.key: element
        for element in visitors.iterate(query)
        if isinstance(element, BindParameter) and element.required
    }
    return {key: _value(bind) for key, bind in binds.items()}


def _value(bind: BindParameter[Any]) -> Any:
    values = {"Date": date(2026, 11, 24), "UTCDateTime": MORNING, "String": "a"}
    value = values.get(type(bind.type).__name__, 1)
    return [value, value] if bind.expanding else value


def twice(db: Connection, statement: Any, params: Any) -> tuple[Any, Any]:
    """Run a statement as SQLAlchemy does, and as it is prepared."""
    ordinary = Connection.execute(db, statement, params)
    db.execute(statement, params)  # its first run may be SQLAlchemy's
    result: Any = db.execute(statement, params)
    assert isinstance(result, PreparedResult)
    return ordinary, result


@pytest.mark.parametrize(("name", "query"), constants())
def test_every_constant_answers_the_same(
    name: str, query: Read, db: Connection
) -> None:
    params = params_of(query)

    ordinary, result = twice(db, query, params)

    # not the numbers of columns without a name
    expected = ordinary.mappings().all()
    columns = [key for row in expected for key in row if not key[-1].isdigit()]
    assert [tuple(row) for row in result] == [tuple(row.values()) for row in expected]
    assert all(set(columns) <= set(row._fields) for row in result.all())


_EVENTS = select(rows.event.c.id, rows.event.c.at, rows.event.c.data)
_TICKETS = select(rows.ticket.c.id, rows.ticket.c.service_day).order_by("id")
_SOME = _TICKETS.where(rows.ticket.c.id.in_(bindparam("ids", expanding=True)))
_NAMED = select(rows.counter.c.name).where(rows.counter.c.id == bindparam("of_id"))
_SPOKEN = update(rows.announcement).values(said_at=bindparam("said_at"))
_FIRST_TWO = _TICKETS.limit(2)
_INSERT_JOB = insert(rows.print_job)
_NEXT = (
    update(rows.series)
    .where(rows.series.c.id == bindparam("of_id"))
    .values(last_number=rows.series.c.last_number + 1, day=bindparam("on_day"))
    .returning(rows.series.c.last_number, rows.series.c.day)
)


def test_times_and_documents_come_as_their_types_say(db: Connection) -> None:
    _, result = twice(db, _EVENTS, {})

    row = result.first()

    assert row.at.tzinfo is UTC
    assert isinstance(row.data, dict)
    assert row._asdict()["id"] == row[0]


@pytest.mark.parametrize("ids", [[], [1], [1, 2, 3], [3, 2]])
def test_a_list_of_any_length_is_asked_for(db: Connection, ids: list[int]) -> None:
    ordinary, result = twice(db, _SOME, {"ids": ids})

    assert [tuple(r) for r in result] == [tuple(r) for r in ordinary]


def test_rows_are_taken_one_or_all(db: Connection) -> None:
    _, result = twice(db, _FIRST_TWO, {})

    assert len(result.all()) == 2
    assert result.first() == result.all()[0]
    assert result.scalar() == 1
    assert list(result.scalars()) == [1, 2]
    assert [row["id"] for row in result.mappings()] == [1, 2]
    with pytest.raises(MultipleResultsFound):
        result.one()
    _, nobody = twice(db, _NAMED, {"of_id": 0})
    assert (nobody.first(), nobody.scalar(), nobody.one_or_none()) == (None,) * 3
    assert nobody.scalar_one_or_none() is None
    with pytest.raises(NoResultFound):
        nobody.scalar_one()


def test_an_insert_has_its_key_and_the_defaults_of_its_columns(
    clean: Connection,
) -> None:
    printer = insert(rows.printer).values(
        id=1, code="P", name="P", address="tcp://127.0.0.1", paper="80mm"
    )
    clean.execute(printer)
    job = {
        "ticket_id": 1,
        "printer_id": 1,
        "state": "queued",
        "created_at": MORNING,
    }

    ordinary, result = twice(clean, _INSERT_JOB, job)

    # a third in all: one is SQLAlchemy's first run
    assert rows.new_id(result) == rows.new_id(ordinary) + 2
    assert result.rowcount == 1
    both = rows.print_job.c.id.in_([rows.new_id(ordinary), rows.new_id(result)])
    first, second = clean.execute(select(rows.print_job).where(both)).all()
    assert first[1:] == second[1:]
    assert (second.is_copy, second.attempts) == (False, 0)


def test_an_update_returns_what_it_wrote(clean: Connection) -> None:
    ordinary, result = twice(clean, _NEXT, {"of_id": 1, "on_day": date(2026, 11, 24)})

    row = result.one()

    assert row.last_number == ordinary.one().last_number + 2
    assert row.day == date(2026, 11, 24)


def test_errors_are_those_of_sqlalchemy_and_tell_no_value(clean: Connection) -> None:
    private = {"ticket_id": 1, "token": "hidden-token", "language": "id"}
    statement = insert(rows.private)
    for _ in range(2):
        with pytest.raises(IntegrityError) as caught:
            clean.execute(statement, private)

    assert "hidden-token" not in str(caught.value)
    assert caught.value.orig is not None


def test_an_error_at_a_later_row_is_sqlalchemys_too(db: Connection) -> None:
    def fail_at(ticket_id: int) -> int:
        return ticket_id // (ticket_id != 3)

    driver: Any = db.connection.dbapi_connection
    driver.create_function("fail_at", 1, fail_at)
    failing = select(func.fail_at(rows.ticket.c.id)).order_by(rows.ticket.c.id)
    for _ in range(3):
        with pytest.raises(OperationalError):
            db.execute(failing).all()


def test_a_value_of_the_wrong_type_is_refused_as_ever(clean: Connection) -> None:
    naive = {"said_at": MORNING.replace(tzinfo=None)}
    for _ in range(2):
        with pytest.raises(StatementError):
            clean.execute(_SPOKEN, naive)


def test_a_value_that_is_missing_is_missed_as_ever(db: Connection) -> None:
    for _ in range(2):
        with pytest.raises(StatementError, match="of_id"):
            db.execute(_NAMED, {})


def test_a_statement_built_for_one_call_is_not_kept(db: Connection) -> None:
    gc.collect()
    kept = len(compiled._KEPT)

    for number in range(5):
        statement = _NAMED.where(rows.counter.c.id == number)
        result: Any = db.execute(statement, {"of_id": 1})
        assert not isinstance(result, PreparedResult)
    del statement, result
    gc.collect()

    # SQLAlchemy's own cache keeps the first of one form
    assert len(compiled._KEPT) <= kept + 1


def test_a_session_gets_its_own_results(db: Connection) -> None:
    for _ in range(3):
        result: Any = db.execute(_FIRST_TWO, {}, execution_options={"a": 1})
        assert not isinstance(result, PreparedResult)


def test_a_transaction_begins_by_itself(tmp_path: Path) -> None:
    with rules_of(tmp_path) as rules, rules.engine.connect() as db:
        for _ in range(3):
            db.execute(_NAMED, {"of_id": 1})
            assert db.in_transaction()
            db.rollback()


@pytest.mark.parametrize(
    ("statement", "params", "values"),
    [
        (_NAMED, {"of_id": 3}, {"of_id": 3}),
        (_SOME, {"ids": [4, 5]}, {"ids_1": 4, "ids_2": 5}),
    ],
)
def test_another_engine_takes_values_by_their_names(
    statement: Read, params: dict[str, Any], values: dict[str, Any]
) -> None:
    source = Source(statement, PGDialect_psycopg(), [*params])  # type: ignore[no-untyped-call]

    made = source.statement(params)

    assert made.values(params) == values
    assert all(f"%({name})s" in made.text for name in values)


def test_another_engine_is_asked_for_the_key_of_what_it_inserts() -> None:
    names = ["ticket_id", "printer_id", "state", "created_at"]
    statement: Insert = _INSERT_JOB
    source = Source(statement, PGDialect_psycopg(), names)  # type: ignore[no-untyped-call]
    params = dict.fromkeys(names, 1) | {"state": "queued", "created_at": MORNING}

    text = source.statement(params).text

    assert text.endswith("RETURNING print_job.id")
    assert source.key(None, [(7,)]) == 7
