"""Choosing one's own password."""

from typing import NamedTuple

from sqlalchemy import Connection, select, update
from sqlmodel import col

from app.auth.accounts.accounts import AccountView, account_view
from app.auth.audit import AuditKind, Author, record
from app.auth.secrets import digest
from app.auth.sessions import end_sessions_of
from app.errors import BadCredentials, NotFound
from app.models import Staff, StaffSession
from app.models.states import PasswordState
from app.queueing.change import Change


class OwnPassword(NamedTuple):
    """What has to be known to check one's old password."""

    username: str
    password_hash: str


def own_password(db: Connection, staff_id: int) -> OwnPassword:
    """Return somebody's user name and hash; else raise ``NotFound``."""
    row = db.execute(
        select(col(Staff.username), col(Staff.password_hash)).where(
            col(Staff.id) == staff_id
        )
    ).first()
    if row is None:
        raise NotFound
    return OwnPassword(*row)


def choose_password(
    db: Connection,
    change: Change,
    *,
    old_hash: str,
    new_hash: str,
    secret: str,
    author: Author,
) -> AccountView:
    """Replace one's own password, and end one's sign-ins elsewhere.

    ``secret`` is that of the sign-in by which it is done: it is whole from then on,
    also one that a one-time password made. Raises ``BadCredentials`` when the old
    password (``old_hash``) was replaced meanwhile.
    """
    staff_id = author.actor.staff_id or 0
    checked = update(Staff).where(
        col(Staff.id) == staff_id, col(Staff.password_hash) == old_hash
    )
    new = {"password_hash": new_hash, "password_state": PasswordState.CHOSEN}
    if db.execute(checked.values(new)).rowcount != 1:
        raise BadCredentials
    mine = update(StaffSession).where(col(StaffSession.secret_sha256) == digest(secret))
    db.execute(mine.values(only_password=False))
    kind = AuditKind.PASSWORD_CHOSEN
    record(db, change, kind, author=author, subject_id=staff_id)
    end_sessions_of(db, change, staff_id=staff_id, but=secret)
    return account_view(db, staff_id)
