"""The printers and how their last jobs ended."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select

from app.models.states import PrintState
from app.printing.printers import printer_rows
from app.queueing import rows
from app.queueing.printing import UNDER_WAY

LAST_JOBS = 10

_KIOSKS = (
    select(rows.device.c.name)
    .where(rows.device.c.printer_id == bindparam("printer_id"))
    .order_by(rows.device.c.id)
)
_JOBS = (
    select(
        rows.print_job.c.id,
        rows.ticket.c.number,
        rows.print_job.c.is_copy,
        rows.print_job.c.state,
        rows.print_job.c.reason,
        rows.print_job.c.created_at,
    )
    .select_from(rows.print_job.join(rows.ticket))
    .where(rows.print_job.c.printer_id == bindparam("printer_id"))
    .order_by(rows.print_job.c.id.desc())
    .limit(LAST_JOBS)
)


class JobView(BaseModel):
    """One request to print a slip."""

    id: int
    number: str
    is_copy: bool
    state: str
    reason: str | None
    created_at: datetime


class PrinterView(BaseModel):
    """A printer, the kiosks that print on it, and its last jobs, newest first."""

    id: int
    name: str
    address: str
    paper: str
    reports_status: bool
    kiosks: list[str]
    jobs: list[JobView]

    @property
    def in_trouble(self) -> bool:
        """Tell whether the newest job that ended did not surely come out."""
        ended = (job.state for job in self.jobs if job.state not in UNDER_WAY)
        return next(ended, None) in (PrintState.FAILED, PrintState.UNKNOWN)


def printers(db: Connection) -> list[PrinterView]:
    """Return every printer with its last jobs."""
    return [
        PrinterView(
            **row._asdict(),
            kiosks=list(db.scalars(_KIOSKS, {"printer_id": row.id})),
            jobs=[
                JobView(**job._asdict())
                for job in db.execute(_JOBS, {"printer_id": row.id})
            ],
        )
        for row in printer_rows(db)
    ]
