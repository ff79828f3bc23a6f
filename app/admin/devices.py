"""Which kiosks and displays are paired, and by how many boxes."""

from collections import defaultdict
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, select

from app.auth.credentials import token
from app.errors import NotFound
from app.models.states import DeviceKind
from app.queueing import rows

KINDS = (DeviceKind.KIOSK, DeviceKind.DISPLAY)

_DEVICES = (
    select(
        rows.device.c.id,
        rows.device.c.kind,
        rows.device.c.code,
        rows.device.c.name,
        rows.printer.c.name.label("printer"),
    )
    .select_from(rows.device.outerjoin(rows.printer))
    .where(rows.device.c.kind.in_(KINDS))
    .order_by(rows.device.c.id)
)
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
    """A kiosk or display, and the pairings by which a box is it."""

    id: int
    kind: str
    code: str
    name: str
    printer: str | None
    tokens: list[TokenView]


def devices(db: Connection) -> list[DeviceView]:
    """Return every kiosk and display of the site."""
    good: dict[int, list[TokenView]] = defaultdict(list)
    for row in db.execute(_GOOD_TOKENS):
        good[row.device_id].append(TokenView(id=row.id, created_at=row.created_at))
    return [
        DeviceView(**row._asdict(), tokens=good[row.id]) for row in db.execute(_DEVICES)
    ]


def device_of_token(db: Connection, token_id: int) -> DeviceView:
    """Return the device whose good token this is; ``NotFound`` for any other."""
    for device in devices(db):
        if any(known.id == token_id for known in device.tokens):
            return device
    raise NotFound
