"""Accounts of staff: who may change whose, and what that ends.

An admin changes every account, a supervisor those of officers who belong to the
supervisor's own agencies alone. Every change is effective with the commit: the fact
``CREDENTIALS`` lets sign-ins be read anew and sockets be closed.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import Connection, delete, func, insert, select, update

from app.auth.audit import AuditKind, Author, record
from app.auth.sessions import end_sessions_of
from app.auth.usernames import fold_username
from app.errors import Forbidden, Invalid, NotFound, QueueError
from app.models import Role
from app.models.states import PasswordState
from app.queueing import facts, rows
from app.queueing.change import Actor, Change
from app.queueing.commands.counter_states import leave_counters_of
from app.queueing.rows import new_id
from app.queueing.site.name_reading import reads_like_one_of

ROLES_OF_AN_AGENCY = (Role.OFFICER, Role.SUPERVISOR)


class UsernameTaken(QueueError):
    """Somebody has this user name already, or one that reads like it."""

    code = "username-taken"


class LastAdmin(QueueError):
    """Without this account nobody could administer the site."""

    code = "last-admin"


class AccountView(BaseModel):
    """An account; never a secret."""

    id: int
    username: str
    name: str
    role: str
    agency_ids: list[int]
    suspended: bool


class NewAccount(NamedTuple):
    """An account to be made; the password has been checked and hashed."""

    username: str
    name: str
    role: str
    agency_ids: frozenset[int]
    password_hash: str


class AccountChange(NamedTuple):
    """What shall be otherwise; None: as it is."""

    role: str | None = None
    agency_ids: frozenset[int] | None = None
    suspended: bool | None = None


_ACCOUNTS = select(
    rows.staff.c.id,
    rows.staff.c.username,
    rows.staff.c.name,
    rows.staff.c.role,
    rows.staff.c.is_active,
).order_by(rows.staff.c.username)
_LINKS = select(rows.staff_agency.c.staff_id, rows.staff_agency.c.agency_id).order_by(
    rows.staff_agency.c.agency_id
)


def account_views(db: Connection, actor: Actor) -> list[AccountView]:
    """Return the accounts that the caller may change, by user name."""
    agencies: dict[int, list[int]] = {}
    for link in db.execute(_LINKS):
        agencies.setdefault(link.staff_id, []).append(link.agency_id)
    views = [_view(row, agencies.get(row.id, [])) for row in db.execute(_ACCOUNTS)]
    return [v for v in views if _may_change(actor, v.role, v.agency_ids)]


def account_view(db: Connection, staff_id: int) -> AccountView:
    """Return an account; else raise ``NotFound``."""
    row = db.execute(_ACCOUNTS.where(rows.staff.c.id == staff_id)).first()
    if row is None:
        raise NotFound
    links = db.execute(_LINKS.where(rows.staff_agency.c.staff_id == staff_id))
    return _view(row, [link.agency_id for link in links])


def changeable_account(db: Connection, staff_id: int, actor: Actor) -> AccountView:
    """Return an account that the caller may change; else raise ``NotFound``."""
    account = account_view(db, staff_id)
    if not _may_change(actor, account.role, account.agency_ids):
        raise NotFound
    return account


def staff_id_of(db: Connection, username: str) -> int:
    """Return whose user name this is, in whatever case; else raise ``NotFound``."""
    query = select(rows.staff.c.id).where(
        rows.staff.c.username == fold_username(username)
    )
    staff_id = db.execute(query).scalar()
    if staff_id is None:
        raise NotFound
    return int(staff_id)


def add_account(
    db: Connection, change: Change, *, account: NewAccount, author: Author
) -> AccountView:
    """Make an account.

    Raises ``Forbidden`` for one that the caller could not change, ``Invalid``, and
    ``UsernameTaken``.
    """
    _require_possible(db, account.role, account.agency_ids, author.actor)
    username = fold_username(account.username)
    if not username:
        raise Invalid("A user name has at least one character.", field="username")
    _require_other_reading(db, username)
    made = db.execute(
        insert(rows.staff).values(
            username=username,
            name=account.name,
            role=account.role,
            password_hash=account.password_hash,
            is_active=True,
        )
    )
    staff_id = new_id(made)
    _link_agencies(db, staff_id, account.agency_ids)
    view = account_view(db, staff_id)
    kind, facts_of = AuditKind.ADDED, view.model_dump(include={"role", "agency_ids"})
    record(db, change, kind, author=author, subject_id=staff_id, **facts_of)
    change.touch(facts.CREDENTIALS)
    return view


def _require_other_reading(db: Connection, username: str) -> None:
    """Raise ``UsernameTaken`` for a name that people would take for another's.

    Under it somebody would be given another's counter, and the audit would name a
    person who cannot be told from them.
    """
    taken = db.execute(select(rows.staff.c.username)).scalars()
    other = reads_like_one_of(username, taken)
    if other == username:
        raise UsernameTaken(f"{other} exists already.")
    if other is not None:
        raise UsernameTaken(f"{username} reads like {other}, which exists already.")


def change_account(
    db: Connection,
    change: Change,
    *,
    staff_id: int,
    wanted: AccountChange,
    author: Author,
) -> AccountView:
    """Move an officer, give another role, suspend or resume; at once, in any browser.

    Raises ``NotFound`` and ``Forbidden`` (``changeable_account``, and what it would
    become), ``Invalid``, and ``LastAdmin``.
    """
    before = changeable_account(db, staff_id, author.actor)
    role = before.role if wanted.role is None else wanted.role
    agencies = wanted.agency_ids
    if agencies is None:
        agencies = frozenset(before.agency_ids)
    suspended = before.suspended if wanted.suspended is None else wanted.suspended
    if wanted.role is not None or wanted.agency_ids is not None:
        _require_possible(db, role, agencies, author.actor)
    if before.role == Role.ADMIN and (role != Role.ADMIN or suspended):
        _require_other_admin(db, staff_id)
    _write(db, staff_id, role=role, agency_ids=agencies, suspended=suspended)
    after = account_view(db, staff_id)
    _record_change(db, change, before, after, author)
    holder = Actor(kind="staff", role=Role.OFFICER, id=staff_id)
    if suspended:
        leave_counters_of(db, change, actor=holder)
        end_sessions_of(db, change, staff_id=staff_id)
    elif (before.role, before.agency_ids) != (after.role, after.agency_ids):
        agency_ids = frozenset(after.agency_ids)
        holder = replace(holder, role=after.role, agency_ids=agency_ids)
        leave_counters_of(db, change, actor=holder)
    change.touch(facts.CREDENTIALS)
    return after


def reset_password(
    db: Connection, change: Change, *, staff_id: int, password_hash: str, author: Author
) -> AccountView:
    """Replace a password by a one-time password, and end every sign-in."""
    account = changeable_account(db, staff_id, author.actor)
    _set_password(db, staff_id, password_hash, PasswordState.ONE_TIME)
    kind = AuditKind.PASSWORD_RESET
    record(db, change, kind, author=author, subject_id=staff_id)
    end_sessions_of(db, change, staff_id=staff_id)
    return account


def sign_out_everywhere(
    db: Connection, change: Change, *, staff_id: int, author: Author
) -> AccountView:
    """End every sign-in of an account."""
    account = changeable_account(db, staff_id, author.actor)
    record(db, change, AuditKind.SIGNED_OUT, author=author, subject_id=staff_id)
    end_sessions_of(db, change, staff_id=staff_id)
    return account


def _view(row: Any, agency_ids: list[int]) -> AccountView:
    return AccountView(
        id=row.id,
        username=row.username,
        name=row.name,
        role=row.role,
        agency_ids=agency_ids,
        suspended=not row.is_active,
    )


def _may_change(actor: Actor, role: str, agency_ids: Iterable[int]) -> bool:
    """Tell whether this caller may change an account of that role and agencies."""
    if actor.kind == "system" or actor.role == Role.ADMIN:
        return True
    # all of them: who belongs to another agency too is not theirs alone to judge
    own = frozenset(agency_ids)
    is_own = bool(own) and own <= actor.agency_ids
    return actor.role == Role.SUPERVISOR and role == Role.OFFICER and is_own


def _require_possible(
    db: Connection, role: str, agency_ids: frozenset[int], actor: Actor
) -> None:
    if not _may_change(actor, role, agency_ids):
        raise Forbidden
    if role in ROLES_OF_AN_AGENCY and not agency_ids:
        raise Invalid(f"The role {role} needs an agency.", field="agency_ids")
    known = select(func.count()).where(
        rows.agency.c.id.in_(agency_ids), rows.agency.c.is_retired.is_(False)
    )
    if db.execute(known).scalar() != len(agency_ids):
        raise Invalid("There is no such agency.", field="agency_ids")


def _require_other_admin(db: Connection, staff_id: int) -> None:
    others = select(rows.staff.c.id).where(
        rows.staff.c.role == Role.ADMIN,
        rows.staff.c.is_active.is_(True),
        rows.staff.c.id != staff_id,
    )
    if db.execute(others).first() is None:
        raise LastAdmin


def _write(
    db: Connection,
    staff_id: int,
    *,
    role: str,
    agency_ids: frozenset[int],
    suspended: bool,
) -> None:
    mine = update(rows.staff).where(rows.staff.c.id == staff_id)
    db.execute(mine.values(role=role, is_active=not suspended))
    link = rows.staff_agency
    db.execute(delete(link).where(link.c.staff_id == staff_id))
    _link_agencies(db, staff_id, agency_ids)


def _link_agencies(db: Connection, staff_id: int, agency_ids: Iterable[int]) -> None:
    for agency_id in sorted(agency_ids):
        link = {"staff_id": staff_id, "agency_id": agency_id}
        db.execute(insert(rows.staff_agency).values(link))


def _record_change(
    db: Connection,
    change: Change,
    before: AccountView,
    after: AccountView,
    author: Author,
) -> None:
    """Write a row for what is otherwise now; none where nothing is."""
    if before.suspended != after.suspended:
        kind = AuditKind.SUSPENDED if after.suspended else AuditKind.RESUMED
        record(db, change, kind, author=author, subject_id=after.id)
    old = before.model_dump(include={"role", "agency_ids"})
    new = after.model_dump(include={"role", "agency_ids"})
    if old != new:
        steps = {"from": old, "to": new}
        kind = AuditKind.CHANGED
        record(db, change, kind, author=author, subject_id=after.id, **steps)


def _set_password(
    db: Connection, staff_id: int, password_hash: str, state: PasswordState
) -> None:
    mine = update(rows.staff).where(rows.staff.c.id == staff_id)
    db.execute(mine.values(password_hash=password_hash, password_state=state))
