"""Cancel: the visitor by token before a call, staff in any state before serving."""

from sqlalchemy import Connection

from app.errors import NotFound, WrongState
from app.models import ACTIVE, EntryState
from app.queueing.change import Actor, Change
from app.queueing.counters import counter_row
from app.queueing.rows import EntryRow, entries_of
from app.queueing.states import is_allowed
from app.queueing.transition import transition
from app.queueing.views import current_entry

REASONS = ("visitor", "duplicate", "wrong_service", "unprinted", "closed")
VISITOR_MAY = (EntryState.RESERVED, EntryState.WAITING)


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
    chosen = [_named(entries, entry_id)] if entry_id else entries
    waiting = [entry for entry in chosen if entry.state in VISITOR_MAY]
    if not waiting:
        raise WrongState
    for entry in waiting:
        _cancel(db, change, entry, who, "visitor")
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
    entries = entries_of(db, ticket_id)
    seen = [entry for entry in entries if who.sees(entry.agency_id)]
    if not seen:
        raise NotFound
    entry = _named(seen, entry_id) if entry_id else current_entry(seen)
    if not is_allowed("cancel", entry.state):
        raise WrongState(state=entry.state)
    _cancel(db, change, entry, who, reason)
    return ticket_id


def _cancel(
    db: Connection, change: Change, entry: EntryRow, who: Actor, reason: str
) -> None:
    counter = counter_row(db, entry.counter_id) if entry.counter_id else None
    transition(
        db,
        change,
        entry,
        "cancel",
        who=who,
        counter=counter,
        reason=reason,
        ended_at=change.now,
    )


def _named(entries: list[EntryRow], entry_id: int) -> EntryRow:
    for entry in entries:
        if entry.id == entry_id:
            return entry
    raise NotFound
