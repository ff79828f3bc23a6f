"""Statements compiled once, and run on the driver's own connection.

What SQLAlchemy does anew for each execution costs ten times what SQLite does
(decision 0015). Here a statement of Core is compiled once (``compiled``), and then
handed to the driver as text and values. Rules go on to say
``db.execute(statement, params)`` and get named tuples. Anything unusual is left to
SQLAlchemy: a text, DDL, an ORM session's statement, a list of parameters, and each
statement's first run: one that is built for one call alone is never compiled here.

On the writer's connection rows may wait to be written together (``WriteBuffer``):
``add_row`` and ``write_row``.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Engine, Executable, event
from sqlalchemy.sql.expression import Insert, SelectBase, Update, UpdateBase

from app.db.compiled import Params, prepared
from app.db.driver import WatchedEngine
from app.db.write_buffer import WriteBuffer


class PreparedConnection(Connection):
    """A connection whose statements are compiled once and run on the driver."""

    buffer: WriteBuffer | None = None
    """The rows that wait; None: each is written at once."""

    def execute(
        self,
        statement: Executable,
        parameters: Any = None,
        *,
        execution_options: Any = None,
    ) -> CursorResult[Any]:
        """Run a statement; the rows are named tuples, all read."""
        if execution_options is None and isinstance(statement, SelectBase | UpdateBase):
            params = {} if parameters is None else parameters
            if isinstance(params, Mapping):
                found = prepared(statement, self.dialect, params)
                if found is not None:
                    if not self.in_transaction():
                        self.begin()
                    if self.buffer is not None:
                        self.buffer.make_way(found)
                    return cast("CursorResult[Any]", found.run(self, params))
        return super().execute(
            statement, parameters, execution_options=execution_options
        )

    def keep_buffer(self) -> WriteBuffer:
        """Let rows wait from now on; what SQLAlchemy runs finds them written."""
        self.buffer = buffer = WriteBuffer(self)

        @event.listens_for(self, "before_cursor_execute")
        def make_way(*args: Any) -> None:
            # whatever SQLAlchemy runs itself: a first run, a text
            context = args[4]
            is_query = isinstance(context.invoked_statement, SelectBase)
            buffer.make_way_for_any(is_query=is_query)

        return buffer


class PreparedEngine(WatchedEngine):
    """An engine whose connections are prepared ones."""

    @classmethod
    def of(cls, engine: Engine) -> "PreparedEngine":
        """Return an engine over another's pool."""
        return cls(
            engine.pool,
            engine.dialect,
            engine.url,
            hide_parameters=engine.hide_parameters,
        )

    def connect(self) -> PreparedConnection:
        """Return a new connection of the pool."""
        return PreparedConnection(self)


def add_row(db: Connection, statement: Insert, columns: Params) -> int:
    """Insert a row by a constant of its module; return its id.

    On the writer's connection it is written with others of its table, before anything
    reads that (``WriteBuffer``).
    """
    buffer = _buffer(db)
    if buffer is not None:
        return buffer.add_row(statement, columns)
    key = db.execute(statement, columns).inserted_primary_key
    if key is None:
        raise LookupError
    return int(key[0])


def write_row(db: Connection, statement: Insert | Update, params: Params) -> bool:
    """Insert or change exactly one row by a constant; False: there was none.

    On the writer's connection it is written later, as in ``add_row``, and then tried:
    where that finds no row, its batch is run anew without a buffer.
    """
    buffer = _buffer(db)
    if buffer is not None:
        buffer.write_row(statement, params)
        return True
    return db.execute(statement, params).rowcount == 1


@contextmanager
def rows_on_disk(db: Connection) -> Iterator[None]:
    """Let queries miss what waits to be written: the caller knows those rows itself."""
    buffer = _buffer(db)
    if buffer is None:
        yield
        return
    with buffer.passed_by():
        yield


def known_rows(db: Connection, *tables: str, of_batch: bool = False) -> dict[Any, Any]:
    """Return what the writer knows of some tables' rows; any other connection: nothing.

    Whoever lets a change of one wait (``write_row``) changes it here too. It is
    forgotten with whatever makes it doubtful, and, ``of_batch``, after each batch: of
    tables that grow.
    """
    buffer = _buffer(db)
    return {} if buffer is None else buffer.known_rows(tables, of_batch=of_batch)


def _buffer(db: Connection) -> WriteBuffer | None:
    buffer = db.buffer if isinstance(db, PreparedConnection) else None
    return buffer if buffer is not None and buffer.is_on else None
