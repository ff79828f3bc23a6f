"""Commands for a whole line: one command, one event per entry.

For the officer who goes home sick with twenty-three waiting.
"""

from sqlalchemy import Connection, bindparam, select

from app.errors import NotFound
from app.models import EntryState
from app.models.states import CancelReason
from app.queueing import rows
from app.queueing.change import Actor, Change
from app.queueing.commands.cancelling import cancel_entry
from app.queueing.commands.closures import close_by_hand, service_day_end
from app.queueing.commands.issuing import service_row
from app.queueing.commands.transferring import Target, destination, transfer_entry
from app.queueing.line.entries import is_in_line
from app.queueing.rows import ENTRY_COLUMNS, EntryRow, in_states
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
    db: Connection, change: Change, *, service_id: int, actor: Actor, target: Target
) -> list[int]:
    """Transfer everybody who waits, in their order; returns the tickets' ids.

    Whoever is in the other line already stays where they are in this one.
    """
    ticket_ids = []
    line = _line(db, service_id, actor)
    # before the loop: an empty line, too, refuses a target that there is not
    target_service, _ = destination(db, change, service_id, target)
    for entry in line:
        if not is_in_line(
            db, entry.ticket_id, target_service.id, except_entry_id=entry.id
        ):
            transfer_entry(db, change, entry, Cause(actor, reason="line"), target)
            ticket_ids.append(entry.ticket_id)
    return ticket_ids


def cancel_line(
    db: Connection, change: Change, *, service_id: int, actor: Actor
) -> list[int]:
    """Cancel everybody who waits; returns the tickets' ids."""
    ticket_ids = []
    for entry in _line(db, service_id, actor):
        cancel_entry(db, change, entry, actor, CancelReason.CLOSED)
        ticket_ids.append(entry.ticket_id)
    return ticket_ids


def close_line(
    db: Connection, change: Change, *, service_id: int, actor: Actor
) -> list[int]:
    """Give no more numbers for the service today; nobody who waits is dropped."""
    _require_visible(db, service_id, actor)
    until = service_day_end(change)
    # a longer closure by hand stands
    if not any(
        closure.service_id == service_id
        and closure.is_on(change.now)
        and (closure.until is None or closure.until >= until)
        for closure in change.rules.closures
    ):
        close_by_hand(db, change, actor=actor, service_id=service_id, until=until)
    return []


def _require_visible(db: Connection, service_id: int, actor: Actor) -> None:
    if not actor.sees(service_row(db, service_id).agency_id):
        raise NotFound


def _line(db: Connection, service_id: int, actor: Actor) -> list[EntryRow]:
    _require_visible(db, service_id, actor)
    waiting = db.execute(_LINE, {"service_id": service_id})
    return [EntryRow(*row) for row in waiting]
