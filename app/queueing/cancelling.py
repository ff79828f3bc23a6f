"""Cancel: the visitor by token before a call, staff in any state before serving.

Every line of a visit is cancelled as one: the later events hold the first's id
(decisions/0008-events-that-came-as-one.md), and undo takes them back as one.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from app.errors import WrongState
from app.models import ACTIVE, EntryState
from app.models.states import CancelReason
from app.queueing.change import Actor, Change
from app.queueing.counters import counter_row, need_a_hold
from app.queueing.picking import current_entry, named, seen_entries, seen_entry
from app.queueing.quota import quotas_of, take_quota
from app.queueing.rows import EntryRow, entries_of, ticket_row
from app.queueing.setting_aside import settled
from app.queueing.states import is_allowed
from app.queueing.transition import Cause, transition

VISITOR_MAY = (EntryState.RESERVED, EntryState.WAITING, EntryState.PARKED)


def cancel_by_visitor(
    db: Connection,
    change: Change,
    *,
    ticket_id: int,
    who: Actor,
    entry_id: int | None = None,
) -> int:
    """Cancel every line of a ticket, or the one that ``entry_id`` names.

    Raises ``WrongState`` once the visit is called, or when nothing waits.
    """
    entries = entries_of(db, ticket_id)
    if any(entry.state in ACTIVE for entry in entries):
        raise WrongState
    chosen = [named(entries, entry_id)] if entry_id else entries
    waiting = [entry for entry in chosen if entry.state in VISITOR_MAY]
    if not waiting:
        raise WrongState
    _cancel_as_one(db, change, waiting, who, CancelReason.VISITOR)
    return ticket_id


def cancel_by_staff(
    db: Connection,
    change: Change,
    *,
    ticket_id: int,
    who: Actor,
    reason: str,
    entry_id: int | None = None,
) -> int:
    """Cancel one entry of a ticket: the current one, or the one named."""
    entry = seen_entry(db, ticket_id, who, entry_id)
    if entry.state in ACTIVE:
        need_a_hold(db, entry, who)
    cancel_entry(db, change, entry, who, reason)
    return ticket_id


def cancel_every_line(
    db: Connection, change: Change, *, ticket_id: int, who: Actor, reason: str
) -> int:
    """Cancel all that the caller sees of a visit and nobody serves yet, as one.

    A leg that is being served, or has ended, stays as it is. Raises
    ``WrongState`` when there is none before serving, and whatever refuses the
    cancelling of any one: then all of them stay.
    """
    seen = seen_entries(db, ticket_id, who)
    meant = [entry for entry in seen if is_allowed("cancel", entry.state)]
    if not meant:
        raise WrongState(state=current_entry(seen).state, command="cancel")
    for entry in meant:
        if entry.state in ACTIVE:
            need_a_hold(db, entry, who)
    _cancel_as_one(db, change, meant, who, reason)
    return ticket_id


def _cancel_as_one(
    db: Connection,
    change: Change,
    entries: Sequence[EntryRow],
    who: Actor,
    reason: str,
) -> None:
    first, *others = entries
    came_with = cancel_entry(db, change, first, who, reason).event_id
    for entry in others:
        cancel_entry(db, change, entry, who, reason, came_with)


def cancel_entry(
    db: Connection,
    change: Change,
    entry: EntryRow,
    who: Actor,
    reason: str,
    came_with: int | None = None,
) -> EntryRow:
    """Cancel an entry; its places are given back if nobody called or took it.

    ``came_with`` is the event with which this came as one.
    """
    counter = counter_row(db, entry.counter_id) if entry.counter_id else None
    return transition(
        db,
        change,
        entry,
        "cancel",
        Cause(who, counter, reason, came_with),
        ended_at=change.now,
        **settled(entry, change.now),
        **_given_back(db, change, entry),
    )


def _given_back(db: Connection, change: Change, entry: EntryRow) -> dict[str, Any]:
    was_reached = entry.called_at is not None or entry.started_at is not None
    if was_reached or entry.quota_people == 0:
        return {}
    move_places(db, change, entry, -entry.quota_people)
    return {"quota_people": 0}


def move_places(db: Connection, change: Change, entry: EntryRow, people: int) -> None:
    """Take so many places of the quota for an entry; a negative number gives back."""
    ticket = ticket_row(db, entry.ticket_id)
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
