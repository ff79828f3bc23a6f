"""How a try at printing ends: for good, tried again, or done by a sibling.

Only where nothing can have come out may there be another try; anything else
could give two slips of one number, or take a lost one for printed. What is
``unknown`` is for a person to decide.
"""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from app.models.states import PrintReason, PrintState
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.printer_words import CANNOT_TELL, READY, WELL, Word, hear
from app.queueing.printing import (
    UNDER_WAY,
    PrintJobRow,
    end_job,
    job_row,
    queue_job,
)

TRIES_ALONE = 3
TRIES_BESIDE_A_SIBLING = 2
"""How often a slip is tried at its printer, where that was well until now."""

_BY_HAND = frozenset(("paper-end", "cover-open", "cutter", "error"))
"""Somebody has to come first: a sibling is quicker."""
_THE_SAME_AGAIN = frozenset(
    (
        *(PrintReason.NOT_RENDERED, PrintReason.NO_TICKET),
        *(PrintReason.BAD_ADDRESS, PrintReason.TOO_LATE),
    )
)
_NOWHERE = frozenset((PrintReason.NO_TICKET, PrintReason.TOO_LATE))
_NOT_THE_PRINTER = frozenset(PrintReason) - {PrintReason.BAD_ADDRESS}


class Fate(StrEnum):
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


_sibling = rows.printer.alias("sibling")
_PRINTER = (
    select(
        rows.printer.c.id,
        rows.printer.c.state,
        _sibling.c.id.label("sibling_id"),
        _sibling.c.state.label("sibling_state"),
    )
    .select_from(
        rows.printer.outerjoin(_sibling, rows.printer.c.sibling_id == _sibling.c.id)
    )
    .where(rows.printer.c.id == bindparam("printer_id"))
)
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
) -> Fate:
    """Write how a try ended, and what becomes of the slip, as one."""
    job = job_row(db, job_id)
    if job is None or job.state not in UNDER_WAY:
        return Fate.ENDED  # that stands
    printer = _Printer._make(db.execute(_PRINTER, {"printer_id": job.printer_id}).one())
    fate = _fate(job, printer, attempt)
    if fate is Fate.AGAIN:
        db.execute(_AGAIN, {"of_id": job_id, "why": attempt.reason})
        change.touch(f"ticket:{job.ticket_id}")
    else:
        end_job(db, change, job_id=job_id, state=attempt.state, reason=attempt.reason)
    if fate is Fate.ELSEWHERE and printer.sibling_id is not None:
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
    _note_printer(db, change, printer.id, attempt)
    return fate


def _fate(job: PrintJobRow, printer: _Printer, attempt: Attempt) -> Fate:
    if attempt.state != PrintState.FAILED or not attempt.nothing_printed:
        return Fate.ENDED
    has_sibling = _may_go_to_sibling(job, printer, attempt)
    if _is_worth_a_try(job, printer, attempt, has_sibling=has_sibling):
        return Fate.AGAIN
    return Fate.ELSEWHERE if has_sibling else Fate.ENDED


def _may_go_to_sibling(job: PrintJobRow, printer: _Printer, attempt: Attempt) -> bool:
    """Once only, and to one that is not known to fail as well."""
    return (
        job.instead_of_id is None
        and printer.sibling_id is not None
        and printer.sibling_state in WELL
        and attempt.reason not in _NOWHERE
    )


def _is_worth_a_try(
    job: PrintJobRow, printer: _Printer, attempt: Attempt, *, has_sibling: bool
) -> bool:
    """Tell whether to wait: not for one that failed before, its line would stand."""
    if attempt.reason in _THE_SAME_AGAIN:
        return False
    if has_sibling and attempt.reason in _BY_HAND:
        return False
    if job.attempts == 0 and printer.state not in WELL:
        return False
    tries = TRIES_BESIDE_A_SIBLING if has_sibling else TRIES_ALONE
    return job.attempts + 1 < tries


def _note_printer(
    db: Connection, change: Change, printer_id: int, attempt: Attempt
) -> None:
    word = _word(attempt)
    if word is not None:
        hear(db, change, printer_id=printer_id, word=word)


def _word(attempt: Attempt) -> Word | None:
    """Return what a try says of its printer; None where that was not the matter."""
    if attempt.state == PrintState.PRINTED:
        return Word(READY, attempt.near_end, slips=1)
    if attempt.state == PrintState.SENT:
        return Word(CANNOT_TELL, slips=1)
    if attempt.reason is None or attempt.reason in _NOT_THE_PRINTER:
        return None
    return Word(attempt.reason, attempt.near_end)
