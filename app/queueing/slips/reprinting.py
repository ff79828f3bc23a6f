"""A lost slip once more: the same number, marked as a copy, while the visit lives.

A slip of a visit that is over would send somebody to a line in which nobody is
called by it. Where the end was a mistake it is undone first: a number cancelled as
``unprinted`` waits again, and then its slip is printed.
"""

from sqlalchemy import Connection

from app.errors import StillPrinting, WrongState
from app.models import ENDED
from app.queueing import facts
from app.queueing.change import Actor, Change
from app.queueing.line.entries import current_entry, visible_entries
from app.queueing.rows import entries_of, ticket_row
from app.queueing.slips.print_jobs import (
    UNDER_WAY,
    newest_job,
    oldest_job,
    queue_job,
    require_printer,
)


def reprint(
    db: Connection,
    change: Change,
    *,
    ticket_id: int,
    actor: Actor,
    printer_id: int | None = None,
) -> int:
    """Queue a copy of a ticket's slip; return the ticket's id.

    It comes out where the first slip was meant to, or at the printer named.
    Raises ``WrongState`` when the visit is over, ``NoPrinter`` when there is no
    printer, and ``StillPrinting`` while a slip is under way: both might come
    out, and one without the copy's mark.
    """
    _require_open_visit(db, change, ticket_id, actor)
    first, newest = oldest_job(db, ticket_id), newest_job(db, ticket_id)
    if newest is not None and newest.state in UNDER_WAY:
        raise StillPrinting
    first_printer_id = first.printer_id if first else None
    queue_job(
        db,
        change,
        ticket_id=ticket_id,
        printer_id=require_printer(db, printer_id or first_printer_id),
        is_copy=True,
        # what was true when the number was given, as its time says
        ahead=first.ahead if first else None,
        staff_id=actor.staff_id,
    )
    change.touch(facts.ticket(ticket_id))
    return ticket_id


def _require_open_visit(
    db: Connection, change: Change, ticket_id: int, actor: Actor
) -> None:
    """Refuse a visit all of whose entries have ended, those not seen among them.

    A no-show may still come back, on the day itself.
    """
    visible = visible_entries(db, ticket_id, actor)
    ticket = ticket_row(db, ticket_id)
    is_of_today = ticket is not None and ticket.service_day == change.day
    has_ended = all(entry.state in ENDED for entry in entries_of(db, ticket_id))
    if has_ended or not is_of_today:
        raise WrongState(state=current_entry(visible).state, command="reprint")
