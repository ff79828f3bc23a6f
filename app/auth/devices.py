"""Devices and their tokens: made when one is paired, revocable alone."""

from collections import defaultdict
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, insert, or_, update
from sqlmodel import col, select

from app.auth.secrets import digest
from app.errors import NotFound
from app.models import Device, DeviceToken, Printer
from app.queueing import facts
from app.queueing.change import Change

_DEVICES = (
    select(col(Device.id), col(Device.kind), col(Device.code), col(Device.name))
    .add_columns(col(Printer.name).label("printer"))
    .outerjoin(Printer, col(Printer.id) == col(Device.printer_id))
    .where(col(Device.is_retired).is_(False))
    .order_by(col(Device.id))
)
_GOOD_TOKENS = (
    select(col(DeviceToken.id), col(DeviceToken.device_id), col(DeviceToken.created_at))
    .where(
        col(DeviceToken.revoked_at).is_(None), col(DeviceToken.cookie_of_id).is_(None)
    )
    .order_by(col(DeviceToken.id))
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
    query = select(col(Device.kind)).where(
        col(Device.id) == device_id, col(Device.is_retired).is_(False)
    )
    kind = db.execute(query).scalar()
    if kind is None:
        raise NotFound
    return kind


def add_token(db: Connection, change: Change, *, device_id: int, secret: str) -> None:
    """Give a device a token; the secret itself is never stored."""
    kind_of(db, device_id)
    db.execute(
        insert(DeviceToken).values(
            device_id=device_id, secret_sha256=digest(secret), created_at=change.now
        )
    )
    change.touch(facts.CREDENTIALS)


def add_cookie(
    db: Connection, change: Change, *, token_secret: str, secret: str
) -> None:
    """Give a browser a secret of its own that falls with that token."""
    parent = db.execute(
        select(
            col(DeviceToken.id),
            col(DeviceToken.device_id),
            col(DeviceToken.cookie_of_id),
        ).where(
            col(DeviceToken.secret_sha256) == digest(token_secret),
            col(DeviceToken.revoked_at).is_(None),
        )
    ).first()
    if parent is None:
        raise NotFound
    db.execute(
        insert(DeviceToken).values(
            device_id=parent.device_id,
            secret_sha256=digest(secret),
            # of the first token, also when made with a cookie: one revocation ends all
            cookie_of_id=parent.cookie_of_id or parent.id,
            created_at=change.now,
        )
    )
    change.touch(facts.CREDENTIALS)


def revoke_token(db: Connection, change: Change, *, token_id: int) -> None:
    """Revoke a token and every cookie made from it; other devices are untouched."""
    result = db.execute(
        update(DeviceToken)
        .where(
            or_(
                col(DeviceToken.id) == token_id,
                col(DeviceToken.cookie_of_id) == token_id,
            ),
            col(DeviceToken.revoked_at).is_(None),
        )
        .values(revoked_at=change.now)
    )
    if result.rowcount == 0:
        raise NotFound
    change.touch(facts.CREDENTIALS)
