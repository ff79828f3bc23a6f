"""Signing staff in and out."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, update
from sqlmodel import col, select

from app.auth.secrets import digest
from app.models import Staff, StaffAgency, StaffSession
from app.queueing import facts
from app.queueing.change import Actor, Change
from app.queueing.commands.counter_states import close_idle_counters_of


class StaffRow(NamedTuple):
    """A member of staff, as far as signing in needs it."""

    id: int
    username: str
    role: str
    password_hash: str
    agency_ids: list[int]


def staff_by_username(db: Connection, username: str) -> StaffRow | None:
    """Return an active member of staff by user name."""
    row = db.execute(
        select(
            col(Staff.id),
            col(Staff.username),
            col(Staff.role),
            col(Staff.password_hash),
        ).where(col(Staff.username) == username, col(Staff.is_active).is_(True))
    ).first()
    if row is None:
        return None
    agencies = (
        select(col(StaffAgency.agency_id))
        .where(col(StaffAgency.staff_id) == row.id)
        .order_by(col(StaffAgency.agency_id))
    )
    return StaffRow(**row._asdict(), agency_ids=list(db.scalars(agencies)))


def begin_session(
    db: Connection, change: Change, *, staff_id: int, secret: str, hours: int
) -> None:
    """Write a sign-in that ends by itself after so many hours.

    It changes nothing that anybody knows of another secret.
    """
    db.execute(
        insert(StaffSession).values(
            staff_id=staff_id,
            secret_sha256=digest(secret),
            created_at=change.now,
            expires_at=change.now + timedelta(hours=hours),
        )
    )


def end_session(db: Connection, change: Change, *, secret: str) -> None:
    """End a sign-in, and close the counters that it leaves idle.

    A sign-in that is unknown or over stays so.
    """
    good = (
        col(StaffSession.secret_sha256) == digest(secret),
        col(StaffSession.ended_at).is_(None),
    )
    staff_id = db.execute(select(col(StaffSession.staff_id)).where(*good)).scalar()
    if staff_id is None:
        return
    db.execute(update(StaffSession).where(*good).values(ended_at=change.now))
    change.touch(facts.CREDENTIALS)
    # signed in elsewhere too, the officer may be serving there
    others = select(col(StaffSession.id)).where(
        col(StaffSession.staff_id) == staff_id,
        col(StaffSession.ended_at).is_(None),
        col(StaffSession.expires_at) > change.now,
    )
    if db.execute(others).first() is None:
        actor = Actor(kind="staff", role="officer", id=staff_id)
        close_idle_counters_of(db, change, actor=actor)
