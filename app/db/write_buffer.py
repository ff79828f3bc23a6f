"""Rows that wait to be written together: the writer's, of one batch.

Most of what a command writes no other command of its batch reads. Written one by one,
each row costs a call of the driver, and each command a savepoint, for which SQLite
copies every page that it changes: two thirds of a ticket's cost in the database. So
they wait here and go in with ``executemany``, in the same transaction:

- **Before anything reads their table**, or writes at once, they are written: whoever
  asks finds them.
- **A command that is taken back** takes its own from the buffer. Only what it wrote at
  once needs a savepoint, which is begun then, behind the rows of earlier commands.
- **A row that the database refuses** cannot be told from its neighbours' any more:
  ``RowsRefused``, and the writer runs the batch anew, each row written at once, so
  that its command falls alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql.expression import Insert, UpdateBase

from app.db.compiled import Params, Statement, prepared
from app.db.damage import is_damage
from app.db.driver import run_many, run_text


class RowsRefused(Exception):
    """The database did not take rows that had waited."""


class _Group:
    """Rows of one statement."""

    __slots__ = ("rows", "seen", "statement")

    def __init__(self, statement: Statement, place: int) -> None:
        self.statement = statement
        self.rows: list[Any] = []
        self.seen = place + 1
        """How many groups there were when a row joined last."""


class WriteBuffer:
    """The rows that wait on a connection, and what is known of the tables' rows.

    ``is_on`` is False where each is to be written at once. ``is_broken``: some of the
    rows may be written and others not; nothing may be committed.
    """

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._groups: list[_Group] = []
        self._newest: dict[Statement, _Group] = {}
        self._tables: set[str] = set()
        # which group each row joined, in their order
        self._log: list[_Group] = []
        self._mark = 0
        self._in_command = self._has_savepoint = False
        self._known: dict[tuple[str, ...], dict[Any, Any]] = {}
        self._of_batch: set[tuple[str, ...]] = set()
        self._ids: dict[str, int] = {}
        self.is_on = True
        self.is_broken = self._is_passed_by = False

    def add_row(self, statement: Insert, columns: Params) -> int:
        """Let a row wait; return its id."""
        table: Any = statement.table
        row_id = self._next_id(table)
        self._add(statement, {**columns, "id": row_id})
        return row_id

    def write_row(self, statement: UpdateBase, params: Params) -> None:
        """Let what writes exactly one row wait."""
        self._add(statement, params)

    def known_rows(
        self, tables: tuple[str, ...], *, of_batch: bool = False
    ) -> dict[Any, Any]:
        """Return what is known of some tables' rows, to be followed."""
        known = self._known.get(tables)
        if known is None:
            known = self._known[tables] = {}
            if of_batch:
                self._of_batch.add(tables)
        return known

    def forget(self) -> None:
        """Forget what is known: another may have written."""
        self._known.clear()
        self._ids.clear()

    def end_batch(self) -> None:
        """Forget what is known of tables that grow."""
        for tables in self._of_batch:
            self._known.pop(tables, None)
        self._of_batch.clear()

    def begin_command(self) -> None:
        """Note where the rows of a command begin."""
        self._mark = len(self._log)
        self._in_command, self._has_savepoint = True, False

    def end_command(self) -> None:
        """Keep what the command wrote."""
        if self._has_savepoint:
            run_text(self._db, "RELEASE command")
        self._in_command = self._has_savepoint = False

    def take_back(self) -> None:
        """Undo what the command wrote, at once or not yet."""
        # a refusal mostly comes before the first row, and leaves what is known
        if self._withdraw() or self._has_savepoint:
            self.forget()
        if self._has_savepoint:
            run_text(self._db, "ROLLBACK TO command")
        self.end_command()

    def clear(self) -> None:
        """Forget all: the transaction is over."""
        self._drop_groups()
        self._in_command = self._has_savepoint = self.is_broken = False
        self._mark = 0

    @contextmanager
    def passed_by(self) -> Iterator[None]:
        """Write nothing for the queries that run meanwhile: they miss what waits."""
        self._is_passed_by = True
        try:
            yield
        finally:
            self._is_passed_by = False

    def make_way(self, statement: Statement) -> None:
        """Write what a statement would miss, before it runs."""
        if self._is_passed_by:
            return
        if statement.source.target:
            self._make_way_for_change()
            self._forget_tables(statement.words)
        elif self._tables and not self._tables.isdisjoint(statement.words):
            self.write()

    def make_way_for_any(self, *, is_query: bool) -> None:
        """Write all before a statement of which no more is known."""
        if self._is_passed_by:
            return
        if is_query:
            self.write()
        else:
            self._make_way_for_change()
            self.forget()

    def _forget_tables(self, names: frozenset[str]) -> None:
        for tables in [each for each in self._known if not names.isdisjoint(each)]:
            del self._known[tables]
        for table in [each for each in self._ids if each in names]:
            del self._ids[table]

    def write(self) -> None:
        """Write all that waits; ``RowsRefused`` where some of it was lost before."""
        if self.is_broken:
            raise RowsRefused
        if self._in_command and not self._has_savepoint and self._has_own():
            self._begin_savepoint()
        if self._groups:
            self._write_groups()

    def _make_way_for_change(self) -> None:
        if self._in_command and not self._has_savepoint:
            self._begin_savepoint()
        if self._groups:
            self._write_groups()

    def _has_own(self) -> bool:
        return self._mark < len(self._log)

    def _begin_savepoint(self) -> None:
        """Begin what can be taken back; earlier commands' rows come before it."""
        own = self._withdraw()
        if self._groups:
            self._write_groups()
        run_text(self._db, "SAVEPOINT command")
        self._has_savepoint = True
        for statement, values in own:
            self._join(statement, values)

    def _withdraw(self) -> list[tuple[Statement, Any]]:
        """Take the command's own rows from the buffer; return them in their order."""
        own = []
        while len(self._log) > self._mark:
            group = self._log.pop()
            own.append((group.statement, group.rows.pop()))
        own.reverse()
        return own

    def _add(self, statement: UpdateBase, params: Params) -> None:
        found = prepared(statement, self._db.dialect, params, is_constant=True)
        if found is None:
            raise TypeError("a row that waits needs a constant statement")
        self._join(found, found.values(params))

    def _join(self, statement: Statement, values: Any) -> None:
        group = self._newest.get(statement)
        if group is None or self._is_behind(group):
            group = self._newest[statement] = _Group(statement, len(self._groups))
            self._groups.append(group)
            self._tables.add(statement.source.target)
        group.rows.append(values)
        self._log.append(group)

    def _is_behind(self, group: _Group) -> bool:
        """Tell whether a row of the group would go in before one it depends on."""
        first, group.seen = group.seen, len(self._groups)
        if first == group.seen:
            return False
        depends_on = group.statement.source.depends_on
        later = self._groups[first:]
        return any(each.statement.source.target in depends_on for each in later)

    def _write_groups(self) -> None:
        groups: Sequence[_Group] = self._groups
        self._drop_groups()
        self.is_broken = True
        for group in groups:
            if group.rows:
                try:
                    changed = run_many(self._db, group.statement.text, group.rows)
                except OperationalError:
                    raise  # the disk, or a lock: not a row's fault
                except Exception as error:
                    if is_damage(error):
                        raise
                    raise RowsRefused from error
                if changed != len(group.rows):
                    raise RowsRefused
        self.is_broken = False

    def _drop_groups(self) -> None:
        self._groups, self._log, self._mark = [], [], 0
        self._newest.clear()
        self._tables.clear()

    def _next_id(self, table: Any) -> int:
        newest = self._ids.get(table.name)
        if newest is None:
            if table.name in self._tables:
                self.write()
            ((newest,),) = run_text(self._db, _newest_id(table, self._db))
            newest = newest or 0
        self._ids[table.name] = newest + 1
        return newest + 1


def _newest_id(table: Any, db: Connection) -> str:
    return str(select(func.max(table.c.id)).compile(dialect=db.dialect))
