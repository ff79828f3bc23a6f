"""A lost slip once more: the same number, marked as a copy."""

from sqlalchemy import Connection

from app.errors import StillPrinting
from app.queueing.change import Actor, Change
from app.queueing.printing import (
    UNDER_WAY,
    known_printer,
    newest_job,
    oldest_job,
    queue_job,
)


def reprint(
    db: Connection,
    change: Change,
    *,
    ticket_id: int,
    who: Actor,
    printer_id: int | None = None,
) -> int:
    """Queue a copy of a ticket's slip; return the ticket's id.

    It comes out where the first slip was meant to, or at the printer named.
    Raises ``NoPrinter`` when there is none, and ``StillPrinting`` while a slip
    is under way: both might come out, and one without the copy's mark.
    """
    first, newest = oldest_job(db, ticket_id), newest_job(db, ticket_id)
    if newest is not None and newest.state in UNDER_WAY:
        raise StillPrinting
    meant = first.printer_id if first else None
    queue_job(
        db,
        change,
        ticket_id=ticket_id,
        printer_id=known_printer(db, printer_id or meant),
        is_copy=True,
        # what was true when the number was given, as its time says
        ahead=first.ahead if first else None,
        staff_id=who.staff_id,
    )
    change.touch(f"ticket:{ticket_id}")
    return ticket_id
