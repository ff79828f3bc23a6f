"""How a try at printing ends: for good, tried again, or done by a sibling.

Only where nothing can have come out may there be another try; anything else
could give two slips of one number, or take a lost one for printed. What is
``unknown`` is for a person to decide.
"""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, update

from app.db.prepared import write_row
from app.models.states import PrintReason, PrintState
from app.queueing import facts, rows
from app.queueing.change import Change
from app.queueing.slips.print_jobs import end_job, queue_job
from app.queueing.slips.printer_status import (
    CANNOT_TELL,
    HEALTHY,
    READY,
    StatusReport,
    record_status,
    status_row,
)
from app.queueing.slips.under_way import PrintJobRow, jobs_under_way

MAX_TRIES_ALONE = 3
MAX_TRIES_WITH_SIBLING = 2
"""How often a slip is tried at its printer, where that was well until now."""

_NEEDS_PERSON = frozenset(("paper-end", "cover-open", "cutter", "error"))
"""Somebody has to come first: a sibling is quicker."""
_NEVER_RETRIED = frozenset(
    (
        *(PrintReason.NOT_RENDERED, PrintReason.NO_TICKET),
        *(PrintReason.BAD_ADDRESS, PrintReason.TOO_LATE),
    )
)
_NOT_FOR_SIBLING = frozenset((PrintReason.NO_TICKET, PrintReason.TOO_LATE))
# of the server's own reasons only a bad address is about the printer
_NOT_OF_PRINTER = frozenset(PrintReason) - {PrintReason.BAD_ADDRESS}


class Outcome(StrEnum):
    """What becomes of a job after a try."""

    ENDED = "ended"
    AGAIN = "again"
    ELSEWHERE = "elsewhere"


class Attempt(NamedTuple):
    """How a try ended; ``nothing_printed``: another cannot give a second slip.

    ``near_end`` is what the printer said of its roll; None: not asked.
    """

    state: str
    reason: str | None
    nothing_printed: bool
    near_end: bool | None = None


class _Printer(NamedTuple):
    """How the printer stands, and its sibling."""

    id: int
    state: str | None
    sibling_id: int | None
    sibling_state: str | None


_AGAIN = (
    update(rows.print_job)
    .where(rows.print_job.c.id == bindparam("of_id"))
    .values(
        state=PrintState.QUEUED,
        reason=bindparam("why"),
        attempts=rows.print_job.c.attempts + 1,
    )
)


def end_attempt(
    db: Connection, change: Change, *, job_id: int, attempt: Attempt
) -> Outcome:
    """Write how a try ended, and what becomes of the slip, as one."""
    job = jobs_under_way(db).get(job_id)
    if job is None:
        return Outcome.ENDED  # that stands
    printer = _printer(db, job.printer_id)
    outcome = _outcome(job, printer, attempt)
    if outcome is Outcome.AGAIN:
        _queue_again(db, change, job, attempt.reason)
    else:
        end_job(db, change, job_id=job_id, state=attempt.state, reason=attempt.reason)
    if outcome is Outcome.ELSEWHERE and printer.sibling_id is not None:
        queue_job(
            db,
            change,
            ticket_id=job.ticket_id,
            printer_id=printer.sibling_id,
            ahead=job.ahead,
            is_copy=job.is_copy,
            instead_of_id=job_id,
            staff_id=job.staff_id,
        )
    _record_printer(db, change, printer.id, attempt)
    return outcome


def _printer(db: Connection, printer_id: int) -> _Printer:
    status = status_row(db, printer_id)
    sibling = None
    if status.sibling_id is not None:
        sibling = status_row(db, status.sibling_id)
    return _Printer(
        printer_id, status.state, status.sibling_id, sibling and sibling.state
    )


def _queue_again(
    db: Connection, change: Change, job: PrintJobRow, reason: str | None
) -> None:
    jobs = jobs_under_way(db)
    write_row(db, _AGAIN, {"of_id": job.id, "why": reason})
    jobs.put(
        job._replace(state=PrintState.QUEUED, reason=reason, attempts=job.attempts + 1)
    )
    change.touch(facts.ticket(job.ticket_id))


def _outcome(job: PrintJobRow, printer: _Printer, attempt: Attempt) -> Outcome:
    if attempt.state != PrintState.FAILED or not attempt.nothing_printed:
        return Outcome.ENDED
    has_sibling = _may_go_to_sibling(job, printer, attempt)
    if _is_worth_a_try(job, printer, attempt, has_sibling=has_sibling):
        return Outcome.AGAIN
    return Outcome.ELSEWHERE if has_sibling else Outcome.ENDED


def _may_go_to_sibling(job: PrintJobRow, printer: _Printer, attempt: Attempt) -> bool:
    """Once only, and to one that is not known to fail as well."""
    return (
        job.instead_of_id is None
        and printer.sibling_id is not None
        and printer.sibling_state in HEALTHY
        and attempt.reason not in _NOT_FOR_SIBLING
    )


def _is_worth_a_try(
    job: PrintJobRow, printer: _Printer, attempt: Attempt, *, has_sibling: bool
) -> bool:
    """Tell whether to wait: not for one that failed before, its line would stand."""
    if attempt.reason in _NEVER_RETRIED:
        return False
    if has_sibling and attempt.reason in _NEEDS_PERSON:
        return False
    # at the first try alone: what was noted since then is this slip's own doing
    if job.attempts == 0 and printer.state not in HEALTHY:
        return False
    tries = MAX_TRIES_WITH_SIBLING if has_sibling else MAX_TRIES_ALONE
    return job.attempts + 1 < tries


def _record_printer(
    db: Connection, change: Change, printer_id: int, attempt: Attempt
) -> None:
    report = _status_report(attempt)
    if report is not None:
        record_status(db, change, printer_id=printer_id, report=report)


def _status_report(attempt: Attempt) -> StatusReport | None:
    """Return the printer's status after a try; None where that says nothing of it."""
    if attempt.state == PrintState.PRINTED:
        return StatusReport(READY, attempt.near_end, slips=1)
    if attempt.state == PrintState.SENT:
        return StatusReport(CANNOT_TELL, slips=1)
    if attempt.reason is None or attempt.reason in _NOT_OF_PRINTER:
        return None
    return StatusReport(attempt.reason, attempt.near_end)
