"""The next slip of a printer, with all that it takes to print it: one command.

It follows upon the end of the last, in the same transaction: a printer with a queue
costs one command a slip.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from app.db.prepared import known_rows
from app.printing.printers import PrinterRow, has_agent, printer_row
from app.queueing.change import Change
from app.queueing.site.site_row import SiteRow
from app.queueing.slips.attempts import Attempt, Outcome, end_attempt
from app.queueing.slips.print_jobs import begin_sending, is_late, slip_content
from app.queueing.slips.under_way import PrintJobRow, SlipContent, jobs_under_way


class NextSlip(NamedTuple):
    """A job, its printer, and what its slip says; None: the ticket is gone.

    It is being sent, unless it is late or an agent drives the printer: that begins
    when it has taken the job.
    """

    job: PrintJobRow
    printer: PrinterRow
    is_by_agent: bool
    is_late: bool
    content: SlipContent | None
    site: SiteRow


class AttemptEnd(NamedTuple):
    """What became of a slip, and the printer's next."""

    outcome: Outcome
    next: NextSlip | None


def take_next(db: Connection, change: Change, *, printer_id: int) -> NextSlip | None:
    """Take the oldest job that waits for a printer; its bytes may be sent now."""
    job = jobs_under_way(db).next_of(printer_id)
    if job is None:
        return None
    printer, is_by_agent = _driven_printer(db, printer_id)
    is_over = is_late(job, change.now)
    is_sent_here = not is_over and not is_by_agent
    if is_sent_here and not begin_sending(db, change, job_id=job.id):
        return None
    content = slip_content(db, job)
    return NextSlip(job, printer, is_by_agent, is_over, content, change.rules.site)


def end_and_take_next(
    db: Connection, change: Change, *, job: PrintJobRow, attempt: Attempt
) -> AttemptEnd:
    """Write how a try ended, and take the printer's next job as one.

    Not where the same is tried again: it is first in its printer's queue, and waits.
    """
    outcome = end_attempt(db, change, job_id=job.id, attempt=attempt)
    if outcome is Outcome.AGAIN:
        return AttemptEnd(outcome, None)
    return AttemptEnd(outcome, take_next(db, change, printer_id=job.printer_id))


def end_alone(
    db: Connection, change: Change, *, job: PrintJobRow, attempt: Attempt
) -> AttemptEnd:
    """Write how a try ended, by itself."""
    return AttemptEnd(end_attempt(db, change, job_id=job.id, attempt=attempt), None)


def _driven_printer(db: Connection, printer_id: int) -> tuple[PrinterRow, bool]:
    """Return a printer, and whether an agent drives it; an import may change both."""
    known: dict[int, tuple[PrinterRow, bool]] = known_rows(db, "printer", "device")
    if printer_id not in known:
        known[printer_id] = printer_row(db, printer_id), has_agent(db, printer_id)
    return known[printer_id]
