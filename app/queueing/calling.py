"""Calls: next, recall, and taking a wrong call back."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from app.errors import NoActiveEntry, TooEarly, WrongState
from app.models import EntryState
from app.queueing.announcing import announce
from app.queueing.change import Actor, Change
from app.queueing.counters import (
    CounterRow,
    active_entry,
    free_counter,
    held_counter,
    note_call,
)
from app.queueing.ranking import first_in_lines
from app.queueing.rows import EntryRow
from app.queueing.site import site_row
from app.queueing.transition import transition


def call_next(
    db: Connection, change: Change, *, counter_id: int, who: Actor
) -> int | None:
    """Call the first in this counter's lines; exactly one counter can win.

    Returns the ticket's id, or None when nobody waits.
    """
    counter = free_counter(db, counter_id, who)
    return call_first(db, change, counter=counter, who=who)


def call_first(
    db: Connection, change: Change, *, counter: CounterRow, who: Actor
) -> int | None:
    """Call the first in a free counter's lines and announce it."""
    entry = first_in_lines(db, counter)
    if entry is None:
        return None
    called = transition(
        db,
        change,
        entry,
        "call_next",
        who=who,
        counter=counter,
        counter_id=counter.id,
        called_at=entry.called_at or change.now,
        last_called_at=change.now,
        call_count=entry.call_count + 1,
    )
    note_call(db, counter.id, called.call_id or 0)
    announce(db, change, called, counter=counter, policy=site_row(db).rules())
    return called.ticket_id


def recall(db: Connection, change: Change, *, counter_id: int, who: Actor) -> int:
    """Announce the same again; the first call time is never overwritten.

    Raises ``TooEarly`` within the cool-down.
    """
    counter = held_counter(db, counter_id, who)
    entry = active_at(db, counter)
    policy = site_row(db).rules()
    if entry.state != EntryState.CALLED:
        raise WrongState(state=entry.state)
    not_before(change, entry.last_called_at, policy.recall_cooldown_seconds)
    called = transition(
        db,
        change,
        entry,
        "recall",
        who=who,
        counter=counter,
        last_called_at=change.now,
        call_count=entry.call_count + 1,
    )
    announce(db, change, called, counter=counter, policy=policy)
    return called.ticket_id


def return_(db: Connection, change: Change, *, counter_id: int, who: Actor) -> int:
    """Take a wrong call back: waiting again at its old place.

    This counter's next call passes over it once. The call did not happen, so
    its times and count are cleared (the events keep them).
    """
    counter = held_counter(db, counter_id, who)
    entry = active_at(db, counter)
    transition(
        db,
        change,
        entry,
        "return",
        who=who,
        counter=counter,
        counter_id=None,
        call_id=None,
        called_at=None,
        last_called_at=None,
        call_count=0,
        returned_by_counter_id=counter.id,
    )
    return entry.ticket_id


def active_at(db: Connection, counter: CounterRow) -> EntryRow:
    """Return the counter's active entry; else raise ``NoActiveEntry``."""
    entry = active_entry(db, counter.id)
    if entry is None:
        raise NoActiveEntry
    return entry


def not_before(change: Change, since: datetime | None, seconds: int) -> None:
    """Raise ``TooEarly`` until so many seconds have passed since a moment."""
    if since is None:
        return
    left = since + timedelta(seconds=seconds) - change.now
    if left > timedelta():
        raise TooEarly(retry_after_seconds=round(left.total_seconds(), 3))
