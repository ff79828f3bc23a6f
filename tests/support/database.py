"""Looking into the database file beside the server, as the disk holds it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from app.commands.shared.site_folder import bump_revision
from app.db.engines import reader_engine, writer_engine
from app.queueing import rows
from app.queueing.history import rebuild


class Disk:
    """What a site's database file holds, read by connections of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a read transaction."""
        with _connected(reader_engine(self.path)) as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that is committed; for arranging, beside the ledger.

        The revision rises with it, as with every process's: readers go by it.
        """
        with _connected(writer_engine(self.path)) as db:
            yield db
            bump_revision(db)

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Return the rows of a query; single values where there is one column."""
        with closing(sqlite3.connect(self.path)) as raw:
            result = raw.execute(sql, values).fetchall()
        return [row[0] if len(row) == 1 else row for row in result]

    def one(self, sql: str, *values: Any) -> Any:
        """Return the only row of a query."""
        (result,) = self.rows(sql, *values)
        return result

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        return int(self.one(f"SELECT count(*) FROM {table}"))  # noqa: S608

    def everything(self) -> list[str]:
        """Return the whole content as SQL, to tell that nothing has changed."""
        with closing(sqlite3.connect(self.path)) as raw:
            return list(raw.iterdump())

    def content(self) -> list[str]:
        """Return what is stored, but for what the server notes whatever a test does.

        It looks what has come due every few seconds, and how the printers are.
        """
        by_itself = ('INSERT INTO "ledger_state"', 'INSERT INTO "printer"')
        return [row for row in self.everything() if not row.startswith(by_itself)]

    def assert_events_rebuild_entries(self) -> None:
        """Assert that the events alone give every entry as its row stands."""
        with self.reading() as db:
            events = db.execute(select(rows.event).order_by(rows.event.c.id))
            rebuilt = rebuild([dict(event._mapping) for event in events])
            stored = [dict(row._mapping) for row in db.execute(select(rows.entry))]
        assert len(rebuilt) == len(stored)
        for entry in stored:
            columns = rebuilt[entry["id"]]
            assert columns == {name: entry[name] for name in columns}
            blank = {name: entry[name] for name in entry.keys() - columns.keys()}
            assert {k: v for k, v in blank.items() if v} == {"id": entry["id"]}


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.connect() as db, db.begin():
            yield db
    finally:
        engine.dispose()
