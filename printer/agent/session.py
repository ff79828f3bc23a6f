"""The line to the server: opened again for ever, whatever breaks it."""

import asyncio
import logging
import secrets
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from printer.agent import messages
from printer.agent.journal import Journal, JournalJob
from printer.agent.worker import Worker

PATH = "/api/v1/print-agent"
REVOKED = 4401

_DISCONNECTS = (OSError, WebSocketException, messages.BadMessage, sqlite3.Error)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTimeouts:
    """How long the line may be silent, and how soon it is opened again; seconds.

    Each delay doubles the last, from `first_delay` to `max_delay`, and drawn from
    its upper half: after a power cut the agents of a hall do not come all at once.
    """

    first_delay: float = 0.5
    max_delay: float = 5.0
    open: float = 10.0
    ping: float = 5.0
    silence: float = 10.0

    def delays(self) -> Iterator[float]:
        """Yield how long to wait before each new try."""
        delay, draw = self.first_delay, secrets.SystemRandom()
        while True:
            yield draw.uniform(delay / 2, delay)
            delay = min(2 * delay, self.max_delay)


class Session:
    """Reports the printer's status to the server, and takes its jobs."""

    def __init__(
        self,
        server: str,
        token: str,
        journal: Journal,
        worker: Worker,
        timeouts: SessionTimeouts | None = None,
    ) -> None:
        self._url = socket_url(server)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._journal, self._worker = journal, worker
        self._timeouts = timeouts or SessionTimeouts()

    async def run(self) -> None:
        """Keep the line open until cancelled."""
        delays = self._timeouts.delays()
        while True:
            if await self._connect_once():
                delays = self._timeouts.delays()
            await asyncio.sleep(next(delays))

    async def _connect_once(self) -> bool:
        """Serve one connection until it breaks; True when the server welcomed us."""
        connection = _Connection(self._journal, self._worker)
        try:
            async with connect(
                self._url,
                additional_headers=self._headers,
                compression=None,
                max_size=messages.MAX_MESSAGE_BYTES,
                open_timeout=self._timeouts.open,
                ping_interval=self._timeouts.ping,
                ping_timeout=self._timeouts.silence,
                close_timeout=1,
                proxy=None,  # the server is in the building
            ) as socket:
                await connection.run(socket)
        except _DISCONNECTS as error:
            _log(error)
        return connection.is_welcomed


class _Connection:
    """One connection's exchange."""

    def __init__(self, journal: Journal, worker: Worker) -> None:
        self._journal, self._worker = journal, worker
        self._reported = set[str]()
        self.is_welcomed = False

    async def run(self, socket: ClientConnection) -> None:
        """Say hello, then listen and report side by side until one of them fails."""
        unsettled_jobs = self._journal.unsettled_jobs()[: messages.MAX_REPORTS]
        self._reported = {job.key for job in unsettled_jobs if job.has_ended}
        await socket.send(messages.hello_message(unsettled_jobs))
        tasks = [
            asyncio.create_task(self._listen(socket)),
            asyncio.create_task(self._report(socket)),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _listen(self, socket: ClientConnection) -> None:
        while True:
            await self._handle(await socket.recv(), socket.send)

    async def _handle(
        self, text: str | bytes, send: Callable[[str], Awaitable[None]]
    ) -> None:
        match messages.read_server_message(text):
            case messages.WelcomeMessage():
                self.is_welcomed = True
            case messages.JobMessage(key, data, good_for):
                job = self._journal.take(key, data, good_for)
                await send(messages.job_state_message(job))
                self._worker.wake()
            case messages.DropMessage(key):
                await send(self._drop(key))
            case messages.SettledMessage(key):
                self._journal.settle(key)
            case None:
                logger.info("the server said something of a later version")

    def _drop(self, key: str) -> str:
        job = self._journal.job(key)
        if job is None or self._journal.drop(key):
            return messages.dropped_message(key)
        return messages.job_state_message(job)

    async def _report(self, socket: ClientConnection) -> None:
        """Report ends and status as they come; a status also when nothing changed.

        It is the worker's looking that sets the pace, every few seconds. The status
        goes first, so that an end finds the server knowing how the printer is; both
        are read before the first is sent: what ends meanwhile has a newer status.
        """
        changed = self._worker.changed
        while True:
            changed.clear()
            status, unsettled_jobs = self._worker.status, self._journal.unsettled_jobs()
            if status is not None:
                await socket.send(messages.status_message(status))
            ended = [job for job in unsettled_jobs if self._is_news(job)]
            for job in ended[: messages.MAX_REPORTS]:
                await socket.send(messages.job_state_message(job))
                self._reported.add(job.key)
            await changed.wait()

    def _is_news(self, job: JournalJob) -> bool:
        return job.has_ended and job.key not in self._reported


def socket_url(server: str) -> str:
    """Return the socket's URL for a server's `http(s)://HOST:PORT`; else ValueError."""
    parts = urlsplit(server)
    schemes = {"http": "ws", "https": "wss"}
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError(
            f"Server {server!r} cannot be used. Write it like http://192.168.1.10:8000."
        )
    return urlunsplit((schemes[parts.scheme], parts.netloc, PATH, "", ""))


def _log(error: BaseException) -> None:
    if _is_refusal(error):
        logger.error("the server does not know this agent: pair it again (--pair)")
    else:
        logger.warning("no line to the server: %s", error)


def _is_refusal(error: BaseException) -> bool:
    if isinstance(error, InvalidStatus):
        return error.response.status_code in (401, 403)
    if isinstance(error, ConnectionClosed) and error.rcvd is not None:
        return error.rcvd.code == REVOKED
    return False
