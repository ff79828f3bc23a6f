"""The audit: who did what to whom, when, from which device (security.md).

A row is written in the transaction of what it tells, so neither is there alone.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Select, func, insert, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.auth.usernames import fold_username
from app.models import Audit, Staff
from app.queueing.change import Actor, Change
from app.queueing.site.site_row import site_row

MAX_ROWS = 10_000


class AuditKind(StrEnum):
    """What was done."""

    ADDED = "account.added"
    CHANGED = "account.changed"
    SUSPENDED = "account.suspended"
    RESUMED = "account.resumed"
    PASSWORD_RESET = "account.password-reset"  # noqa: S105 (no password)
    PASSWORD_CHOSEN = "account.password-chosen"  # noqa: S105
    SIGNED_OUT = "account.signed-out"
    RENAMED = "account.renamed"
    REMOVED = "retention.removed"
    MALL_CHANGED = "mall.changed"


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something, and on which device: an address, or a terminal's name."""

    actor: Actor
    device: str


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which rows are asked for; days are the site's, both included."""

    first_day: date | None = None
    last_day: date | None = None
    actor: str | None = None
    kind: str | None = None


class AuditView(BaseModel):
    """One row; ``actor`` and ``subject`` are user names.

    ``actor`` is null for who sat at the server's own terminal, and for the server.
    """

    id: int
    at: datetime
    kind: str
    actor: str | None
    device: str
    subject: str | None
    details: dict[str, Any]


def record(
    db: Connection,
    change: Change,
    kind: AuditKind,
    *,
    author: Author,
    subject_id: int | None = None,
    **details: Any,
) -> None:
    """Write one row; ``details`` hold no secret."""
    db.execute(
        insert(Audit).values(
            at=change.now,
            kind=kind,
            actor_id=author.actor.staff_id,
            device=author.device,
            subject_id=subject_id,
            details=details,
        )
    )


def newest_audit_id(db: Connection) -> int:
    """Return the id of the newest row; 0 where there is none."""
    return db.execute(select(func.max(col(Audit.id)))).scalar() or 0


def audit_views(db: Connection, wanted: AuditFilter) -> list[AuditView]:
    """Return the rows asked for, newest first, at most ``MAX_ROWS``."""
    actor, subject = aliased(Staff), aliased(Staff)
    query = (
        select(
            col(Audit.id),
            col(Audit.at),
            col(Audit.kind),
            col(actor.username).label("actor"),
            col(Audit.device),
            col(subject.username).label("subject"),
            col(Audit.details),
        )
        .outerjoin(actor, col(actor.id) == col(Audit.actor_id))
        .outerjoin(subject, col(subject.id) == col(Audit.subject_id))
        .order_by(col(Audit.id).desc())
        .limit(MAX_ROWS)
    )
    if wanted.actor is not None:
        query = query.where(col(actor.username) == fold_username(wanted.actor))
    if wanted.kind is not None:
        query = query.where(col(Audit.kind) == wanted.kind)
    query = _within_days(db, query, wanted)
    return [AuditView(**row._asdict()) for row in db.execute(query)]


def _within_days(
    db: Connection, query: Select[Any], wanted: AuditFilter
) -> Select[Any]:
    zone = site_row(db).zone
    if wanted.first_day is not None:
        begins = datetime.combine(wanted.first_day, time(), zone)
        query = query.where(col(Audit.at) >= begins)
    if wanted.last_day is not None:
        ends = datetime.combine(wanted.last_day + timedelta(days=1), time(), zone)
        query = query.where(col(Audit.at) < ends)
    return query
