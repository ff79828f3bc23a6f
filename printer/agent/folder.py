"""The agent's folder: its token, its journal, and one agent at a time."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

JOURNAL = "journal.sqlite3"
_TOKEN, _LOCK = "token", "lock"


class FolderInUse(OSError):
    """Another agent runs on this folder: two would print every slip twice."""


class AgentFolder:
    """A folder that only its owner can read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.path / JOURNAL

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only agent on this folder; it is made if there is none."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        # SQLite's lock: one way on every system, and it ends with the process
        with closing(sqlite3.connect(self.path / _LOCK, timeout=0)) as lock_db:
            _lock_exclusively(lock_db, self.path)
            yield

    def token(self) -> str | None:
        """Return the device token, or None before the first pairing."""
        file = self.path / _TOKEN
        return file.read_text(encoding="ascii").strip() if file.is_file() else None

    def save_token(self, token: str) -> None:
        """Keep a token, durably: half a one is never found."""
        new = self.path / f"{_TOKEN}.new"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{token}\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path / _TOKEN)


def _lock_exclusively(lock_db: sqlite3.Connection, path: Path) -> None:
    try:
        lock_db.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise FolderInUse(f"A print agent already runs on {path}.") from None
        raise
