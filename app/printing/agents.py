"""Printers that an agent drives: the line to it, while there is one, and its job.

The protocol is in decision 0012. One job at a time for each printer; where the
line broke in the middle nobody here knows what came out, and says so.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import cast

from printer.agent.journal import JournalJob
from printer.agent.server_messages import (
    AgentMessage,
    DroppedMessage,
    EndedMessage,
    HelloMessage,
    StatusMessage,
    TakenMessage,
    job_message,
    settled_message,
    welcome_message,
)
from printer.delivery import Delivery, DeliveryState

# an agent that lost its line tries again within 5 s (decision 0012)
RECONNECT_WAIT_SECONDS = 10.0
"""How long a printer is waited for whose agent is not there."""
JOB_LIFETIME_SECONDS = 20.0
"""How long a slip is worth printing: the visitor stands at the kiosk."""
TAKEN_SECONDS = 60.0
"""How long an end is waited for: a slip with every deadline, and a reconnection."""

SEND_SECONDS = 2.0
"""How long a line may take to be spoken to before it counts as broken."""

Send = Callable[[str], Awaitable[None]]
OnLateEnd = Callable[[int, JournalJob], Awaitable[bool]]
"""Takes up an end at a printer, by its id, that nobody waits for any more; False: tell
it again later."""

logger = logging.getLogger(__name__)


async def _ignore_late_end(_printer_id: int, _ended: JournalJob) -> bool:
    return True


class _Job:
    """What the printer is doing now."""

    def __init__(
        self, key: str, text: str, on_begin: Callable[[], Awaitable[object]]
    ) -> None:
        self.key, self.text, self.on_begin = key, text, on_begin
        self.was_sent = False
        self.taken = asyncio.Event()
        self.end: asyncio.Future[JournalJob] = (
            asyncio.get_running_loop().create_future()
        )


class AgentPrinter:
    """One printer behind an agent. Times are those of the event loop."""

    def __init__(
        self,
        printer_id: int,
        *,
        away_seconds: float,
        taken_seconds: float,
        on_late_end: OnLateEnd = _ignore_late_end,
    ) -> None:
        self.status: StatusMessage | None = None
        self._id, self._on_late_end = printer_id, on_late_end
        self._away_seconds, self._taken_seconds = away_seconds, taken_seconds
        self._send: Send | None = None
        self._job: _Job | None = None
        # asked for the time on other threads too
        self._loop = asyncio.get_running_loop()
        self._away_since = self._loop.time()

    @property
    def is_connected(self) -> bool:
        """Whether the agent has a line to us."""
        return self._send is not None

    @property
    def is_busy(self) -> bool:
        """Whether the agent has a job of ours."""
        return self._job is not None

    @property
    def away_seconds(self) -> float | None:
        """For how long the agent has been gone; None: not for too long yet.

        One just away may be on its way back.
        """
        if self.is_connected or self._patience() > 0.0:
            return None
        return self._loop.time() - self._away_since

    async def deliver(
        self, key: str, data: bytes, on_begin: Callable[[], Awaitable[object]]
    ) -> Delivery:
        """Have one slip printed; ``on_begin`` is awaited before it is first sent."""
        self._job = job = _Job(
            key, job_message(key, data, JOB_LIFETIME_SECONDS), on_begin
        )
        try:
            await self._send_job()
            if not await self._happens_within(job.taken.wait(), self._patience()):
                return _undelivered(job)
            if not await self._happens_within(
                asyncio.shield(job.end), self._taken_seconds
            ):
                return Delivery(state="unknown", reason="connection-lost")
            return _delivery(job.end.result())
        finally:
            self._job = None

    async def confirm_end(self, key: str) -> None:
        """Tell the agent that a job's end is on our disk; it asks again if not."""
        await self._send_text(settled_message(key))

    async def handle_message(self, message: AgentMessage, send: Send) -> None:
        """Take up what the agent says on the line that ``send`` belongs to.

        A line whose place another has taken is not listened to any more.
        """
        if self._send is not send and not isinstance(message, HelloMessage):
            return
        match message:
            case HelloMessage(jobs):
                await self._handle_hello(jobs, send)
            case TakenMessage(key):
                if self._job is not None and self._job.key == key:
                    self._job.taken.set()
            case EndedMessage(ended):
                await self._handle_end(ended)
            case StatusMessage():
                self.status = message
            case DroppedMessage():
                pass  # nobody asks for that yet

    def disconnect(self, send: Send) -> None:
        """Note that a line is gone, unless another has taken its place."""
        if self._send is send:
            self._send, self.status = None, None
            self._away_since = self._loop.time()

    async def _handle_hello(self, jobs: tuple[JournalJob, ...], send: Send) -> None:
        self._send = send
        await self._send_text(welcome_message())
        for job in jobs:
            if job.has_ended:
                await self._handle_end(job)
        # after the ends: one of them may have been this job's
        if self._job is not None and not self._job.end.done():
            await self._send_job()

    async def _handle_end(self, ended: JournalJob) -> None:
        """Hand an end to whoever waits for it; of any other, ours stands mostly."""
        if self._job is None or self._job.key != ended.key:
            if await self._on_late_end(self._id, ended):
                await self.confirm_end(ended.key)
        elif not self._job.end.done():
            self._job.taken.set()
            self._job.end.set_result(ended)

    async def _send_job(self) -> None:
        """Send the job, unless it was taken: another journal would not know it.

        Noted as begun, durably, before it leaves: a server that starts anew may
        not take it for one that nobody has printed.
        """
        job = self._job
        if job is None or self._send is None or job.taken.is_set():
            return
        if not job.was_sent:
            await job.on_begin()
            job.was_sent = True
        await self._send_text(job.text)

    async def _send_text(self, text: str) -> None:
        if self._send is None:
            return
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._send(text)
        # a TimeoutError is an OSError; the line is going, and its reader notices
        except (OSError, RuntimeError):
            logger.debug("a print agent's line broke while it was spoken to")

    def _patience(self) -> float:
        if self.is_connected:
            return self._away_seconds
        away = self._loop.time() - self._away_since
        return max(0.0, self._away_seconds - away)

    @staticmethod
    async def _happens_within(awaitable: Awaitable[object], seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await awaitable
        except TimeoutError:
            return False
        return True


class Agents:
    """Every printer behind an agent, by the printer's id."""

    def __init__(
        self,
        *,
        away_seconds: float = RECONNECT_WAIT_SECONDS,
        taken_seconds: float = TAKEN_SECONDS,
        on_late_end: OnLateEnd = _ignore_late_end,
    ) -> None:
        self._away_seconds, self._taken_seconds, self._on_late_end = (
            away_seconds,
            taken_seconds,
            on_late_end,
        )
        self._printers: dict[int, AgentPrinter] = {}

    def of(self, printer_id: int) -> AgentPrinter:
        """Return a printer, whether its agent is there or not."""
        if printer_id not in self._printers:
            self._printers[printer_id] = AgentPrinter(
                printer_id,
                away_seconds=self._away_seconds,
                taken_seconds=self._taken_seconds,
                on_late_end=self._on_late_end,
            )
        return self._printers[printer_id]


def _undelivered(job: _Job) -> Delivery:
    """Nothing was asked for, so nothing came out; else nobody knows."""
    if job.was_sent:
        return Delivery(state="unknown", reason="no-answer")
    return Delivery(state="failed", reason="unreachable", nothing_printed=True)


def _delivery(ended: JournalJob) -> Delivery:
    return Delivery(
        state=cast(DeliveryState, ended.state),
        reason=ended.reason,
        nothing_printed=ended.nothing_printed,
    )
