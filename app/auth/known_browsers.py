"""Browsers in which somebody has signed in before, by a cookie that is no credential.

Who holds it is spared only what strangers have failed (``app.auth.attempts``).
"""

from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlmodel import col

from app.auth.cookies import DEVICE_COOKIE_SECONDS
from app.auth.secrets import digest
from app.auth.usernames import fold_username
from app.models import KnownBrowser, Staff
from app.queueing.change import Change


def known_browser(db: Connection, *, secret: str, username: str) -> str | None:
    """Return the digest of a browser's secret if this user has signed in there."""
    query = (
        select(col(KnownBrowser.secret_sha256))
        .join(Staff, col(Staff.id) == col(KnownBrowser.staff_id))
        .where(
            col(KnownBrowser.secret_sha256) == digest(secret),
            col(Staff.username) == fold_username(username),
        )
    )
    return db.execute(query).scalar()


def know_browser(db: Connection, change: Change, *, secret: str, staff_id: int) -> None:
    """Note that somebody has signed in here; what no cookie can name is dropped."""
    oldest = change.now - timedelta(seconds=DEVICE_COOKIE_SECONDS)
    db.execute(delete(KnownBrowser).where(col(KnownBrowser.used_at) < oldest))
    sha256 = digest(secret)
    known = update(KnownBrowser).where(
        col(KnownBrowser.secret_sha256) == sha256,
        col(KnownBrowser.staff_id) == staff_id,
    )
    if db.execute(known.values(used_at=change.now)).rowcount == 0:
        row = {"secret_sha256": sha256, "staff_id": staff_id, "used_at": change.now}
        db.execute(insert(KnownBrowser).values(row))


def is_known(db: Connection, *, secret: str) -> bool:
    """Tell whether anybody has signed in by a browser of this secret."""
    query = select(col(KnownBrowser.staff_id)).where(
        col(KnownBrowser.secret_sha256) == digest(secret)
    )
    return db.execute(query).first() is not None
