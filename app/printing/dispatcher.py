"""Sends queued slips: one worker a printer, so that a dead one delays no other.

A job is `sending` on disk before the first byte leaves, and ends as the
delivery says: never a false "printed" (design §4).
"""

import asyncio
import logging
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from app.db import Readers
from app.errors import Busy, NotDurable
from app.ledger import Ledger
from app.ledger.command import Run
from app.models.states import DeviceKind, PrintReason, PrintState
from app.printing.agents import Agents
from app.printing.slips import SlipFacts, Translator, slip_facts, slip_of
from app.queueing import printing, rows
from app.queueing.printing import PrintJobRow
from printer.address import PrinterAddress, parse_address
from printer.delivery import Delivery, deliver
from printer.paper import PAPER_58, PAPER_80, Paper
from printer.slip import render_slip

logger = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
PAPERS = {"80mm": PAPER_80, "58mm": PAPER_58}


class PrinterRow(NamedTuple):
    """A printer as its row says."""

    id: int
    name: str
    address: str
    paper: str
    reports_status: bool

    @property
    def where(self) -> PrinterAddress:
        """Return its address; raises ValueError on nonsense."""
        return parse_address(self.address, reports_status=self.reports_status)


_PRINTERS = select(*(rows.printer.c[name] for name in PrinterRow._fields)).order_by(
    rows.printer.c.id
)


_AGENT_OF = select(rows.device.c.id).where(
    rows.device.c.kind == DeviceKind.PRINT_AGENT,
    rows.device.c.printer_id == bindparam("printer_id"),
)


def printer_rows(db: Connection) -> list[PrinterRow]:
    """Return every printer, in the order of their ids."""
    return [PrinterRow._make(row) for row in db.execute(_PRINTERS)]


def has_agent(db: Connection, printer_id: int) -> bool:
    """Tell whether an agent drives a printer, there or not."""
    return db.execute(_AGENT_OF, {"printer_id": printer_id}).first() is not None


