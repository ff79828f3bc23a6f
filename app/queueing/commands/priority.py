"""Priority of a ticket: it moves every line in which the ticket waits."""

from sqlalchemy import Connection, bindparam, update

from app.errors import NotFound, WrongState
from app.models import EntryState
from app.queueing import rows
from app.queueing.change import Actor, Change
from app.queueing.line.placement import rank_in_class
from app.queueing.rows import entries_of, ticket_row
from app.queueing.transition import Cause, transition

_SET_PRIORITY = (
    update(rows.private)
    .where(rows.private.c.ticket_id == bindparam("of_id"))
    .values(priority=bindparam("of_class"))
)


def set_priority(
    db: Connection, change: Change, *, ticket_id: int, priority: str, actor: Actor
) -> int:
    """Give a ticket a priority class.

    The event keeps the new rank and not the class: the class is of the side
    table that retention drops (rules.md#privacy). Raises ``WrongState`` when nothing
    of the ticket waits.
    """
    ticket = ticket_row(db, ticket_id)
    entries = entries_of(db, ticket_id)
    if ticket is None or not any(actor.sees(entry.agency_id) for entry in entries):
        raise NotFound
    waiting = [entry for entry in entries if entry.state == EntryState.WAITING]
    if not waiting:
        raise WrongState(state=entries[-1].state)
    for entry in waiting:
        rank = rank_in_class(change, entry, priority)
        transition(db, change, entry, "set_priority", Cause(actor), rank=rank)
    db.execute(_SET_PRIORITY, {"of_id": ticket_id, "of_class": priority})
    return ticket_id
