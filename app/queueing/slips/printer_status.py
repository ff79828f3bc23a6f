"""What a status report changes: a printer's state, its roll, and what is left of it.

A report comes of the end of a try at printing, an idle poll, or a print agent.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from app.db.prepared import known_rows, write_row
from app.errors import NotFound
from app.queueing import facts, rows
from app.queueing.change import Change
from app.queueing.site.policy import Policy
from app.queueing.site.site_row import site_row

READY = "ready"
CANNOT_TELL = "cannot-tell"
HEALTHY = (None, READY, CANNOT_TELL)
"""States of a printer against which nothing is known."""

_ROLL_CHANGE_STATES = frozenset(("paper-end", "cover-open"))


class StatusReport(NamedTuple):
    """One report of a printer's status.

    ``state`` is ``ready``, ``cannot-tell`` or a reason (``printer.delivery.REASONS``).
    ``near_end`` is None where its sensor was not asked.
    """

    state: str
    near_end: bool | None = None
    slips: int = 0


class PrinterStatusRow(NamedTuple):
    """What is recorded of a printer between two reports."""

    paper: str
    state: str | None
    state_since: datetime | None
    near_end_since: datetime | None
    tells_near_end: bool
    roll_touched: bool
    roll_since: datetime | None
    slips_on_roll: int
    sibling_id: int | None = None


_STATUS_ROW = select(
    *(rows.printer.c[name] for name in PrinterStatusRow._fields)
).where(rows.printer.c.id == bindparam("printer_id"))
# all but the paper and the sibling, which the import file says
_STATUS_COLUMNS = PrinterStatusRow._fields[1:-1]
_UPDATE_STATUS = (
    update(rows.printer)
    .where(rows.printer.c.id == bindparam("of_id"))
    .values({name: bindparam(f"new_{name}") for name in _STATUS_COLUMNS})
)


def slips_per_roll(policy: Policy, paper: str) -> int:
    """Return how many usual slips a new roll of this paper gives."""
    is_narrow = paper.startswith("58mm")
    metres = policy.roll_metres_58mm if is_narrow else policy.roll_metres_80mm
    return metres * 1000 // policy.slip_mm


def after_report(
    status: PrinterStatusRow, report: StatusReport, *, now: datetime, policy: Policy
) -> PrinterStatusRow:
    """Return what is to be recorded after a report.

    A roll was changed when somebody had been at it (no paper, or the cover open)
    and the printer is well again; not while its sensor still says near end: then
    the old roll is in it, or one that is no better, and not while a printer that
    has such a sensor was not asked.
    """
    was_touched = status.roll_touched or report.state in _ROLL_CHANGE_STATES
    has_sensor_reading = report.near_end is not None or not status.tells_near_end
    is_decided = report.state == READY and has_sensor_reading
    if was_touched and is_decided and not report.near_end:
        status = _new_roll(status, now)
    status = status._replace(
        roll_touched=was_touched and not is_decided,
        # learnt from the first such report: one that never said so may have no sensor
        tells_near_end=status.tells_near_end or report.near_end is True,
        slips_on_roll=status.slips_on_roll + report.slips,
    )
    if report.state != status.state:
        status = status._replace(state=report.state, state_since=now)
    if not _is_near_end(status, report, policy):
        return status._replace(near_end_since=None)
    return status._replace(near_end_since=status.near_end_since or now)


def would_change_status(
    db: Connection, *, printer_id: int, report: StatusReport, now: datetime
) -> bool:
    """Tell whether a report would change what is recorded."""
    status, policy = status_row(db, printer_id), site_row(db).rules()
    return after_report(status, report, now=now, policy=policy) != status


def record_status(
    db: Connection, change: Change, *, printer_id: int, report: StatusReport
) -> None:
    """Record a printer's status report."""
    status = status_row(db, printer_id)
    new = after_report(status, report, now=change.now, policy=change.rules.policy)
    _save(db, change, printer_id, status, new)


def note_new_roll(db: Connection, change: Change, *, printer_id: int) -> None:
    """Record a new roll that a person put in a printer; raises ``NotFound``.

    A printer without status cannot tell by itself.
    """
    status = status_row(db, printer_id)
    new = _new_roll(status, change.now)._replace(roll_touched=False)
    _save(db, change, printer_id, status, new)


def _new_roll(status: PrinterStatusRow, now: datetime) -> PrinterStatusRow:
    return status._replace(roll_since=now, slips_on_roll=0, near_end_since=None)


def _is_near_end(
    status: PrinterStatusRow, report: StatusReport, policy: Policy
) -> bool:
    """Ask the sensor where there is one; else count slips."""
    if not status.tells_near_end:
        max_slips = slips_per_roll(policy, status.paper)
        return status.slips_on_roll * 100 >= max_slips * policy.roll_warning_percent
    if report.near_end is None:
        return status.near_end_since is not None
    return report.near_end


def status_row(db: Connection, printer_id: int) -> PrinterStatusRow:
    """Return how a printer stands; else raise ``NotFound``."""
    known = _known_printers(db).get(printer_id)
    if known is not None:
        return known
    row = db.execute(_STATUS_ROW, {"printer_id": printer_id}).first()
    if row is None:
        raise NotFound
    read = _known_printers(db)[printer_id] = PrinterStatusRow._make(row)
    return read


def _known_printers(db: Connection) -> dict[int, PrinterStatusRow]:
    return known_rows(db, "printer")


def _save(
    db: Connection,
    change: Change,
    printer_id: int,
    status: PrinterStatusRow,
    new: PrinterStatusRow,
) -> None:
    if new == status:
        return
    # one more slip on the roll is nothing that anybody must see at once
    if new._replace(slips_on_roll=status.slips_on_roll) != status or (
        new.slips_on_roll < status.slips_on_roll
    ):
        change.touch(facts.PRINTERS)
    values = {f"new_{name}": getattr(new, name) for name in _STATUS_COLUMNS}
    if not write_row(db, _UPDATE_STATUS, {"of_id": printer_id, **values}):
        raise NotFound
    _known_printers(db)[printer_id] = new
