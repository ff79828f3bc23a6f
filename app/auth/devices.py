"""Devices and their tokens: made when one is paired, revocable alone."""

from collections import defaultdict
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, insert, or_, select, update

from app.auth.credentials import token
from app.auth.secrets import digest
from app.errors import NotFound
from app.queueing import facts, rows
from app.queueing.change import Change

_DEVICES = (
    select(
        rows.device.c.id,
        rows.device.c.kind,
        rows.device.c.code,
        rows.device.c.name,
        rows.printer.c.name.label("printer"),
    )
    .select_from(rows.device.outerjoin(rows.printer))
    .order_by(rows.device.c.id)
)
_KIND = select(rows.device.c.kind).where(rows.device.c.id == bindparam("device_id"))
_GOOD_TOKENS = (
    select(token.c.id, token.c.device_id, token.c.created_at)
    .where(token.c.revoked_at.is_(None), token.c.cookie_of_id.is_(None))
    .order_by(token.c.id)
)


class TokenView(BaseModel):
    """One pairing that is good; its secret is not known here."""

    id: int
    created_at: datetime


class DeviceView(BaseModel):
    """A device, its printer if it has one, and the pairings by which a box is it."""

    id: int
    kind: str
    code: str
    name: str
    printer: str | None
    tokens: list[TokenView]


def device_views(db: Connection) -> list[DeviceView]:
    """Return every device of the site with its good tokens."""
    good_tokens: dict[int, list[TokenView]] = defaultdict(list)
    for row in db.execute(_GOOD_TOKENS):
        good_tokens[row.device_id].append(
            TokenView(id=row.id, created_at=row.created_at)
        )
    return [
        DeviceView(**row._asdict(), tokens=good_tokens[row.id])
        for row in db.execute(_DEVICES)
    ]


def kind_of(db: Connection, device_id: int) -> str:
    """Return what kind of device this is; ``NotFound`` when there is none."""
    kind = db.execute(_KIND, {"device_id": device_id}).scalar()
    if kind is None:
        raise NotFound
    return str(kind)


def add_token(db: Connection, change: Change, *, device_id: int, secret: str) -> None:
    """Give a device a token; the secret itself is never stored."""
    kind_of(db, device_id)
    db.execute(
        insert(token).values(
            device_id=device_id, secret_sha256=digest(secret), created_at=change.now
        )
    )
    change.touch(facts.CREDENTIALS)


def add_cookie(
    db: Connection, change: Change, *, token_secret: str, secret: str
) -> None:
    """Give a browser a secret of its own that falls with that token."""
    parent = db.execute(
        select(token.c.id, token.c.device_id, token.c.cookie_of_id).where(
            token.c.secret_sha256 == digest(token_secret), token.c.revoked_at.is_(None)
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
    change.touch(facts.CREDENTIALS)


def revoke_token(db: Connection, change: Change, *, token_id: int) -> None:
    """Revoke a token and every cookie made from it; other devices are untouched."""
    result = db.execute(
        update(token)
        .where(
            or_(token.c.id == token_id, token.c.cookie_of_id == token_id),
            token.c.revoked_at.is_(None),
        )
        .values(revoked_at=change.now)
    )
    if result.rowcount == 0:
        raise NotFound
    change.touch(facts.CREDENTIALS)
