"""A file held against the stored mall: what it would change, or why it may not."""

import hashlib
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import Connection
from sqlmodel import col, select

from app.importing.config.changes import Difference, differences
from app.importing.config.stored_mall import stored_mall
from app.importing.guards.retiring import without_retired
from app.importing.problems import ImportFailed
from app.importing.schema import Mall
from app.importing.writer import find_problems, service_day_of
from app.models import Site


def changes_of(
    db: Connection, mall: Mall, *, now: datetime, is_served: bool = False
) -> list[Difference]:
    """Return what importing a mall would change; reads only.

    Raises ImportFailed with all that forbids it. ``is_served``: a server runs on this
    database meanwhile.
    """
    problems = find_problems(db, mall, now=now, is_served=is_served)
    if problems:
        raise ImportFailed(problems)
    day = service_day_of(db, mall, now)
    return differences(_stored(db), without_retired(mall, day))


def has_mall(db: Connection) -> bool:
    """Tell whether the database holds a mall at all."""
    return db.execute(select(col(Site.id))).first() is not None


def etag_of(text: str) -> str:
    """Return the entity tag of a config (RFC 9110)."""
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _stored(db: Connection) -> Mall | None:
    if not has_mall(db):
        return None
    try:
        return Mall.model_validate(stored_mall(db))
    # an earlier version took what this one refuses, and the file may be its mending
    except ValidationError:
        return None
