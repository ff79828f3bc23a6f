"""A lost slip once more: the same number, marked as a copy, while the visit lives.

A slip of a visit that is over would send somebody to a line in which nobody is
called by it. Where the end was a mistake it is undone first: a number cancelled as
``unprinted`` waits again, and then its slip is printed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.errors import NotFound, StillPrinting, WrongState
from app.models import ENDED, EntryState
from app.queueing import facts, rows
from app.queueing.change import Actor, Change
from app.queueing.line.entries import current_entry, visible_entries
from app.queueing.rows import entries_of, ticket_row
from app.queueing.slips.print_jobs import (
    LOST,
    job_row,
    newest_job,
    oldest_job,
    queue_job,
    require_printer,
)
from app.queueing.slips.under_way import UNDER_WAY

MAX_REPRINTS = 200
"""How many lost slips one command prints again: what one printer does in minutes."""


class LostSlip(NamedTuple):
    """A slip that did not surely come out, whose visitor waits.

    ``agency_ids`` are those in whose lines the number waits.
    """

    job_id: int
    ticket_id: int
    number: str
    printer_id: int
    state: str
    reason: str | None
    since: datetime
    agency_ids: frozenset[int]


class ReprintResult(NamedTuple):
    """How many copies were queued, and how many were not needed any more."""

    queued: int
    skipped: int


_newer = rows.print_job.alias("newer")
_waiting = rows.entry.alias("waiting")
_LOST_SLIPS = (
    select(
        rows.print_job.c.id,
        rows.print_job.c.ticket_id,
        rows.ticket.c.number,
        rows.print_job.c.printer_id,
        rows.print_job.c.state,
        rows.print_job.c.reason,
        rows.print_job.c.created_at,
        rows.print_job.c.ended_at,
        rows.entry.c.agency_id,
    )
    .select_from(
        rows.print_job.join(rows.ticket).join(
            rows.entry, rows.entry.c.ticket_id == rows.print_job.c.ticket_id
        )
    )
    .where(
        # from those who wait: they are few beside the jobs of years
        rows.print_job.c.ticket_id.in_(
            select(_waiting.c.ticket_id).where(
                rows.in_states(_waiting.c.state, EntryState.WAITING)
            )
        ),
        rows.in_states(rows.entry.c.state, EntryState.WAITING),
        rows.print_job.c.state.in_(LOST),
        ~select(_newer.c.id)
        .where(
            _newer.c.ticket_id == rows.print_job.c.ticket_id,
            _newer.c.id > rows.print_job.c.id,
        )
        .exists(),
    )
    .order_by(rows.print_job.c.id)
)


def lost_slips(db: Connection) -> list[LostSlip]:
    """Return the slips that a person may want printed again, the oldest first.

    Until that is done or the visitor has come up: then it is no longer needed.
    """
    slips = dict[int, LostSlip]()
    for row in db.execute(_LOST_SLIPS):
        known = slips.get(row.id)
        slips[row.id] = LostSlip(
            row.id,
            row.ticket_id,
            row.number,
            row.printer_id,
            row.state,
            row.reason,
            row.ended_at or row.created_at,
            (known.agency_ids if known else frozenset()) | {row.agency_id},
        )
    return list(slips.values())


def reprint_lost(
    db: Connection,
    change: Change,
    *,
    job_ids: Sequence[int],
    actor: Actor,
    printer_id: int | None = None,
) -> ReprintResult:
    """Queue a copy of each of these lost slips, and of none twice.

    A job that was printed again since, whose visit is over, or of which the
    caller may not know is left out and counted. Raises ``NoPrinter``.
    """
    queued = 0
    for job_id in job_ids[:MAX_REPRINTS]:
        job = job_row(db, job_id)
        newest = newest_job(db, job.ticket_id) if job else None
        # a list that is a minute old would print another's copy once more
        if job is None or newest is None or newest.id != job.id:
            continue
        if job.state not in LOST:
            continue
        try:
            reprint(
                db,
                change,
                ticket_id=job.ticket_id,
                actor=actor,
                printer_id=printer_id or job.printer_id,
            )
        except (NotFound, WrongState):
            continue
        queued += 1
    return ReprintResult(queued, len(job_ids) - queued)


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
    change.touch(facts.ticket(ticket_id), facts.PRINTERS)
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
