"""Counters as callers are told of them: many in as few reads as one."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select

from app.errors import NotFound
from app.models import ACTIVE, CounterState, EntryState
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.site.decisions import decisions_of
from app.queueing.site.pauses import (
    CounterTimes,
    PauseRules,
    PromptKind,
    pause_of,
    prompt_of,
)
from app.queueing.views.agencies import Utc
from app.queueing.views.tickets import (
    StaffTicketView,
    staff_ticket_view,
    staff_ticket_views,
)

EVERY_COUNTER = "all"
PAGE_GONE_AFTER = timedelta(minutes=5)


class HolderView(BaseModel):
    """Who holds a counter."""

    id: int
    name: str


class PauseView(BaseModel):
    """Why a counter calls nobody, since when, and until when its break lasts.

    ``reason`` is one of ``PauseReason`` or the officer's own words; ``until`` is None
    where no hours end it.
    """

    reason: str | None
    since: Utc | None
    until: Utc | None


class PromptView(BaseModel):
    """What is due at a counter: ``break-over``, ``long-pause`` or ``after-hours``."""

    kind: PromptKind
    since: Utc


class CounterView(BaseModel):
    """A counter and whoever is called or served there.

    ``pause`` is there too while a visitor is served into a break: nobody is called
    after them. ``prompt`` is what its officer is asked, as long as nobody answers.
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
    pause: PauseView | None
    prompt: PromptView | None
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
        rows.counter.c.paused_since,
        rows.counter.c.open_since,
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
_EVERY_SERVICE = (
    select(
        rows.counter_service.c.counter_id,
        rows.counter_service.c.service_id,
        rows.service.c.agency_id,
    )
    .select_from(rows.counter_service.join(rows.service))
    .order_by(rows.counter_service.c.service_id)
)
_SERVICES = _EVERY_SERVICE.where(
    rows.counter_service.c.counter_id == bindparam("counter_id")
)


def counter_view(
    db: Connection, counter_id: int, actor: Actor, rules: PauseRules
) -> CounterView:
    """Return a counter that the caller may know of, and whom it serves."""
    params = {"counter_id": counter_id}
    row = db.execute(_COUNTER, params).first()
    if row is None:
        raise NotFound
    links = _links(db.execute(_SERVICES, params).all())[counter_id]
    ticket = None
    if row.ticket_id is not None:
        ticket = staff_ticket_view(db, row.ticket_id, actor, is_here=True)
    return _counter_view(row, links, ticket, rules)


def visible_counters(
    db: Connection, actor: Actor, rules: PauseRules
) -> list[CounterView]:
    """Return the counters that the caller may know of, and whom they serve."""
    counter_rows = _visible_rows(db, actor)
    links = decisions_of(db).read(db, _read_links)
    active = [row.ticket_id for row in counter_rows if row.ticket_id]
    tickets = staff_ticket_views(db, active, actor)
    return [
        _counter_view(
            row, links.get(row.id, _NO_LINKS), tickets.get(row.ticket_id), rules
        )
        for row in counter_rows
    ]


class _Links(NamedTuple):
    """What a counter serves: services in order, and their agencies."""

    service_ids: list[int]
    agency_ids: set[int]


_NO_LINKS = _Links([], set())


def counters_key(actor: Actor) -> str:
    """Name the counters that a caller may know of, as the key of their live list."""
    if actor.sees_all:
        return EVERY_COUNTER
    return ".".join(map(str, sorted(actor.agency_ids)))


def _visible_rows(db: Connection, actor: Actor) -> Sequence[Any]:
    if actor.sees_all:
        return db.execute(_COUNTERS).all()
    return db.execute(_OF_AGENCIES, {"agency_ids": sorted(actor.agency_ids)}).all()


def _read_links(db: Connection) -> dict[int, _Links]:
    return _links(db.execute(_EVERY_SERVICE).all())


def _links(link_rows: Sequence[Any]) -> defaultdict[int, _Links]:
    links: defaultdict[int, _Links] = defaultdict(lambda: _Links([], set()))
    for row in link_rows:
        links[row.counter_id].service_ids.append(row.service_id)
        links[row.counter_id].agency_ids.add(row.agency_id)
    return links


def _counter_view(
    row: Any, links: _Links, ticket: StaffTicketView | None, rules: PauseRules
) -> CounterView:
    holder = (
        HolderView(id=row.holder_id, name=row.holder_name) if row.holder_id else None
    )
    times = CounterTimes(
        row.state,
        row.paused_reason,
        row.paused_since,
        row.open_since,
        is_busy=ticket is not None,
        agency_ids=links.agency_ids,
    )
    pause, prompt = pause_of(times, rules), prompt_of(times, rules)
    # its break has begun, and the ledger pauses it within seconds: it calls nobody
    rests = pause is not None and ticket is None
    return CounterView(
        id=row.id,
        name=row.name,
        zone_id=row.zone_id,
        service_ids=links.service_ids,
        state=CounterState.PAUSED if rests else row.state,
        paused_reason=pause.reason if pause else None,
        pause=PauseView(**pause._asdict()) if pause else None,
        prompt=PromptView(**prompt._asdict()) if prompt else None,
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
