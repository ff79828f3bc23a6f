"""Park and what ends it; somebody set aside comes back ("I am back")."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, bindparam, select

from app.errors import AlreadyWaiting, Invalid, QueueError, WrongState
from app.models import EntryState
from app.queueing import rows
from app.queueing.change import SYSTEM, Actor, Change
from app.queueing.counters import (
    held_counter,
    require_active_entry,
    require_counter_held,
)
from app.queueing.line.entries import named, visible_entry, waits_in_same_line
from app.queueing.line.placement import rank_behind, rank_next
from app.queueing.rows import (
    ENTRY_COLUMNS,
    EntryColumns,
    EntryRow,
    entries_of,
    in_states,
    ticket_row,
)
from app.queueing.site.hours import scopes_of
from app.queueing.site.rulebook import Rulebook
from app.queueing.site.timers import reminder_time, visitor_deadline, visitor_elapsed
from app.queueing.states import SET_ASIDE
from app.queueing.transition import Cause, transition

VISITOR = Actor(kind="visitor", role="visitor")
"""Whoever holds a ticket's token."""


class GraceOver(QueueError):
    """The time in which one may come back to the line is over."""

    code = "grace-over"


class RequeuesUsedUp(QueueError):
    """The visitor has come back to the line as often as is allowed."""

    code = "requeues-used-up"


_DUE = (
    select(*ENTRY_COLUMNS)
    .where(
        in_states(rows.entry.c.state, EntryState.WAITING),
        rows.entry.c.due_at.is_not(None),
        rows.entry.c.due_at <= bindparam("now"),
    )
    .order_by(rows.entry.c.due_at)
)


def columns_ending_wait(entry: EntryRow, now: datetime) -> EntryColumns:
    """Return the columns that end a parking, a no-show or a wait for being due.

    Only those that are set: a call from the line changes none of them.
    """
    columns = columns_ending_set_aside(entry, now)
    if entry.due_at is not None:
        columns["due_at"] = None
    return columns


def columns_ending_set_aside(entry: EntryRow, now: datetime) -> EntryColumns:
    """Return the columns that a call ends: a parking or a no-show.

    Not a wait for being due: a wrong call is returned, and the wait goes on.
    """
    columns: EntryColumns = {}
    if entry.set_aside_at is not None:
        columns["set_aside_at"] = None
    if entry.remind_at is not None:
        columns["remind_at"] = None
    if entry.parked_at is not None:
        columns["parked_at"] = None
        parked_seconds = round((now - entry.parked_at).total_seconds())
        columns["parked_seconds"] = entry.parked_seconds + parked_seconds
    return columns


def park(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    actor: Actor,
    reason: str | None = None,
    remind_at: datetime | None = None,
) -> int:
    """Set the counter's visitor aside; a reminder reminds, and calls nobody.

    One for a moment within a break goes off when the break ends. Raises
    ``Invalid`` when it lies in the past.
    """
    counter = held_counter(db, counter_id, actor)
    entry = require_active_entry(db, counter.id)
    if remind_at is not None and remind_at <= change.now:
        raise Invalid("A reminder lies in the future.", field="remind_at")
    if remind_at is not None:
        scopes = scopes_of(entry.agency_id, entry.service_id)
        hours = change.rules.hours
        remind_at = reminder_time(hours, scopes, remind_at, counter.open_since)
    columns: EntryColumns = {
        **columns_ending_wait(entry, change.now),
        "parked_at": change.now,
        "set_aside_at": change.now,
        "remind_at": remind_at,
        "parked_by_counter_id": counter.id,
    }
    transition(db, change, entry, "park", Cause(actor, counter, reason), **columns)
    return entry.ticket_id


