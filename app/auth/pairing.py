"""Pairing by a short code on the screen: the screen asks, an admin says which it is.

The screen holds a claim (a secret only it knows); the code alone is worth
nothing to somebody who reads it off the screen.
"""

from datetime import timedelta

from sqlalchemy import Connection, insert, select, update

from app.auth.devices import add_token
from app.auth.secrets import digest
from app.errors import Invalid, NotFound, QueueError
from app.models import Pairing
from app.queueing import rows
from app.queueing.change import Actor, Change
from app.queueing.rows import table_of

CODE_LIFETIME = timedelta(minutes=15)
MAX_WAITING = 100

pairing = table_of(Pairing)


class PairingNotApproved(QueueError):
    """Nobody has said yet which device this screen is."""

    code = "pairing-not-approved"


def request_pairing(
    db: Connection, change: Change, *, kind: str, code: str, claim: str
) -> None:
    """Write that a screen shows ``code``; old and unclaimed requests are dropped.

    Anybody in the building may ask, so a full table refuses nobody: the oldest
    request that nobody has approved makes room, and its screen asks again.
    """
    is_over = pairing.c.expires_at <= change.now
    db.execute(pairing.delete().where(is_over, pairing.c.claimed_at.is_(None)))
    oldest_waiting = (
        select(pairing.c.id)
        .where(pairing.c.claimed_at.is_(None), pairing.c.device_id.is_(None))
        .order_by(pairing.c.id.desc())
        .offset(MAX_WAITING - 1)
    )
    db.execute(
        pairing.delete().where(pairing.c.id.in_(db.scalars(oldest_waiting).all()))
    )
    db.execute(
        insert(pairing).values(
            code=code,
            kind=kind,
            claim_sha256=digest(claim),
            created_at=change.now,
            expires_at=change.now + CODE_LIFETIME,
        )
    )


def approve_pairing(
    db: Connection, change: Change, *, code: str, device_id: int, actor: Actor
) -> None:
    """Say which device the screen with this code is.

    Raises ``NotFound`` for a code that is unknown or over, ``Invalid`` for a
    device of another kind.
    """
    row = db.execute(
        select(pairing.c.id, pairing.c.kind).where(
            pairing.c.code == code.strip().upper(),
            pairing.c.expires_at > change.now,
            pairing.c.device_id.is_(None),
        )
    ).first()
    kind = db.execute(
        select(rows.device.c.kind).where(rows.device.c.id == device_id)
    ).scalar()
    if row is None or kind is None:
        raise NotFound
    if kind != row.kind:
        raise Invalid("The screen and the device are of different kinds.")
    db.execute(
        update(pairing)
        .where(pairing.c.id == row.id)
        .values(device_id=device_id, approved_by_id=actor.staff_id)
    )


def claim_pairing(db: Connection, change: Change, *, claim: str, secret: str) -> int:
    """Make the claimed screen its device, once; returns the device's id.

    Raises ``PairingNotApproved`` while nobody has approved it, ``NotFound``
    when the claim is unknown, over, or was used.
    """
    row = db.execute(
        select(pairing.c.id, pairing.c.device_id).where(
            pairing.c.claim_sha256 == digest(claim),
            pairing.c.expires_at > change.now,
            pairing.c.claimed_at.is_(None),
        )
    ).first()
    if row is None:
        raise NotFound
    if row.device_id is None:
        raise PairingNotApproved
    add_token(db, change, device_id=row.device_id, secret=secret)
    db.execute(
        update(pairing).where(pairing.c.id == row.id).values(claimed_at=change.now)
    )
    return int(row.device_id)
