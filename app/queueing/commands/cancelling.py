"""Cancel: the visitor by token before a call, staff in any state before serving.

Every line of a visit is cancelled as one: the later events hold the first's id
(decision 0018), and undo takes them back as one.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.errors import WrongState
from app.models import ACTIVE, EntryState
from app.models.states import CancelReason
from app.queueing.change import Actor, Change
from app.queueing.commands.parking import columns_ending_wait
from app.queueing.counters import counter_row, require_counter_held
from app.queueing.line.entries import (
    current_entry,
    named,
    visible_entries,
    visible_entry,
)
from app.queueing.rows import EntryColumns, EntryRow, entries_of, ticket_row
from app.queueing.site.quotas import quotas_of, take_quota
from app.queueing.states import is_allowed
from app.queueing.transition import Cause, transition

CANCELLABLE_BY_VISITOR = (EntryState.RESERVED, EntryState.WAITING, EntryState.PARKED)


def cancel_by_visitor(
    db: Connection,
    change: Change,
    *,
    ticket_id: int,
    actor: Actor,
    entry_id: int | None = None,
) -> int:
    """Cancel every line of a ticket, or the one that ``entry_id`` names.

    Raises ``WrongState`` once the visit is called, or when nothing waits.
    """
    entries = entries_of(db, ticket_id)
    if any(entry.state in ACTIVE for entry in entries):
        raise WrongState
    candidates = [named(entries, entry_id)] if entry_id else entries
    cancellable = [
        entry for entry in candidates if entry.state in CANCELLABLE_BY_VISITOR
    ]
    if not cancellable:
        raise WrongState
    _cancel_together(db, change, cancellable, actor, CancelReason.VISITOR)
    return ticket_id


def cancel_by_staff(
    db: Connection,
    change: Change,
    *,
    ticket_id: int,
    actor: Actor,
    reason: str,
    entry_id: int | None = None,
) -> int:
    """Cancel one entry of a ticket: the current one, or the one named."""
    entry = visible_entry(db, ticket_id, actor, entry_id)
    if entry.state in ACTIVE:
        require_counter_held(db, entry, actor)
    cancel_entry(db, change, entry, actor, reason)
    return ticket_id


def cancel_every_line(
    db: Connection, change: Change, *, ticket_id: int, actor: Actor, reason: str
) -> int:
    """Cancel all that the caller sees of a visit and nobody serves yet, as one.

    An entry that is being served, or has ended, stays as it is. Raises
    ``WrongState`` when there is none before serving, and whatever refuses the
    cancelling of any one: then all of them stay.
    """
    visible = visible_entries(db, ticket_id, actor)
    cancellable = [entry for entry in visible if is_allowed("cancel", entry.state)]
    if not cancellable:
        raise WrongState(state=current_entry(visible).state, command="cancel")
    for entry in cancellable:
        if entry.state in ACTIVE:
            require_counter_held(db, entry, actor)
    _cancel_together(db, change, cancellable, actor, reason)
    return ticket_id


def _cancel_together(
    db: Connection,
    change: Change,
    entries: Sequence[EntryRow],
    actor: Actor,
    reason: str,
) -> None:
    first, *others = entries
    cause_id = cancel_entry(db, change, first, actor, reason).event_id
    for entry in others:
        cancel_entry(db, change, entry, actor, reason, cause_id)


def cancel_entry(
    db: Connection,
    change: Change,
    entry: EntryRow,
    actor: Actor,
    reason: str,
    cause_id: int | None = None,
) -> EntryRow:
    """Cancel an entry; its seats are given back if nobody called or took it.

    ``cause_id`` is the event with which this came as one.
    """
    counter = counter_row(db, entry.counter_id) if entry.counter_id else None
    cause = Cause(actor, counter, reason, cause_id)
    columns: EntryColumns = {
        "ended_at": change.now,
        **columns_ending_wait(entry, change.now),
        **_returned_quota(db, change, entry),
    }
    return transition(db, change, entry, "cancel", cause, **columns)


def _returned_quota(db: Connection, change: Change, entry: EntryRow) -> EntryColumns:
    was_reached = entry.called_at is not None or entry.started_at is not None
    if was_reached or entry.quota_people == 0:
        return {}
    adjust_seats(db, change, entry, -entry.quota_people)
    return {"quota_people": 0}


def adjust_seats(db: Connection, change: Change, entry: EntryRow, people: int) -> None:
    """Take so many seats of the quota for an entry; a negative number gives back."""
    ticket = ticket_row(db, entry.ticket_id)
    # seats of a day that is over are nobody's
    if ticket is None or ticket.service_day != change.day:
        return
    rules = change.rules
    take_quota(
        db,
        quotas_of(db, rules.quota_parts, change.day, rules.site.zone),
        service_id=entry.service_id,
        channel=ticket.channel,
        people=people,
    )
