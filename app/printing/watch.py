"""Looks at idle printers, and has what is heard of each remembered.

What has not changed is not written: a look each few seconds costs no commit.
"""

import asyncio
import logging
from datetime import datetime
from functools import partial

from app.db import Readers
from app.errors import Busy, NotDurable
from app.ledger import Ledger
from app.models.states import PrintReason
from app.printing.agents import AgentPrinter
from app.printing.printers import PrinterRow
from app.queueing.printer_words import CANNOT_TELL, READY, Word, hear, is_news
from printer.address import PrinterAddress, TcpAddress
from printer.delivery import DOUBTS, Delivery, ask_status
from printer.status import PrinterStatus

LOOK_SECONDS = 15.0
"""How long a printer is idle before it is looked at, and again."""
AGAIN_SECONDS = 3.0
"""After a look in doubt, before it is believed: one lost answer is no alarm."""
GRACE_SECONDS = 0.5
"""How long a job waits for a look under way; a sound printer answers sooner."""

logger = logging.getLogger(__name__)


class Watch:
    """What was heard of the printers, and when each was last seen."""

    def __init__(self, readers: Readers, ledger: Ledger) -> None:
        self.last_seen: dict[int, datetime] = {}
        self.again_seconds = AGAIN_SECONDS
        self._readers, self._ledger = readers, ledger

    async def look(self, printer: PrinterRow, wake: asyncio.Event) -> None:
        """Ask an idle printer how it is; a job that comes (``wake``) goes first."""
        if not printer.reports_status:
            return
        try:
            status = await self._sure(printer.where, wake)
        except ValueError:
            await self._note(printer.id, Word(PrintReason.BAD_ADDRESS))
            return
        if status is None:
            return
        if status.doubt is None:
            self._saw(printer.id)
        await self._note(printer.id, _word(status))

    async def _sure(
        self, where: PrinterAddress, wake: asyncio.Event
    ) -> PrinterStatus | None:
        """Ask a printer, and again when nothing was learnt; None as ``_asked``."""
        status = await _asked(where, wake)
        if status is None or status.doubt is None or status.cause == "one-way":
            return status
        try:
            async with asyncio.timeout(self.again_seconds):
                await wake.wait()
        except TimeoutError:
            return await _asked(where, wake)
        return None  # the job that came tells more

    async def hear_agent(self, printer_id: int, agent: AgentPrinter) -> None:
        """Take up what a printer's agent last said of it, if it is there."""
        said = agent.status
        if said is None:
            return
        if not said.can_tell:
            await self._note(printer_id, Word(CANNOT_TELL))
            return
        if said.problem not in DOUBTS:
            self._saw(printer_id)
        await self._note(printer_id, Word(said.problem or READY, said.near_end))

    def hear_delivery(self, printer_id: int, delivery: Delivery) -> None:
        """Note that a printer was there: it took a slip, or answered."""
        answered = delivery.status is not None and delivery.status.doubt is None
        if answered or delivery.state in ("printed", "sent"):
            self._saw(printer_id)

    def _saw(self, printer_id: int) -> None:
        self.last_seen[printer_id] = self._ledger.now()

    async def _note(self, printer_id: int, word: Word) -> None:
        told = partial(is_news, printer_id=printer_id, word=word)
        if not await self._readers.read(partial(told, now=self._ledger.now())):
            return
        logger.info("printer=%d is %s", printer_id, word.state)
        try:
            await self._ledger.do(partial(hear, printer_id=printer_id, word=word))
        except (Busy, NotDurable):
            logger.warning("a printer's state was not kept: the next look tells it")


async def _asked(where: PrinterAddress, wake: asyncio.Event) -> PrinterStatus | None:
    """Ask a printer; None when a job could not wait for its answer.

    A line that outlives its conversation is not broken off in the middle of a
    question: the job would have to wait for its silence, which takes longer.
    """
    if not isinstance(where, TcpAddress):
        return await ask_status(where)
    asking = asyncio.create_task(ask_status(where))
    waking = asyncio.create_task(wake.wait())
    try:
        await asyncio.wait((asking, waking), return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait((asking,), timeout=GRACE_SECONDS)
        return asking.result() if asking.done() else None
    finally:
        asking.cancel()
        waking.cancel()
        await asyncio.gather(asking, waking, return_exceptions=True)


def _word(status: PrinterStatus) -> Word:
    if status.cause == "one-way":
        return Word(CANNOT_TELL)
    return Word(status.problem or READY, None if status.doubt else status.near_end)
