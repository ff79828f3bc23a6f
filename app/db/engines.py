"""Engines over the site's SQLite file: one that writes, one that only reads.

The sqlite3 driver would begin and end transactions by itself and let RELEASE
commit (changes.md#transactions), so its own handling is off and the hooks below begin.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic_core import to_json
from sqlalchemy import (
    Connection,
    Engine,
    NullPool,
    Pool,
    QueuePool,
    create_engine,
    event,
)
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from app.db.damage import DamageWitness, is_damage
from app.db.driver import run_text
from app.db.prepared import PreparedEngine
from app.errors import DatabaseDamaged

BUSY_TIMEOUT_MS = 5_000
# not more: what Python does of a read takes turns on the interpreter's lock
READER_THREADS = 2

NOTHING: Mapping[str, object] = MappingProxyType({})
T = TypeVar("T")


class Reading(NamedTuple, Generic[T]):
    """What was read, and until when the clock alone makes it no other."""

    value: T
    until: datetime


class _Kept(NamedTuple):
    """A reading, as of which version of the database, and from when on it holds."""

    version: int
    since: datetime
    reading: Reading[Any]


class Readers:
    """Reads for the event loop: a read transaction each, on threads of their own."""

    def __init__(
        self,
        path: Path,
        witness: DamageWitness | None = None,
        info: Mapping[str, object] = NOTHING,
    ) -> None:
        """``info`` is what each connection carries (``Connection.info``)."""
        self.engine = reader_engine(path, witness)
        self.folder = path.parent
        self._witness = witness

        @event.listens_for(self.engine, "connect")
        def inform(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
            entry.info.update(info)

        self._threads = ThreadPoolExecutor(READER_THREADS, "reader")
        self._watch = _Watch(path)
        self._kept: dict[Hashable, _Kept] = {}

    async def read(self, view: Callable[[Connection], T]) -> T:
        """Run ``view`` in one read transaction, off the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._run, view)

    async def read_or_keep(
        self, key: Hashable, now: datetime, view: Callable[[Connection], Reading[T]]
    ) -> T:
        """Return what ``view`` reads; nothing is read while it cannot be another.

        That is as long as no process has committed anything, and before the reading's
        ``until``. ``key`` names the view with all that it depends on besides; there
        are few of them, for none is forgotten. Called on the event loop.
        """
        # before the reading: what is committed meanwhile changes it once more
        version = self._watch.version()
        kept = self._kept.get(key)
        if (
            kept is None
            or kept.version != version
            or not kept.since <= now < kept.reading.until
        ):
            reading = await self.read(view)
            if version is None:
                return reading.value
            kept = self._kept[key] = _Kept(version, now, reading)
        value: T = kept.reading.value
        return value

    def close(self) -> None:
        """End the threads and close the connections."""
        self._threads.shutdown()
        self._watch.close()
        self.engine.dispose()

    def _run(self, view: Callable[[Connection], T]) -> T:
        try:
            with self.engine.connect() as db, db.begin():
                return view(db)
        # sqlite3's own: of a connection that could not be prepared
        except (DBAPIError, sqlite3.Error) as error:
            if not is_damage(error):
                raise
            if self._witness is not None:
                self._witness.note(error)
            raise DatabaseDamaged from error


class _Watch:
    """Notices that anybody has committed; on the event loop, in a few microseconds."""

    def __init__(self, path: Path) -> None:
        # rw: looking makes no file
        self._uri = f"{path.absolute().as_uri()}?mode=rw"
        self._connection: sqlite3.Connection | None = None

    def version(self) -> int | None:
        """Return a number that another commit changes; None: it cannot be told now."""
        try:
            if self._connection is None:
                # waits for nobody's lock: the loop would stand still
                self._connection = sqlite3.connect(
                    self._uri, uri=True, timeout=0, check_same_thread=False
                )
            row = self._connection.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:
            return None
        return int(row[0])

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def writer_engine(path: Path, witness: DamageWitness | None = None) -> Engine:
    """Return the engine of the one writer; each transaction takes the write lock."""
    # IMMEDIATE: a transaction that reads first and writes later is refused when
    # somebody has written between, and no timeout helps. No pool: the ledger's thread
    # keeps its one connection as long as it runs
    return _engine(path, NullPool, "BEGIN IMMEDIATE", query_only=False, witness=witness)


def reader_engine(path: Path, witness: DamageWitness | None = None) -> Engine:
    """Return the engine of the readers: a snapshot each, and no lock taken."""
    # query_only: a view that writes fails in its test, not beside the ledger
    return _engine(path, QueuePool, "BEGIN", query_only=True, witness=witness)


def in_transaction(db: Connection) -> bool:
    """Tell whether the driver still has the transaction open.

    SQLITE_FULL, IOERR and NOMEM may roll the whole transaction back by
    themselves; only the driver knows.
    """
    driver_connection: Any = db.connection.dbapi_connection
    return bool(driver_connection is not None and driver_connection.in_transaction)


def folder_of(db: Connection) -> Path:
    """Return the folder of the site whose database this is."""
    return Path(db.engine.url.database or "").parent


def data_version(db: Connection) -> int:
    """Return a number that changes when another connection has written."""
    ((version,),) = run_text(db, "PRAGMA data_version")
    return int(version)


def _json_text(value: Any) -> str:
    # compact, at a sixth of json.dumps's cost: each event has such a column
    return to_json(value).decode()


def _engine(
    path: Path,
    pool: type[Pool],
    begin: str,
    *,
    query_only: bool,
    witness: DamageWitness | None,
) -> Engine:
    made = create_engine(
        f"sqlite:///{path}",
        poolclass=pool,
        connect_args={
            "isolation_level": None,
            # a connection of the pool goes from thread to thread, one at a time
            "check_same_thread": False,
            # more than there are hot statements: the driver compiles each text once
            "cached_statements": 512,
        },
        json_serializer=_json_text,
        hide_parameters=True,  # an error in the log must hold no ticket's token
    )
    engine = PreparedEngine.of(made)
    if witness is not None:
        engine.note_error = witness.note

    @event.listens_for(engine, "connect")
    def prepare(
        driver_connection: DBAPIConnection, _entry: ConnectionPoolEntry
    ) -> None:
        cursor = driver_connection.cursor()
        for pragma in (
            # first: turning to WAL, too, may have to wait for somebody's lock
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            # NORMAL may lose the newest commits in a power cut, once answered
            "synchronous=FULL",
            # off unless each connection says so
            "foreign_keys=ON",
            f"query_only={'ON' if query_only else 'OFF'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "handle_error")
    def note(context: ExceptionContext) -> None:
        # of what SQLAlchemy runs; of the rest the engine is told above
        if witness is not None:
            witness.note(context.original_exception)

    @event.listens_for(engine, "begin")
    def start(db: Connection) -> None:
        run_text(db, begin)

    return engine
