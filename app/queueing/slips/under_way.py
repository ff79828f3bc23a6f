"""Print jobs that are queued or being sent, kept by the writer in their order.

They are few, and each changes twice within seconds: so nobody asks the database for
the next of a printer, or for what the last command wrote.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Connection, select

from app.db.prepared import known_rows
from app.models.states import PrintState
from app.queueing import rows
from app.queueing.rows import TicketRow

UNDER_WAY = (PrintState.QUEUED, PrintState.SENDING)


class PrintJobRow(NamedTuple):
    """A print job as it stood when it was read."""

    id: int
    ticket_id: int
    printer_id: int
    is_copy: bool
    ahead: int | None
    state: str
    reason: str | None
    attempts: int
    instead_of_id: int | None
    staff_id: int | None
    created_at: datetime


class SlipContent(NamedTuple):
    """What a slip says of its ticket: the row, and its services in their order."""

    ticket: TicketRow
    service_ids: tuple[int, ...]


JOB_COLUMNS = [rows.print_job.c[name] for name in PrintJobRow._fields]
# in no order: asked for by id, SQLite would walk through the jobs of years
_UNDER_WAY = select(*JOB_COLUMNS).where(
    rows.in_states(rows.print_job.c.state, *UNDER_WAY)
)


class JobsUnderWay:
    """The jobs by printer, each printer's in the order of their ids."""

    def __init__(self, jobs: Iterable[PrintJobRow]) -> None:
        self._by_printer: dict[int, dict[int, PrintJobRow]] = {}
        self._printers: dict[int, int] = {}
        self._contents: dict[int, SlipContent] = {}
        for job in jobs:
            self.put(job)

    def __iter__(self) -> Iterator[PrintJobRow]:
        for jobs in self._by_printer.values():
            yield from jobs.values()

    def get(self, job_id: int) -> PrintJobRow | None:
        """Return a job, if it is under way."""
        printer_id = self._printers.get(job_id)
        return None if printer_id is None else self._by_printer[printer_id][job_id]

    def next_of(self, printer_id: int) -> PrintJobRow | None:
        """Return the oldest job that waits for a printer."""
        jobs = self._by_printer.get(printer_id, {}).values()
        return next((each for each in jobs if each.state == PrintState.QUEUED), None)

    def put(self, job: PrintJobRow, content: SlipContent | None = None) -> None:
        """Keep a job that was queued, or as it stands now."""
        self._by_printer.setdefault(job.printer_id, {})[job.id] = job
        self._printers[job.id] = job.printer_id
        if content is not None:
            self._contents[job.id] = content

    def content_of(self, job: PrintJobRow) -> SlipContent | None:
        """Return what its slip says, if that was written with the job."""
        return self._contents.get(job.id)

    def end(self, job: PrintJobRow) -> None:
        """Forget a job that is over."""
        self._by_printer[job.printer_id].pop(job.id, None)
        self._printers.pop(job.id, None)
        self._contents.pop(job.id, None)


def jobs_under_way(db: Connection) -> JobsUnderWay:
    """Return the jobs under way; of the writer's, what is changed there is kept."""
    known = known_rows(db, "print_job").get("under way")
    if known is None:
        found = [PrintJobRow._make(row) for row in db.execute(_UNDER_WAY)]
        known = JobsUnderWay(sorted(found))
        known_rows(db, "print_job")["under way"] = known
    return cast("JobsUnderWay", known)
