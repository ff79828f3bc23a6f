"""What the agent has taken on, on its own disk: no slip is lost or printed twice.

Every change is durable before the call returns. `sending` is on disk before the
first byte leaves; found after a restart, it becomes `unknown`: nobody can tell
what came out. Ended jobs are remembered without their bytes, so that one sent
again, by a server that did not hear the end, is answered and not printed.
"""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

RETENTION_SECONDS = 7 * 24 * 3600
CLOCK_SLACK_SECONDS = 5
"""By so much a clock may be put back without a slip being taken for an old one."""
RESTARTED = "agent-restart"
TOO_LATE = "too-late"
ENDED = ("printed", "sent", "failed", "unknown")

_TABLE = """
CREATE TABLE IF NOT EXISTS job (
    place INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    data BLOB,
    good_until REAL NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    nothing_printed INTEGER NOT NULL DEFAULT 0,
    settled INTEGER NOT NULL DEFAULT 0,
    at REAL NOT NULL
)
"""
_COLUMNS = "key, state, reason, nothing_printed"


class JournalJob(NamedTuple):
    """A job as the journal has it: `taken`, `sending`, or how it ended."""

    key: str
    state: str
    reason: str | None
    nothing_printed: bool

    @property
    def has_ended(self) -> bool:
        """Whether it will not change any more."""
        return self.state in ENDED


class Journal:
    """The agent's jobs. Any call may raise sqlite3.Error: then nothing changed.

    `now` gives seconds since the epoch by this machine's clock.
    """

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._db = sqlite3.connect(file, isolation_level=None, timeout=5)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA secure_delete=ON")  # a slip's QR opens its ticket
        self._db.execute(_TABLE)
        self._end_interrupted()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def take(self, key: str, data: bytes, good_for: float) -> JournalJob:
        """Take a job on; one that is known stays as it is, and is returned.

        `good_for` is in seconds: how long it is worth printing.
        """
        self._forget_old()
        now = self._now()
        self._db.execute(
            "INSERT INTO job (key, data, good_until, state, at)"
            " VALUES (?, ?, ?, 'taken', ?) ON CONFLICT (key) DO NOTHING",
            (key, data, now + good_for, now),
        )
        job = self.job(key)
        if job is None:
            raise sqlite3.DatabaseError("a job that was written is not there")
        return job

    def job(self, key: str) -> JournalJob | None:
        """Return a job that is known."""
        return self._one(f"SELECT {_COLUMNS} FROM job WHERE key = ?", key)  # noqa: S608

    def drop(self, key: str) -> bool:
        """Forget a job that was not begun; False when it was, or is not known."""
        result = self._db.execute(
            "DELETE FROM job WHERE key = ? AND state = 'taken'", (key,)
        )
        return result.rowcount == 1

    def begin_next(self) -> tuple[str, bytes] | None:
        """Begin the oldest job that waits, durably; return its key and bytes.

        Those that have waited for too long are ended on the way, and those from
        after now: a clock was set back, and nobody knows how long they waited.
        """
        self._db.execute(
            "UPDATE job SET state = 'failed', reason = ?, nothing_printed = 1,"
            " data = NULL WHERE state = 'taken' AND (good_until < ? OR at > ?)",
            (TOO_LATE, self._now(), self._now() + CLOCK_SLACK_SECONDS),
        )
        rows = self._db.execute(
            "UPDATE job SET state = 'sending' WHERE place ="
            " (SELECT min(place) FROM job WHERE state = 'taken') RETURNING key, data"
        ).fetchall()
        return (rows[0][0], rows[0][1]) if rows else None

    def end(
        self, key: str, state: str, reason: str | None, *, nothing_printed: bool
    ) -> None:
        """Write how a job ended, and drop its bytes."""
        self._db.execute(
            "UPDATE job SET state = ?, reason = ?, nothing_printed = ?, data = NULL,"
            " at = ? WHERE key = ? AND state = 'sending'",
            (state, reason, nothing_printed, self._now(), key),
        )

    def settle(self, key: str) -> None:
        """Note that the server has a job's end on its own disk."""
        self._db.execute(
            "UPDATE job SET settled = 1 WHERE key = ?"
            " AND state NOT IN ('taken', 'sending')",
            (key,),
        )

    def unsettled_jobs(self) -> list[JournalJob]:
        """Return the jobs whose end the server may not know, oldest first."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM job WHERE settled = 0 ORDER BY place"  # noqa: S608
        )
        return [_job(row) for row in rows]

    def _end_interrupted(self) -> None:
        self._db.execute(
            "UPDATE job SET state = 'unknown', reason = ?, data = NULL"
            " WHERE state = 'sending'",
            (RESTARTED,),
        )

    def _forget_old(self) -> None:
        self._db.execute(
            "DELETE FROM job WHERE settled = 1 AND at < ?",
            (self._now() - RETENTION_SECONDS,),
        )

    def _one(self, statement: str, *values: str) -> JournalJob | None:
        row = self._db.execute(statement, values).fetchone()
        return None if row is None else _job(row)


def _job(row: tuple[str, str, str | None, int]) -> JournalJob:
    key, state, reason, nothing_printed = row
    return JournalJob(key, state, reason, bool(nothing_printed))
