"""Printers that an agent drives: the line to it, while there is one, and its job.

What is said is in decision 0012. One job at a time for each printer; where the
line broke in the middle nobody here knows what came out, and says so.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import cast

from printer.agent.journal import JournalJob
from printer.agent.server_side import (
    Dropped,
    Ended,
    FromAgent,
    Hello,
    Status,
    Taken,
    job,
    settled,
    welcome,
)
from printer.delivery import Delivery, DeliveryState

AWAY_SECONDS = 10.0
"""How long a printer is waited for whose agent is not there."""
GOOD_FOR_SECONDS = 20.0
"""How long a slip is worth printing: the visitor stands at the kiosk."""
TAKEN_SECONDS = 60.0
"""How long an end is waited for: a slip with every deadline, and a reconnection."""

SAY_SECONDS = 2.0
"""How long a line may take to be spoken to before it counts as broken."""

Send = Callable[[str], Awaitable[None]]
Late = Callable[[JournalJob], Awaitable[bool]]
"""Takes up an end that nobody waits for any more; False: tell it again later."""

logger = logging.getLogger(__name__)


async def _too_late(_ended: JournalJob) -> bool:
    return True


class _Job:
    """What the printer is doing now."""

    def __init__(
        self, key: str, text: str, begun: Callable[[], Awaitable[object]]
    ) -> None:
        self.key, self.text, self.begun = key, text, begun
        self.was_sent = False
        self.taken = asyncio.Event()
        self.end: asyncio.Future[JournalJob] = (
            asyncio.get_running_loop().create_future()
        )


class AgentPrinter:
    """One printer behind an agent. Times are those of the event loop."""

    def __init__(self, *, away: float, taken: float, late: Late = _too_late) -> None:
        self.status: Status | None = None
        self._late = late
        self._away_seconds, self._taken_seconds = away, taken
        self._send: Send | None = None
        self._job: _Job | None = None
        self._away_since = asyncio.get_running_loop().time()

    @property
    def is_here(self) -> bool:
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
        if self.is_here or self._patience() > 0.0:
            return None
        return asyncio.get_running_loop().time() - self._away_since

    async def deliver(
        self, key: str, data: bytes, begun: Callable[[], Awaitable[object]]
    ) -> Delivery:
        """Have one slip printed; ``begun`` is awaited before it is first sent."""
        self._job = job_ = _Job(key, job(key, data, GOOD_FOR_SECONDS), begun)
        try:
            await self._offer()
            if not await self._until(job_.taken.wait(), self._patience()):
                return _not_taken(job_)
            if not await self._until(asyncio.shield(job_.end), self._taken_seconds):
                return Delivery(state="unknown", reason="connection-lost")
            return _delivery(job_.end.result())
        finally:
            self._job = None

    async def settle(self, key: str) -> None:
        """Tell the agent that a job's end is on our disk; it asks again if not."""
        await self._say(settled(key))

    async def hear(self, said: FromAgent, send: Send) -> None:
        """Take up what the agent says on the line that ``send`` belongs to.

        A line whose place another has taken is not listened to any more.
        """
        if self._send is not send and not isinstance(said, Hello):
            return
        match said:
            case Hello(jobs):
                await self._greet(jobs, send)
            case Taken(key):
                if self._job is not None and self._job.key == key:
                    self._job.taken.set()
            case Ended(ended):
                await self._hear_end(ended)
            case Status():
                self.status = said
            case Dropped():
                pass  # nobody asks for that yet

    def leave(self, send: Send) -> None:
        """Note that a line is gone, unless another has taken its place."""
        if self._send is send:
            self._send, self.status = None, None
            self._away_since = asyncio.get_running_loop().time()

    async def _greet(self, jobs: tuple[JournalJob, ...], send: Send) -> None:
        self._send = send
        await self._say(welcome())
        for known in jobs:
            if known.has_ended:
                await self._hear_end(known)
        if self._job is not None and not self._job.end.done():
            await self._offer()

    async def _hear_end(self, ended: JournalJob) -> None:
        """Hand an end to whoever waits for it; of any other, ours stands mostly."""
        if self._job is None or self._job.key != ended.key:
            if await self._late(ended):
                await self.settle(ended.key)
        elif not self._job.end.done():
            self._job.taken.set()
            self._job.end.set_result(ended)

    async def _offer(self) -> None:
        """Send the job, unless it was taken: another journal would not know it.

        Noted as begun, durably, before it leaves: a server that starts anew may
        not take it for one that nobody has printed.
        """
        job_ = self._job
        if job_ is None or self._send is None or job_.taken.is_set():
            return
        if not job_.was_sent:
            await job_.begun()
            job_.was_sent = True
        await self._say(job_.text)

    async def _say(self, text: str) -> None:
        if self._send is None:
            return
        try:
            async with asyncio.timeout(SAY_SECONDS):
                await self._send(text)
        except (OSError, RuntimeError):  # the line is going; its reader notices
            logger.debug("a print agent's line broke while it was spoken to")

    def _patience(self) -> float:
        if self.is_here:
            return self._away_seconds
        gone = asyncio.get_running_loop().time() - self._away_since
        return max(0.0, self._away_seconds - gone)

    @staticmethod
    async def _until(happening: Awaitable[object], seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await happening
        except TimeoutError:
            return False
        return True


class Agents:
    """Every printer behind an agent, by the printer's id."""

    def __init__(
        self,
        *,
        away: float = AWAY_SECONDS,
        taken: float = TAKEN_SECONDS,
        late: Late = _too_late,
    ) -> None:
        self._away, self._taken, self._late = away, taken, late
        self._printers: dict[int, AgentPrinter] = {}

    def of(self, printer_id: int) -> AgentPrinter:
        """Return a printer, whether its agent is there or not."""
        if printer_id not in self._printers:
            self._printers[printer_id] = AgentPrinter(
                away=self._away, taken=self._taken, late=self._late
            )
        return self._printers[printer_id]


def _not_taken(job_: _Job) -> Delivery:
    """Nothing was asked for, so nothing came out; else nobody knows."""
    if job_.was_sent:
        return Delivery(state="unknown", reason="no-answer")
    return Delivery(state="failed", reason="unreachable", nothing_printed=True)


def _delivery(ended: JournalJob) -> Delivery:
    return Delivery(
        state=cast(DeliveryState, ended.state),
        reason=ended.reason,
        nothing_printed=ended.nothing_printed,
    )
