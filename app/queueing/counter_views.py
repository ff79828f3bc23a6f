"""Counters as callers are told of them: many in as few reads as one."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.errors import NotFound
from app.models import ACTIVE, EntryState
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.views import (
    CounterView,
    Holder,
    StaffTicketView,
    staff_ticket_view,
    staff_ticket_views,
)

LONG_GONE = timedelta(minutes=5)

_COUNTERS = (
    select(
        rows.counter.c.id,
        rows.counter.c.name,
        rows.counter.c.zone_id,
        rows.counter.c.state,
        rows.counter.c.paused_reason,
        rows.counter.c.opened_at,
        rows.counter.c.holder_id,
        rows.staff.c.name.label("holder_name"),
        rows.entry.c.ticket_id,
    )
    .select_from(
        rows.counter.outerjoin(
            rows.staff, rows.staff.c.id == rows.counter.c.holder_id
        ).outerjoin(
            rows.entry,
            (rows.entry.c.counter_id == rows.counter.c.id)
            & rows.in_states(rows.entry.c.state, *ACTIVE),
        )
    )
    .order_by(rows.counter.c.id)
)
_COUNTER = _COUNTERS.where(rows.counter.c.id == bindparam("counter_id"))
_OF_AGENCIES = _COUNTERS.where(
    rows.counter.c.id.in_(
        select(rows.counter_service.c.counter_id)
        .select_from(rows.counter_service.join(rows.service))
        .where(rows.service.c.agency_id.in_(bindparam("agency_ids", expanding=True)))
    )
)
_EVERY_SERVICE = select(
    rows.counter_service.c.counter_id, rows.counter_service.c.service_id
).order_by(rows.counter_service.c.service_id)
_SERVICES = _EVERY_SERVICE.where(
    rows.counter_service.c.counter_id == bindparam("counter_id")
)


def counter_view(db: Connection, counter_id: int, who: Actor) -> CounterView:
    """Return a counter that the caller may know of, and whom it serves."""
    asked = {"counter_id": counter_id}
    row = db.execute(_COUNTER, asked).first()
    if row is None:
        raise NotFound
    services = [service_id for _, service_id in db.execute(_SERVICES, asked)]
    ticket = None
    if row.ticket_id is not None:
        ticket = staff_ticket_view(db, row.ticket_id, who, is_here=True)
    return _view(row, services, ticket)


def known_counters(db: Connection, who: Actor) -> list[CounterView]:
    """Return the counters that the caller may know of, and whom they serve."""
    found = _known(db, who)
    services = _services_by_counter(db)
    active = [row.ticket_id for row in found if row.ticket_id]
    tickets = staff_ticket_views(db, active, who)
    return [_view(row, services[row.id], tickets.get(row.ticket_id)) for row in found]


def _known(db: Connection, who: Actor) -> Sequence[Any]:
    if who.sees_all:
        return db.execute(_COUNTERS).all()
    return db.execute(_OF_AGENCIES, {"agency_ids": sorted(who.agency_ids)}).all()


def _services_by_counter(db: Connection) -> defaultdict[int, list[int]]:
    services: defaultdict[int, list[int]] = defaultdict(list)
    for counter_id, service_id in db.execute(_EVERY_SERVICE):
        services[counter_id].append(service_id)
    return services


def _view(row: Any, services: list[int], ticket: StaffTicketView | None) -> CounterView:
    holder = Holder(id=row.holder_id, name=row.holder_name) if row.holder_id else None
    return CounterView(
        id=row.id,
        name=row.name,
        zone_id=row.zone_id,
        service_ids=services,
        state=row.state,
        paused_reason=row.paused_reason,
        opened_at=row.opened_at,
        holder=holder,
        ticket=ticket,
    )


def with_page(
    counter: CounterView, unwatched_since: datetime | None, now: datetime
) -> CounterView:
    """Tell of a counter's page too: whether it is open, and since when it is not.

    Where a called visitor has been without one for long, as after a browser
    died, a supervisor is advised to release them (design §2); the system never
    does it by itself.
    """
    is_called = counter.ticket is not None and counter.ticket.state == EntryState.CALLED
    is_gone = unwatched_since is not None and now - unwatched_since >= LONG_GONE
    told = {
        "page_open": unwatched_since is None,
        "release_suggested": is_called and is_gone,
    }
    return counter.model_copy(update=told)
