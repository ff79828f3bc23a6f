"""The driver of one printer: prints what the journal holds, one slip at a time."""

import asyncio
import logging
import sqlite3

from printer.address import PrinterAddress
from printer.agent.journal import Journal
from printer.delivery import DEADLINES, Delivery, ask_status, deliver
from printer.driven_printer import DrivenPrinter
from printer.silence import LINK_FAILURES, Deadlines
from printer.status import PrinterStatus

STATUS_SECONDS = 2.0
"""Between two questions to an idle printer. With the slowest answers to two of
them it makes less than the 10 s within which the server must know."""
RECHECK_SECONDS = 0.5
"""After an answer in doubt, before it is believed: a lost one is no trouble."""
RETRY_SECONDS = 2.0
CANNOT_TELL = PrinterStatus(doubt="no-answer", cause="one-way")

logger = logging.getLogger(__name__)


class Worker:
    """Drives one printer; nobody else speaks to it.

    `changed` is set whenever `status` or a job's end is new.
    """

    def __init__(
        self,
        printer: PrinterAddress,
        journal: Journal,
        *,
        deadlines: Deadlines = DEADLINES,
        status_seconds: float = STATUS_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self.status: PrinterStatus | None = None
        self.changed = asyncio.Event()
        self._printer = DrivenPrinter(printer)
        self._journal, self._deadlines = journal, deadlines
        self._status_seconds, self._retry_seconds = status_seconds, retry_seconds
        self._wake_event = asyncio.Event()
        self._is_stopping = False

    def wake(self) -> None:
        """Say that the journal may hold a new job."""
        self._wake_event.set()

    def stop(self) -> None:
        """Begin no further slip."""
        self._is_stopping = True
        self._wake_event.set()

    async def run(self) -> None:
        """Print and look after the printer until stopped.

        Stop it and let it end: cancelled in the middle of a slip, it would leave
        that slip to a person.
        """
        while not self._is_stopping:
            self._wake_event.clear()
            if not await self._print_next():
                await self._check_status()
                await self._sleep(self._status_seconds)

    async def _print_next(self) -> bool:
        """Print one job if there is one; a full disk prints nothing, and waits."""
        try:
            job = self._journal.begin_next()
        except sqlite3.Error:
            logger.exception("the journal cannot be written")
            await asyncio.sleep(self._retry_seconds)
            return True
        self.changed.set()  # some may have ended as too late
        if job is None:
            return False
        key, data = job
        delivery = await self._deliver(key, data)
        # set before the end is reported: a server that reads the end takes the status
        # before it for how the printer is now
        self.status = _status_after(delivery) or self.status
        await self._note_end(key, delivery)
        return True

    async def _deliver(self, key: str, data: bytes) -> Delivery:
        """Deliver a slip; after a surprise nobody knows what came out."""
        try:
            return await deliver(data, self._printer, deadlines=self._deadlines)
        except Exception:
            logger.exception("delivery broke off job=%s", key)
            return Delivery(state="unknown", reason="internal")

    async def _note_end(self, key: str, delivery: Delivery) -> None:
        """Write the end until it is on disk; the next slip waits for that."""
        logger.info("job=%s %s %s", key, delivery.state, delivery.reason or "")
        while True:
            try:
                self._journal.end(
                    key,
                    delivery.state,
                    delivery.reason,
                    nothing_printed=delivery.nothing_printed,
                )
            except sqlite3.Error:
                logger.exception("the journal cannot be written")
                await asyncio.sleep(self._retry_seconds)
            else:
                self.changed.set()
                return

    async def _check_status(self) -> None:
        if not self._printer.address.reports_status:
            self._set_status(CANNOT_TELL)
            return
        status = await ask_status(self._printer, deadlines=self._deadlines)
        if status.doubt and self.status and not self.status.doubt:
            self.changed.set()  # or the server would take a silent agent for gone
            await self._sleep(RECHECK_SECONDS)
            if self._wake_event.is_set():
                return  # the slip that came tells more
            status = await ask_status(self._printer, deadlines=self._deadlines)
        self._set_status(status)

    def _set_status(self, status: PrinterStatus) -> None:
        self.status = status
        self.changed.set()

    async def _sleep(self, seconds: float) -> None:
        if self._is_stopping:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._wake_event.wait()
        except TimeoutError:
            return


def _status_after(delivery: Delivery) -> PrinterStatus | None:
    """Return the printer's status after a try; None where that says nothing of it."""
    if delivery.status is None and delivery.reason in LINK_FAILURES:
        return PrinterStatus(doubt=delivery.reason, cause=delivery.cause)
    return delivery.status
