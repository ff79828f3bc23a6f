"""A database file that is not as SQLite wrote it: a failing disk, a copy of a part."""

import sqlite3
import time
from pathlib import Path

from sqlalchemy.exc import DBAPIError

QUICK_CHECK_SECONDS = 5.0
"""What a start waits at most; a small site's file is looked at whole in less."""
_STEPS = 10_000
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_damage(error: BaseException) -> bool:
    """Tell whether SQLite says that the file is damaged, or no database at all."""
    if isinstance(error, DBAPIError):
        error = error.orig or error
    # the low byte is the kind, what is above it the place (sqlite.org/rescode.html)
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF in _DAMAGE


def find_damage(path: Path, seconds: float = QUICK_CHECK_SECONDS) -> str | None:
    """Return the first damage that ``PRAGMA quick_check`` finds in time, or None."""
    deadline = time.monotonic() + seconds
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
        (result,) = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return str(error) if is_damage(error) else None
    finally:
        db.close()
    return None if result == "ok" else str(result)
