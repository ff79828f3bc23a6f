"""Print jobs as the ledger keeps them: queued with the ticket, ended once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from app.db.prepared import add_row, known_rows, write_row
from app.errors import Invalid, NoPrinter
from app.models.states import DeviceKind, PrintReason, PrintState
from app.queueing import facts, rows
from app.queueing.change import Actor, Change
from app.queueing.line.ahead import waiting_ahead
from app.queueing.rows import EntryRow, TicketRow, entries_of, ticket_row
from app.queueing.slips.under_way import (
    JOB_COLUMNS,
    UNDER_WAY,
    PrintJobRow,
    SlipContent,
    jobs_under_way,
)

LOST = (PrintState.FAILED, PrintState.UNKNOWN)
"""How a job ends whose slip did not surely come out."""
REASONS = frozenset(PrintReason)
"""Why a job ended, as the server says; a printer has reasons of its own."""

_PRINTER_OF = select(rows.device.c.printer_id).where(
    rows.device.c.id == bindparam("device_id")
)
_PRINTER_ID = select(rows.printer.c.id).where(
    rows.printer.c.id == bindparam("printer_id"), rows.printer.c.is_retired.is_(False)
)
_INSERT = insert(rows.print_job)
_END = (
    update(rows.print_job)
    .where(
        rows.print_job.c.id == bindparam("of_id"),
        rows.in_states(rows.print_job.c.state, *UNDER_WAY),
    )
    .values(state=bindparam("to"), reason=bindparam("why"), ended_at=bindparam("at"))
)
_SEND = (
    update(rows.print_job)
    .where(
        rows.print_job.c.id == bindparam("of_id"),
        rows.print_job.c.state == PrintState.QUEUED,
    )
    .values(state=PrintState.SENDING, sent_at=bindparam("at"))
)
_WAIT = (
    update(rows.print_job)
    .where(
        rows.print_job.c.id == bindparam("of_id"),
        rows.print_job.c.state == PrintState.SENDING,
    )
    .values(state=PrintState.QUEUED, sent_at=None)
)

# where the server could only guess; the agent, back again, knows better
_CORRECTABLE_REASONS = (PrintReason.SERVER_RESTART, "connection-lost", "no-answer")
_CORRECT = (
    update(rows.print_job)
    .where(
        rows.print_job.c.id == bindparam("of_id"),
        rows.print_job.c.state == PrintState.UNKNOWN,
        rows.print_job.c.reason.in_(_CORRECTABLE_REASONS),
    )
    .values(state=bindparam("to"), reason=bindparam("why"))
    .returning(rows.print_job.c.ticket_id)
)

# how long somebody waits at a kiosk for paper, after the power came back too
MAX_QUEUED_TIME = timedelta(minutes=5)


_NEWEST = (
    select(*JOB_COLUMNS)
    .where(rows.print_job.c.ticket_id == bindparam("ticket_id"))
    .order_by(rows.print_job.c.id.desc())
    .limit(1)
)
_OLDEST = (
    select(*JOB_COLUMNS)
    .where(rows.print_job.c.ticket_id == bindparam("ticket_id"))
    .order_by(rows.print_job.c.id)
    .limit(1)
)
_NEWEST_OF = select(*JOB_COLUMNS).where(
    rows.print_job.c.id.in_(
        select(func.max(rows.print_job.c.id))
        .where(rows.print_job.c.ticket_id.in_(bindparam("ids", expanding=True)))
        .group_by(rows.print_job.c.ticket_id)
    )
)
_ONE = select(*JOB_COLUMNS).where(rows.print_job.c.id == bindparam("of_id"))
_KIOSK_AT = (
    select(rows.device.c.name)
    .where(
        rows.device.c.printer_id == bindparam("printer_id"),
        rows.device.c.kind == DeviceKind.KIOSK,
    )
    .order_by(rows.device.c.id)
    .limit(1)
)
_PRINTER_NAME = select(rows.printer.c.name).where(
    rows.printer.c.id == bindparam("printer_id")
)
_NEXT = (
    select(*JOB_COLUMNS)
    .where(
        rows.print_job.c.printer_id == bindparam("printer_id"),
        rows.unsent_and(rows.print_job.c.state, PrintState.QUEUED),
    )
    .order_by(rows.print_job.c.id)
    .limit(1)
)


def queue_slip(
    db: Connection,
    change: Change,
    *,
    ticket: TicketRow,
    entries: Sequence[EntryRow],
    actor: Actor,
    printer_id: int | None = None,
) -> PrintJobRow | None:
    """Queue a new ticket's slip: at the kiosk's printer, or at the one reception names.

    Without either there is no slip. How many are ahead is noted now: a slip that
    comes late says what was true when the number was given, beside its time.
    Raises ``Invalid`` when a kiosk names a printer, ``NoPrinter`` for one that
    does not exist.
    """
    if actor.is_kiosk and printer_id is not None:
        raise Invalid("A kiosk prints at its own printer.", field="printer_id")
    if actor.is_kiosk:
        printer_id = printer_of(db, actor.id)
    elif printer_id is not None:
        printer_id = require_printer(db, printer_id)
    if printer_id is None:
        return None
    # of the first service, from whose series the number is
    ahead = waiting_ahead(db, entries[0], entries)
    job = queue_job(db, change, ticket_id=ticket.id, printer_id=printer_id, ahead=ahead)
    # what was written need not be read again to print it
    service_ids = tuple(entry.service_id for entry in entries)
    jobs_under_way(db).put(job, SlipContent(ticket, service_ids))
    return job


def queue_job(
    db: Connection,
    change: Change,
    *,
    ticket_id: int,
    printer_id: int,
    ahead: int | None,
    is_copy: bool = False,
    instead_of_id: int | None = None,
    staff_id: int | None = None,
) -> PrintJobRow:
    """Queue a job; its printer's worker wakes after the commit."""
    columns: dict[str, Any] = {
        "ticket_id": ticket_id,
        "printer_id": printer_id,
        "is_copy": is_copy,
        "ahead": ahead,
        "state": PrintState.QUEUED,
        "reason": None,
        "attempts": 0,
        "instead_of_id": instead_of_id,
        "staff_id": staff_id,
        "created_at": change.now,
    }
    change.touch(facts.printer(printer_id))
    jobs = jobs_under_way(db)
    job = PrintJobRow(id=add_row(db, _INSERT, columns), **columns)
    jobs.put(job)
    return job


