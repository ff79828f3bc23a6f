"""A lost slip once more: the same number, marked as a copy, while the visit lives.

A slip of a visit that is over would send somebody to a line in which nobody is
called by it. Where the end was a mistake it is undone first: a number cancelled as
``unprinted`` waits again, and then its slip is printed.
"""

from sqlalchemy import Connection

from app.errors import StillPrinting, WrongState
from app.models import ENDED
from app.queueing.change import Actor, Change
from app.queueing.picking import current_entry, seen_entries
from app.queueing.printing import (
    UNDER_WAY,
    known_printer,
    newest_job,
    oldest_job,
    queue_job,
)
from app.queueing.rows import entries_of, ticket_row


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
    Raises ``WrongState`` when the visit is over, ``NoPrinter`` when there is no
    printer, and ``StillPrinting`` while a slip is under way: both might come
    out, and one without the copy's mark.
    """
    _still_lives(db, change, ticket_id, who)
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


def _still_lives(db: Connection, change: Change, ticket_id: int, who: Actor) -> None:
    """Refuse a visit all of whose legs have ended, those not seen among them.

    A no-show may still come back, on the day itself.
    """
    seen = seen_entries(db, ticket_id, who)
    ticket = ticket_row(db, ticket_id)
    is_of_today = ticket is not None and ticket.service_day == change.day
    has_ended = all(leg.state in ENDED for leg in entries_of(db, ticket_id))
    if has_ended or not is_of_today:
        raise WrongState(state=current_entry(seen).state, command="reprint")
