"""The server's side of the print agent, small and in memory."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

ENDED = ("printed", "sent", "failed", "unknown")
TOKEN = "a-device-token"  # noqa: S105


@dataclass
class AgentServer:
    """Sends every job again until its end was received, as the real one must.

    `is_forgetful` loses the ends it receives, as a server does that dies before
    they are on its disk. `received` has every message in order.
    """

    jobs: dict[str, bytes] = field(default_factory=dict)
    ends: dict[str, dict[str, Any]] = field(default_factory=dict)
    received: list[dict[str, Any]] = field(default_factory=list)
    greetings: int = 0
    is_forgetful: bool = False
    refuses: bool = False
    good_for: float = 300.0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    refused_upgrade: asyncio.Event = field(default_factory=asyncio.Event)
    sockets: set[ServerConnection] = field(default_factory=set)

    async def print(self, key: str, data: bytes) -> None:
        self.jobs[key] = data
        for socket in self.sockets:
            await self._send_job(socket, key)

    async def send(self, **message: Any) -> None:
        for socket in self.sockets:
            await socket.send(json.dumps(message))

    async def until(self, kind: str, **content: Any) -> dict[str, Any]:
        """Wait until such a message was received; return the first."""

        def match() -> dict[str, Any] | None:
            fields = {"type": kind, **content}.items()
            return next((m for m in self.received if fields <= m.items()), None)

        async with self.changed:
            await self.changed.wait_for(match)
        message = match()
        assert message is not None
        return message

    async def until_greeted(self, times: int) -> None:
        async with self.changed:
            await self.changed.wait_for(lambda: self.greetings >= times)

    async def until_ended(self, *keys: str) -> None:
        async with self.changed:
            await self.changed.wait_for(lambda: set(keys) <= set(self.ends))

    async def talk(self, socket: ServerConnection) -> None:
        self.sockets.add(socket)
        try:
            with suppress(ConnectionClosed):
                async for text in socket:
                    await self._handle(socket, json.loads(text))
        finally:
            self.sockets.discard(socket)

    async def _handle(self, socket: ServerConnection, message: dict[str, Any]) -> None:
        if message["type"] == "hello":
            self.greetings += 1
            await socket.send(json.dumps({"type": "welcome"}))
            for job in message["jobs"]:
                if job["state"] in ENDED:
                    await self._settle(socket, job)
            for key in self.jobs.keys() - self.ends.keys():
                await self._send_job(socket, key)
        if message["type"] == "ended":
            await self._settle(socket, message)
        async with self.changed:
            self.received.append(message)
            self.changed.notify_all()

    async def _settle(self, socket: ServerConnection, job: dict[str, Any]) -> None:
        if self.is_forgetful:
            return
        self.ends[job["key"]] = job
        await socket.send(json.dumps({"type": "settled", "key": job["key"]}))

    async def _send_job(self, socket: ServerConnection, key: str) -> None:
        job = {
            "type": "job",
            "key": key,
            "data": base64.b64encode(self.jobs[key]).decode(),
            "good_for_seconds": self.good_for,
        }
        with suppress(ConnectionClosed):
            await socket.send(json.dumps(job))

    def admit(self, socket: ServerConnection, request: Request) -> Response | None:
        good = request.headers.get("Authorization") == f"Bearer {TOKEN}"
        if request.path != "/api/v1/print-agent" or not good or self.refuses:
            self.refused_upgrade.set()
            return socket.respond(HTTPStatus.UNAUTHORIZED, "")
        return None


@asynccontextmanager
async def listening(server: AgentServer, port: int = 0) -> AsyncIterator[str]:
    """Serve; yields the address for `--server`."""
    serving: Server
    async with serve(
        server.talk, "127.0.0.1", port, process_request=server.admit, max_size=None
    ) as serving:
        where = next(iter(serving.sockets)).getsockname()
        yield f"http://127.0.0.1:{where[1]}"
