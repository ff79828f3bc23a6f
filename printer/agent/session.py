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
from printer.agent.journal import Journal
from printer.agent.worker import Worker

PATH = "/api/v1/print-agent"
REVOKED = 4401

_BREAKS = (OSError, WebSocketException, messages.BadMessage, sqlite3.Error)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the line may be silent, and how soon it is opened again; seconds.

    Each wait is twice the one before, from `first` to `longest`, and drawn from
    its upper half: after a power cut the agents of a hall do not come all at once.
    """

    first: float = 0.5
    longest: float = 5.0
    open: float = 10.0
    ping: float = 5.0
    silence: float = 10.0

    def waits(self) -> Iterator[float]:
        """Yield how long to wait before each new try."""
        wait, draw = self.first, secrets.SystemRandom()
        while True:
            yield draw.uniform(wait / 2, wait)
            wait = min(2 * wait, self.longest)


class Session:
    """Tells the server what the journal and the printer say, and takes its jobs."""

    def __init__(
        self,
        server: str,
        token: str,
        journal: Journal,
        worker: Worker,
        patience: Patience | None = None,
    ) -> None:
        self._url = socket_url(server)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._journal, self._worker = journal, worker
        self._patience = patience or Patience()

    async def run(self) -> None:
        """Keep the line open until cancelled."""
        waits = self._patience.waits()
        while True:
            if await self._talk_once():
                waits = self._patience.waits()
            await asyncio.sleep(next(waits))

    async def _talk_once(self) -> bool:
        """Talk until the line breaks; True when the server had welcomed us."""
        talk = _Talk(self._journal, self._worker)
        try:
            async with connect(
                self._url,
                additional_headers=self._headers,
                compression=None,
                max_size=messages.LONGEST_MESSAGE,
                open_timeout=self._patience.open,
                ping_interval=self._patience.ping,
                ping_timeout=self._patience.silence,
                close_timeout=1,
                proxy=None,  # the server is in the building
            ) as socket:
                await talk.run(socket)
        except _BREAKS as error:
            _log(error)
        return talk.is_welcome


class _Talk:
    """One connection's conversation."""

    def __init__(self, journal: Journal, worker: Worker) -> None:
        self._journal, self._worker = journal, worker
        self._told = set[str]()
        self.is_welcome = False

    async def run(self, socket: ClientConnection) -> None:
        """Say hello, then listen and tell side by side until one of them fails."""
        unsettled = self._journal.unsettled()
        self._told = {job.key for job in unsettled if job.has_ended}
        await socket.send(messages.hello(unsettled))
        both = [
            asyncio.create_task(self._listen(socket)),
            asyncio.create_task(self._tell(socket)),
        ]
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
        for task in done:
            task.result()

    async def _listen(self, socket: ClientConnection) -> None:
        while True:
            await self._hear(await socket.recv(), socket.send)

    async def _hear(
        self, text: str | bytes, send: Callable[[str], Awaitable[None]]
    ) -> None:
        match messages.read_message(text):
            case messages.Welcome():
                self.is_welcome = True
            case messages.TakeJob(key, data, good_for):
                job = self._journal.take(key, data, good_for)
                await send(messages.job_state(job))
                self._worker.wake()
            case messages.DropJob(key):
                await send(self._drop(key))
            case messages.Settled(key):
                self._journal.settle(key)
            case None:
                logger.info("the server said something of a later version")

    def _drop(self, key: str) -> str:
        job = self._journal.job(key)
        if job is None or self._journal.drop(key):
            return messages.dropped(key)
        return messages.job_state(job)

    async def _tell(self, socket: ClientConnection) -> None:
        """Tell ends and status as they come; a status also when nothing changed.

        It is the worker's looking that sets the pace, every few seconds. The status
        goes first, so that an end finds the server knowing how the printer is; both
        are read before the first is sent: what ends meanwhile has a newer status.
        """
        changed = self._worker.changed
        while True:
            changed.clear()
            status, unsettled = self._worker.status, self._journal.unsettled()
            if status is not None:
                await socket.send(messages.status_report(status))
            for job in unsettled:
                if job.has_ended and job.key not in self._told:
                    await socket.send(messages.job_state(job))
                    self._told.add(job.key)
            await changed.wait()


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
