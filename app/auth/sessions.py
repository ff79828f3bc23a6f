"""Signing staff in and out."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, update
from sqlmodel import col, select

from app.auth.secrets import digest
from app.auth.usernames import fold_username
from app.errors import BadCredentials
from app.models import Staff, StaffAgency, StaffSession
from app.models.states import PasswordState
from app.queueing import facts
from app.queueing.change import Actor, Change
from app.queueing.commands.counter_states import close_idle_counters_of


class StaffRow(NamedTuple):
    """A member of staff, as far as signing in needs it."""

    id: int
    username: str
    role: str
    password_hash: str
    password_state: str
    agency_ids: list[int]


def staff_by_username(db: Connection, username: str) -> StaffRow | None:
    """Return an active member of staff by user name, in whatever case it is typed."""
    query = (
        select(
            col(Staff.id),
            col(Staff.username),
            col(Staff.role),
            col(Staff.password_hash),
        )
        .add_columns(col(Staff.password_state))
        .where(
            col(Staff.username) == fold_username(username),
            col(Staff.is_active).is_(True),
        )
    )
    row = db.execute(query).first()
    if row is None:
        return None
    agencies = (
        select(col(StaffAgency.agency_id))
        .where(col(StaffAgency.staff_id) == row.id)
        .order_by(col(StaffAgency.agency_id))
    )
    return StaffRow(**row._asdict(), agency_ids=list(db.scalars(agencies)))


def begin_session(
    db: Connection,
    change: Change,
    *,
    staff_id: int,
    secret: str,
    hours: int,
    over: str | None = None,
    password_hash: str | None = None,
) -> None:
    """Write a sign-in that ends by itself after so many hours.

    It ends the one that the browser had (``over``, its secret), and changes nothing
    that anybody knows of another secret. ``password_hash`` is the one that was
    checked: raises ``BadCredentials`` where it is good no more, a one-time password
    spent meanwhile.
    """
    state = _use_password(db, staff_id, password_hash)
    db.execute(
        insert(StaffSession).values(
            staff_id=staff_id,
            secret_sha256=digest(secret),
            created_at=change.now,
            expires_at=change.now + timedelta(hours=hours),
            only_password=state == PasswordState.ONE_TIME,
        )
    )
    # after the new one: the same officer's counters stay open
    if over is not None:
        end_session(db, change, secret=over)


def _use_password(db: Connection, staff_id: int, password_hash: str | None) -> str:
    """Return what the password was good for; a one-time password is spent by this."""
    if password_hash is None:
        return PasswordState.CHOSEN
    checked = (
        col(Staff.id) == staff_id,
        col(Staff.password_hash) == password_hash,
        col(Staff.is_active).is_(True),
    )
    state = db.execute(select(col(Staff.password_state)).where(*checked)).scalar()
    if state is None or state == PasswordState.SPENT:
        raise BadCredentials
    if state == PasswordState.ONE_TIME:
        spent = update(Staff).where(*checked)
        db.execute(spent.values(password_state=PasswordState.SPENT))
    return str(state)


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
    _close_counters_left(db, change, staff_id)


def end_sessions_of(
    db: Connection, change: Change, *, staff_id: int, but: str | None = None
) -> None:
    """End every sign-in of one member of staff, but that of the secret ``but``."""
    good = [
        col(StaffSession.staff_id) == staff_id,
        col(StaffSession.ended_at).is_(None),
    ]
    if but is not None:
        good.append(col(StaffSession.secret_sha256) != digest(but))
    db.execute(update(StaffSession).where(*good).values(ended_at=change.now))
    change.touch(facts.CREDENTIALS)
    _close_counters_left(db, change, staff_id)


def _close_counters_left(db: Connection, change: Change, staff_id: int) -> None:
    # signed in elsewhere too, the officer may be serving there
    others = select(col(StaffSession.id)).where(
        col(StaffSession.staff_id) == staff_id,
        col(StaffSession.ended_at).is_(None),
        col(StaffSession.expires_at) > change.now,
    )
    if db.execute(others).first() is None:
        actor = Actor(kind="staff", role="officer", id=staff_id)
        close_idle_counters_of(db, change, actor=actor)
