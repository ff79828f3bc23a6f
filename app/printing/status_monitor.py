"""Polls the status of idle printers, and has each one's recorded.

What has not changed is not written: a poll each few seconds costs no commit.
"""

import asyncio
import logging
from datetime import datetime
from functools import partial

from app.db.engines import Readers
from app.errors import Busy, NotDurable
from app.ledger import Ledger
from app.models.states import PrintReason
from app.printing.agents import AgentPrinter
from app.printing.driven_printers import DrivenPrinters
from app.printing.printers import PrinterRow
from app.queueing.slips.printer_status import (
    CANNOT_TELL,
    READY,
    StatusReport,
    record_status,
    would_change_status,
)
from printer.address import TcpAddress
from printer.delivery import Delivery, ask_status
from printer.driven_printer import DrivenPrinter
from printer.silence import LINK_FAILURES
from printer.status import PrinterStatus

POLL_SECONDS = 15.0
"""How long a printer is idle before it is asked, and again."""
RECHECK_SECONDS = 3.0
"""After a status in doubt, before it is believed: one lost answer is no alarm."""
GRACE_SECONDS = 0.5
"""How long a job waits for a poll under way; a sound printer answers sooner."""

logger = logging.getLogger(__name__)


class StatusMonitor:
    """Asks printers for their status, and knows when each was last seen."""

    def __init__(
        self, readers: Readers, ledger: Ledger, driven_printers: DrivenPrinters
    ) -> None:
        self.last_seen: dict[int, datetime] = {}
        self.recheck_seconds = RECHECK_SECONDS
        self._readers, self._ledger = readers, ledger
        self._driven_printers = driven_printers

    async def check(self, printer: PrinterRow, wake: asyncio.Event) -> None:
        """Ask an idle printer how it is; a job that comes (``wake``) goes first."""
        if not printer.reports_status:
            return
        try:
            driven = self._driven_printers.at(printer.parsed_address)
        except ValueError:
            await self._record(printer.id, StatusReport(PrintReason.BAD_ADDRESS))
            return
        status = await self._confirmed_status(driven, wake)
        if status is None:
            return
        if status.doubt is None:
            self._mark_seen(printer.id)
        await self._record(printer.id, _report_of(status))

    async def _confirmed_status(
        self, printer: DrivenPrinter, wake: asyncio.Event
    ) -> PrinterStatus | None:
        """Ask a printer, and again when nothing was learnt; None when a job came."""
        status = await _status_unless_woken(printer, wake)
        if status is None or status.doubt is None or status.cause == "one-way":
            return status
        try:
            async with asyncio.timeout(self.recheck_seconds):
                await wake.wait()
        except TimeoutError:
            return await _status_unless_woken(printer, wake)
        return None  # the job that came tells more

    async def record_agent_status(self, printer_id: int, agent: AgentPrinter) -> None:
        """Record what a printer's agent last reported of it, if it is there."""
        status = agent.status
        if status is None:
            return
        if not status.can_tell:
            await self._record(printer_id, StatusReport(CANNOT_TELL))
            return
        if status.problem not in LINK_FAILURES:
            self._mark_seen(printer_id)
        await self._record(
            printer_id, StatusReport(status.problem or READY, status.near_end)
        )

    def record_delivery(self, printer_id: int, delivery: Delivery) -> None:
        """Note that a printer was there: it took a slip, or answered."""
        answered = delivery.status is not None and delivery.status.doubt is None
        if answered or delivery.state in ("printed", "sent"):
            self._mark_seen(printer_id)

    def _mark_seen(self, printer_id: int) -> None:
        self.last_seen[printer_id] = self._ledger.now()

    async def _record(self, printer_id: int, report: StatusReport) -> None:
        is_new = partial(would_change_status, printer_id=printer_id, report=report)
        if not await self._readers.read(partial(is_new, now=self._ledger.now())):
            return
        logger.info("printer=%d is %s", printer_id, report.state)
        try:
            await self._ledger.do(
                partial(record_status, printer_id=printer_id, report=report)
            )
        except (Busy, NotDurable):
            logger.warning("a printer's state was not kept: the next look tells it")


async def _status_unless_woken(
    printer: DrivenPrinter, wake: asyncio.Event
) -> PrinterStatus | None:
    """Ask a printer; None when a job could not wait for its answer.

    A line that outlives its conversation is not broken off in the middle of a
    question: the job would have to wait for its silence, which takes longer.
    """
    if not isinstance(printer.address, TcpAddress):
        return await ask_status(printer)
    asking = asyncio.create_task(ask_status(printer))
    waking = asyncio.create_task(wake.wait())
    try:
        await asyncio.wait((asking, waking), return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait((asking,), timeout=GRACE_SECONDS)
        return asking.result() if asking.done() else None
    finally:
        asking.cancel()
        waking.cancel()
        await asyncio.gather(asking, waking, return_exceptions=True)


def _report_of(status: PrinterStatus) -> StatusReport:
    if status.cause == "one-way":
        return StatusReport(CANNOT_TELL)
    return StatusReport(
        status.problem or READY, None if status.doubt else status.near_end
    )
