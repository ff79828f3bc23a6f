"""The printers, how they stand, and how their last jobs ended."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam
from sqlmodel import col, select

from app.models import PrintJob, Ticket
from app.models.states import PrintState
from app.printing.printers import printer_rows
from app.queueing.change import Actor
from app.queueing.slips.under_way import UNDER_WAY
from app.queueing.views.printers import (
    AlarmView,
    LiveState,
    LostSlipView,
    PrinterStatusView,
    printers_view,
)

MAX_JOBS = 10

_JOBS = (
    select(col(PrintJob.id), Ticket.number, PrintJob.is_copy, PrintJob.state)
    .add_columns(col(PrintJob.reason), col(PrintJob.created_at))
    .join(Ticket)
    .where(col(PrintJob.printer_id) == bindparam("printer_id"))
    .order_by(col(PrintJob.id).desc())
    .limit(MAX_JOBS)
)


class JobView(BaseModel):
    """One request to print a slip."""

    id: int
    number: str
    is_copy: bool
    state: str
    reason: str | None
    created_at: datetime


class PrinterView(PrinterStatusView):
    """A printer as it stands, what is wrong, and its last jobs, newest first."""

    address: str
    alarms: list[AlarmView]
    lost_slips: list[LostSlipView]
    jobs: list[JobView]

    @property
    def needs_attention(self) -> bool:
        """Tell whether a person must look: an alarm, or the newest job is in doubt."""
        if self.alarms or self.lost_slips:
            return True
        ended = (job.state for job in self.jobs if job.state not in UNDER_WAY)
        return next(ended, None) in (PrintState.FAILED, PrintState.UNKNOWN)


def printers(
    db: Connection, *, live: LiveState, now: datetime, actor: Actor
) -> list[PrinterView]:
    """Return every printer with its last jobs, and the lost slips of the caller's."""
    standing = printers_view(db, live=live, now=now)
    addresses = {row.id: row.address for row in printer_rows(db)}
    return [
        PrinterView(
            **each.model_dump(),
            address=addresses[each.id],
            alarms=[alarm for alarm in standing.alarms if alarm.printer_id == each.id],
            lost_slips=[
                slip
                for slip in standing.lost_slips
                if slip.printer_id == each.id
                and (actor.sees_all or slip.agency_ids & actor.agency_ids)
            ],
            jobs=[
                JobView(**job._asdict())
                for job in db.execute(_JOBS, {"printer_id": each.id})
            ],
        )
        for each in standing.printers
    ]
