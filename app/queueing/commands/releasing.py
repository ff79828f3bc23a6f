"""Release: a supervisor frees a call whose counter does not answer any more."""

from sqlalchemy import Connection

from app.queueing.change import Actor, Change
from app.queueing.commands.calling import columns_before_call
from app.queueing.counters import counter_row
from app.queueing.line.entries import visible_entry
from app.queueing.transition import Cause, transition


def release(
    db: Connection,
    change: Change,
    *,
    ticket_id: int,
    actor: Actor,
    entry_id: int | None = None,
) -> int:
    """Put a called entry back to its rank in the line; never done by itself."""
    entry = visible_entry(db, ticket_id, actor, entry_id, "release")
    counter = counter_row(db, entry.counter_id) if entry.counter_id else None
    cause = Cause(actor, counter)
    # nobody returned it: no counter passes over it (as after a "return")
    columns = columns_before_call(db, change, entry)
    columns |= {"counter_id": None, "returned_by_counter_id": None}
    transition(db, change, entry, "release", cause, **columns)
    return ticket_id
