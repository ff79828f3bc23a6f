"""Counters as callers are told of them: many in as few reads as one."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select

from app.errors import NotFound
from app.models import ACTIVE, EntryState
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.views.tickets import (
    StaffTicketView,
    staff_ticket_view,
    staff_ticket_views,
)

PAGE_GONE_AFTER = timedelta(minutes=5)


class HolderView(BaseModel):
    """Who holds a counter."""

    id: int
    name: str


class CounterView(BaseModel):
    """A counter and whoever is called or served there.

    ``page_open`` tells whether anybody watches its console; None where that is
    not looked at. A held counter without a page is one to look after;
    ``release_suggested``: its visitor was called, and the page is long gone.
    """

    id: int
    name: str
    zone_id: int
    service_ids: list[int]
    state: Literal["closed", "open", "paused"]
    paused_reason: str | None
    opened_at: datetime | None
    holder: HolderView | None
    ticket: StaffTicketView | None
    page_open: bool | None = None
    release_suggested: bool = False


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
            # one row at most: a counter has one active entry (lesson 1)
            (rows.entry.c.counter_id == rows.counter.c.id)
            & rows.in_states(rows.entry.c.state, *ACTIVE),
        )
    )
    .where(rows.counter.c.is_retired.is_(False))
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


def counter_view(db: Connection, counter_id: int, actor: Actor) -> CounterView:
    """Return a counter that the caller may know of, and whom it serves."""
    params = {"counter_id": counter_id}
    row = db.execute(_COUNTER, params).first()
    if row is None:
        raise NotFound
    services = [service_id for _, service_id in db.execute(_SERVICES, params)]
    ticket = None
    if row.ticket_id is not None:
        ticket = staff_ticket_view(db, row.ticket_id, actor, is_here=True)
    return _counter_view(row, services, ticket)


def visible_counters(db: Connection, actor: Actor) -> list[CounterView]:
    """Return the counters that the caller may know of, and whom they serve."""
    counter_rows = _visible_rows(db, actor)
    services = _services_by_counter(db)
    active = [row.ticket_id for row in counter_rows if row.ticket_id]
    tickets = staff_ticket_views(db, active, actor)
    return [
        _counter_view(row, services[row.id], tickets.get(row.ticket_id))
        for row in counter_rows
    ]


def _visible_rows(db: Connection, actor: Actor) -> Sequence[Any]:
    if actor.sees_all:
        return db.execute(_COUNTERS).all()
    return db.execute(_OF_AGENCIES, {"agency_ids": sorted(actor.agency_ids)}).all()


def _services_by_counter(db: Connection) -> defaultdict[int, list[int]]:
    services: defaultdict[int, list[int]] = defaultdict(list)
    for counter_id, service_id in db.execute(_EVERY_SERVICE):
        services[counter_id].append(service_id)
    return services


def _counter_view(
    row: Any, services: list[int], ticket: StaffTicketView | None
) -> CounterView:
    holder = (
        HolderView(id=row.holder_id, name=row.holder_name) if row.holder_id else None
    )
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


def with_console_page(
    counter: CounterView, unwatched_since: datetime | None, now: datetime
) -> CounterView:
    """Tell of a counter's page too: whether it is open, and since when it is not.

    Where a called visitor has been without one for long, as after a browser
    died, a supervisor is advised to release them (rules.md#who-may); the system never
    does it by itself.
    """
    is_called = counter.ticket is not None and counter.ticket.state == EntryState.CALLED
    is_page_gone = (
        unwatched_since is not None and now - unwatched_since >= PAGE_GONE_AFTER
    )
    page_fields = {
        "page_open": unwatched_since is None,
        "release_suggested": is_called and is_page_gone,
    }
    return counter.model_copy(update=page_fields)
