"""Pairing by a short code on the screen: the screen asks, an admin says which it is.

The screen holds a claim (a secret only it knows); the code alone is worth
nothing to somebody who reads it off the screen.
"""

from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, update
from sqlmodel import col, select

from app.auth.devices import add_token
from app.auth.secrets import digest
from app.errors import Invalid, NotFound, QueueError, TooMany
from app.models import Device, Pairing
from app.queueing.change import Actor, Change
from app.queueing.site.rates import Rate

CODE_LIFETIME = timedelta(minutes=15)
RETRY_SECONDS = 60
MAX_WAITING = 1000
"""How many screens may wait at once, from however many addresses."""
ADDRESS_RATE = Rate(burst=30, interval=30.0)
"""Of requests from one address: a hall's screens switched on at once, behind a proxy
too; some 60 of them wait at most (``CODE_LIFETIME``)."""


class PairingNotApproved(QueueError):
    """Nobody has said yet which device this screen is."""

    code = "pairing-not-approved"


def request_pairing(
    db: Connection, change: Change, *, kind: str, code: str, claim: str
) -> None:
    """Write that a screen shows ``code``; old and unclaimed requests are dropped.

    Anybody in the building may ask: nobody pushes out another, whose code may just
    be being typed. ``TooMany`` when too many wait.
    """
    is_over = col(Pairing.expires_at) <= change.now
    is_unclaimed = col(Pairing.claimed_at).is_(None)
    db.execute(delete(Pairing).where(is_over, is_unclaimed))
    waiting = db.execute(select(func.count(col(Pairing.id))).where(is_unclaimed))
    if waiting.scalar_one() >= MAX_WAITING:
        raise TooMany(retry_after_seconds=RETRY_SECONDS)
    db.execute(
        insert(Pairing).values(
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
        select(col(Pairing.id), col(Pairing.kind)).where(
            col(Pairing.code) == code.strip().upper(),
            col(Pairing.expires_at) > change.now,
            col(Pairing.device_id).is_(None),
        )
    ).first()
    kind = db.execute(
        select(col(Device.kind)).where(
            col(Device.id) == device_id, col(Device.is_retired).is_(False)
        )
    ).scalar()
    if row is None or kind is None:
        raise NotFound
    if kind != row.kind:
        raise Invalid("The screen and the device are of different kinds.")
    db.execute(
        update(Pairing)
        .where(col(Pairing.id) == row.id)
        .values(device_id=device_id, approved_by_id=actor.staff_id)
    )


def claim_pairing(db: Connection, change: Change, *, claim: str, secret: str) -> int:
    """Make the claimed screen its device, once; returns the device's id.

    Raises ``PairingNotApproved`` while nobody has approved it, ``NotFound``
    when the claim is unknown, over, or was used.
    """
    row = db.execute(
        select(col(Pairing.id), col(Pairing.device_id)).where(
            col(Pairing.claim_sha256) == digest(claim),
            col(Pairing.expires_at) > change.now,
            col(Pairing.claimed_at).is_(None),
        )
    ).first()
    if row is None:
        raise NotFound
    if row.device_id is None:
        raise PairingNotApproved
    # in one transaction with the note that it was claimed: never twice (lesson 13)
    add_token(db, change, device_id=row.device_id, secret=secret)
    db.execute(
        update(Pairing).where(col(Pairing.id) == row.id).values(claimed_at=change.now)
    )
    return int(row.device_id)
