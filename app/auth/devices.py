"""Device tokens: made when a device is paired, revocable alone."""

from sqlalchemy import Connection, insert, or_, select, update

from app.auth.credentials import token
from app.auth.secrets import digest
from app.errors import NotFound
from app.queueing import rows
from app.queueing.change import Change


def add_token(db: Connection, change: Change, *, device_id: int, secret: str) -> None:
    """Give a device a token; the secret itself is never stored."""
    found = db.execute(
        select(rows.device.c.id).where(rows.device.c.id == device_id)
    ).first()
    if found is None:
        raise NotFound
    db.execute(
        insert(token).values(
            device_id=device_id, secret_sha256=digest(secret), created_at=change.now
        )
    )
    change.touch("credentials")


def add_cookie(db: Connection, change: Change, *, of: str, secret: str) -> None:
    """Give a browser a secret of its own that falls with the token ``of``."""
    parent = db.execute(
        select(token.c.id, token.c.device_id, token.c.cookie_of_id).where(
            token.c.secret_sha256 == digest(of), token.c.revoked_at.is_(None)
        )
    ).first()
    if parent is None:
        raise NotFound
    db.execute(
        insert(token).values(
            device_id=parent.device_id,
            secret_sha256=digest(secret),
            cookie_of_id=parent.cookie_of_id or parent.id,
            created_at=change.now,
        )
    )
    change.touch("credentials")


def revoke_token(db: Connection, change: Change, *, token_id: int) -> None:
    """Revoke a token and every cookie made from it; other devices are untouched."""
    written = db.execute(
        update(token)
        .where(
            or_(token.c.id == token_id, token.c.cookie_of_id == token_id),
            token.c.revoked_at.is_(None),
        )
        .values(revoked_at=change.now)
    )
    if written.rowcount == 0:
        raise NotFound
    change.touch("credentials")