def printer_of(db: Connection, device_id: int | None) -> int | None:
    """Return the printer beside a kiosk or behind a print agent, if it has one."""
    known: dict[int | None, int | None] = known_rows(db, "device")
    if device_id not in known:
        known[device_id] = db.execute(_PRINTER_OF, {"device_id": device_id}).scalar()
    return known[device_id]


def require_printer(db: Connection, printer_id: int | None) -> int:
    """Return the printer's id; ``NoPrinter`` when there is none of this id."""
    result = db.execute(_PRINTER_ID, {"printer_id": printer_id}).scalar()
    if result is None:
        raise NoPrinter
    return int(result)


def oldest_job(db: Connection, ticket_id: int) -> PrintJobRow | None:
    """Return the first print job of a ticket: the one of its number's giving."""
    row = db.execute(_OLDEST, {"ticket_id": ticket_id}).first()
    return PrintJobRow._make(row) if row else None


def newest_job(db: Connection, ticket_id: int) -> PrintJobRow | None:
    """Return the newest print job of a ticket."""
    row = db.execute(_NEWEST, {"ticket_id": ticket_id}).first()
    return PrintJobRow._make(row) if row else None


def job_row(db: Connection, job_id: int) -> PrintJobRow | None:
    """Return a print job, or None."""
    row = db.execute(_ONE, {"of_id": job_id}).first()
    return PrintJobRow._make(row) if row else None


def substitute_location(db: Connection, job: PrintJobRow) -> str | None:
    """Return where a slip comes out that another printer could not print.

    That is the kiosk at the sibling, or the sibling itself where no kiosk has
    it; None where the slip comes out as it was meant to.
    """
    if job.instead_of_id is None:
        return None
    params = {"printer_id": job.printer_id}
    kiosk = db.execute(_KIOSK_AT, params).scalar()
    return str(kiosk or db.execute(_PRINTER_NAME, params).scalar_one())


def newest_jobs(db: Connection, ids: Sequence[int]) -> dict[int, PrintJobRow]:
    """Return the newest print job of each of these tickets that has one."""
    result = db.execute(_NEWEST_OF, {"ids": ids})
    return {row.ticket_id: PrintJobRow._make(row) for row in result}


