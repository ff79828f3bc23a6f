"""Texts and values handed to the driver itself; its errors raised as SQLAlchemy's."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import Any, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError


class WatchedEngine(Engine):
    """An engine that tells of the driver's errors.

    ``note_error`` is handed each, before it is raised.
    """

    note_error: Callable[[BaseException], object] | None = None


def run_text(db: Connection, text: str) -> Sequence[Any]:
    """Run a text of the database's own; return its rows."""
    return run(db, text, tuple)[1]


def run(
    db: Connection, text: str, values: Callable[[], Any]
) -> tuple[Any, Sequence[Any]]:
    """Run a text; return its cursor, and the rows as they come.

    All errors are raised as SQLAlchemy's: that of a later row too.
    """
    try:
        cursor = cast("Any", db.connection.dbapi_connection).cursor()
        cursor.execute(text, values())
        return cursor, () if cursor.description is None else cursor.fetchall()
    except Exception as error:
        raise _error(db, text, error) from error


def run_many(db: Connection, text: str, values: Iterable[Any]) -> int:
    """Run a text that changes rows once for each of these; return how many it did."""
    try:
        with closing(cast("Any", db.connection.dbapi_connection).cursor()) as cursor:
            cursor.executemany(text, values)
            return int(cursor.rowcount)
    except Exception as error:
        raise _error(db, text, error) from error


def _error(db: Connection, text: str, error: Exception) -> BaseException:
    engine = db.engine
    if isinstance(engine, WatchedEngine) and engine.note_error is not None:
        engine.note_error(error)
    dialect = db.dialect
    base: Any = dialect.dbapi.Error if dialect.dbapi is not None else Exception
    return DBAPIError.instance(
        text, None, error, base, hide_parameters=engine.hide_parameters, dialect=dialect
    )
