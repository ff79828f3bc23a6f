"""A migrated database with nothing in it, made once and copied as often as needed."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from app.db.engines import writer_engine
from app.db.migration import migrate


def empty_database(path: Path) -> Path:
    """Write an empty database to a path; the path is returned."""
    path.write_bytes(_empty())
    return path


def hurried_engine(path: Path) -> Engine:
    """Return the writer's engine without its flushes: not durability is tried."""
    engine = writer_engine(path)

    @event.listens_for(engine, "connect")
    def hurry(raw: Any, _entry: Any) -> None:
        raw.execute("PRAGMA synchronous=OFF")

    return engine


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory(prefix="antrean-empty-") as folder:
        path = Path(folder) / "antrean.sqlite3"
        migrate(path)
        return path.read_bytes()
