"""Calls: next, a chosen one, recall, resume, and taking a wrong call back."""

from datetime import timedelta

from sqlalchemy import Connection

from app.errors import CounterNotOpen, Forbidden, TooEarly, WrongState
from app.models import CounterState, EntryState, Role
from app.queueing.change import Actor, Change
from app.queueing.commands.counter_states import break_has_begun
from app.queueing.commands.parking import columns_ending_set_aside
from app.queueing.counters import (
    CounterRow,
    free_counter,
    held_counter,
    require_active_entry,
    set_last_call,
)
from app.queueing.hall.announcements import announce
from app.queueing.hall.evacuation import require_no_evacuation
from app.queueing.history import events_of_entry, rebuild
from app.queueing.line.entries import entry_for_counter
from app.queueing.line.kept_lines import follow_call
from app.queueing.line.placement import rank_in_class
from app.queueing.line.ranking import first_in_lines
from app.queueing.rows import EntryColumns, EntryRow, ticket_row
from app.queueing.site.hours import SITE, Scope
from app.queueing.site.timers import counter_elapsed
from app.queueing.transition import Cause, transition


def call_next(
    db: Connection, change: Change, *, counter_id: int, actor: Actor
) -> int | None:
    """Call the first in this counter's lines; exactly one counter can win.

    Returns the ticket's id, or None when nobody waits. Raises
    ``CounterNotOpen`` once the counter's break has begun.
    """
    counter = free_counter(db, counter_id, actor)
    require_no_evacuation(change)
    if break_has_begun(db, change, counter):
        # it pauses by itself within seconds: nobody is called into the break
        raise CounterNotOpen(state=CounterState.PAUSED)
    return call_first(db, change, counter=counter, actor=actor)


def call_first(
    db: Connection,
    change: Change,
    *,
    counter: CounterRow,
    actor: Actor,
    cause_id: int | None = None,
) -> int | None:
    """Call the first in a free counter's lines and announce it."""
    entry = first_in_lines(db, counter)
    if entry is None:
        return None
    cause = Cause(actor, counter, event_id=cause_id)
    return _call(db, change, entry, "call_next", cause, counter)


def call(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    ticket_id: int,
    actor: Actor,
    reason: str | None = None,
) -> int:
    """Call a chosen ticket; the reason is kept.

    Raises ``Forbidden`` where the site lets only supervisors choose.
    """
    counter = free_counter(db, counter_id, actor)
    require_no_evacuation(change)
    may_choose = change.rules.policy.officers_may_choose
    if not may_choose and actor.role == Role.OFFICER:
        raise Forbidden
    entry = entry_for_counter(db, counter, ticket_id, "call")
    return _call(db, change, entry, "call", Cause(actor, counter, reason), counter)


def resume(
    db: Connection, change: Change, *, counter_id: int, ticket_id: int, actor: Actor
) -> int:
    """Call a parked ticket again: at any counter that serves its service."""
    counter = free_counter(db, counter_id, actor)
    require_no_evacuation(change)
    entry = entry_for_counter(db, counter, ticket_id, "resume")
    return _call(db, change, entry, "resume", Cause(actor, counter), counter)


def recall(db: Connection, change: Change, *, counter_id: int, actor: Actor) -> int:
    """Announce the same again; the first call time is never overwritten.

    Raises ``TooEarly`` within the cool-down.
    """
    counter = held_counter(db, counter_id, actor)
    require_no_evacuation(change)
    entry = require_active_entry(db, counter.id)
    if entry.state != EntryState.CALLED:
        raise WrongState(state=entry.state)
    require_elapsed(change, counter, entry, change.rules.policy.recall_cooldown_seconds)
    called = transition(
        db,
        change,
        entry,
        "recall",
        Cause(actor, counter),
        last_called_at=change.now,
        call_count=entry.call_count + 1,
    )
    announce(db, change, called, counter=counter)
    return called.ticket_id


def return_(db: Connection, change: Change, *, counter_id: int, actor: Actor) -> int:
    """Take a wrong call back: waiting again at its old rank.

    This counter's next call passes over it once.
    """
    counter = held_counter(db, counter_id, actor)
    entry = require_active_entry(db, counter.id)
    columns: EntryColumns = {
        "counter_id": None,
        "returned_by_counter_id": counter.id,
        **columns_before_call(db, change, entry),
    }
    transition(db, change, entry, "return", Cause(actor, counter), **columns)
    return entry.ticket_id


def columns_before_call(
    db: Connection, change: Change, entry: EntryRow
) -> EntryColumns:
    """Return the columns of a called entry that its call set, as they were before.

    That call did not happen (the events keep it); those before it did. The
    rank is of the class that the ticket has by now.
    """
    events_before = events_of_entry(db, entry.ticket_id, entry.id)
    events = [
        event._asdict() for event in events_before if event.id < (entry.call_id or 0)
    ]
    columns_before = rebuild(events).get(entry.id, {})
    ticket = ticket_row(db, entry.ticket_id)
    return {
        "call_id": columns_before.get("call_id"),
        "called_at": columns_before.get("called_at"),
        "last_called_at": columns_before.get("last_called_at"),
        "call_count": columns_before.get("call_count", 0),
        "rank": rank_in_class(change, entry, ticket and ticket.priority),
    }


def require_elapsed(
    change: Change, counter: CounterRow, entry: EntryRow, seconds: int
) -> None:
    """Raise ``TooEarly`` until the counter's clock ran so long since the last call."""
    since = entry.last_called_at
    # no policy asks for more than an hour: the breaks of many days are not looked up
    if since is None or change.now - since >= timedelta(days=1):
        return
    scopes = [
        SITE,
        Scope("agency", entry.agency_id),
        Scope("service", entry.service_id),
    ]
    elapsed = counter_elapsed(
        change.rules.hours, scopes, since, change.now, counter.open_since
    )
    left = timedelta(seconds=seconds) - elapsed
    if left > timedelta():
        raise TooEarly(retry_after_seconds=round(left.total_seconds(), 3))


def _call(
    db: Connection,
    change: Change,
    entry: EntryRow,
    command: str,
    cause: Cause,
    counter: CounterRow,
) -> int:
    columns: EntryColumns = {
        "counter_id": counter.id,
        # written once, whatever calls follow (lesson 4)
        "called_at": entry.called_at or change.now,
        "last_called_at": change.now,
        "call_count": entry.call_count + 1,
        **columns_ending_set_aside(entry, change.now),
    }
    called = transition(db, change, entry, command, cause, **columns)
    # after the transition, whose event gives call and announcement their id
    set_last_call(db, counter.id, called.event_id)
    follow_call(db, counter.id)
    announce(db, change, called, counter=counter)
    return called.ticket_id