def requeue(
    db: Connection,
    change: Change,
    *,
    ticket_id: int,
    actor: Actor,
    entry_id: int | None = None,
) -> int:
    """Put somebody who was set aside back into the line ("I am back").

    After the next few tickets or some minutes of service, whichever is first.
    Raises ``GraceOver``, ``AlreadyWaiting``; for the visitor also
    ``RequeuesUsedUp``.
    """
    entry = _entry_to_requeue(db, ticket_id, actor, entry_id)
    require_counter_held(db, entry, actor)
    if entry.state not in SET_ASIDE:
        raise WrongState(state=entry.state)
    _require_may_come_back(db, change.rules, entry, actor, change.day, change.now)
    policy = change.rules.policy
    scopes = scopes_of(entry.agency_id, entry.service_id)
    wait = timedelta(minutes=policy.requeue_after_minutes)
    columns = columns_ending_wait(entry, change.now)
    columns |= {
        "rank": rank_behind(db, entry, policy.requeue_after_tickets, now=change.now),
        "due_at": visitor_deadline(change.rules.hours, scopes, change.now, wait),
        "requeue_count": entry.requeue_count + (actor.kind == "visitor"),
        # the calls of before say nothing of how they come now
        "call_count": 0,
        "counter_id": None,
    }
    transition(db, change, entry, "requeue", Cause(actor), **columns)
    return ticket_id


def comes_back_until(
    db: Connection, rules: Rulebook, entry: EntryRow, *, day: date, now: datetime
) -> datetime | None:
    """Return until when a visitor may come back to the line; None: not any more.

    At the latest until the service day ends: a number is good for one day.
    """
    if entry.state not in SET_ASIDE:
        return None
    try:
        _require_may_come_back(db, rules, entry, VISITOR, day, now)
    except QueueError:
        return None
    grace = timedelta(minutes=rules.policy.requeue_grace_minutes)
    scopes = scopes_of(entry.agency_id, entry.service_id)
    deadline = visitor_deadline(rules.hours, scopes, entry.set_aside_at or now, grace)
    midnight = datetime.combine(day + timedelta(days=1), time(), rules.site.zone)
    return min(deadline, midnight)


def is_any_due(db: Connection, now: datetime) -> bool:
    """Tell whether somebody's minutes after coming back are over."""
    return db.execute(_DUE, {"now": now}).first() is not None


def come_due(db: Connection, change: Change) -> int:
    """Put requeued entries first whose minutes are over; returns how many."""
    due = [EntryRow(*row) for row in db.execute(_DUE, {"now": change.now})]
    for entry in due:
        # by when it came due, not by when that was noticed
        first = rank_next(entry.due_at or change.now)
        # whoever stands further ahead by now loses nothing
        columns: EntryColumns = {"rank": min(first, entry.rank), "due_at": None}
        cause = Cause(SYSTEM, reason="due")
        transition(db, change, entry, "come_due", cause, **columns)
    return len(due)


def _require_may_come_back(
    db: Connection,
    rules: Rulebook,
    entry: EntryRow,
    actor: Actor,
    day: date,
    now: datetime,
) -> None:
    """Refuse who comes back too late, too often or to a line where they wait."""
    ticket = ticket_row(db, entry.ticket_id)
    if ticket is None or ticket.service_day != day:
        raise GraceOver
    scopes = scopes_of(entry.agency_id, entry.service_id)
    elapsed = visitor_elapsed(rules.hours, scopes, entry.set_aside_at or now, now)
    if elapsed > timedelta(minutes=rules.policy.requeue_grace_minutes):
        raise GraceOver
    limit = rules.policy.requeues_by_visitor
    if actor.kind == "visitor" and entry.requeue_count >= limit:
        raise RequeuesUsedUp
    if waits_in_same_line(db, entry):
        raise AlreadyWaiting


def _entry_to_requeue(
    db: Connection, ticket_id: int, actor: Actor, entry_id: int | None
) -> EntryRow:
    if actor.kind != "visitor":
        return visible_entry(db, ticket_id, actor, entry_id, "requeue")
    entries = entries_of(db, ticket_id)
    if entry_id is not None:
        return named(entries, entry_id)
    set_aside = [entry for entry in entries if entry.state in SET_ASIDE]
    if not set_aside:
        raise WrongState(state=entries[-1].state)
    return set_aside[-1]