class Dispatcher:
    """Keeps a worker for each printer of the site."""

    def __init__(self, readers: Readers, ledger: Ledger, words: Translator) -> None:
        self._readers = readers
        self._ledger = ledger
        self._words = words
        self._wake: dict[int, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._last: dict[str, str] = {}
        self.agents = Agents()
        self._driven: dict[str, int] = {}

    def last_words(self) -> dict[str, str]:
        """Return how each printer's newest job ended; ``idle`` before the first.

        A state (``printed``, ``sent``), or the reason why it is none. Of a printer
        behind an agent what the agent says now comes first.
        """
        told = {name: self.agents.of(id_).problem for name, id_ in self._driven.items()}
        return self._last | {name: why for name, why in told.items() if why}

    async def start(self) -> None:
        """Settle what a crash cut off, then start a worker for each printer."""
        await self._ledger.do(printing.end_interrupted)
        for printer in await self._readers.read(printer_rows):
            self._last[printer.name] = "idle"
            if await self._readers.read(partial(has_agent, printer_id=printer.id)):
                self._driven[printer.name] = printer.id
            self._wake[printer.id] = asyncio.Event()
            self._wake[printer.id].set()
            self._tasks.append(
                asyncio.create_task(self._work(printer), name=f"printer-{printer.id}")
            )

    async def stop(self) -> None:
        """Stop the workers; a job under way is settled at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def publish(self, facts: frozenset[str]) -> None:
        """Wake the workers whose printers have a new job."""
        for fact in facts:
            kind, _, key = fact.partition(":")
            if kind == "printer" and int(key) in self._wake:
                self._wake[int(key)].set()

    async def _work(self, printer: PrinterRow) -> None:
        wake = self._wake[printer.id]
        while True:
            await wake.wait()
            wake.clear()
            try:
                while await self._print_next(printer):
                    pass
            except Exception:
                logger.exception("printer worker failed printer=%s", printer.name)
                await asyncio.sleep(RETRY_SECONDS)
                wake.set()

    async def _print_next(self, printer: PrinterRow) -> bool:
        job = await self._readers.read(
            partial(printing.next_job, printer_id=printer.id)
        )
        if job is None:
            return False
        if await self._readers.read(partial(has_agent, printer_id=printer.id)):
            await self._print_by_agent(job, printer)
            return True
        begun = await self._ledger.do(partial(printing.begin_sending, job_id=job.id))
        if begun.value:
            delivery = await self._send(job, printer)
            self._last[printer.name] = delivery.reason or delivery.state
            await self._end(job, printer, delivery)
        return True

    async def _print_by_agent(self, job: PrintJobRow, printer: PrinterRow) -> None:
        """Have an agent print a job; it is `sending` once the agent has taken it."""
        data = await self._rendered(job, printer)
        if isinstance(data, Delivery):
            await self._end(job, printer, data)
            return
        agent = self.agents.of(printer.id)
        key = f"{job.id}-{job.created_at.isoformat()}"
        begin = partial(printing.begin_sending, job_id=job.id)
        delivery = await agent.deliver(key, data, partial(self._insist, begin))
        self._last[printer.name] = delivery.reason or delivery.state
        await self._end(job, printer, delivery)
        await agent.settle(key)

    async def _send(self, job: PrintJobRow, printer: PrinterRow) -> Delivery:
        try:
            where = printer.where
        except ValueError:
            logger.exception("bad address printer=%s", printer.name)
            return _not_sent(PrintReason.BAD_ADDRESS)
        data = await self._rendered(job, printer)
        if isinstance(data, Delivery):
            return data
        return await _deliver(data, where, job)

    async def _rendered(
        self, job: PrintJobRow, printer: PrinterRow
    ) -> bytes | Delivery:
        """Return a job's bytes, or why there are none."""
        try:
            facts = await self._readers.read(partial(slip_facts, job=job))
            if facts is None:
                return _not_sent(PrintReason.NO_TICKET)
            # a picture takes milliseconds: on a thread, and in no transaction
            return await asyncio.to_thread(self._bytes, facts, job, printer)
        except Exception:
            logger.exception("slip not rendered job=%d", job.id)
            return _not_sent(PrintReason.NOT_RENDERED)

    def _bytes(self, facts: SlipFacts, job: PrintJobRow, printer: PrinterRow) -> bytes:
        slip = slip_of(facts, self._words(facts.language), is_copy=job.is_copy)
        return render_slip(slip, paper_of(printer))

    async def _end(
        self, job: PrintJobRow, printer: PrinterRow, delivery: Delivery
    ) -> None:
        if delivery.state not in (PrintState.PRINTED, PrintState.SENT):
            logger.warning(
                "slip not printed job=%d printer=%s state=%s reason=%s",
                job.id,
                printer.name,
                delivery.state,
                delivery.reason,
            )
        await self._insist(
            partial(
                printing.end_job,
                job_id=job.id,
                state=delivery.state,
                reason=delivery.reason,
            )
        )

    async def _insist(self, command: Run) -> None:
        """Give a command until it is on disk; a full disk or inbox may pass."""
        while True:
            try:
                await self._ledger.do(command)
            except (Busy, NotDurable):
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return


async def _deliver(data: bytes, where: PrinterAddress, job: PrintJobRow) -> Delivery:
    """Deliver a slip; after a surprise nobody knows what came out."""
    try:
        return await deliver(data, where)
    except Exception:
        logger.exception("delivery broke off job=%d", job.id)
        return Delivery(state="unknown", reason=PrintReason.INTERNAL)


def _not_sent(reason: PrintReason) -> Delivery:
    return Delivery(state="failed", reason=reason, nothing_printed=True)


def paper_of(printer: PrinterRow) -> Paper:
    """Return a printer's paper; raises KeyError for one that is not known."""
    return PAPERS[printer.paper]
