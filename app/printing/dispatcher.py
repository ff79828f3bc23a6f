"""Sends queued slips: one worker a printer, so that a dead one delays no other.

A job is `sending` on disk before the first byte leaves, and ends as the
delivery says: never a false "printed" (changes.md#printing).
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from app.db.engines import Readers
from app.errors import Busy, NotDurable
from app.ledger import Ledger
from app.ledger.command import Run
from app.models.states import PrintReason, PrintState
from app.printing.agents import Agents
from app.printing.driven_printers import DrivenPrinters
from app.printing.next_slip import (
    AttemptEnd,
    NextSlip,
    end_alone,
    end_and_take_next,
    take_next,
)
from app.printing.printers import has_agent, printer_row, printer_rows
from app.printing.slip_content import Translator
from app.printing.slip_renderer import SlipRenderer, not_sent
from app.printing.status_monitor import POLL_SECONDS, StatusMonitor
from app.queueing import facts
from app.queueing.slips import print_jobs
from app.queueing.slips.attempts import Attempt, Outcome
from app.queueing.slips.under_way import UNDER_WAY, PrintJobRow
from app.queueing.views.printers import LiveState, PrintersView, printers_view
from printer.agent.journal import JournalJob
from printer.delivery import Delivery, deliver
from printer.driven_printer import DrivenPrinter

logger = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
MAX_ID_DIGITS = 18
"""Digits: what a database holds for an id."""
RETRY_DELAYS = (0.5, 2.0)
"""Before another try, in seconds: a visitor stands there."""


class Dispatcher:
    """Keeps a worker for each printer of the site."""

    def __init__(
        self, readers: Readers, ledger: Ledger, translations: Translator
    ) -> None:
        self._readers = readers
        self._ledger = ledger
        self._renderer = SlipRenderer(readers, translations)
        self._wake: dict[int, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.agents = Agents(on_late_end=self._correct_late_end)
        self._driven_printers = DrivenPrinters()
        self.monitor = StatusMonitor(readers, ledger, self._driven_printers)
        self.retry_delays: tuple[float, ...] = RETRY_DELAYS
        self.poll_seconds = POLL_SECONDS

    async def printers_view(self) -> PrintersView:
        """Return how every printer stands now."""
        view = partial(printers_view, live=self.live_state(), now=self._ledger.now())
        return await self._readers.read(view)

    def live_state(self) -> LiveState:
        """Return what only this process knows of the printers; on any thread."""
        now = self._ledger.now()
        agents = {id_: self.agents.of(id_) for id_ in self._wake}
        away = {id_: agent.away_seconds for id_, agent in agents.items()}
        return LiveState(
            last_seen=dict(self.monitor.last_seen),
            agents_here=frozenset(
                id_ for id_, each in agents.items() if each.is_connected
            ),
            agents_away={
                id_: now - timedelta(seconds=seconds)
                for id_, seconds in away.items()
                if seconds is not None
            },
        )

    def wake_worker(self, printer_id: int) -> None:
        """Wake a printer's worker: its agent has just reported."""
        if printer_id in self._wake:
            self._wake[printer_id].set()

    async def start(self) -> None:
        """Settle what a crash cut off, then start a worker for each printer."""
        await self._ledger.do(print_jobs.end_interrupted)
        await self._start_workers()

    async def _start_workers(self) -> None:
        for printer in await self._readers.read(printer_rows):
            if printer.id in self._wake:
                continue
            self._wake[printer.id] = asyncio.Event()
            # here, on the loop: a view asks for it on another thread
            self.agents.of(printer.id)
            # jobs may have been waiting since before the start
            self._wake[printer.id].set()
            self._start_task(
                self._work(printer.id, printer.name), f"printer-{printer.id}"
            )

    def _start_task(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Stop the workers; a job under way is settled at the next start."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def publish(self, changed: frozenset[facts.Fact]) -> None:
        """Wake the workers whose printers have a new job; an import may bring more."""
        if facts.SITE in changed:
            self._start_task(self._follow_import(), "printers of an import")
        for fact in changed:
            printer_id = facts.printer_id_of(fact)
            if printer_id in self._wake:
                self._wake[printer_id].set()

    async def _follow_import(self) -> None:
        """Start workers for new printers, and end those whose printer is gone."""
        try:
            present = {row.id for row in await self._readers.read(printer_rows)}
            for printer_id in self._wake.keys() - present:
                # its worker ends where it finds itself without its event
                self._wake.pop(printer_id).set()
            await self._start_workers()
        except Exception:
            logger.exception("the printers of an import were not read")

    async def _work(self, printer_id: int, name: str) -> None:
        wake = self._wake[printer_id]
        while self._wake.get(printer_id) is wake:
            was_idle = not await _was_woken(wake, self.poll_seconds)
            # before it looks: a job that comes meanwhile wakes it again
            wake.clear()
            try:
                slip = await self._first_slip(printer_id)
                was_idle = was_idle and slip is None
                while slip is not None:
                    slip = await self._print(slip)
                await self._update_status(printer_id, was_idle=was_idle)
            except Exception:
                if self._wake.get(printer_id) is not wake:
                    break
                logger.exception("printer worker failed printer=%s", name)
                await asyncio.sleep(RETRY_SECONDS)
                wake.set()

    async def _update_status(self, printer_id: int, *, was_idle: bool) -> None:
        """Learn how the printer is: from its agent, or by asking when it was idle."""
        if await self._readers.read(partial(has_agent, printer_id=printer_id)):
            await self.monitor.record_agent_status(
                printer_id, self.agents.of(printer_id)
            )
        elif was_idle:
            row = partial(printer_row, printer_id=printer_id)
            wake = self._wake.get(printer_id) or asyncio.Event()
            await self.monitor.check(await self._readers.read(row), wake)

    async def _first_slip(self, printer_id: int) -> NextSlip | None:
        """Take the oldest job that waits, if one does: a look costs no commit."""
        look = partial(print_jobs.next_job, printer_id=printer_id)
        if await self._readers.read(look) is None:
            return None
        return await self._take_next(printer_id)

    async def _take_next(self, printer_id: int) -> NextSlip | None:
        taken: NextSlip | None = await self._do(
            partial(take_next, printer_id=printer_id)
        )
        return taken

    async def _do(self, command: Run) -> Any:
        """Give a command that may take a slip; a stop meanwhile lets that wait again.

        What is in the ledger's inbox is run, whoever has hung up.
        """
        doing = asyncio.ensure_future(self._ledger.do(command))
        try:
            return (await asyncio.shield(doing)).value
        except asyncio.CancelledError:
            with suppress(Exception):  # then nothing was taken
                value = (await doing).value
                slip = value.next if isinstance(value, AttemptEnd) else value
                if isinstance(slip, NextSlip):
                    await self._put_back(slip)
            raise

    async def _put_back(self, slip: NextSlip) -> None:
        """Let a slip wait again of which no byte was sent."""
        if not slip.is_late and not slip.is_by_agent:
            wait = partial(print_jobs.wait_again, job_id=slip.job.id)
            await self._ledger.do(wait)

    async def _print(self, slip: NextSlip) -> NextSlip | None:
        """Try a job; return the printer's next."""
        printer_id = slip.printer.id
        if slip.is_late:
            dropped = (await self._ledger.do(print_jobs.drop_late)).value
            logger.warning("slips came too late for their visitors count=%d", dropped)
            # none: another printer's worker has ended this one too
            return await self._take_next(printer_id)
        if slip.is_by_agent:
            await self._print_by_agent(slip)
            return await self._take_next(printer_id)
        return await self._end(slip, await self._send(slip))

    async def _print_by_agent(self, slip: NextSlip) -> None:
        """Have an agent print a job; it is `sending` once the agent has taken it."""
        job, printer = slip.job, slip.printer
        data = await self._renderer.bytes_of(slip)
        if isinstance(data, Delivery):
            await self._wait_after(job, await self._note_end(slip, data))
            return
        agent = self.agents.of(printer.id)
        key = _key_of(job)
        begin = partial(print_jobs.begin_sending, job_id=job.id)
        delivery = await agent.deliver(
            key, data, partial(self._retry_until_durable, begin)
        )
        outcome = await self._note_end(slip, delivery)
        # only now: an end that is confirmed is not told again (decision 0012)
        await agent.confirm_end(key)
        await self._wait_after(job, outcome)

    async def _correct_late_end(self, printer_id: int, ended: JournalJob) -> bool:
        """Correct an earlier slip by its agent's report: a restart missed its end.

        An agent speaks for its own printer alone: of another's slip it is not heard.
        """
        job_id = ended.key.partition("-")[0]
        if not (job_id.isascii() and job_id.isdigit() and len(job_id) <= MAX_ID_DIGITS):
            return True
        job = await self._readers.read(partial(print_jobs.job_row, job_id=int(job_id)))
        # of another server, or from after the backup that this one was restored from
        if job is None or _key_of(job) != ended.key:
            return True
        if job.printer_id != printer_id:
            logger.warning("a print agent spoke for another printer job=%d", job.id)
            return True
        if job.state in UNDER_WAY:
            return False  # our own end is on its way to the disk
        correct = partial(
            print_jobs.correct_end,
            job_id=job.id,
            state=ended.state,
            reason=ended.reason,
        )
        try:
            await self._ledger.do(correct)
        except (Busy, NotDurable):
            return False
        return True

    async def _send(self, slip: NextSlip) -> Delivery:
        try:
            driven = self._driven_printers.at(slip.printer.parsed_address)
        except ValueError:
            logger.exception("bad address printer=%s", slip.printer.name)
            return not_sent(PrintReason.BAD_ADDRESS)
        try:
            data = await self._renderer.bytes_of(slip)
        except asyncio.CancelledError:
            await self._put_back(slip)
            raise
        if isinstance(data, Delivery):
            return data
        return await _deliver(data, driven, slip.job)

    async def _end(self, slip: NextSlip, delivery: Delivery) -> NextSlip | None:
        """Write how a try ended, until it is on disk; return the printer's next."""
        ended = await self._try_to_end(slip, delivery, end_and_take_next)
        if ended is not None and ended.outcome is not Outcome.AGAIN:
            return ended.next
        # the next slip's fault is not this one's
        outcome = (
            await self._note_end(slip, delivery) if ended is None else ended.outcome
        )
        await self._wait_after(slip.job, outcome)
        return await self._take_next(slip.printer.id)

    async def _note_end(self, slip: NextSlip, delivery: Delivery) -> Outcome:
        """Write how a try ended, until it is on disk; return what comes of it."""
        ended = await self._try_to_end(slip, delivery, end_alone)
        if ended is not None:
            return ended.outcome
        # else it would be "being printed" until the next start
        unknown = partial(
            print_jobs.end_job,
            job_id=slip.job.id,
            state=PrintState.UNKNOWN,
            reason=PrintReason.INTERNAL,
        )
        await self._retry_until_durable(unknown)
        return Outcome.ENDED

    async def _try_to_end(
        self, slip: NextSlip, delivery: Delivery, end: Callable[..., AttemptEnd]
    ) -> AttemptEnd | None:
        """Write an end by a command; None where that was not understood."""
        job, printer = slip.job, slip.printer
        self.monitor.record_delivery(printer.id, delivery)
        run = partial(end, job=job, attempt=_attempt(delivery))
        try:
            ended: AttemptEnd = await self._retry_until_durable(run)
        except Exception:
            logger.exception("a slip's end was not understood job=%d", job.id)
            return None
        if delivery.state not in (PrintState.PRINTED, PrintState.SENT):
            logger.warning(
                "slip not printed job=%d printer=%s state=%s reason=%s then=%s",
                job.id,
                printer.name,
                delivery.state,
                delivery.reason,
                ended.outcome,
            )
        return ended

    async def _wait_after(self, job: PrintJobRow, outcome: Outcome) -> None:
        if outcome is Outcome.AGAIN:
            last = len(self.retry_delays) - 1
            await asyncio.sleep(self.retry_delays[min(job.attempts, last)])

    async def _retry_until_durable(self, command: Run) -> Any:
        """Give a command until it is on disk; a full disk or inbox may pass."""
        while True:
            try:
                return await self._do(command)
            except (Busy, NotDurable):
                await asyncio.sleep(RETRY_SECONDS)


def _key_of(job: PrintJobRow) -> str:
    """Return the key by which an agent knows a job: each try has its own."""
    return f"{job.id}-{job.created_at.isoformat()}-{job.attempts}"


async def _was_woken(wake: asyncio.Event, seconds: float) -> bool:
    """Wait for so long; False when nothing woke us."""
    try:
        async with asyncio.timeout(seconds):
            return await wake.wait()
    except TimeoutError:
        return False


def _attempt(delivery: Delivery) -> Attempt:
    status = delivery.status
    return Attempt(
        delivery.state,
        delivery.reason,
        delivery.nothing_printed,
        None if status is None or status.doubt else status.near_end,
    )


async def _deliver(data: bytes, printer: DrivenPrinter, job: PrintJobRow) -> Delivery:
    """Deliver a slip; after a surprise nobody knows what came out."""
    try:
        return await deliver(data, printer)
    except Exception:
        logger.exception("delivery broke off job=%d", job.id)
        return Delivery(state="unknown", reason=PrintReason.INTERNAL)
