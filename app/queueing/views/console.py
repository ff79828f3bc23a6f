"""What an officer's console shows: the counter, its lines, and the day so far."""

from datetime import datetime, time

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, func, select

from app.models import CounterState, EntryState
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.counters import agencies_of
from app.queueing.line.ranking import (
    has_no_tie_elsewhere,
    in_order_of_calls,
    is_passed_over,
)
from app.queueing.rows import in_states
from app.queueing.service_day import ledger_row
from app.queueing.site.pauses import next_change, read_pause_rules
from app.queueing.views.agencies import Utc
from app.queueing.views.counters import CounterView, counter_view
from app.queueing.views.receipts import ReceiptView, receipt_of_counter

MAX_ROWS = 50
COUNTED_STATES = (EntryState.SERVED, EntryState.NO_SHOW)


class WaitingView(BaseModel):
    """One who waits, in the order in which this counter would call."""

    entry_id: int
    ticket_id: int
    number: str
    service_id: int
    service: str
    people: int
    arrived_at: datetime
    priority: str | None
    assistance: bool | None
    is_elsewhere: bool


class LineView(BaseModel):
    """One line of the counter: how many wait, how many other counters serve it."""

    service_id: int
    code: str
    name: str
    name_en: str
    standard_minutes: int | None
    results: list[dict[str, str]] | None
    waiting: int
    others_open: int


class SetAsideView(BaseModel):
    """One who was set aside: parked here first, then elsewhere, then no-shows."""

    entry_id: int
    ticket_id: int
    number: str
    service_id: int
    service: str
    people: int
    state: str
    set_aside_at: datetime | None
    remind_at: datetime | None
    is_due: bool
    is_mine: bool
    reason: str | None


class DayCountsView(BaseModel):
    """What was done at this counter today."""

    served: int
    no_show: int


class Console(BaseModel):
    """The whole view of the topic ``counter:{id}``.

    The clock alone changes nothing before ``fresh_until``.
    """

    counter: CounterView
    services: list[LineView]
    waiting: int
    line: list[WaitingView]
    aside: list[SetAsideView]
    day: DayCountsView
    receipt: ReceiptView | None
    fresh_until: Utc


