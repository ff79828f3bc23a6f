"""A database file that is not as SQLite wrote it: a failing disk, a copy of a part."""

import logging
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import DBAPIError

QUICK_CHECK_SECONDS = 1.0
"""What a start waits at most; a small site's file is looked at whole in less."""
WHOLE_BYTES = 64_000_000
"""Of a larger file a start looks only at the tables that do not hold years: SQLite
before 3.41 walks through all pages in one step, which no deadline ends; 2.9 GB were two
minutes of a disk. The whole of it is looked at a minute later, beside the server."""
SMALL_ROWS = 20_000
"""Tables with more rows than these hold years."""
_STEPS = 10_000
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_QUICK = "quick_check"
# an index that does not fit its table too, which the quick one passes by: a file and a
# write-ahead log of two moments are well-formed, each in itself
_DEEP = "integrity_check"
_DANGLING = "foreign_key_check"
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"

logger = logging.getLogger(__name__)


class DamageWitness:
    """Whether anybody in this process has met damage of the database file.

    Shared by who reads and who writes: what one page says to a reader, the next may
    say to the writer, and nothing may be acknowledged that a damaged file holds.
    """

    def __init__(self) -> None:
        self.has_met = False

    def note(self, error: BaseException | None) -> bool:
        """Remember an error if it says that the file is damaged; tell whether so."""
        if error is None or not is_damage(error):
            return False
        if not self.has_met:
            # nobody can mend it here
            logger.critical("the database is damaged: nothing is taken any more")
        self.has_met = True
        return True


def is_damage(error: BaseException) -> bool:
    """Tell whether SQLite says that the file is damaged, or no database at all."""
    if isinstance(error, DBAPIError):
        error = error.orig or error
    # the low byte is the kind, what is above it the place (sqlite.org/rescode.html)
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF in _DAMAGE


def find_damage(path: Path, seconds: float | None = QUICK_CHECK_SECONDS) -> str | None:
    """Return the first damage that SQLite's checks find in so many seconds, or None.

    First its quick check, then the deep one and what points at nothing, as far as time
    allows; of a file of years only the small tables (``WHOLE_BYTES``). None: all of it,
    to its end. It only reads.
    """
    is_whole = seconds is None or path.stat().st_size <= WHOLE_BYTES
    deadline = None if seconds is None else time.monotonic() + seconds
    db = sqlite3.connect(path, isolation_level=None)
    try:
        # a part of what is found may be shown by any statement: none may write
        db.execute("PRAGMA query_only=ON")
        if deadline is not None:
            end = deadline
            db.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        return _first_damage(db, None if is_whole else [*_small_tables(db)])
    except sqlite3.Error as error:
        return str(error) if is_damage(error) else None
    finally:
        db.close()


def holds_tables(path: Path) -> bool:
    """Tell whether there is anything in a database file."""
    with closing(sqlite3.connect(path)) as db:
        (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return bool(tables)


def _small_tables(db: sqlite3.Connection) -> Iterator[str]:
    """Yield the tables that do not hold years."""
    for (name,) in db.execute(_TABLES).fetchall():
        # the largest id: one step, where counting them takes as many as there are
        query = f'SELECT max(rowid) FROM "{name}"'  # noqa: S608 (the schema's name)
        (rows,) = db.execute(query).fetchone()
        if (rows or 0) <= SMALL_ROWS:
            yield name


def _first_damage(db: sqlite3.Connection, tables: Sequence[str] | None) -> str | None:
    """Look at some tables; at the whole file where none are named."""
    arguments = ["(1)"] if tables is None else [f'("{name}")' for name in tables]
    for check in (_QUICK, _DEEP):
        for argument in arguments:
            (result,) = db.execute(f"PRAGMA {check}{argument}").fetchone()
            if result != "ok":
                return str(result)
    for argument in [""] if tables is None else arguments:
        dangling = db.execute(f"PRAGMA {_DANGLING}{argument}").fetchone()
        if dangling:
            return f"a row of {dangling[0]} points at no {dangling[2]}"
    return None
