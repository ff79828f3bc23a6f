"""Closed by hand: stops issuing, drops nobody, ends by itself or is taken back."""

from datetime import datetime, time, timedelta

from sqlalchemy import Connection, insert, select, update

from app.errors import Invalid, NotFound
from app.queueing import facts, rows
from app.queueing.change import Actor, Change

BY_HAND = "by-hand"
ABSENT = "absent"
REASONS = (BY_HAND, ABSENT)


def close_by_hand(
    db: Connection,
    change: Change,
    *,
    actor: Actor,
    agency_id: int | None = None,
    service_id: int | None = None,
    until: datetime | None = None,
    reason: str = BY_HAND,
    note: str | None = None,
) -> None:
    """Stop giving numbers for an agency or a service, until a time if one is given.

    Absent is absent today: without a time it ends with the service day.
    """
    if until is None and reason == ABSENT:
        until = service_day_end(change)
    _require_visible(db, actor, agency_id, service_id)
    if until is not None and until <= change.now:
        raise Invalid("The end of a closure lies in the future.", field="until")
    # the newer replaces the older: else the older would stand when it is lifted
    lift_closure(db, change, actor=actor, agency_id=agency_id, service_id=service_id)
    db.execute(
        insert(rows.closure).values(
            agency_id=agency_id,
            service_id=service_id,
            reason=reason,
            note=note,
            since=change.now,
            until=until,
            closed_by_id=actor.staff_id,
        )
    )


def lift_closure(
    db: Connection,
    change: Change,
    *,
    actor: Actor,
    agency_id: int | None = None,
    service_id: int | None = None,
) -> None:
    """Take a closure by hand back; nothing happens when there is none."""
    _require_visible(db, actor, agency_id, service_id)
    closure = rows.closure.c
    db.execute(
        update(rows.closure)
        .where(
            closure.agency_id.is_not_distinct_from(agency_id),
            closure.service_id.is_not_distinct_from(service_id),
            closure.reason.in_(REASONS),
            closure.lifted_at.is_(None),
        )
        .values(lifted_at=change.now)
    )
    change.touch(facts.CLOSURES)


def service_day_end(change: Change) -> datetime:
    """Return the midnight at which the service day ends, in the site's zone."""
    zone = change.rules.site.zone
    return datetime.combine(change.day + timedelta(days=1), time(), zone)


def _require_visible(
    db: Connection, actor: Actor, agency_id: int | None, service_id: int | None
) -> None:
    agency, service = rows.agency.c, rows.service.c
    statement = select(agency.id).where(
        agency.id == agency_id, agency.is_retired.is_(False)
    )
    if service_id is not None:
        statement = select(service.agency_id).where(
            service.id == service_id, service.is_retired.is_(False)
        )
    closing_agency_id = db.execute(statement).scalar()
    if closing_agency_id is None or not actor.sees(closing_agency_id):
        raise NotFound
