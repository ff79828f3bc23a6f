"""The removal of what is kept no longer, in small batches through the ledger."""

import asyncio
from typing import Any

from sqlalchemy import Connection, delete, func, select

from app.auth.audit import AuditKind, Author, record
from app.auth.retention.outdated import KINDS
from app.db.engines import Readers
from app.ledger import Ledger
from app.queueing.change import SYSTEM, Change
from app.queueing.service_day import ledger_row
from app.queueing.site.rulebook import read_rulebook

PAUSE_SECONDS = 0.1
SERVER = Author(SYSTEM, "server")


def is_any_outdated(db: Connection, change: Change) -> bool:
    """Tell whether ``remove_outdated`` would remove anything (reads only)."""
    return any(
        db.execute(
            select(func.count()).select_from(outdated(change).subquery())
        ).scalar()
        for _, _, outdated in KINDS.values()
    )


def remove_outdated(db: Connection, change: Change) -> None:
    """Remove one batch of each kind, and write down how many of each."""
    removed: dict[str, Any] = {}
    for name, (model, key, outdated) in KINDS.items():
        keys = list(db.scalars(outdated(change)))
        if keys:
            db.execute(delete(model).where(key.in_(keys)))
            removed[name] = len(keys)
    if removed:
        record(db, change, AuditKind.REMOVED, author=SERVER, subject_id=None, **removed)


async def keep_retention(readers: Readers, ledger: Ledger) -> None:
    """Remove all that is kept no longer, batch after batch."""

    def is_due(db: Connection) -> bool:
        day = ledger_row(db).service_day
        return is_any_outdated(db, Change(ledger.now(), day, read_rulebook(db)))

    # a reader looks first: each command is a commit, though it finds nothing to do
    while await readers.read(is_due):
        await ledger.do(remove_outdated)
        await asyncio.sleep(PAUSE_SECONDS)