def next_job(db: Connection, printer_id: int) -> PrintJobRow | None:
    """Return the oldest job that waits for a printer."""
    row = db.execute(_NEXT, {"printer_id": printer_id}).first()
    return PrintJobRow._make(row) if row else None


def begin_sending(db: Connection, change: Change, *, job_id: int) -> bool:
    """Note that bytes may now reach the printer; False when it is not queued."""
    # committed before the first byte: after a crash it is `unknown`, and never printed
    # a second time by itself (lesson 6)
    job = jobs_under_way(db).get(job_id)
    if job is None or job.state != PrintState.QUEUED:
        return False
    if not write_row(db, _SEND, {"of_id": job_id, "at": change.now}):
        return False
    _follow(db, change, job, PrintState.SENDING)
    return True


def wait_again(db: Connection, change: Change, *, job_id: int) -> bool:
    """Let a job wait of which no byte was sent; False when it is not being sent."""
    job = jobs_under_way(db).get(job_id)
    if job is None or job.state != PrintState.SENDING:
        return False
    if not write_row(db, _WAIT, {"of_id": job_id}):
        return False
    _follow(db, change, job, PrintState.QUEUED)
    return True


def _follow(
    db: Connection, change: Change, job: PrintJobRow, state: PrintState
) -> None:
    """Let what is known of a job, and its ticket's screens, follow its state."""
    jobs_under_way(db).put(job._replace(state=state))
    change.touch(facts.ticket(job.ticket_id))


def slip_content(db: Connection, job: PrintJobRow) -> SlipContent | None:
    """Return what a job's slip says of its ticket; None: the ticket is gone."""
    content = jobs_under_way(db).content_of(job)
    if content is not None:
        return content
    ticket = ticket_row(db, job.ticket_id)
    if ticket is None:
        return None
    entries = entries_of(db, job.ticket_id)
    return SlipContent(ticket, tuple(entry.service_id for entry in entries))


def end_job(
    db: Connection, change: Change, *, job_id: int, state: str, reason: str | None
) -> bool:
    """Write how a job ended; False when it had ended before: that stands.

    Its ticket's screens are shown anew.
    """
    jobs = jobs_under_way(db)
    job = jobs.get(job_id)
    params = {"of_id": job_id, "to": state, "why": reason, "at": change.now}
    if job is None or not write_row(db, _END, params):
        return False
    jobs.end(job)
    change.touch(facts.ticket(job.ticket_id))
    if state in LOST:
        change.touch(facts.PRINTERS)
    return True


def correct_end(
    db: Connection, change: Change, *, job_id: int, state: str, reason: str | None
) -> bool:
    """Write the end that a print agent reports late, where none had arrived.

    False when the job ended otherwise: that stands.
    """
    params = {"of_id": job_id, "to": state, "why": reason}
    ticket_id = db.execute(_CORRECT, params).scalar()
    if ticket_id is None:
        return False
    change.touch(facts.ticket(ticket_id), facts.PRINTERS)
    return True


def drop_late(db: Connection, change: Change) -> int:
    """End the queued jobs whose visitor has long gone; return how many.

    Behind a slow printer, or after a flood: nobody would take them, and the next
    visitor's slip comes so much sooner.
    """
    late = [
        job
        for job in jobs_under_way(db)
        if job.state == PrintState.QUEUED and is_late(job, change.now)
    ]
    for job in late:
        end_job(
            db,
            change,
            job_id=job.id,
            state=PrintState.FAILED,
            reason=PrintReason.TOO_LATE,
        )
    return len(late)


def is_late(job: PrintJobRow, now: datetime) -> bool:
    """Tell whether a queued job's visitor has long gone."""
    return job.created_at < now - MAX_QUEUED_TIME


def end_interrupted(db: Connection, change: Change) -> int:
    """After a restart: end the jobs that nobody should print any more.

    One cut while sending is ``unknown`` (a person decides); one whose visitor
    has long gone from the kiosk is ``failed``. The others are printed.
    """
    drop_late(db, change)
    interrupted = [job for job in jobs_under_way(db) if job.state == PrintState.SENDING]
    for job in interrupted:
        end_job(
            db,
            change,
            job_id=job.id,
            state=PrintState.UNKNOWN,
            reason=PrintReason.SERVER_RESTART,
        )
    return len(interrupted)
