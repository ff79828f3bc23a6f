"""Commands for a whole line: one command, one event per entry.

For the officer who goes home sick with twenty-three waiting.
"""

from sqlalchemy import Connection, bindparam, select

from app.errors import NotFound
from app.models import EntryState
from app.models.states import CancelReason
from app.queueing import rows
from app.queueing.cancelling import cancel_entry
from app.queueing.change import Actor, Change
from app.queueing.closing import close_by_hand, end_of_day
from app.queueing.issuing import service_row
from app.queueing.picking import is_in_line
from app.queueing.rows import ENTRY_COLUMNS, EntryRow, in_states
from app.queueing.transferring import Target, destination, transfer_entry
from app.queueing.transition import Cause

_LINE = (
    select(*ENTRY_COLUMNS)
    .where(
        rows.entry.c.service_id == bindparam("service_id"),
        in_states(rows.entry.c.state, EntryState.WAITING),
    )
    .order_by(rows.entry.c.rank, rows.entry.c.id)
)


def transfer_line(
    db: Connection, change: Change, *, service_id: int, who: Actor, target: Target
) -> list[int]:
    """Transfer everybody who waits, in their order; returns the tickets' ids.

    Whoever is in the other line already stays where they are in this one.
    """
    moved = []
    line = _line(db, service_id, who)
    there, _ = destination(db, change, service_id, target)
    for entry in line:
        if not is_in_line(db, entry.ticket_id, there.id, apart_from=entry.id):
            transfer_entry(db, change, entry, Cause(who, reason="line"), target)
            moved.append(entry.ticket_id)
    return moved


def cancel_line(
    db: Connection, change: Change, *, service_id: int, who: Actor
) -> list[int]:
    """Cancel everybody who waits; returns the tickets' ids."""
    cancelled = []
    for entry in _line(db, service_id, who):
        cancel_entry(db, change, entry, who, CancelReason.CLOSED)
        cancelled.append(entry.ticket_id)
    return cancelled


def close_line(
    db: Connection, change: Change, *, service_id: int, who: Actor
) -> list[int]:
    """Give no more numbers for the service today; nobody who waits is dropped."""
    _known(db, service_id, who)
    until = end_of_day(change)
    # a longer closure by hand stands
    if not any(
        closed.service_id == service_id
        and closed.is_on(change.now)
        and (closed.until is None or closed.until >= until)
        for closed in change.rules.closures
    ):
        close_by_hand(db, change, who=who, service_id=service_id, until=until)
    return []


def _known(db: Connection, service_id: int, who: Actor) -> None:
    if not who.sees(service_row(db, service_id).agency_id):
        raise NotFound


def _line(db: Connection, service_id: int, who: Actor) -> list[EntryRow]:
    _known(db, service_id, who)
    found = db.execute(_LINE, {"service_id": service_id})
    return [EntryRow(*row) for row in found]