_other = rows.counter.alias("other")
_other_link = rows.counter_service.alias("other_link")
_elsewhere = rows.entry.alias("elsewhere")
_of_counter = rows.counter_service.c.counter_id == bindparam("counter_id")
_LINE = (
    select(
        rows.entry.c.id.label("entry_id"),
        rows.entry.c.ticket_id,
        rows.ticket.c.number,
        rows.entry.c.service_id,
        rows.service.c.name.label("service"),
        rows.ticket.c.people,
        rows.entry.c.arrived_at,
        rows.private.c.priority,
        rows.private.c.assistance,
        select(_elsewhere.c.id)
        .where(
            _elsewhere.c.ticket_id == rows.entry.c.ticket_id,
            in_states(_elsewhere.c.state, "called", "serving"),
        )
        .exists()
        .label("is_elsewhere"),
        is_passed_over(
            rows.entry,
            by_counter_id=bindparam("counter_id"),
            last_call_id=func.coalesce(rows.counter.c.last_call_id, 0),
        ).label("is_passed_over"),
    )
    .select_from(
        rows.counter_service.join(
            rows.entry, rows.entry.c.service_id == rows.counter_service.c.service_id
        )
        .join(rows.counter, rows.counter.c.id == rows.counter_service.c.counter_id)
        .join(rows.ticket, rows.ticket.c.id == rows.entry.c.ticket_id)
        .join(rows.service, rows.service.c.id == rows.entry.c.service_id)
        .outerjoin(rows.private, rows.private.c.ticket_id == rows.ticket.c.id)
    )
    .where(_of_counter, in_states(rows.entry.c.state, EntryState.WAITING))
    .where(has_no_tie_elsewhere(rows.entry))
    .order_by(
        rows.entry.c.rank - rows.counter_service.c.head_start_seconds * 1000,
        rows.entry.c.id,
    )
    .limit(MAX_ROWS)
)
_ASIDE = (
    select(
        rows.entry.c.id.label("entry_id"),
        rows.entry.c.ticket_id,
        rows.ticket.c.number,
        rows.entry.c.service_id,
        rows.service.c.name.label("service"),
        rows.ticket.c.people,
        rows.entry.c.state,
        rows.entry.c.set_aside_at,
        rows.entry.c.remind_at,
        (rows.entry.c.parked_by_counter_id == bindparam("counter_id")).label("is_mine"),
        select(rows.event.c.reason)
        .where(
            # by the ticket besides: events have an index of tickets, not of entries
            rows.event.c.ticket_id == rows.entry.c.ticket_id,
            rows.event.c.entry_id == rows.entry.c.id,
            # what came after is no reason of a person's (an undo)
            rows.event.c.name.in_(("parked", "no_show")),
        )
        .order_by(rows.event.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("reason"),
    )
    .select_from(
        rows.counter_service.join(
            rows.entry, rows.entry.c.service_id == rows.counter_service.c.service_id
        )
        .join(rows.ticket, rows.ticket.c.id == rows.entry.c.ticket_id)
        .join(rows.service, rows.service.c.id == rows.entry.c.service_id)
    )
    .where(
        _of_counter,
        rows.entry.c.set_aside_at >= bindparam("since"),
        in_states(rows.entry.c.state, EntryState.PARKED, EntryState.NO_SHOW),
    )
    .order_by(rows.entry.c.set_aside_at.desc())
    .limit(MAX_ROWS)
)
_SERVICES = (
    select(
        rows.service.c.id.label("service_id"),
        rows.service.c.code,
        rows.service.c.name,
        rows.service.c.name_en,
        rows.service.c.standard_minutes,
        rows.service.c.results,
        select(func.count())
        .where(
            rows.entry.c.service_id == rows.service.c.id,
            in_states(rows.entry.c.state, EntryState.WAITING),
            has_no_tie_elsewhere(rows.entry),
        )
        .scalar_subquery()
        .label("waiting"),
        select(func.count())
        .select_from(_other_link.join(_other, _other.c.id == _other_link.c.counter_id))
        .where(
            _other_link.c.service_id == rows.service.c.id,
            _other.c.id != bindparam("counter_id"),
            _other.c.state == CounterState.OPEN,
        )
        .scalar_subquery()
        .label("others_open"),
    )
    .select_from(rows.counter_service.join(rows.service))
    .where(_of_counter)
    .order_by(rows.service.c.position, rows.service.c.id)
)
_DAY = (
    select(rows.entry.c.state, func.count())
    .where(
        rows.entry.c.counter_id == bindparam("counter_id"),
        rows.entry.c.arrived_at >= bindparam("since"),
        in_states(rows.entry.c.state, *COUNTED_STATES),
    )
    .group_by(rows.entry.c.state)
)


def counter_actor(db: Connection, counter_id: int) -> Actor:
    """Return an officer of the counter's agencies: all who watch it see the same."""
    return Actor(kind="staff", role="officer", agency_ids=agencies_of(db, counter_id))


def console(db: Connection, counter_id: int, now: datetime) -> Console:
    """Return what a counter's console shows; ``NotFound`` if there is none."""
    rules = read_pause_rules(db, now)
    counter = counter_view(db, counter_id, counter_actor(db, counter_id), rules)
    params = {"counter_id": counter_id}
    # the service day's local midnight, by which the indexes are asked
    since = datetime.combine(ledger_row(db).service_day, time(), rules.hours.zone)
    receipt, look_again = receipt_of_counter(db, counter_id, now)
    fresh_until = next_change(rules, counter.pause.since if counter.pause else None)
    services = [LineView(**row._asdict()) for row in db.execute(_SERVICES, params)]
    return Console(
        counter=counter,
        services=services,
        # counted apart: the line below ends at MAX_ROWS (lesson 8)
        waiting=sum(service.waiting for service in services),
        line=[
            WaitingView(**row._asdict())
            for row in in_order_of_calls(db.execute(_LINE, params).all())
        ],
        aside=_set_aside(db, counter_id, now, since),
        day=_day_counts(db, counter_id, since),
        receipt=receipt,
        fresh_until=min(fresh_until, look_again or fresh_until),
    )


def _set_aside(
    db: Connection, counter_id: int, now: datetime, since: datetime
) -> list[SetAsideView]:
    params = {"counter_id": counter_id, "since": since}
    set_aside = []
    for row in db.execute(_ASIDE, params):
        is_due = row.remind_at is not None and row.remind_at <= now
        fields = {**row._asdict(), "is_mine": bool(row.is_mine)}
        set_aside.append(SetAsideView(**fields, is_due=is_due))
    # first offered to who parked it; then those who were called and did not come.
    # sorted() is stable: within each the newest stays first
    return sorted(
        set_aside, key=lambda a: (not a.is_mine, a.state != EntryState.PARKED)
    )


def _day_counts(db: Connection, counter_id: int, since: datetime) -> DayCountsView:
    params = {"counter_id": counter_id, "since": since}
    counts = {row[0]: row[1] for row in db.execute(_DAY, params)}
    return DayCountsView(
        served=counts.get(EntryState.SERVED, 0),
        no_show=counts.get(EntryState.NO_SHOW, 0),
    )
