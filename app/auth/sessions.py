"""Signing staff in and out."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from app.auth.credentials import session
from app.auth.secrets import digest
from app.queueing import facts, rows
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
    staff = rows.staff.c
    row = db.execute(
        select(staff.id, staff.username, staff.role, staff.password_hash).where(
            staff.username == username, staff.is_active.is_(True)
        )
    ).first()
    if row is None:
        return None
    link = rows.staff_agency.c
    agencies = db.execute(
        select(link.agency_id).where(link.staff_id == row.id).order_by(link.agency_id)
    ).scalars()
    return StaffRow(*row, agency_ids=list(agencies))


def begin_session(
    db: Connection, change: Change, *, staff_id: int, secret: str, hours: int
) -> None:
    """Write a sign-in that ends by itself after so many hours.

    It changes nothing that anybody knows of another secret.
    """
    db.execute(
        insert(session).values(
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
    sha256 = digest(secret)
    good = (session.c.secret_sha256 == sha256, session.c.ended_at.is_(None))
    staff_id = db.execute(select(session.c.staff_id).where(*good)).scalar()
    if staff_id is None:
        return
    db.execute(update(session).where(*good).values(ended_at=change.now))
    change.touch(facts.CREDENTIALS)
    others = select(session.c.id).where(
        session.c.staff_id == staff_id,
        session.c.ended_at.is_(None),
        session.c.expires_at > change.now,
    )
    if db.execute(others).first() is None:
        actor = Actor(kind="staff", role="officer", id=staff_id)
        close_idle_counters_of(db, change, actor=actor)
